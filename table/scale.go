package table

import (
	"math"
	"slices"
)

// Scale holds the mean and the standard deviation that standardise a column: z = (x − mean)/sd and back, x = z·sd + mean.
type Scale struct {
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"` // of the population, Σ(x−mean)²/n; 0 for a constant
}

// FitScale is the Scale of values; no value gives the zero Scale. Values up to the largest float64 do not overflow it.
func FitScale(values []float64) Scale {
	if len(values) == 0 {
		return Scale{}
	}
	low, high := slices.Min(values), slices.Max(values)
	if low == high {
		return Scale{Mean: low}
	}
	_, e := math.Frexp(max(math.Abs(low), math.Abs(high)))
	e = max(e, -1000)
	unit := math.Ldexp(1, -e+1) / 2 // a power of two: dividing by it and multiplying back costs no bit
	sum, n := 0.0, float64(len(values))
	for _, v := range values {
		sum += float64(v * unit)
	}
	mean, squares := sum/n, 0.0
	for _, v := range values {
		d := float64(v*unit) - mean
		squares += float64(d * d)
	}
	return Scale{Mean: mean / unit, SD: math.Sqrt(squares/n) / unit}
}

// FitScaleOf is FitScale over the given rows of y, over all where rows is nil.
func FitScaleOf(y []float64, rows []int) Scale {
	if rows == nil {
		return FitScale(y)
	}
	picked := make([]float64, len(rows))
	for i, r := range rows {
		picked[i] = y[r]
	}
	return FitScale(picked)
}

// Z standardises x; a constant column gives 0 at its mean.
func (s Scale) Z(x float64) float64 {
	if s.SD == 0 {
		return x - s.Mean
	}
	return (x - s.Mean) / s.SD
}

// X undoes Z.
func (s Scale) X(z float64) float64 {
	if s.SD == 0 {
		return z + s.Mean
	}
	return float64(z*s.SD) + s.Mean
}

// valid reports whether the scale can be used.
func (s Scale) valid() bool {
	finite := func(v float64) bool { return v-v == 0 }
	return finite(s.Mean) && finite(s.SD) && s.SD >= 0
}

// median sorts values and returns their middle, 0 where there is none.
func median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return 0
	}
	slices.Sort(values)
	a, b := values[(n-1)/2], values[n/2]
	if sum := a + b; sum-sum == 0 {
		return sum / 2
	}
	return a/2 + b/2
}
