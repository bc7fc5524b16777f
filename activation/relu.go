package activation

import (
	"gradus/internal/kernel"
	"gradus/mat"
)

// ReLU is f(o) = max(0, o); f′(o) = 1 for o > 0, else 0, deck 4-2-6. At 0, where no derivative exists, f′ = 0.
// Its gradient does not vanish on its active side only: a neuron whose o is negative for every row learns no more.
type ReLU[T mat.Float] struct{}

// Name is "relu".
func (ReLU[T]) Name() string { return "relu" }

// Forward writes h = max(0, o): 0 at −Inf, +Inf at +Inf, +0 at −0.
func (ReLU[T]) Forward(h, o mat.Matrix[T]) {
	out := h.Data[:len(o.Data)]
	if kernel.Apply(kernel.ReLUOf, out, o.Data) {
		return
	}
	for i, x := range o.Data {
		out[i] = max(x, 0)
	}
}

// Backward writes do = dh where o > 0, else 0.
func (ReLU[T]) Backward(do, dh, o, _ mat.Matrix[T]) {
	out, d := do.Data[:len(o.Data)], dh.Data[:len(o.Data)]
	if kernel.ApplySlope(kernel.ReLUOf, out, d, o.Data) {
		return
	}
	for i, x := range o.Data {
		switch {
		case x > 0:
			out[i] = d[i]
		case x == x:
			out[i] = 0
		default:
			out[i] = x
		}
	}
}
