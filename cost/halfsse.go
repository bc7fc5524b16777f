package cost

import "gradus/mat"

// HalfSSE is E = 1/n·Σ½(h − y)², summed over the outputs and averaged over the n rows, ∂E/∂h = (h − y)/n, deck 4-5-9.
// The deck calls it MSE; the two are equal only where a row has two outputs.
type HalfSSE[T mat.Float] struct{}

// Name is "half-sse".
func (HalfSSE[T]) Name() string { return "half-sse" }

// Forward returns E for h (n,out) and y (n,out).
func (HalfSSE[T]) Forward(h, y mat.Matrix[T]) float64 {
	same("HalfSSE", h, y)
	return squares(h, y) / 2 / float64(h.Rows)
}

// Backward writes dh (n,out) for h (n,out) and y (n,out).
func (HalfSSE[T]) Backward(dh, h, y mat.Matrix[T]) {
	same("HalfSSE", h, y)
	same("HalfSSE gradient", dh, h)
	n := float64(h.Rows)
	for i, v := range h.Data {
		dh.Data[i] = T((float64(v) - float64(y.Data[i])) / n)
	}
}
