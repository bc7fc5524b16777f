package activation

import (
	"math"

	"gradus/internal/kernel"
	"gradus/mat"
)

// Tanh is f(o) = (eᵒ−e⁻ᵒ)/(eᵒ+e⁻ᵒ), f′(o) = 1 − f(o)², deck 4-2-5.
type Tanh[T mat.Float] struct{}

// Name is "tanh".
func (Tanh[T]) Name() string { return "tanh" }

// Forward writes h = tanh o: ±1 at ±Inf, ±0 at ±0.
func (Tanh[T]) Forward(h, o mat.Matrix[T]) { kernel.TanhSlice(h.Data, o.Data) }

// Backward writes do = dh/cosh² o: the deck's 1 − h², which would be 0 from |o| = 19.1 on because h has rounded to 1.
func (Tanh[T]) Backward(do, dh, o, _ mat.Matrix[T]) {
	chainBy(kernel.TanhOf, do.Data, dh.Data, o.Data, tanhSlope)
}

// tanhSlope is 1/cosh² o = 4e/(1+e)² with e = e^(−2|o|).
func tanhSlope(o float64) float64 {
	e := kernel.Exp(-2 * math.Abs(o))
	d := 1 + e
	return 4 * e / (d * d)
}
