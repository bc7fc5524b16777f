package cost

import "gradus/mat"

// MSE is E = 1/N·Σ(h − y)², ∂E/∂h = 2(h − y)/N, N = n·out, deck 4-3-3.
type MSE[T mat.Float] struct{}

// Name is "mse".
func (MSE[T]) Name() string { return "mse" }

// Forward returns E for h (n,out) and y (n,out).
func (MSE[T]) Forward(h, y mat.Matrix[T]) float64 {
	same("MSE", h, y)
	return squares(h, y) / float64(len(h.Data))
}

// Backward writes dh (n,out) for h (n,out) and y (n,out).
func (MSE[T]) Backward(dh, h, y mat.Matrix[T]) {
	same("MSE", h, y)
	same("MSE gradient", dh, h)
	n := float64(len(h.Data))
	for i, v := range h.Data {
		dh.Data[i] = T(2 * (float64(v) - float64(y.Data[i])) / n)
	}
}

// squares is Σ(h − y)², from first to last.
func squares[T mat.Float](h, y mat.Matrix[T]) float64 {
	var sum float64
	for i, v := range h.Data {
		d := float64(v) - float64(y.Data[i])
		sum += float64(d * d)
	}
	return sum
}
