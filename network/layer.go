// Package network is deck section 4-5: layers in a row, the forward pass, backpropagation by the chain rule.
//
// Network owns the weights, read-only while passes run. Pass owns everything one forward and one backward pass need, the
// gradient included. Prediction owns what a forward pass alone needs. So many passes of one network run at once.
package network

import (
	"math/rand/v2"

	"gradus/internal/kernel"
	"gradus/mat"
)

// Layer is one layer before it runs: its size, its weights, how they start.
type Layer[T mat.Float] interface {
	// Spec describes the layer as data; Build makes it again.
	Spec() Spec
	// Out returns the number of outputs for in inputs, and the parts of the weight vector the layer asks for.
	Out(in int) (out int, parts []Part, err error)
	// Bind hands the layer its live span of the weight vector, of the length of its parts.
	Bind(in int, w []T)
	// Init sets the weights to their start values.
	Init(r *rand.Rand)
	// NewStage makes what one pass of at most rows rows needs. g is the live span of the gradient; nil for prediction only.
	// c is the layer's own chance in the pass (dropout), placed anew each iteration.
	NewStage(rows int, g []T, c *Chance) Stage[T]
}

// Chance is a layer's place among the random words of a pass: word i is a pure function of seed, layer, iteration and i.
type Chance = kernel.Chance

// Stage is a layer at work in one pass; the matrices it returns are its own and live until its next call.
type Stage[T mat.Float] interface {
	// Forward returns h (n,out) of x (n,in), n at most the rows it was made for.
	Forward(x mat.Matrix[T]) mat.Matrix[T]
	// Backward takes dh (n,out), writes the layer's gradient and returns dx (n,in); nothing is returned when first says that no
	// layer stands before.
	Backward(dh mat.Matrix[T], first bool) mat.Matrix[T]
	// Cells shows the numbers of the last pass.
	Cells() Cells[T]
}

// Cells are the numbers a layer holds during a pass, named as the deck names them: o (n,out) before and h (n,out) after the
// activation, ∂E/∂o and ∂E/∂h. What the pass did not compute is empty.
type Cells[T mat.Float] struct{ O, H, DO, DH mat.Matrix[T] }

// Part is one named array of a layer's weights, (Rows, Cols).
type Part struct {
	Name       string // weights, biases, gamma, beta
	Rows, Cols int
	Decays     bool // false for what weight decay spares: biases, gamma, beta
}

// Span is a Part in its place in the flat vector: layer counted from 0, [Start, End).
type Span struct {
	Part
	Layer, Start, End int
}

// linearStage is a stage that ends in an activation, and so can start its backward pass at do = ∂E/∂o, which a fused cost
// writes directly.
type linearStage[T mat.Float] interface {
	Stage[T]
	// Linear names the activation, shows o and lends do for n rows.
	Linear(n int) (activation string, o, do mat.Matrix[T])
	// BackwardLinear is Backward from do on.
	BackwardLinear(first bool) mat.Matrix[T]
}

// settler is a stage that learns from the batch besides its gradient: batch normalisation's running statistics.
type settler interface{ settle() }

// Buffered is a layer with state that is not trained by gradient.
type Buffered[T mat.Float] interface{ Buffers() []Buffer[T] }

// Buffer is a named live vector of such state.
type Buffer[T mat.Float] struct {
	Name   string
	Values []T
}
