package optimizer

import (
	"math"

	"gradus/internal/kernel"
	"gradus/mat"
)

// Adagrad is G := G + g², w := w − α·g/√(G+ε), deck 4-4-9. Reference (PyTorch): w := w − α·g/(√G+ε).
//
// G only grows, so no rate ever rises: what has learnt little is lowered less.
type Adagrad[T mat.Float] struct {
	form Form
	eps  T
	sum  []T // G
}

// AdagradConfig are Adagrad's values; a zero means the default (an exact 0 is given through New).
type AdagradConfig struct {
	Epsilon float64 // ε ≥ 0, 1e-10
}

// NewAdagrad makes Adagrad for n weights.
func NewAdagrad[T mat.Float](n int, form Form, c AdagradConfig) (Rule[T], error) {
	return New[T]("adagrad", n, form, given(map[string]float64{"epsilon": c.Epsilon}))
}

func buildAdagrad[T mat.Float](n int, form Form, v map[string]float64) Rule[T] {
	return &Adagrad[T]{form, T(v["epsilon"]), make([]T, n)}
}

// Name is "adagrad".
func (*Adagrad[T]) Name() string { return "adagrad" }

// Step is one iteration.
func (a *Adagrad[T]) Step(alpha T, w, g []T) {
	w, sum := w[:len(g)], a.sum[:len(g)]
	if kernel.RMSprop(nil, w, g, sum, 1, 1, alpha, a.eps, a.form == Deck) {
		return
	}
	if a.form == Deck {
		for i, gi := range g {
			sum[i] += T(gi * gi)
			w[i] -= T(alpha*gi) / sqrt(sum[i]+a.eps)
		}
		return
	}
	for i, gi := range g {
		sum[i] += T(gi * gi)
		w[i] -= T(alpha*gi) / (sqrt(sum[i]) + a.eps)
	}
}

// State is G.
func (a *Adagrad[T]) State() State[T] { return State[T]{nil, []Moment[T]{{"G", a.sum}}} }

func sqrt[T mat.Float](x T) T { return T(math.Sqrt(float64(x))) }
