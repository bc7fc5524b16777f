package activation

import (
	"math"

	"gradus/internal/kernel"
	"gradus/mat"
)

// SiLU is f(o) = o·σ(o), f′(o) = σ(o)·(1 + o·σ(−o)), also called swish (Elfwing, Uchibe and Doya 2018).
type SiLU[T mat.Float] struct{}

// Name is "silu".
func (SiLU[T]) Name() string { return "silu" }

// Forward writes h = o·σ(o): −0 at −Inf, +Inf at +Inf, ±0 at ±0.
func (SiLU[T]) Forward(h, o mat.Matrix[T]) { eachBy(kernel.SiLUOf, h.Data, o.Data, silu) }

func silu(o float64) float64 {
	if o < -800 {
		return math.Copysign(0, -1)
	}
	return o * kernel.Sigmoid(o)
}

// Backward writes do = dh·σ(o)·(1 + o·σ(−o)): 0 at −Inf, 1 at +Inf.
func (SiLU[T]) Backward(do, dh, o, _ mat.Matrix[T]) {
	chainBy(kernel.SiLUOf, do.Data, dh.Data, o.Data, siluSlope)
}

// siluSlope brings f′ over one denominator, with e = e^(−|o|): 1 + o is then exact where the two terms cancel, around o = −1.28.
func siluSlope(o float64) float64 {
	switch {
	case o < -800:
		return 0
	case o > 800:
		return 1
	}
	e := kernel.Exp(-math.Abs(o))
	d := 1 + e
	if o < 0 {
		return e * ((1 + o) + e) / (d * d)
	}
	return (d + float64(o*e)) / (d * d)
}
