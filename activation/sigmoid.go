package activation

import (
	"math"

	"gradus/internal/kernel"
	"gradus/mat"
)

// Sigmoid is σ(o) = 1/(1+e⁻ᵒ), σ′(o) = σ(o)·(1−σ(o)), deck 4-2-3 and 4-2-4.
type Sigmoid[T mat.Float] struct{}

// Name is "sigmoid".
func (Sigmoid[T]) Name() string { return "sigmoid" }

// Forward writes h = 1/(1+e⁻ᵒ): 0 at −Inf, 1 at +Inf.
func (Sigmoid[T]) Forward(h, o mat.Matrix[T]) { kernel.SigmoidSlice(h.Data, o.Data) }

// Backward writes do = dh·σ(o)·σ(−o): the deck's h·(1−h), which would be 0 from o = 37 on because h has rounded to 1.
func (Sigmoid[T]) Backward(do, dh, o, _ mat.Matrix[T]) {
	chainBy(kernel.SigmoidOf, do.Data, dh.Data, o.Data, sigmoidSlope)
}

// sigmoidSlope is σ(o)·σ(−o) = e/(1+e)² with e = e^(−|o|).
func sigmoidSlope(o float64) float64 {
	e := kernel.Exp(-math.Abs(o))
	d := 1 + e
	return e / (d * d)
}
