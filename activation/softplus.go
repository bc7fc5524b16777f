package activation

import (
	"math"

	"gradus/internal/kernel"
	"gradus/mat"
)

// Softplus is f(o) = log(1+eᵒ), f′(o) = σ(o): ReLU with its corner rounded.
type Softplus[T mat.Float] struct{}

// Name is "softplus".
func (Softplus[T]) Name() string { return "softplus" }

// Forward writes h = max(o,0) + log(1+e^(−|o|)), which cannot overflow: 0 at −Inf, +Inf at +Inf.
func (Softplus[T]) Forward(h, o mat.Matrix[T]) { eachBy(kernel.SoftplusOf, h.Data, o.Data, softplus) }

func softplus(o float64) float64 { return max(o, 0) + kernel.Log1p(kernel.Exp(-math.Abs(o))) }

// Backward writes do = dh·σ(o).
func (Softplus[T]) Backward(do, dh, o, _ mat.Matrix[T]) {
	chainBy(kernel.SoftplusOf, do.Data, dh.Data, o.Data, kernel.Sigmoid)
}
