package validate

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gradus/fit"
	"gradus/metric"
	"gradus/model"
)

const bootStream = 9 << 32

// bootstrap draws whole patients with replacement, draw i from a stream of its own, and takes the percentile intervals of both AUROCs and
// of their difference. Draws without both levels are left out and not counted.
func bootstrap(ctx context.Context, y []bool, network, regression []float64, members [][]int, s sampling) (*model.Resampled, error) {
	orders := [2][]int{ascending(network), ascending(regression)}
	areas := make([][2]float64, s.draws)
	if err := s.each(ctx, members, len(y), func(draw int, weight []int) {
		areas[draw] = [2]float64{weightedArea(y, network, orders[0], weight), weightedArea(y, regression, orders[1], weight)}
	}); err != nil {
		return nil, err
	}
	var got [3][]float64
	for _, of := range areas {
		if a, b := of[0], of[1]; !math.IsNaN(a) {
			got[0], got[1], got[2] = append(got[0], a), append(got[1], b), append(got[2], a-b)
		}
	}
	one := slices.Repeat([]int{1}, len(y))
	a, b := weightedArea(y, network, orders[0], one), weightedArea(y, regression, orders[1], one)
	return &model.Resampled{
		Draws: len(got[0]), Network: percentile(a, got[0]), Regression: percentile(b, got[1]), Difference: percentile(a-b, got[2]),
	}, nil
}

// sampling says how often whole patients are drawn, by which seed, and how many draws are looked at at a time.
type sampling struct {
	draws   int
	seed    uint64
	workers int
}

// each hands every draw to look, with how often each of the rows comes up in it; weight is only lent.
func (s sampling) each(ctx context.Context, members [][]int, rows int, look func(draw int, weight []int)) error {
	blocks := min(s.draws, s.workers)
	return fit.Many(ctx, blocks, s.workers, func(ctx context.Context, block int) error {
		weight := make([]int, rows)
		for draw := block; draw < s.draws && ctx.Err() == nil; draw += blocks {
			resample(weight, members, draw, s.seed)
			look(draw, weight)
		}
		return context.Cause(ctx)
	})
}

// resample counts in weight how often each row comes up in a draw: as many patients as there are, with replacement.
func resample(weight []int, members [][]int, draw int, seed uint64) {
	r := rand.New(rand.NewPCG(seed, bootStream+uint64(draw)))
	clear(weight)
	for range members {
		for _, row := range members[r.IntN(len(members))] {
			weight[row]++
		}
	}
}

// ascending is the order of p.
func ascending(p []float64) []int {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	return order
}

// weightedArea is the AUROC of rows taken weight times each, P(p₁ > p₀) + ½ P(p₁ = p₀), in counts of pairs; NaN with one level.
func weightedArea(y []bool, p []float64, order, weight []int) float64 {
	var twice, below, event int64 // twice the pairs won; others and events so far
	for i := 0; i < len(order); {
		var e, o int64
		for v := p[order[i]]; i < len(order) && p[order[i]] == v; i++ {
			if n := int64(weight[order[i]]); y[order[i]] {
				e += n
			} else {
				o += n
			}
		}
		twice += e * (2*below + o)
		below += o
		event += e
	}
	if event == 0 || below == 0 {
		return math.NaN()
	}
	return float64(twice) / 2 / (float64(event) * float64(below))
}

// percentile is the 2.5 % and 97.5 % points of values, between neighbours in proportion (R's type 7).
func percentile(value float64, values []float64) metric.Estimate {
	e := metric.Estimate{Value: metric.Number(value), Low: undefined, High: undefined}
	if len(values) == 0 {
		return e
	}
	slices.Sort(values)
	e.Low, e.High = quantileOf(values, .025), quantileOf(values, .975)
	return e
}

// quantileOf is the q-quantile of sorted values.
func quantileOf(values []float64, q float64) metric.Number {
	h := q * float64(len(values)-1)
	i := int(h)
	j := min(i+1, len(values)-1)
	return metric.Number(values[i] + (h-float64(i))*(values[j]-values[i]))
}
