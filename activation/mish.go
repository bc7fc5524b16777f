package activation

import (
	"math"

	"gradus/internal/kernel"
	"gradus/mat"
)

// Mish is f(o) = o·tanh(log(1+eᵒ)), f′(o) = e·((e+2)(n+2) + 4o(1+e))/(n+2)² with e = eᵒ and n = e(e+2), for which
// tanh(log(1+eᵒ)) = n/(n+2) (Misra 2019).
type Mish[T mat.Float] struct{}

// Name is "mish".
func (Mish[T]) Name() string { return "mish" }

// Forward writes h = o·n/(n+2): −0 at −Inf, +Inf at +Inf, ±0 at ±0.
func (Mish[T]) Forward(h, o mat.Matrix[T]) { each(h.Data, o.Data, mish) }

func mish(o float64) float64 {
	switch {
	case o > 20: // n/(n+2) rounds to 1
		return o
	case o < -800: // eᵒ is 0
		return math.Copysign(0, -1)
	}
	e := kernel.Exp(o)
	n := float64(e * (e + 2))
	return o * (n / (n + 2))
}

// Backward writes do = dh·f′(o): 0 at −Inf, 1 at +Inf.
func (Mish[T]) Backward(do, dh, o, _ mat.Matrix[T]) { chain(do.Data, dh.Data, o.Data, mishSlope) }

func mishSlope(o float64) float64 {
	switch {
	case o > 20:
		return 1
	case o < -800:
		return 0
	}
	e := kernel.Exp(o)
	n := float64(e * (e + 2))
	d := n + 2
	return e * (float64((e+2)*d) + float64(4*o*(1+e))) / (d * d)
}
