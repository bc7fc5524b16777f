package regression

import (
	"math"

	"gradus/internal/say"
	"gradus/mat"
)

// LinearFit is h = intercept + Σ coefficient·x.
type LinearFit struct {
	Scale
	Intercept            float64 // in the units of the table
	Coefficients         []float64
	StandardIntercept    float64 // on z-scores: the mean of y
	StandardCoefficients []float64
	Squares              float64 // Σ (y−h)²
	Objective            float64 // Squares/2 + λ/2·‖w‖²
}

// Predict is h of a row in the units of the table.
func (f *LinearFit) Predict(row []float64) float64 {
	return f.along(f.StandardIntercept, f.StandardCoefficients, row)
}

// Linear minimises ½Σ (y−h)² + ridge/2·‖w‖² over x (n,d): ordinary least squares when ridge is 0, scikit-learn's Ridge with
// alpha = ridge on z-scores otherwise. Columns that are sums of columns before them get 0 without a ridge.
func Linear(x mat.Matrix[float64], y []float64, ridge float64) (*LinearFit, error) {
	if err := check(x, len(y), ridge); err != nil {
		return nil, err
	}
	mean := 0.
	for i, v := range y {
		if !(math.Abs(v) < largest) {
			return nil, say.Error("regression.target", "row", i+1, "value", v)
		}
		mean += v / float64(len(y))
	}
	s, err := prepare(x, ridge)
	if err != nil {
		return nil, err
	}
	w, rest := leastSquares(s.z, y, mean, ridge)
	f := &LinearFit{Scale: s.Scale, StandardIntercept: mean, StandardCoefficients: s.back(w), Squares: dot(rest, rest)}
	f.Intercept, f.Coefficients = f.raw(mean, f.StandardCoefficients)
	f.Objective = f.Squares/2 + ridge/2*dot(w, w)
	return f, nil
}

// leastSquares solves the normal equations and then twice those of what is left, which gives back the digits that squaring
// the condition of z took; it returns w and the rest y − h of each row.
func leastSquares(z mat.Matrix[float64], y []float64, mean, ridge float64) (w, rest []float64) {
	a := gram(z, nil)
	for j := range a.Rows {
		a.Row(j)[j] += ridge
	}
	l, _ := factor(a, 1e-15)
	w, rest = make([]float64, z.Cols), make([]float64, len(y))
	for range 4 {
		g := make([]float64, z.Cols)
		remaining(rest, z, y, mean, w)
		for i, r := range rest {
			for j, v := range z.Row(i) {
				g[j] += r * v
			}
		}
		for j := range g {
			g[j] -= ridge * w[j]
		}
		solve(l, g)
		for j, v := range g {
			w[j] += v
		}
	}
	remaining(rest, z, y, mean, w)
	return w, rest
}

func remaining(rest []float64, z mat.Matrix[float64], y []float64, mean float64, w []float64) {
	for i, v := range y {
		rest[i] = v - mean - dot(w, z.Row(i))
	}
}
