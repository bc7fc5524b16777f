package activation

import (
	"gradus/internal/kernel"
	"gradus/mat"
)

// Softmax is hᵢ = e^(oᵢ)/Σⱼ e^(oⱼ) over each row, ∂hᵢ/∂oⱼ = hᵢ·([i=j] − hⱼ), deck 4-2-7.
type Softmax[T mat.Float] struct{}

// Name is "softmax".
func (Softmax[T]) Name() string { return "softmax" }

// Forward writes h = softmax(o) row by row, the row's largest subtracted first so that nothing overflows.
// A row with NaN or +Inf, or all −Inf, becomes NaN.
func (Softmax[T]) Forward(h, o mat.Matrix[T]) {
	for r := range o.Rows {
		kernel.SoftmaxRow(h.Row(r), o.Row(r))
	}
}

// Backward writes doᵢ = hᵢ·(dhᵢ − Σⱼ hⱼ·dhⱼ) row by row. As Σ hⱼ = 1, the dh of the largest h may be subtracted from all:
// then no 1 − h is formed of an h near 1, and a saturated row keeps its small gradient.
func (Softmax[T]) Backward(do, dh, _, h mat.Matrix[T]) {
	for r := range h.Rows {
		softmaxRowBack(do.Row(r), dh.Row(r), h.Row(r))
	}
}

func softmaxRowBack[T mat.Float](do, dh, h []T) {
	if len(h) == 0 {
		return
	}
	top := float64(dh[kernel.Largest(h)])
	sum := 0.0
	for i, p := range h {
		sum += float64(float64(p) * (float64(dh[i]) - top))
	}
	for i, p := range h {
		do[i] = T(float64(p) * ((float64(dh[i]) - top) - sum))
	}
}
