package metric

import (
	"math"

	"gradus/internal/kernel"
)

// Brier is the mean of (p − y)².
func Brier(y []bool, p []float64) (float64, error) {
	if err := checkProbabilities(y, p); err != nil {
		return math.NaN(), err
	}
	sum := 0.
	for i, v := range p {
		d := v - float64(side(y[i]))
		sum += float64(d * d)
	}
	return sum / float64(len(y)), nil
}

// ScaledBrier is 1 − Brier / (π(1−π)), π the prevalence: 0 for always predicting π, 1 for perfect.
func ScaledBrier(y []bool, p []float64) (float64, error) {
	brier, err := Brier(y, p)
	if err != nil {
		return math.NaN(), err
	}
	prevalence := float64(count(y)) / float64(len(y))
	if prevalence == 0 || prevalence == 1 {
		return math.NaN(), ErrOneClass
	}
	return 1 - brier/(prevalence*(1-prevalence)), nil
}

// LogLoss is the mean of −ln p (events) and −ln(1−p) (the others). Exactly 0 and 1 are taken as 1e-15 and 1−1e-15;
// nothing between them is touched.
func LogLoss(y []bool, p []float64) (float64, error) {
	if err := checkProbabilities(y, p); err != nil {
		return math.NaN(), err
	}
	sum := 0.
	for i, v := range p {
		v = inside(v, 1e-15)
		if y[i] {
			sum -= kernel.Log(v)
		} else {
			sum -= kernel.Log1p(-v)
		}
	}
	return sum / float64(len(y)), nil
}

// Clipped counts the predictions that are exactly 0 or 1.
func Clipped(p []float64) (n int) {
	for _, v := range p {
		if v == 0 || v == 1 {
			n++
		}
	}
	return n
}

// inside moves exactly 0 and exactly 1 inwards by margin.
func inside(v, margin float64) float64 {
	switch v {
	case 0:
		return margin
	case 1:
		return 1 - margin
	}
	return v
}
