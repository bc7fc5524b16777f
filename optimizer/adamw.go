package optimizer

import (
	"gradus/internal/kernel"
	"gradus/mat"
)

// AdamW is w := (1−αλ)·w on the weights, then Adam (deck 4-4-11): w := w − α·m̂/√(v̂+ε), m̂ = m/(1−β1ᵗ), v̂ = v/(1−β2ᵗ).
//
// The decay is decoupled: it stays out of g, so m and v never see it. Reference (PyTorch): w := w − α·m̂/(√v̂+ε).
// DecayOnly spares the biases; without it everything decays, as in PyTorch.
type AdamW[T mat.Float] struct {
	form         Form
	beta1, beta2 float64
	lambda       float64
	eps          T
	t            int
	m, v         []T
	parts        []part
	double       bool // see Lanes
}

// part is a stretch [from, to) of w that decays or is spared.
type part struct {
	from, to int
	decays   bool
}

// AdamWConfig are AdamW's values; a zero means the default (an exact 0 is given through New).
type AdamWConfig struct {
	AdamConfig
	WeightDecay float64 // λ ≥ 0, 0
}

// NewAdamW makes AdamW for n weights.
func NewAdamW[T mat.Float](n int, form Form, c AdamWConfig) (Rule[T], error) {
	v := c.values()
	v["weight_decay"] = c.WeightDecay
	return New[T]("adamw", n, form, v)
}

func buildAdamW[T mat.Float](n int, form Form, v map[string]float64) Rule[T] {
	return &AdamW[T]{
		form: form, beta1: v["beta1"], beta2: v["beta2"], lambda: v["weight_decay"], eps: T(v["epsilon"]),
		m: make([]T, n), v: make([]T, n), parts: []part{{0, n, true}},
	}
}

// DecayOnly names the spans [from, to) of w that hold weights, in ascending order; all else is spared.
func (a *AdamW[T]) DecayOnly(spans [][2]int) {
	a.parts = a.parts[:0]
	at := 0
	for _, s := range spans {
		a.parts = append(a.parts, part{at, s[0], false}, part{s[0], s[1], true})
		at = s[1]
	}
	a.parts = append(a.parts, part{at, len(a.m), false})
}

// Name is "adamw".
func (*AdamW[T]) Name() string { return "adamw" }

// Step is one iteration.
func (a *AdamW[T]) Step(alpha T, w, g []T) {
	a.t++
	c1, c2 := T(correction(a.beta1, a.t)), T(correction(a.beta2, a.t))
	for _, p := range a.parts {
		keep := T(1)
		if p.decays {
			keep = T(1 - float64(float64(alpha)*a.lambda))
		}
		w, g, m, v := w[p.from:p.to], g[p.from:p.to], a.m[p.from:p.to], a.v[p.from:p.to]
		if a.form == Deck {
			a.deck(keep, alpha, c1, c2, w, g, m, v)
		} else {
			a.reference(keep, alpha/c1, sqrt(c2), w, g, m, v)
		}
	}
}

func (a *AdamW[T]) deck(keep, alpha, c1, c2 T, w, g, m, v []T) {
	b1, b2, d1, d2 := T(a.beta1), T(a.beta2), T(1-a.beta1), T(1-a.beta2)
	w, m, v = w[:len(g)], m[:len(g)], v[:len(g)]
	if kernel.AdamDeck(nil, w, g, m, v, nil, adamStep(a.beta1, a.beta2, keep, alpha, a.eps, c1, c2)) {
		return
	}
	for i, gi := range g {
		m[i] = T(b1*m[i]) + T(d1*gi)
		v[i] = T(b2*v[i]) + T(d2*gi*gi)
		w[i] = T(keep*w[i]) - T(alpha*(m[i]/c1))/sqrt(v[i]/c2+a.eps)
	}
}

// reference has α/(1−β1ᵗ) as step and √(1−β2ᵗ) as root.
func (a *AdamW[T]) reference(keep, step, root T, w, g, m, v []T) {
	b1, b2, d1, d2 := T(a.beta1), T(a.beta2), T(1-a.beta1), T(1-a.beta2)
	w, m, v = w[:len(g)], m[:len(g)], v[:len(g)]
	s := adamStep(a.beta1, a.beta2, keep, step, a.eps, 1, root)
	if s.Double = a.double; kernel.Adam(nil, w, g, m, v, nil, s) {
		return
	}
	for i, gi := range g {
		m[i] = T(b1*m[i]) + T(d1*gi)
		v[i] = T(b2*v[i]) + T(d2*gi*gi)
		w[i] = T(keep*w[i]) - T(step*m[i])/(sqrt(v[i])/root+a.eps)
	}
}

func (a *AdamW[T]) lanes() { a.double = true }

// State is t, m and v.
func (a *AdamW[T]) State() State[T] { return State[T]{&a.t, []Moment[T]{{"m", a.m}, {"v", a.v}}} }

// Derived is m̂ and v̂.
func (a *AdamW[T]) Derived() []Moment[T] {
	return corrected(a.t, a.m, a.v, correction(a.beta1, a.t), correction(a.beta2, a.t))
}
