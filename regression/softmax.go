package regression

import (
	"math"

	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/mat"
)

// SoftmaxFit is P(class c) = eᵒᶜ/Σeᵒ with o_c = intercept_c + Σ coefficient_c·x. The intercepts add up to 0, and so do the
// coefficients of each column: the free choice that a softmax leaves.
type SoftmaxFit struct {
	Scale
	Intercept            []float64 // in the units of the table, one for each class
	Coefficients         [][]float64
	StandardIntercept    []float64 // on z-scores
	StandardCoefficients [][]float64
	LogLoss              float64 // Σ −ln P(what happened)
	Objective            float64 // LogLoss + λ/2·‖W‖²
	Iterations           int
}

// Predict writes the probability of each class of a row in the units of the table into p.
func (f *SoftmaxFit) Predict(p, row []float64) {
	for c := range p {
		p[c] = f.along(f.StandardIntercept[c], f.StandardCoefficients[c], row)
	}
	softmax(p)
}

// softmax replaces o by eᵒ/Σeᵒ and returns ln Σeᵒ.
func softmax(o []float64) float64 {
	most, sum := math.Inf(-1), 0.
	for _, v := range o {
		most = math.Max(most, v)
	}
	for c, v := range o {
		o[c] = kernel.Exp(v - most)
		sum += o[c]
	}
	for c := range o {
		o[c] /= sum
	}
	return most + kernel.Log(sum)
}

// Softmax minimises Σ −ln P(y) + ridge/2·‖W‖² over x (n,d) and the class numbers y (n) from 0 to classes−1. Each class needs a
// row; without a ridge, classes that planes part are refused as in Logistic.
func Softmax(x mat.Matrix[float64], y []int, classes int, ridge float64) (*SoftmaxFit, error) {
	if err := check(x, len(y), ridge); err != nil {
		return nil, err
	}
	rows := make([]float64, classes)
	for i, c := range y {
		if c < 0 || c >= classes {
			return nil, say.Error("regression.class", "row", i+1, "class", c, "classes", classes)
		}
		rows[c]++
	}
	for c, n := range rows {
		if n == 0 || classes < 2 {
			return nil, say.Error("regression.empty_class", "class", c, "classes", classes)
		}
	}
	s, err := prepare(x, ridge)
	if err != nil {
		return nil, err
	}
	m := newMulti(s, y, classes, ridge)
	for c, n := range rows {
		m.w[c] = kernel.Log(n / float64(len(y)))
	}
	iterations, err := m.minimise()
	if err != nil {
		return nil, err
	}
	return m.fit(iterations), nil
}

// multi is the state of the minimisation: w is the intercepts (k), then the coefficients (k,c).
type multi struct {
	*space
	y       []int
	classes int
	ridge   float64
	w       []float64
	g       []float64           // the gradient at w
	value   float64             // the objective at w
	o       mat.Matrix[float64] // scratch (n,k): o, then P − Y
	bound   mat.Matrix[float64] // Cholesky's triangle of zᵀz/2 + λ: above every Hessian (Böhning 1992)
}

func newMulti(s *space, y []int, classes int, ridge float64) *multi {
	a := gram(s.z, nil)
	for j := range a.Rows {
		for i := range a.Row(j) {
			a.Row(j)[i] /= 2
		}
		a.Row(j)[j] += ridge
	}
	m := &multi{space: s, y: y, classes: classes, ridge: ridge, o: mat.New[float64](len(y), classes)}
	m.bound, _ = factor(a, 1e-15)
	m.w, m.g = make([]float64, classes*(1+s.z.Cols)), make([]float64, classes*(1+s.z.Cols))
	return m
}

func (m *multi) parts(v []float64) (intercepts []float64, w mat.Matrix[float64]) {
	return v[:m.classes], mat.View(m.classes, m.z.Cols, v[m.classes:])
}

// at is the objective at v; it leaves the gradient in g. parted tells that every row's own class is already the likeliest.
func (m *multi) at(v, g []float64) (value float64, parted bool) {
	intercepts, w := m.parts(v)
	gi, gw := m.parts(g)
	mat.MulT(m.o, m.z, w)
	parted = true
	clear(gi)
	for i, c := range m.y {
		o := m.o.Row(i)
		for k, b := range intercepts {
			o[k] += b
		}
		own := o[c]
		for k, b := range o {
			parted = parted && (k == c || b < own)
		}
		value += softmax(o) - own
		o[c]--
		for k, p := range o {
			gi[k] += p
		}
	}
	mat.MulTA(gw, m.o, m.z)
	for j, b := range w.Data {
		gw.Data[j] += m.ridge * b
	}
	return value + m.ridge/2*dot(w.Data, w.Data), parted
}

// precondition replaces d by bound⁻¹·d.
func (m *multi) precondition(d []float64) {
	intercepts, w := m.parts(d)
	for c := range intercepts {
		intercepts[c] *= 2 / float64(len(m.y))
		solve(m.bound, w.Row(c))
	}
}

func (m *multi) fit(iterations int) *SoftmaxFit {
	intercepts, w := m.parts(m.w)
	centre(intercepts, 1)
	centre(w.Data, m.z.Cols)
	f := &SoftmaxFit{Scale: m.Scale, StandardIntercept: intercepts, Objective: m.value, Iterations: iterations}
	f.LogLoss = m.value - m.ridge/2*dot(w.Data, w.Data)
	f.Intercept = make([]float64, m.classes)
	for c, b := range intercepts {
		standard := m.back(w.Row(c))
		intercept, raw := m.raw(b, standard)
		f.Intercept[c] = intercept
		f.StandardCoefficients = append(f.StandardCoefficients, standard)
		f.Coefficients = append(f.Coefficients, raw)
	}
	return f
}

// centre makes each of the columns of v (k,columns) add up to 0.
func centre(v []float64, columns int) {
	for j := range columns {
		mean := 0.
		for i := j; i < len(v); i += columns {
			mean += v[i]
		}
		mean /= float64(len(v) / columns)
		for i := j; i < len(v); i += columns {
			v[i] -= mean
		}
	}
}
