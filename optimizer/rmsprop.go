package optimizer

import (
	"gradus/internal/kernel"
	"gradus/mat"
)

// RMSprop is G := γG + (1−γ)·g², w := w − α·g/√(G+ε), deck 4-4-10. Reference (PyTorch): w := w − α·g/(√G+ε).
//
// Centred, the mean m := γm + (1−γ)·g is taken out: G − m² stands for G; its rounding below 0, where a variance cannot be, counts
// as 0. With momentum μ the quotient d is thrown, v := μv + d, and w := w − α·v.
type RMSprop[T mat.Float] struct {
	form         Form
	gamma, c, mu T // c = 1−γ
	eps          T
	sum, m, v    []T // G, the mean (centred only), the throw (momentum only)
}

// RMSpropConfig are RMSprop's values; a zero means the default (an exact 0 is given through New).
type RMSpropConfig struct {
	Gamma    float64 // γ in [0, 1), .9
	Epsilon  float64 // ε ≥ 0, 1e-8
	Centred  bool
	Momentum float64 // μ in [0, 1), 0
}

// NewRMSprop makes RMSprop for n weights.
func NewRMSprop[T mat.Float](n int, form Form, c RMSpropConfig) (Rule[T], error) {
	v := map[string]float64{"gamma": c.Gamma, "epsilon": c.Epsilon, "momentum": c.Momentum}
	if c.Centred {
		v["centred"] = 1
	}
	return New[T]("rmsprop", n, form, given(v))
}

func buildRMSprop[T mat.Float](n int, form Form, v map[string]float64) Rule[T] {
	r := &RMSprop[T]{form: form, gamma: T(v["gamma"]), c: T(1 - v["gamma"]), mu: T(v["momentum"]), eps: T(v["epsilon"]), sum: make([]T, n)}
	if v["centred"] == 1 {
		r.m = make([]T, n)
	}
	if r.mu > 0 {
		r.v = make([]T, n)
	}
	return r
}

// Name is "rmsprop".
func (*RMSprop[T]) Name() string { return "rmsprop" }

// Step is one iteration.
func (r *RMSprop[T]) Step(alpha T, w, g []T) {
	if r.m != nil || r.v != nil {
		r.options(alpha, w, g)
		return
	}
	w, sum := w[:len(g)], r.sum[:len(g)]
	if kernel.RMSprop(nil, w, g, sum, r.gamma, r.c, alpha, r.eps, r.form == Deck) {
		return
	}
	for i, gi := range g {
		sum[i] = T(r.gamma*sum[i]) + T(r.c*gi*gi)
		w[i] -= T(alpha*gi) / r.root(sum[i])
	}
}

// options is Step centred, with momentum, or both.
func (r *RMSprop[T]) options(alpha T, w, g []T) {
	w, sum := w[:len(g)], r.sum[:len(g)]
	for i, gi := range g {
		sum[i] = T(r.gamma*sum[i]) + T(r.c*gi*gi)
		spread := sum[i]
		if r.m != nil {
			r.m[i] = T(r.gamma*r.m[i]) + T(r.c*gi)
			spread = max(sum[i]-T(r.m[i]*r.m[i]), 0) // max keeps NaN
		}
		d := gi / r.root(spread)
		if r.v != nil {
			r.v[i] = T(r.mu*r.v[i]) + d
			d = r.v[i]
		}
		w[i] -= T(alpha * d)
	}
}

func (r *RMSprop[T]) root(x T) T {
	if r.form == Deck {
		return sqrt(x + r.eps)
	}
	return sqrt(x) + r.eps
}

// State is G, centred with m, with momentum v.
func (r *RMSprop[T]) State() State[T] {
	s := State[T]{nil, []Moment[T]{{"G", r.sum}}}
	if r.m != nil {
		s.Moments = append(s.Moments, Moment[T]{"m", r.m})
	}
	if r.v != nil {
		s.Moments = append(s.Moments, Moment[T]{"v", r.v})
	}
	return s
}
