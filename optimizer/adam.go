package optimizer

import (
	"gradus/internal/kernel"
	"gradus/mat"
)

// Adam is m := β1·m + (1−β1)·g, v := β2·v + (1−β2)·g², m̂ = m/(1−β1ᵗ), v̂ = v/(1−β2ᵗ), w := w − α·m̂/√(v̂+ε), deck 4-4-11.
//
// Reference (PyTorch): w := w − α·m̂/(√v̂+ε). Printed is the page as it stands, where the powers t are missing: m̂ = m/(1−β1),
// v̂ = v/(1−β2). With a constant gradient its step is then 1 × α at t = 1, 2.08 × at t = 12 and at last .316 ×.
type Adam[T mat.Float] struct {
	form         Form
	beta1, beta2 float64
	eps          T
	t            int
	m, v         []T
	double       bool // see Lanes
}

// AdamConfig are the values of Adam and AMSGrad; a zero means the default (an exact 0 is given through New).
type AdamConfig struct {
	Beta1   float64 // β1 in [0, 1), .9
	Beta2   float64 // β2 in [0, 1), .999
	Epsilon float64 // ε ≥ 0, 1e-8
}

func (c AdamConfig) values() map[string]float64 {
	return given(map[string]float64{"beta1": c.Beta1, "beta2": c.Beta2, "epsilon": c.Epsilon})
}

// NewAdam makes Adam for n weights.
func NewAdam[T mat.Float](n int, form Form, c AdamConfig) (Rule[T], error) {
	return New[T]("adam", n, form, c.values())
}

func buildAdam[T mat.Float](n int, form Form, v map[string]float64) Rule[T] {
	return &Adam[T]{form: form, beta1: v["beta1"], beta2: v["beta2"], eps: T(v["epsilon"]), m: make([]T, n), v: make([]T, n)}
}

// Name is "adam".
func (*Adam[T]) Name() string { return "adam" }

// Step is one iteration.
func (a *Adam[T]) Step(alpha T, w, g []T) {
	a.t++
	c1, c2 := a.corrections()
	if a.form == Reference {
		a.reference(alpha/T(c1), sqrt(T(c2)), w, g)
		return
	}
	a.deck(alpha, T(c1), T(c2), w, g)
}

// corrections are what m and v are divided by: 1−β1ᵗ and 1−β2ᵗ.
func (a *Adam[T]) corrections() (c1, c2 float64) {
	if a.form == Printed {
		return 1 - a.beta1, 1 - a.beta2
	}
	return correction(a.beta1, a.t), correction(a.beta2, a.t)
}

// correction is 1−βᵗ, the share of a moving average that t iterations have filled.
func correction(beta float64, t int) float64 { return 1 - kernel.Pow(beta, float64(t)) }

func (a *Adam[T]) deck(alpha, c1, c2 T, w, g []T) {
	b1, b2, d1, d2 := T(a.beta1), T(a.beta2), T(1-a.beta1), T(1-a.beta2)
	w, m, v := w[:len(g)], a.m[:len(g)], a.v[:len(g)]
	if kernel.AdamDeck(nil, w, g, m, v, nil, adamStep(a.beta1, a.beta2, 1, alpha, a.eps, c1, c2)) {
		return
	}
	for i, gi := range g {
		m[i] = T(b1*m[i]) + T(d1*gi)
		v[i] = T(b2*v[i]) + T(d2*gi*gi)
		w[i] -= T(alpha*(m[i]/c1)) / sqrt(v[i]/c2+a.eps)
	}
}

// reference has α/(1−β1ᵗ) as step and √(1−β2ᵗ) as root.
func (a *Adam[T]) reference(step, root T, w, g []T) {
	b1, b2, d1, d2 := T(a.beta1), T(a.beta2), T(1-a.beta1), T(1-a.beta2)
	w, m, v := w[:len(g)], a.m[:len(g)], a.v[:len(g)]
	s := adamStep(a.beta1, a.beta2, 1, step, a.eps, 1, root)
	if s.Double = a.double; kernel.Adam(nil, w, g, m, v, nil, s) {
		return
	}
	for i, gi := range g {
		m[i] = T(b1*m[i]) + T(d1*gi)
		v[i] = T(b2*v[i]) + T(d2*gi*gi)
		w[i] -= T(step*m[i]) / (sqrt(v[i])/root + a.eps)
	}
}

// adamStep is what the kernel's one pass is told; first and second divide m and v.
func adamStep[T mat.Float](beta1, beta2 float64, keep, alpha, eps, first, second T) kernel.AdamStep[T] {
	return kernel.AdamStep[T]{
		Beta1: T(beta1), Share1: T(1 - beta1), Beta2: T(beta2), Share2: T(1 - beta2),
		Keep: keep, Alpha: alpha, Epsilon: eps, First: first, Second: second,
	}
}

func (a *Adam[T]) lanes() { a.double = true }

// State is t, m and v (the deck's M and V).
func (a *Adam[T]) State() State[T] { return State[T]{&a.t, []Moment[T]{{"m", a.m}, {"v", a.v}}} }

// Derived is m̂ and v̂.
func (a *Adam[T]) Derived() []Moment[T] {
	c1, c2 := a.corrections()
	return corrected(a.t, a.m, a.v, c1, c2)
}

// corrected divides m and v by their corrections; before the first iteration both are zeros.
func corrected[T mat.Float](t int, m, v []T, c1, c2 float64) []Moment[T] {
	a, b := make([]T, len(m)), make([]T, len(v))
	for i := range m {
		if t > 0 {
			a[i], b[i] = m[i]/T(c1), v[i]/T(c2)
		}
	}
	return []Moment[T]{{"m̂", a}, {"v̂", b}}
}
