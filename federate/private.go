package federate

import (
	"context"
	"math"

	"gradus/fit"
	"gradus/internal/say"
	"gradus/model"
	"gradus/privacy"
	"gradus/table"
)

// private is Step under the plan's privacy.
func (p *Plan) private(ctx context.Context, m *model.Model, tbl *table.Table, y []float64, l fit.Local, random fit.Random) error {
	if random == nil {
		random = privacy.Secure()
	}
	v := p.Privacy
	if v.Unit == Patient {
		return fit.ContinuePrivately(ctx, m, tbl, y, l, fit.Private{Clip: v.Clip, Noise: v.Noise, Patients: p.patients(tbl), Random: random})
	}
	w := m.Network.Weights()
	before := append([]float32(nil), w...)
	if _, err := fit.Continue(ctx, m, tbl, y, l); err != nil {
		return err
	}
	hide(w, before, v.Clip, v.Noise, random)
	return nil
}

// hide is w := w₀ + Δ·min(1, C/‖Δ‖) + N(0, σ²C²), Δ = w − w₀ (McMahan et al. 2018, the noise added at the site).
func hide(w, before []float32, limit, noise float64, random fit.Random) {
	square := 0.
	for i, v := range w {
		d := float64(v) - float64(before[i])
		square += float64(d * d)
	}
	scale := min(1, limit/math.Sqrt(square))
	if !(square > 0) {
		scale = 1
	}
	for i, v := range w {
		d := (float64(v) - float64(before[i])) * scale
		w[i] = float32(float64(before[i]) + d + noise*limit*random.Normal())
	}
}

// Work is what a round costs a site with that many patients.
func (p *Plan) Work(patients int) privacy.Work {
	if p.Privacy.Unit == Site {
		return privacy.Work{Share: 1, Noise: p.Privacy.Noise, Steps: 1}
	}
	s := p.Settings
	steps := fit.Private{Patients: make([][]int, patients)}.Steps(s.Epochs, s.Batch)
	return privacy.Work{Share: min(1, float64(s.Batch)/float64(patients)), Noise: p.Privacy.Noise, Steps: steps}
}

// Epsilon is ε at the plan's δ after that many rounds of a site with the table tbl.
func (p *Plan) Epsilon(tbl *table.Table, rounds int) float64 {
	w := p.Work(len(p.patients(tbl)))
	w.Steps *= rounds
	return privacy.Epsilon(p.Privacy.Delta, w)
}

// Cost is what taking part in all rounds costs the patients of a site.
type Cost struct {
	Unit    string  `json:"unit"`
	Epsilon float64 `json:"epsilon"`
	Delta   float64 `json:"delta"`
	privacy.Work
	Needed float64 `json:"noise_needed,omitempty"` // the least σ that keeps ε within what was asked
}

// Cost works out the cost for a site with that many patients, and the noise that a smaller ε would need where one is given.
func (p *Plan) Cost(patients int, epsilon float64) (Cost, error) {
	switch {
	case p.Privacy == nil:
		return Cost{}, say.Error("federate.no_privacy")
	case patients < p.LeastRows || patients > mostRows:
		return Cost{}, say.Error("federate.patients", "found", patients, "least", p.LeastRows)
	case !(epsilon >= 0) || math.IsInf(epsilon, 0):
		return Cost{}, say.Error("federate.epsilon", "value", epsilon)
	}
	w := p.Work(patients)
	w.Steps *= p.Rounds
	c := Cost{Unit: p.Privacy.Unit, Epsilon: privacy.Epsilon(p.Privacy.Delta, w), Delta: p.Privacy.Delta, Work: w}
	if epsilon > 0 {
		if c.Needed = privacy.Noise(epsilon, p.Privacy.Delta, w.Share, w.Steps); c.Needed == 0 {
			return c, say.Error("federate.epsilon", "value", epsilon)
		}
	}
	return c, nil
}
