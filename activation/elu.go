package activation

import (
	"gradus/internal/kernel"
	"gradus/mat"
)

// ELU is f(o) = o for o > 0, else eᵒ − 1; f′(o) = 1 for o > 0, else eᵒ (Clevert, Unterthiner and Hochreiter 2016, α = 1).
type ELU[T mat.Float] struct{}

// Name is "elu".
func (ELU[T]) Name() string { return "elu" }

// Forward writes h = o where o > 0, else eᵒ − 1: −1 at −Inf, −0 at −0.
func (ELU[T]) Forward(h, o mat.Matrix[T]) { each(h.Data, o.Data, elu) }

func elu(o float64) float64 {
	if o > 0 {
		return o
	}
	return kernel.Expm1(o)
}

// Backward writes do = dh where o > 0, else dh·eᵒ.
func (ELU[T]) Backward(do, dh, o, _ mat.Matrix[T]) { chain(do.Data, dh.Data, o.Data, eluSlope) }

func eluSlope(o float64) float64 {
	if o > 0 {
		return 1
	}
	return kernel.Exp(o)
}
