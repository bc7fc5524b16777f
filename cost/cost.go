// Package cost is deck section 4-3: how far the network's output h is from the truth y, as one number, with its gradient.
//
// Reduction, the same everywhere: MAE, MSE, Huber and binary cross-entropy are means over all elements; half-SSE and
// cross-entropy sum over the outputs of a row and average over the rows.
package cost

import "gradus/mat"

// Func is a cost function. h is the network's output (n,out); y the truth, (n,out), or (n,1) of class indices where the
// function says so.
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
