package activation

import (
	"math"

	"gradus/internal/kernel"
	"gradus/mat"
)

// GELU is f(o) = o·Φ(o), f′(o) = Φ(o) + o·φ(o), with Φ(o) = ½(1+erf(o/√2)) the normal distribution (Hendrycks and Gimpel 2016).
type GELU[T mat.Float] struct{}

// Name is "gelu".
func (GELU[T]) Name() string { return "gelu" }

// Forward writes h = o·Φ(o): −0 at −Inf, +Inf at +Inf, ±0 at ±0.
func (GELU[T]) Forward(h, o mat.Matrix[T]) { eachBy(kernel.GELUOf, h.Data, o.Data, gelu) }

func gelu(o float64) float64 {
	if o < -40 {
		return math.Copysign(0, -1)
	}
	return o * kernel.Phi(o)
}

// Backward writes do = dh·(Φ(o) + o·φ(o)): 0 at −Inf, 1 at +Inf.
func (GELU[T]) Backward(do, dh, o, _ mat.Matrix[T]) {
	chainBy(kernel.GELUOf, do.Data, dh.Data, o.Data, geluSlope)
}

func geluSlope(o float64) float64 {
	switch {
	case o < -40:
		return 0
	case o > 40:
		return 1
	}
	return kernel.Phi(o) + float64(o*kernel.Density(o))
}
