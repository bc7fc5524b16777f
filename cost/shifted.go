package cost

import (
	"gradus/internal/kernel"
	"gradus/mat"
)

// Shifted is E(h + s, y) of a cost on logits, ∂E/∂h being that at h + s. With class weights w and s_c = ln w_c the h that it draws the
// network to is the one that the cost without weights would: the weights count the rare class more while learning, and the
// probabilities of h still add up to what happens (prior correction, logit + ln(π/(1−π))).
type Shifted[T mat.Float] struct {
	Of   Func[T]
	By   []float64 // s of each output
	room []T       // h + s
}

// Weighted is the cross-entropy on logits of out outputs with weights of the classes, of a single output those of 0 and 1, corrected for them.
func Weighted[T mat.Float](weights []float64, out int) *Shifted[T] {
	if out == 1 {
		w := weights[1] / weights[0]
		return &Shifted[T]{Of: BinaryCrossEntropy[T]{On: Logits, PositiveWeight: w}, By: []float64{kernel.Log(w)}}
	}
	s := &Shifted[T]{Of: CrossEntropy[T]{On: Logits, ClassWeights: weights}, By: make([]float64, out)}
	for c, w := range weights {
		s.By[c] = kernel.Log(w)
	}
	return s
}

// Name is that of the cost that is shifted.
func (f *Shifted[T]) Name() string { return f.Of.Name() }

// Forward returns E(h + s, y), h (n,out).
func (f *Shifted[T]) Forward(h, y mat.Matrix[T]) float64 { return f.Of.Forward(f.shift(h), y) }

// Backward writes dh (n,out).
func (f *Shifted[T]) Backward(dh, h, y mat.Matrix[T]) { f.Of.Backward(dh, f.shift(h), y) }

// shift is h + s, in room that later calls use again.
func (f *Shifted[T]) shift(h mat.Matrix[T]) mat.Matrix[T] {
	if len(f.By) != h.Cols {
		panic("cost: Shifted by one number for each output, not " + size(h))
	}
	if cap(f.room) < len(h.Data) {
		f.room = make([]T, len(h.Data))
	}
	out := mat.Matrix[T]{Rows: h.Rows, Cols: h.Cols, Data: f.room[:len(h.Data)]}
	for i, v := range h.Data {
		out.Data[i] = T(float64(v) + f.By[i%h.Cols])
	}
	return out
}
