package cost

import (
	"math"

	"gradus/mat"
)

// MAE is E = 1/N·Σ|h − y|, ∂E/∂h = sign(h − y)/N, N = n·out, deck 4-3-2.
// The deck calls it not differentiable; it is, except at h = y, where the gradient here is 0. At NaN it is 0 too: the cost is NaN.
type MAE[T mat.Float] struct{}

// Name is "mae".
func (MAE[T]) Name() string { return "mae" }

// Forward returns E for h (n,out) and y (n,out).
func (MAE[T]) Forward(h, y mat.Matrix[T]) float64 {
	same("MAE", h, y)
	var sum float64
	for i, v := range h.Data {
		sum += math.Abs(float64(v) - float64(y.Data[i]))
	}
	return sum / float64(len(h.Data))
}

// Backward writes dh (n,out) for h (n,out) and y (n,out).
func (MAE[T]) Backward(dh, h, y mat.Matrix[T]) {
	same("MAE", h, y)
	same("MAE gradient", dh, h)
	share := T(1 / float64(len(h.Data)))
	for i, v := range h.Data {
		switch t := y.Data[i]; {
		case v > t:
			dh.Data[i] = share
		case v < t:
			dh.Data[i] = -share
		default:
			dh.Data[i] = 0
		}
	}
}
