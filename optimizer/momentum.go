package optimizer

import (
	"gradus/internal/kernel"
	"gradus/mat"
)

// Momentum is v := γv + α·g, w := w − v, deck 4-4-8.
//
// Reference (PyTorch) keeps α out of the memory: v := γv + (1−d)·g with dampening d (v = g at the first step), w := w − α·v.
// With a constant α and d = 0 the two walk the same path; when α changes, only the deck's keeps the old α in its memory.
type Momentum[T mat.Float] struct {
	form     Form
	gamma, c T // c = 1−d
	t        int
	v        []T
}

// MomentumConfig are Momentum's values; a zero means the default (an exact 0 is given through New).
type MomentumConfig struct {
	Gamma     float64 // γ in [0, 1), .9
	Dampening float64 // d in [0, 1], 0; reference only
}

// NewMomentum makes momentum for n weights.
func NewMomentum[T mat.Float](n int, form Form, c MomentumConfig) (Rule[T], error) {
	return New[T]("momentum", n, form, given(map[string]float64{"gamma": c.Gamma, "dampening": c.Dampening}))
}

func buildMomentum[T mat.Float](n int, form Form, v map[string]float64) Rule[T] {
	return &Momentum[T]{form: form, gamma: T(v["gamma"]), c: T(1 - v["dampening"]), v: make([]T, n)}
}

// Name is "momentum".
func (*Momentum[T]) Name() string { return "momentum" }

// Step is one iteration.
func (m *Momentum[T]) Step(alpha T, w, g []T) {
	m.t++
	if m.form == Deck {
		m.deck(alpha, w, g)
		return
	}
	c := m.c
	if m.t == 1 {
		c = 1
	}
	m.reference(alpha, c, w, g)
}

func (m *Momentum[T]) deck(alpha T, w, g []T) {
	w, v := w[:len(g)], m.v[:len(g)]
	if kernel.Momentum(nil, w, g, v, m.gamma, alpha, 1) {
		return
	}
	for i, gi := range g {
		v[i] = T(m.gamma*v[i]) + T(alpha*gi)
		w[i] -= v[i]
	}
}

func (m *Momentum[T]) reference(alpha, c T, w, g []T) {
	w, v := w[:len(g)], m.v[:len(g)]
	if kernel.Momentum(nil, w, g, v, m.gamma, c, alpha) {
		return
	}
	for i, gi := range g {
		v[i] = T(m.gamma*v[i]) + T(c*gi)
		w[i] -= T(alpha * v[i])
	}
}

// State is t and v.
func (m *Momentum[T]) State() State[T] { return State[T]{&m.t, []Moment[T]{{"v", m.v}}} }
