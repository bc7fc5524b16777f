package blend

import (
	"gradus/mat"
	"gradus/regression"
)

// Matrix is mat.Matrix, and CoxFit and Proportionality are those of regression, for those who only pass them on.
type (
	Matrix[T mat.Float] = mat.Matrix[T]
	CoxFit              = regression.CoxFit
	Proportionality     = regression.Proportionality
)

// How Cox's regression counts ties, and the scale of time on which it is asked whether hazards stay proportional.
const (
	Ties      = string(regression.Efron)
	Transform = string(regression.KMTime)
)

// Cox is Cox's regression beside a network of survival, Efron's ties.
func Cox(x mat.Matrix[float64], time []float64, event []bool, ridge float64) (*CoxFit, error) {
	return regression.Cox(x, time, event, regression.Efron, ridge)
}

// Proportional is the test of proportional hazards of a fit by Cox without a ridge, in Kaplan–Meier time.
func Proportional(f *CoxFit, x mat.Matrix[float64], time []float64, event []bool) (*Proportionality, error) {
	return f.Proportional(x, time, event, regression.Efron, regression.KMTime)
}

// Baseline is the cumulated hazard of a row of risk 0, by Breslow's estimator with Efron's ties.
func Baseline(risk, time []float64, event []bool) (times, hazard []float64) {
	return regression.Baseline(risk, time, event, regression.Efron)
}

// SmoothRisk is that of regression.
func SmoothRisk(p, time []float64, event []bool, t float64) ([]float64, error) {
	return regression.SmoothRisk(p, time, event, t)
}
