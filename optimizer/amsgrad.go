package optimizer

import (
	"gradus/internal/kernel"
	"gradus/mat"
)

// AMSGrad is Adam (deck 4-4-11) with the largest v so far in place of v: u := max(u, v), w := w − α·m̂/√(û+ε), û = u/(1−β2ᵗ).
//
// No weight's rate rises again after a large gradient has passed. Reference (PyTorch): w := w − α·m̂/(√û+ε).
type AMSGrad[T mat.Float] struct {
	form         Form
	beta1, beta2 float64
	eps          T
	t            int
	m, v, u      []T
}

// NewAMSGrad makes AMSGrad for n weights.
func NewAMSGrad[T mat.Float](n int, form Form, c AdamConfig) (Rule[T], error) {
	return New[T]("amsgrad", n, form, c.values())
}

func buildAMSGrad[T mat.Float](n int, form Form, v map[string]float64) Rule[T] {
	return &AMSGrad[T]{
		form: form, beta1: v["beta1"], beta2: v["beta2"], eps: T(v["epsilon"]),
		m: make([]T, n), v: make([]T, n), u: make([]T, n),
	}
}

// Name is "amsgrad".
func (*AMSGrad[T]) Name() string { return "amsgrad" }

// Step is one iteration.
func (a *AMSGrad[T]) Step(alpha T, w, g []T) {
	a.t++
	c1, c2 := T(correction(a.beta1, a.t)), T(correction(a.beta2, a.t))
	if a.form == Deck {
		a.deck(alpha, c1, c2, w, g)
		return
	}
	a.reference(alpha/c1, sqrt(c2), w, g)
}

func (a *AMSGrad[T]) deck(alpha, c1, c2 T, w, g []T) {
	b1, b2, d1, d2 := T(a.beta1), T(a.beta2), T(1-a.beta1), T(1-a.beta2)
	w, m, v, u := w[:len(g)], a.m[:len(g)], a.v[:len(g)], a.u[:len(g)]
	if kernel.AdamDeck(nil, w, g, m, v, u, adamStep(a.beta1, a.beta2, 1, alpha, a.eps, c1, c2)) {
		return
	}
	for i, gi := range g {
		m[i] = T(b1*m[i]) + T(d1*gi)
		v[i] = T(b2*v[i]) + T(d2*gi*gi)
		u[i] = max(u[i], v[i]) // max keeps NaN
		w[i] -= T(alpha*(m[i]/c1)) / sqrt(u[i]/c2+a.eps)
	}
}

// reference has α/(1−β1ᵗ) as step and √(1−β2ᵗ) as root.
func (a *AMSGrad[T]) reference(step, root T, w, g []T) {
	b1, b2, d1, d2 := T(a.beta1), T(a.beta2), T(1-a.beta1), T(1-a.beta2)
	w, m, v, u := w[:len(g)], a.m[:len(g)], a.v[:len(g)], a.u[:len(g)]
	if kernel.Adam(nil, w, g, m, v, u, adamStep(a.beta1, a.beta2, 1, step, a.eps, 1, root)) {
		return
	}
	for i, gi := range g {
		m[i] = T(b1*m[i]) + T(d1*gi)
		v[i] = T(b2*v[i]) + T(d2*gi*gi)
		u[i] = max(u[i], v[i]) // max keeps NaN
		w[i] -= T(step*m[i]) / (sqrt(u[i])/root + a.eps)
	}
}

// State is t, m, v and u.
func (a *AMSGrad[T]) State() State[T] {
	return State[T]{&a.t, []Moment[T]{{"m", a.m}, {"v", a.v}, {"u", a.u}}}
}

// Derived is m̂ and û.
func (a *AMSGrad[T]) Derived() []Moment[T] {
	d := corrected(a.t, a.m, a.u, correction(a.beta1, a.t), correction(a.beta2, a.t))
	d[1].Name = "û"
	return d
}
