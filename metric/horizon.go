package metric

import (
	"cmp"
	"math"
	"slices"
)

// Horizon is what is known at the time At of rows with censored times: each row's weight 1/G, the inverse of its chance of being
// uncensored so far, 0 where it was censored before. G is the Kaplan–Meier curve of the censoring; events leave before censorings of
// their time, so that an event counts 1/G(t−) and a row beyond At 1/G(At).
type Horizon struct {
	At     float64
	weight []float64
	event  []bool // until At
}

// NewHorizon weighs the rows at the time at; a time after which nobody is left is refused by ErrTime.
func NewHorizon(time []float64, event []bool, at float64) (*Horizon, error) {
	if err := checkTimes(time, event); err != nil {
		return nil, err
	}
	h := &Horizon{At: at, weight: make([]float64, len(time)), event: make([]bool, len(time))}
	before, here := uncensored(time, event, at)
	left := false
	for i, t := range time {
		switch {
		case t > at:
			h.weight[i], left = 1/here, true
		case event[i]:
			h.weight[i], h.event[i] = 1/before[i], true
		}
	}
	if !left {
		return nil, &RowError{0, at, ErrTime}
	}
	return h, nil
}

// Brier is 1/n·Σ w·(S − [no event until At])² of the survival chances s at At (Graf and others 1999), and the terms of the rows.
func (h *Horizon) Brier(s []float64) (Number, []float64, error) {
	if err := check(h.event, s, probability, ErrProbability); err != nil {
		return undefined, nil, err
	}
	sum, terms := 0., make([]float64, len(s))
	for i, v := range s {
		if !h.event[i] {
			v = 1 - v
		}
		terms[i] = h.weight[i] * v * v
		sum += terms[i]
	}
	return Number(sum / float64(len(s))), terms, nil
}

// AUROC is the chance that a row with an event until At has a higher risk than one without, ties counted half, both weighted:
// cumulative and dynamic (Uno and others 2007, Hung and Chiang 2010). Undefined where there is no event until At.
func (h *Horizon) AUROC(risk []float64) (Number, error) {
	if err := checkScores(h.event, risk); err != nil {
		return undefined, err
	}
	order := make([]int, 0, len(risk))
	for i, w := range h.weight {
		if w > 0 {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(risk[a], risk[b]), a-b) })
	var top, cases, below float64
	for from := 0; from < len(order); {
		to, e, o := from, 0., 0.
		for ; to < len(order) && risk[order[to]] == risk[order[from]]; to++ {
			if i := order[to]; h.event[i] {
				e += h.weight[i]
			} else {
				o += h.weight[i]
			}
		}
		top += e * (below + o/2)
		below, cases, from = below+o, cases+e, to
	}
	return ratio(top, cases*below), nil
}

// IntegratedBrier is the mean over time of Brier scores at the times of grid, by straight lines between them.
func IntegratedBrier(grid []float64, brier []Number) Number {
	sum := 0.
	for i := 1; i < len(grid); i++ {
		sum += (grid[i] - grid[i-1]) * float64(brier[i-1]+brier[i]) / 2
	}
	return ratio(sum, grid[len(grid)-1]-grid[0])
}

// MedianSurvival is the first time at which the curve is at most one half, with the times at which the bounds of its interval are (Brookmeyer
// and Crowley): undefined where they never are.
func MedianSurvival(curve []SurvivalPoint) Estimate {
	e := Estimate{SurvivalQuantile(curve, .5), undefined, undefined}
	for _, p := range curve {
		if !e.Low.Defined() && !(p.Low > .5+1e-12) && !math.IsNaN(float64(p.Low)) {
			e.Low = Number(p.Time)
		}
		if !e.High.Defined() && p.High <= .5+1e-12 {
			e.High = Number(p.Time)
		}
	}
	return e
}
