package metric

import "math"

// AUROCOf is the AUROC of (y, p) as a statistic of weighted rows; NaN where a class has no weight.
func AUROCOf(y []bool, p []float64) func(weight []int) float64 {
	s := ranked(p)
	return func(weight []int) float64 {
		var twice, below, all int64
		for from := 0; from < len(s); {
			var e, o int64
			to := from
			for ; to < len(s) && s[to].p == s[from].p; to++ {
				if row := s[to].row; y[row] {
					e += int64(weight[row])
				} else {
					o += int64(weight[row])
				}
			}
			twice += e * (2*below + o)
			below, all, from = below+o, all+e, to
		}
		return float64(ratio(float64(twice), 2*float64(all)*float64(below)))
	}
}

// AveragePrecisionOf is the average precision of (y, p) as a statistic of weighted rows; NaN without events.
func AveragePrecisionOf(y []bool, p []float64) func(weight []int) float64 {
	s := ranked(p)
	return func(weight []int) float64 {
		var sum, tp, calls float64
		for to := len(s); to > 0; {
			from, found := to-1, 0.
			for ; from >= 0 && s[from].p == s[to-1].p; from-- {
				w := float64(weight[s[from].row])
				calls += w
				if y[s[from].row] {
					found += w
				}
			}
			tp += found
			if found > 0 {
				sum += found * tp / calls
			}
			to = from + 1
		}
		return float64(ratio(sum, tp))
	}
}

// MeanOf is the mean of v as a statistic of weighted rows.
func MeanOf(v []float64) func(weight []int) float64 {
	return func(weight []int) float64 {
		sum, n := 0., 0.
		for i, w := range weight {
			sum += float64(w) * v[i]
			n += float64(w)
		}
		return float64(ratio(sum, n))
	}
}

// SquaredErrors is (p − y)² of each row, whose mean is the Brier score.
func SquaredErrors(y []bool, p []float64) []float64 {
	v := make([]float64, len(p))
	for i := range v {
		d := p[i] - float64(side(y[i]))
		v[i] = d * d
	}
	return v
}

// Losses is −ln of the probability of what happened, of each row, whose mean is the log loss; exactly 0 and 1 are taken as there.
func Losses(y []bool, p []float64) []float64 {
	v := make([]float64, len(p))
	for i := range v {
		if q := inside(p[i], 1e-15); y[i] {
			v[i] = -math.Log(q)
		} else {
			v[i] = -math.Log1p(-q)
		}
	}
	return v
}
