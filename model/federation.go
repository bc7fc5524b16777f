package model

// Federation says how sites trained a model together, in sums only: no site is named.
type Federation struct {
	Plan    string  `json:"plan"`              // SHA-256 of the plan that all sites hold
	Round   int     `json:"round"`             // rounds of averaging behind these weights
	Rounds  int     `json:"rounds"`            // planned
	Sites   int     `json:"sites"`             // in the last round; before the first, those whose summaries made the preparation
	Mu      float64 `json:"mu,omitempty"`      // μ of FedProx; 0: FedAvg
	Privacy string  `json:"privacy,omitempty"` // whom the noise covers, patient or site; empty: there is none
	Noise   float64 `json:"noise,omitempty"`   // σ, in units of the clipping norm
	Clip    float64 `json:"clip,omitempty"`    // C
	Delta   float64 `json:"delta,omitempty"`   // δ
}
