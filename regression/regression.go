// Package regression holds the honest comparators of a network: logistic, linear and softmax regression, each solved to the
// exact optimum of its convex objective.
//
// The fit is made on z-scores (x − mean)/sd, sd over n, with a ridge λ/2·‖w‖² on the coefficients and a free intercept; it is
// reported on z-scores and in the units of the table. A constant column gets the coefficient 0.
package regression

import (
	"math"

	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/mat"
)

// Scale is how the columns were brought to z-scores, and which of them the data say nothing about.
type Scale struct {
	Mean, SD []float64 // SD is 0 for a constant column
	Aside    []int     // columns with coefficient 0: constant, or without a ridge the sum of columns before them
}

// standard turns a row into its z-scores.
func (s Scale) standard(z, row []float64) {
	for j, v := range row {
		z[j] = 0
		if s.SD[j] > 0 {
			z[j] = (v - s.Mean[j]) / s.SD[j]
		}
	}
}

// raw turns coefficients on z-scores into those in the units of the table.
func (s Scale) raw(intercept float64, w []float64) (float64, []float64) {
	raw := make([]float64, len(w))
	for j, v := range w {
		if s.SD[j] > 0 {
			raw[j] = v / s.SD[j]
			intercept -= float64(raw[j] * s.Mean[j])
		}
	}
	return intercept, raw
}

// along is intercept + w·z(row).
func (s Scale) along(intercept float64, w, row []float64) float64 {
	for j, v := range row {
		if s.SD[j] > 0 {
			intercept += w[j] * (v - s.Mean[j]) / s.SD[j]
		}
	}
	return intercept
}

const largest = 1e150 // the square of a larger value overflows

func check(x mat.Matrix[float64], targets int, ridge float64) error {
	if x.Rows != targets {
		return say.Error("regression.rows", "rows", x.Rows, "targets", targets)
	}
	if x.Rows < 2 {
		return say.Error("regression.few", "rows", x.Rows)
	}
	if !(ridge >= 0 && ridge < largest) {
		return say.Error("regression.ridge", "ridge", ridge)
	}
	for i, v := range x.Data {
		if !(math.Abs(v) < largest) {
			return say.Error("regression.value", "row", i/x.Cols+1, "column", i%x.Cols+1, "value", v)
		}
	}
	return nil
}

// standardise learns the scale of x (n,d) and returns its z-scores (n,d).
func standardise(x mat.Matrix[float64]) (Scale, mat.Matrix[float64]) {
	s := Scale{Mean: make([]float64, x.Cols), SD: make([]float64, x.Cols)}
	varies, n := make([]bool, x.Cols), float64(x.Rows)
	for r := range x.Rows {
		for j, v := range x.Row(r) {
			s.Mean[j] += v
			varies[j] = varies[j] || v != x.At(0, j)
		}
	}
	for j := range s.Mean {
		s.Mean[j] /= n
	}
	for r := range x.Rows {
		for j, v := range x.Row(r) {
			s.SD[j] += float64((v - s.Mean[j]) * (v - s.Mean[j]))
		}
	}
	for j, v := range s.SD {
		s.SD[j] = math.Sqrt(v / n)
		if !varies[j] || s.SD[j] == 0 {
			s.SD[j] = 0
			s.Aside = append(s.Aside, j)
		}
	}
	z := mat.New[float64](x.Rows, x.Cols)
	for r := range x.Rows {
		s.standard(z.Row(r), x.Row(r))
	}
	return s, z
}

// space is where the fit happens: the z-scores themselves, or for more columns than rows their coordinates in the rows' own span.
type space struct {
	Scale
	z    mat.Matrix[float64] // (n,c)
	span mat.Matrix[float64] // (c,d) orthonormal rows, empty when z holds the z-scores themselves
}

// prepare lays out the fit of x (n,d). Without a ridge, columns that are sums of columns before them are set aside.
func prepare(x mat.Matrix[float64], ridge float64) (*space, error) {
	scale, z := standardise(x)
	s := &space{Scale: scale, z: z}
	free := x.Cols - len(s.Aside)
	if ridge == 0 && free >= x.Rows {
		return nil, say.Error("regression.wide", "columns", free, "rows", x.Rows)
	}
	if x.Cols > x.Rows {
		s.z, s.span = coordinates(z)
	}
	if ridge == 0 {
		s.setAside()
	}
	return s, nil
}

// setAside clears the columns of z that are sums of earlier ones.
func (s *space) setAside() {
	if s.span.Rows > 0 {
		return // coordinates are independent as they are
	}
	_, dependent := factor(gram(s.z, nil), 1e-11)
	s.Aside = dependent
	for r := range s.z.Rows {
		row := s.z.Row(r)
		for _, j := range dependent {
			row[j] = 0
		}
	}
}

// back turns coefficients of the space into coefficients on z-scores.
func (s *space) back(c []float64) []float64 {
	if s.span.Rows == 0 {
		return append([]float64(nil), c...)
	}
	w := make([]float64, s.span.Cols)
	for k, v := range c {
		for j, q := range s.span.Row(k) {
			w[j] += float64(v * q)
		}
	}
	return w
}

// coordinates writes z (n,d) as c (n,r) times orthonormal rows (r,d), by Gram and Schmidt done twice. With w = spanᵀ·v the
// products z·w = c·v and the lengths ‖w‖ = ‖v‖ are the same, and the optimum of a ridge lies in that span: so d columns cost no
// more than n.
func coordinates(z mat.Matrix[float64]) (c, span mat.Matrix[float64]) {
	const nothing = 1e-13
	all, rest := mat.New[float64](z.Rows, z.Rows), make([]float64, z.Cols)
	span = mat.New[float64](0, z.Cols)
	for r := range z.Rows {
		copy(rest, z.Row(r))
		length := math.Sqrt(dot(rest, rest))
		for range 2 {
			for k := range span.Rows {
				q := span.Row(k)
				part := dot(q, rest)
				all.Row(r)[k] += part
				for j, v := range q {
					rest[j] -= float64(part * v)
				}
			}
		}
		left := math.Sqrt(dot(rest, rest))
		if left <= nothing*length {
			continue
		}
		all.Row(r)[span.Rows] = left
		for _, v := range rest {
			span.Data = append(span.Data, v/left)
		}
		span.Rows++
	}
	c = mat.New[float64](z.Rows, span.Rows)
	for r := range z.Rows {
		copy(c.Row(r), all.Row(r))
	}
	return c, span
}

func dot(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += float64(v * b[i])
	}
	return sum
}

// softplus is ln(1+eᵒ) at any o.
func softplus(o float64) float64 {
	return math.Max(0, o) + kernel.Log1p(kernel.Exp(-math.Abs(o)))
}

// sigmoid is 1/(1+e⁻ᵒ) and what is missing to 1, each exact in its tail.
func sigmoid(o float64) (p, rest float64) {
	e := kernel.Exp(-math.Abs(o))
	p, rest = 1/(1+e), e/(1+e)
	if o < 0 {
		p, rest = rest, p
	}
	return p, rest
}
