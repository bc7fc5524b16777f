package trace

import (
	"gradus/activation"
	"gradus/mat"
	"gradus/network"
)

// sigmoid has the derivative h·(1−h) as deck 4-5-16 writes it, from the h that the ledger shows.
//
// activation.Sigmoid computes f′ from o, which is exact where h has rounded to 1. A ledger needs the other virtue: ∂E/∂h·h(1−h)
// must come out of the numbers in sight, and 1/(h(1−h)) of a cross-entropy must cancel. It is also what PyTorch computes.
type sigmoid[T mat.Float] struct{ activation.Sigmoid[T] }

// Backward writes do = dh·(1−h)·h, all (n,out).
func (sigmoid[T]) Backward(do, dh, _, h mat.Matrix[T]) {
	for i, v := range h.Data {
		do.Data[i] = dh.Data[i] * (1 - v) * v
	}
}

// tanh has the derivative 1−h², deck 4-2-5, for the same reason.
type tanh[T mat.Float] struct{ activation.Tanh[T] }

// Backward writes do = dh·(1−h²), all (n,out).
func (tanh[T]) Backward(do, dh, _, h mat.Matrix[T]) {
	for i, v := range h.Data {
		do.Data[i] = dh.Data[i] * (1 - T(v*v))
	}
}

// softmax has the derivative hᵢ·(dhᵢ − Σⱼ hⱼ·dhⱼ), deck 4-2-7, with nothing taken out first, for the same reason.
type softmax[T mat.Float] struct{ activation.Softmax[T] }

// Backward writes doᵢ = hᵢ·(dhᵢ − Σⱼ hⱼ·dhⱼ), all (n,out).
func (softmax[T]) Backward(do, dh, _, h mat.Matrix[T]) {
	for r := range h.Rows {
		to, from, p := do.Row(r), dh.Row(r), h.Row(r)
		var sum T
		for i, v := range p {
			sum += T(v * from[i])
		}
		for i, v := range p {
			to[i] = v * (from[i] - sum)
		}
	}
}

// fromH gives a layer the derivative of its activation by h, where the two ways differ.
func fromH[T mat.Float](l network.Layer[T]) {
	var f *activation.Func[T]
	switch l := l.(type) {
	case *network.Dense[T]:
		f = &l.Activation
	case *network.BatchNorm[T]:
		f = &l.Activation
	case *network.LayerNorm[T]:
		f = &l.Activation
	default:
		return
	}
	switch (*f).(type) {
	case activation.Sigmoid[T]:
		*f = sigmoid[T]{}
	case activation.Tanh[T]:
		*f = tanh[T]{}
	case activation.Softmax[T]:
		*f = softmax[T]{}
	}
}
