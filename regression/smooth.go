package regression

import (
	"math"
	"slices"

	"gradus/mat"
)

// SmoothRisk is the share with an event up to t that was observed among rows of like predicted risk p, of each row: Cox's model on a
// restricted cubic spline of ln(−ln(1−p)) with knots at its 10th, 50th and 90th percentiles (Austin, Harrell and van Klaveren 2020).
// Predictions that vary too little for a spline get a straight line. p of exactly 0 or 1 is moved inwards by 1e-8.
func SmoothRisk(p, time []float64, event []bool, t float64) ([]float64, error) {
	x := mat.New[float64](len(p), 2)
	o := make([]float64, len(p))
	for i, v := range p {
		o[i] = math.Log(-math.Log1p(-min(max(v, 1e-8), 1-1e-8)))
	}
	sorted := slices.Sorted(slices.Values(o))
	k := [3]float64{between(sorted, .1), between(sorted, .5), between(sorted, .9)}
	for i, v := range o {
		x.Row(i)[0] = v
		if k[0] < k[1] && k[1] < k[2] {
			x.Row(i)[1] = spline(v, k)
		}
	}
	f, err := Cox(x, time, event, Efron, 0)
	if err != nil {
		return nil, err
	}
	for i := range o {
		o[i] = 1 - f.Survival(x.Row(i), t)
	}
	return o, nil
}

// spline is the second column of a restricted cubic spline with three knots, linear beyond the outer two.
func spline(v float64, k [3]float64) float64 {
	cube := func(x float64) float64 { return max(x, 0) * max(x, 0) * max(x, 0) }
	bent := cube(v-k[0]) - cube(v-k[1])*(k[2]-k[0])/(k[2]-k[1]) + cube(v-k[2])*(k[1]-k[0])/(k[2]-k[1])
	return bent / (k[2] - k[0]) / (k[2] - k[0])
}

// between is the q-quantile of sorted values, linear between order statistics (R's type 7).
func between(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
