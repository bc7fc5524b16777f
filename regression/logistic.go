package regression

import (
	"math"

	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/mat"
)

// LogisticFit is logit P(y) = intercept + Σ coefficient·x.
type LogisticFit struct {
	Scale
	Intercept            float64 // in the units of the table
	Coefficients         []float64
	StandardIntercept    float64 // on z-scores
	StandardCoefficients []float64
	LogLoss              float64 // Σ −ln P(what happened)
	Objective            float64 // LogLoss + λ/2·‖w‖²
	Iterations           int
	bend                 mat.Matrix[float64] // Cholesky's factor of the second derivatives at the optimum (1+c,1+c)
	span                 mat.Matrix[float64] // of the space the factor is in
}

// Predict is P(event) of a row in the units of the table.
func (f *LogisticFit) Predict(row []float64) float64 {
	p, _ := sigmoid(f.along(f.StandardIntercept, f.StandardCoefficients, row))
	return p
}

// StandardError is the standard error of intercept + w·x of a row in the units of the table, √((1,z)ᵀ·H⁻¹·(1,z)), H the second
// derivatives of the objective: Wald's, with a ridge that of the penalised fit.
func (f *LogisticFit) StandardError(row []float64) float64 {
	z := make([]float64, len(row))
	f.standard(z, row)
	at := append([]float64{1}, z...)
	if f.span.Rows > 0 {
		at = at[:1]
		for k := range f.span.Rows {
			at = append(at, dot(f.span.Row(k), z))
		}
	}
	turned := append([]float64(nil), at...)
	solve(f.bend, turned)
	return math.Sqrt(max(0, dot(at, turned)))
}

// Logistic minimises Σ −ln P(y) + ridge/2·‖w‖² over x (n,d) by Newton's steps (iteratively reweighted least squares). A ridge
// of 1, scikit-learn's C = 1, is the usual choice; with 0, classes that a plane parts have no likeliest coefficients and are refused.
func Logistic(x mat.Matrix[float64], y []bool, ridge float64) (*LogisticFit, error) {
	if err := check(x, len(y), ridge); err != nil {
		return nil, err
	}
	events := 0
	for _, event := range y {
		if event {
			events++
		}
	}
	if events == 0 || events == len(y) {
		return nil, say.Error("regression.one_class", "rows", len(y))
	}
	s, err := prepare(x, ridge)
	if err != nil {
		return nil, err
	}
	l := newLogistic(s, y, ridge)
	l.beta[0] = kernel.Log(float64(events) / float64(len(y)-events))
	iterations, err := l.minimise()
	if err != nil {
		return nil, err
	}
	f := &LogisticFit{Scale: s.Scale, StandardIntercept: l.beta[0], StandardCoefficients: s.back(l.beta[1:]), Iterations: iterations}
	f.Intercept, f.Coefficients = f.raw(f.StandardIntercept, f.StandardCoefficients)
	f.LogLoss = l.value - float64(ridge/2*dot(l.beta[1:], l.beta[1:]))
	f.Objective = l.value
	f.bend, _ = factor(l.hessian(), l.rounding())
	f.span = s.span
	return f, nil
}

// logistic is the state of the minimisation: beta is the intercept, then the coefficients.
type logistic struct {
	*space
	y      []bool
	ridge  float64
	beta   []float64
	o      []float64 // intercept + w·z of each row
	value  float64   // the objective at beta
	weight []float64 // scratch: p(1−p)
}

func newLogistic(s *space, y []bool, ridge float64) *logistic {
	return &logistic{
		space: s, y: y, ridge: ridge,
		beta: make([]float64, s.z.Cols+1), o: make([]float64, len(y)), weight: make([]float64, len(y)),
	}
}

func (l *logistic) minimise() (iterations int, err error) {
	const most, still, exact = 300, 1e-9, 1e-14
	trial := make([]float64, len(l.beta))
	l.value = l.at(l.beta)
	for iterations = 1; iterations <= most; iterations++ {
		g := l.gradient()
		step := append([]float64(nil), g...)
		h, dependent := factor(l.hessian(), l.rounding())
		solve(h, step)
		if l.ridge == 0 && (len(dependent) > len(l.Aside) || l.parted()) {
			break
		}
		size, moved := l.search(trial, g, step)
		// where classes are parted but for ties the fall dies away too, with rows still moving by 1 a step: without a ridge it proves nothing
		if size == 1 && (moved <= still || l.ridge > 0 && dot(g, step) <= exact*l.value) {
			return iterations, nil
		}
	}
	if l.ridge == 0 {
		return 0, say.Error("regression.separated")
	}
	return 0, say.Failure("regression.unsettled", "steps", most)
}

// rounding is the pivot that counts as none. Where classes are parted but for ties a pivot dies away step by step: without a
// ridge it must be noticed before it is noise.
func (l *logistic) rounding() float64 {
	if l.ridge == 0 {
		return 1e-13
	}
	return 1e-15
}

// search walks against step, halved until the objective falls as Armijo asks; it returns the share of the step that it went
// and the largest change of a row's o.
func (l *logistic) search(trial, g, step []float64) (size, moved float64) {
	before, fall := append([]float64(nil), l.o...), dot(g, step)
	for size = 1.; ; size /= 2 {
		for j, v := range step {
			trial[j] = l.beta[j] - float64(size*v)
		}
		value := l.at(trial)
		if value <= l.value-float64(1e-4*size*fall)+float64(1e-13*l.value) || size < 1e-12 {
			copy(l.beta, trial)
			l.value = value
			break
		}
	}
	for i, o := range l.o {
		moved = math.Max(moved, math.Abs(o-before[i]))
	}
	return size, moved
}

// at is the objective at beta; it leaves each row's o behind.
func (l *logistic) at(beta []float64) float64 {
	value := l.ridge / 2 * dot(beta[1:], beta[1:])
	for i := range l.o {
		o := beta[0] + dot(beta[1:], l.z.Row(i))
		l.o[i] = o
		if l.y[i] {
			o = -o
		}
		value += softplus(o)
	}
	return value
}

// gradient is Σ (p−y)·(1, z) + (0, λw); it leaves each row's p(1−p) behind.
func (l *logistic) gradient() []float64 {
	g := make([]float64, len(l.beta))
	for i, o := range l.o {
		p, rest := sigmoid(o)
		l.weight[i] = p * rest
		if l.y[i] {
			p = -rest
		}
		g[0] += p
		for j, v := range l.z.Row(i) {
			g[j+1] += float64(p * v)
		}
	}
	for j, w := range l.beta[1:] {
		g[j+1] += float64(l.ridge * w)
	}
	return g
}

// hessian is Σ p(1−p)·(1, z)(1, z)ᵀ + diag(0, λ…); only the lower triangle is filled.
func (l *logistic) hessian() mat.Matrix[float64] {
	h, inner := mat.New[float64](len(l.beta), len(l.beta)), gram(l.z, l.weight)
	for i, w := range l.weight {
		h.Data[0] += w
		for j, v := range l.z.Row(i) {
			h.Row(j + 1)[0] += float64(w * v)
		}
	}
	for j := range inner.Rows {
		copy(h.Row(j + 1)[1:], inner.Row(j))
		h.Row(j + 1)[j+1] += l.ridge
	}
	return h
}

// parted reports whether the plane found so far already parts the classes: then one twice as steep fits better, for ever.
func (l *logistic) parted() bool {
	for i, o := range l.o {
		if o == 0 || (o > 0) != l.y[i] {
			return false
		}
	}
	return true
}
