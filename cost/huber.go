package cost

import (
	"math"

	"gradus/mat"
)

// Huber is E = 1/N·Σ{½d² where |d| ≤ δ, else δ(|d| − ½δ)}, d = h − y, ∂E/∂h = d held within ±δ, /N, beside deck 4-3-3:
// MSE near the truth, MAE far from it. Delta 0 means 1.
type Huber[T mat.Float] struct{ Delta float64 }

// Name is "huber".
func (Huber[T]) Name() string { return "huber" }

func (f Huber[T]) delta() float64 {
	if f.Delta == 0 {
		return 1
	}
	return f.Delta
}

// Forward returns E for h (n,out) and y (n,out).
func (f Huber[T]) Forward(h, y mat.Matrix[T]) float64 {
	same("Huber", h, y)
	delta, sum := f.delta(), 0.0
	for i, v := range h.Data {
		d := math.Abs(float64(v) - float64(y.Data[i]))
		if d > delta {
			sum += float64(delta * (d - float64(delta/2)))
		} else {
			sum += float64(d * d / 2)
		}
	}
	return sum / float64(len(h.Data))
}

// Backward writes dh (n,out) for h (n,out) and y (n,out).
func (f Huber[T]) Backward(dh, h, y mat.Matrix[T]) {
	same("Huber", h, y)
	same("Huber gradient", dh, h)
	delta, n := f.delta(), float64(len(h.Data))
	for i, v := range h.Data {
		d := float64(v) - float64(y.Data[i])
		dh.Data[i] = T(min(max(d, -delta), delta) / n) // min and max keep NaN
	}
}
