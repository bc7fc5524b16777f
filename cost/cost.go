// Package cost is deck section 4-3: how far the network's output h is from the truth y, as one number, with its gradient.
//
// Reduction, the same everywhere: MAE, MSE, Huber and binary cross-entropy are means over all elements; half-SSE and
// cross-entropy sum over the outputs of a row and average over the rows. The mean of no rows is NaN.
//
// Every cost is computed in float64, summed from the first element to the last, and rounded once to T in the gradient.
package cost

import (
	"strconv"

	"gradus/mat"
)

// Func is a cost function. h is the network's output (n,out); y the truth, (n,out), or where the function says so (n,1) of class
// indices or (n,2) of times and events.
type Func[T mat.Float] interface {
	// Name is the word of command line, spec and model file, such as "half-sse".
	Name() string
	// Forward returns the cost E of h against y.
	Forward(h, y mat.Matrix[T]) float64
	// Backward writes dh = ∂E/∂h.
	Backward(dh, h, y mat.Matrix[T])
}

// Fused is a cost that knows its gradient through the last layer's activation in one simpler and safer formula:
// softmax or sigmoid followed by cross-entropy gives do = (h − y)/n. Equal to the plain pair up to rounding (tested).
type Fused[T mat.Float] interface {
	Func[T]
	// Through reports whether the pair with this activation is known.
	Through(activation string) bool
	// BackwardThrough writes do = ∂E/∂o, with h = f(o).
	BackwardThrough(do, h, y mat.Matrix[T])
}

// Truthful is a cost whose truth is not one number for each output: it says itself what y must be.
type Truthful[T mat.Float] interface {
	Func[T]
	// CheckTruth says what keeps y from being a truth that out outputs can be judged by.
	CheckTruth(y mat.Matrix[T], out int) error
}

// All lists every cost that judges each row by itself with its default parameters, in the order of the deck. To add one: its file, a row here, a row in
// build of new.go, a golden value in its test.
func All[T mat.Float]() []Func[T] {
	return []Func[T]{
		MAE[T]{},
		MSE[T]{},
		HalfSSE[T]{},
		Huber[T]{},
		BinaryCrossEntropy[T]{},
		CrossEntropy[T]{},
	}
}

// same panics unless a and b have one shape.
func same[T mat.Float](op string, a, b mat.Matrix[T]) {
	if a.Rows != b.Rows || a.Cols != b.Cols || len(a.Data) != len(b.Data) {
		panic("cost: " + op + " " + size(a) + " against " + size(b) + ": shapes do not fit")
	}
}

func size[T mat.Float](m mat.Matrix[T]) string {
	return "(" + strconv.Itoa(m.Rows) + "," + strconv.Itoa(m.Cols) + ")"
}
