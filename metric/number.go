package metric

import "math"

// NumberResult is every figure of a prediction of a number.
type NumberResult struct {
	N    int    `json:"n"`
	R2   Number `json:"r2"`
	RMSE Number `json:"rmse"`
	MAE  Number `json:"mae"`
}

// Numbers measures the predictions h of y: R² = 1 − Σ(y−h)²/Σ(y−ȳ)² (undefined when y never varies), the root of the mean
// squared error and the mean absolute error.
func Numbers(y, h []float64) (NumberResult, error) {
	if len(y) != len(h) {
		return NumberResult{}, ErrLength
	}
	if len(y) == 0 {
		return NumberResult{}, ErrEmpty
	}
	n, mean := float64(len(y)), 0.
	for i := range y {
		for _, v := range []float64{y[i], h[i]} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return NumberResult{}, &RowError{i + 1, v, ErrScore}
			}
		}
		mean += y[i] / n
	}
	squares, absolute, total, varies := 0., 0., 0., false
	for i, v := range y {
		squares += (v - h[i]) * (v - h[i])
		absolute += math.Abs(v - h[i])
		total += (v - mean) * (v - mean)
		varies = varies || v != y[0]
	}
	r := NumberResult{len(y), undefined, Number(math.Sqrt(squares / n)), Number(absolute / n)}
	if varies {
		r.R2 = Number(1 - squares/total)
	}
	return r, nil
}
