package metric

import "math"

// NumberResult is every figure of a prediction of a number.
type NumberResult struct {
	N    int    `json:"n"`
	R2   Number `json:"r2"`
	RMSE Number `json:"rmse"`
	MAE  Number `json:"mae"`

	Slope       Number    `json:"calibration_slope"`
	SlopeSE     Number    `json:"calibration_slope_se"`
	Intercept   Number    `json:"calibration_intercept"`
	InterceptSE Number    `json:"calibration_intercept_se"`
	Agreement   Agreement `json:"bland_altman"`
}

// Numbers measures the predictions h of y: R² = 1 − Σ(y−h)²/Σ(y−ȳ)² (undefined when y never varies), the root of the mean
// squared error and the mean absolute error. Slope and Intercept are those of the line y = intercept + slope·h of least squares, 1 and 0 where the
// predictions are right on average (undefined where h never varies), their standard errors from the residuals over n − 2.
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
	r := NumberResult{N: len(y), R2: undefined, RMSE: Number(math.Sqrt(squares / n)), MAE: Number(absolute / n), Agreement: agreement(y, h)}
	r.line(y, h, mean)
	if varies {
		r.R2 = Number(1 - squares/total)
	}
	return r, nil
}

// line fills the calibration line.
func (r *NumberResult) line(y, h []float64, meanY float64) {
	r.Slope, r.SlopeSE, r.Intercept, r.InterceptSE = undefined, undefined, undefined, undefined
	n, meanH := float64(len(y)), 0.
	for _, v := range h {
		meanH += v / n
	}
	xx, xy, rest, varies := 0., 0., 0., false
	for i, v := range h {
		xx += (v - meanH) * (v - meanH)
		xy += (v - meanH) * (y[i] - meanY)
		varies = varies || v != h[0]
	}
	if !varies || xx == 0 {
		return
	}
	slope := xy / xx
	r.Slope, r.Intercept = Number(slope), Number(meanY-slope*meanH)
	if n < 3 {
		return
	}
	for i, v := range h {
		d := y[i] - meanY - slope*(v-meanH)
		rest += d * d
	}
	s := rest / (n - 2)
	r.SlopeSE, r.InterceptSE = Number(math.Sqrt(s/xx)), Number(math.Sqrt(s*(1/n+meanH*meanH/xx)))
}

// Agreement is Bland and Altman's (1986, 1999): the mean of prediction − truth, its standard deviation over n − 1, and the limits mean ± 1.96
// standard deviations, within which 95 % of differences would lie if they were normal. The mean has the interval of Student's t, the limits
// that of t·sd·√(1/n + 1.96²/(2(n−1))).
type Agreement struct {
	Bias  Estimate `json:"bias"`
	SD    Number   `json:"sd"`
	Lower Estimate `json:"lower_limit"`
	Upper Estimate `json:"upper_limit"`
}

func agreement(y, h []float64) Agreement {
	d := make([]float64, len(y))
	for i := range d {
		d[i] = h[i] - y[i]
	}
	mean, variance := moment(d)
	n := float64(len(d))
	if len(d) < 2 {
		none := Estimate{undefined, undefined, undefined}
		return Agreement{Estimate{Number(mean), undefined, undefined}, undefined, none, none}
	}
	sd := math.Sqrt(variance)
	t := studentPoint(n - 1)
	around := func(v, half float64) Estimate { return Estimate{Number(v), Number(v - half), Number(v + half)} }
	wide := t * sd * math.Sqrt(1/n+z95*z95/(2*(n-1)))
	return Agreement{around(mean, t*sd/math.Sqrt(n)), Number(sd), around(mean-z95*sd, wide), around(mean+z95*sd, wide)}
}
