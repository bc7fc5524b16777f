package validate

import (
	"context"
	"slices"

	"gradus/metric"
	"gradus/model"
)

// decisionInterval is the net benefit at every hundredth and at the thresholds named, with percentile intervals over the draws of
// bootstrap: whole patients, draw i from the same stream.
func decisionInterval(ctx context.Context, y []bool, network, regression []float64, members [][]int, named []float64, s sampling) (*model.DecisionInterval, error) {
	thresholds := slices.Clone(named)
	for t := 1; t < 100; t++ {
		thresholds = append(thresholds, float64(t)/100)
	}
	slices.Sort(thresholds)
	thresholds = slices.Compact(thresholds)
	d := &model.DecisionInterval{Draws: s.draws, Named: named, Points: make([]model.DecisionPoint, len(thresholds))}
	places := [2][]int{reached(network, thresholds), reached(regression, thresholds)}
	note := func(weight []int) [4][]float64 { // by side, the difference and everyone; then by threshold
		c := newDrawn(len(thresholds))
		a, b := c.net(y, weight, places[0], thresholds), c.net(y, weight, places[1], thresholds)
		apart, all := make([]float64, len(a)), c.all(thresholds)
		for t := range a {
			apart[t] = a[t] - b[t]
		}
		return [4][]float64{a, b, apart, all}
	}
	own, notes := note(slices.Repeat([]int{1}, len(y))), make([][4][]float64, s.draws)
	if err := s.each(ctx, members, len(y), func(draw int, weight []int) { notes[draw] = note(weight) }); err != nil {
		return nil, err
	}
	values := make([]float64, s.draws)
	for t, at := range thresholds {
		e := func(k int) metric.Estimate {
			for draw := range notes {
				values[draw] = notes[draw][k][t]
			}
			return percentile(own[k][t], values)
		}
		d.Points[t] = model.DecisionPoint{Threshold: at, Network: e(0), Regression: e(1), Difference: e(2), All: e(3)}
	}
	return d, nil
}

// reached is how many of the thresholds each risk reaches.
func reached(p, thresholds []float64) []int {
	n := make([]int, len(p))
	for i, v := range p {
		at, equal := slices.BinarySearch(thresholds, v)
		if equal {
			at++
		}
		n[i] = at
	}
	return n
}

// drawn counts the weighted rows of a draw by the thresholds that they reach.
type drawn struct{ events, others []int }

func newDrawn(thresholds int) *drawn {
	return &drawn{make([]int, thresholds+1), make([]int, thresholds+1)}
}

// net is tp/n − fp/n·t/(1−t) at each threshold.
func (c *drawn) net(y []bool, weight, reached []int, thresholds []float64) []float64 {
	clear(c.events)
	clear(c.others)
	n := 0
	for i, w := range weight {
		n += w
		if y[i] {
			c.events[reached[i]] += w
		} else {
			c.others[reached[i]] += w
		}
	}
	out, tp, fp := make([]float64, len(thresholds)), 0, 0
	for t := len(thresholds) - 1; t >= 0; t-- {
		tp += c.events[t+1]
		fp += c.others[t+1]
		out[t] = benefit(tp, fp, n, thresholds[t])
	}
	return out
}

// all is the net benefit of calling everyone in the draw that net counted last.
func (c *drawn) all(thresholds []float64) []float64 {
	events, others := 0, 0
	for t := range c.events {
		events += c.events[t]
		others += c.others[t]
	}
	out := make([]float64, len(thresholds))
	for t, at := range thresholds {
		out[t] = benefit(events, others, events+others, at)
	}
	return out
}

func benefit(tp, fp, n int, t float64) float64 {
	return float64(tp)/float64(n) - float64(fp)/float64(n)*(t/(1-t))
}
