package metric

import "math"

// Rates are what the calls p ≥ threshold do to the rows of one group.
type Rates struct {
	Selection Number `json:"selection_rate"` // share called
	TPR       Number `json:"tpr"`            // of the events
	FPR       Number `json:"fpr"`            // of the others
}

// Rates of the table: (tp+fp)/n, tp/(tp+fn), fp/(fp+tn).
func (c Confusion) Rates() Rates {
	tp, fp, fn, tn := float64(c.TP), float64(c.FP), float64(c.FN), float64(c.TN)
	return Rates{ratio(tp+fp, tp+fp+fn+tn), ratio(tp, tp+fn), ratio(fp, fp+tn)}
}

// Parity is how far groups are apart: the largest less the smallest rate of calls (demographic parity), of calls among events (equal
// opportunity), and the larger of that and the one among the others (equalized odds).
type Parity struct {
	Demographic Number `json:"demographic_parity_difference"`
	Odds        Number `json:"equalized_odds_difference"`
	Opportunity Number `json:"equal_opportunity_difference"`
}

// ParityOf compares groups; a difference needs its rate in every group and two groups at least.
func ParityOf(groups []Rates) Parity {
	apart := func(of func(Rates) Number) Number {
		low, high := Number(math.Inf(1)), Number(math.Inf(-1))
		for _, g := range groups {
			low, high = min(low, of(g)), max(high, of(g)) // of an undefined one both are undefined
		}
		if len(groups) < 2 {
			return undefined
		}
		return high - low
	}
	tpr, fpr := apart(func(r Rates) Number { return r.TPR }), apart(func(r Rates) Number { return r.FPR })
	return Parity{apart(func(r Rates) Number { return r.Selection }), max(tpr, fpr), tpr}
}
