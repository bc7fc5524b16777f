package activation

import (
	"math"

	"gradus/internal/kernel"
	"gradus/mat"
)

// GELUTanh is f(o) = ½o·(1 + tanh(√(2/π)·(o + .044715·o³))), GELU without erf (Hendrycks and Gimpel 2016).
// It is o·σ(u) with u = 2√(2/π)·(o + .044715·o³), so f′(o) = σ(u) + o·σ(u)·σ(−u)·u′.
type GELUTanh[T mat.Float] struct{}

// 2√(2/π) and .044715 times it; each Low is what the float64 before it leaves out, from 90 digits.
const (
	geluA, geluALow = 0x1.9884533d43651p+0, -0x1.cbc0d30ebfd15p-54
	geluB, geluBLow = 0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c7p-61
)

// Name is "gelu-tanh".
func (GELUTanh[T]) Name() string { return "gelu-tanh" }

// Forward writes h = o·σ(u): −0 at −Inf, +Inf at +Inf, ±0 at ±0.
func (GELUTanh[T]) Forward(h, o mat.Matrix[T]) { eachBy(kernel.GELUTanhOf, h.Data, o.Data, geluTanh) }

func geluTanh(o float64) float64 {
	switch {
	case o < -25:
		return math.Copysign(0, -1)
	case o > 25:
		return o
	}
	return o * kernel.SigmoidSum(geluArgument(o))
}

// geluArgument is u = o·(A + B·o²) in two float64s: u is large in the tail, where its rounding alone would cost digits of e^u.
func geluArgument(o float64) (u, low float64) {
	s, sl := kernel.Product(o, o)
	b, bl := kernel.Product(geluB, s)
	bl += float64(geluB*sl) + float64(geluBLow*s)
	c, cl := kernel.Sum(geluA, b)
	cl += geluALow + bl
	u, low = kernel.Product(o, c)
	return u, low + float64(o*cl)
}

// Backward writes do = dh·(σ(u) + o·σ(u)·σ(−u)·u′), u′ = A + 3B·o²: 0 at −Inf, 1 at +Inf.
func (GELUTanh[T]) Backward(do, dh, o, _ mat.Matrix[T]) {
	chainBy(kernel.GELUTanhOf, do.Data, dh.Data, o.Data, geluTanhSlope)
}

func geluTanhSlope(o float64) float64 {
	switch {
	case o < -25:
		return 0
	case o > 25:
		return 1
	}
	u, low := geluArgument(o)
	up, down := kernel.SigmoidSum(u, low), kernel.SigmoidSum(-u, -low)
	return up * (1 + float64(o*down*(geluA+float64(3*geluB*float64(o*o)))))
}
