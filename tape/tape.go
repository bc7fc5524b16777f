// Package tape is the chain rule of deck 4-5 as a graph: every sum, product and function is a node that knows its parents and its
// derivative by each of them, and Backward walks the nodes from last to first.
//
// It works on single numbers, slowly and plainly: to show the chain rule as a picture and to check the engine by a second way.
// It never trains.
package tape

import (
	"iter"
	"math"
)

// Tape is a graph, its nodes in the order they were computed.
type Tape struct{ nodes []Node }

// Value is one node of a tape, to compute with. Values of two tapes do not mix: the result is NaN.
type Value struct {
	tape *Tape
	id   int
}

// Node is what a picture of the graph needs to know of one node.
type Node struct {
	ID      int
	Op      string // var, const, +, ×, exp …
	Label   string // the name given to it, such as w₁₁, or ""
	Value   float64
	Grad    float64 // ∂E/∂value after Backward(E)
	Parents []Parent
}

// Parent is an arrow of the graph: the node computed from, and ∂value/∂parent.
type Parent struct {
	ID    int
	Local float64
}

// New returns an empty tape.
func New() *Tape { return &Tape{} }

// Var is a number to differentiate by.
func (t *Tape) Var(x float64) Value { return t.node("var", x) }

// Const is a number that is given.
func (t *Tape) Const(x float64) Value { return t.node("const", x) }

// Sum is Σ vᵢ, from first to last, and 0 of nothing.
func (t *Tape) Sum(values ...Value) Value {
	var sum float64
	var parents []Parent
	for _, v := range values {
		if v.tape != t {
			return t.node("Σ", math.NaN())
		}
		sum += v.Value()
		parents = append(parents, Parent{v.id, 1})
	}
	return t.node("Σ", sum, parents...)
}

// Backward sets the gradient of every node to ∂e/∂node: the chain rule from the last node to the first. A node that e does not
// depend on hands nothing on, so an infinite derivative there does no harm.
func (t *Tape) Backward(e Value) {
	for i := range t.nodes {
		t.nodes[i].Grad = 0
	}
	if e.tape != t {
		return
	}
	t.nodes[e.id].Grad = 1
	for i := e.id; i >= 0; i-- {
		n := &t.nodes[i]
		if n.Grad == 0 {
			continue
		}
		for _, p := range n.Parents {
			t.nodes[p.ID].Grad += float64(p.Local * n.Grad)
		}
	}
}

// Nodes yields the graph, parents before children. The parents are live: read them only.
func (t *Tape) Nodes() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for _, n := range t.nodes {
			if !yield(n) {
				return
			}
		}
	}
}

// node adds a node with the arrows to its parents.
func (t *Tape) node(op string, x float64, parents ...Parent) Value {
	t.nodes = append(t.nodes, Node{ID: len(t.nodes), Op: op, Value: x, Parents: parents})
	return Value{t, len(t.nodes) - 1}
}

// Name labels the node for a picture and returns it.
func (a Value) Name(label string) Value {
	a.tape.nodes[a.id].Label = label
	return a
}

// ID is the node's place in Nodes.
func (a Value) ID() int { return a.id }

// Value is the node's number.
func (a Value) Value() float64 { return a.tape.nodes[a.id].Value }

// Grad is ∂E/∂a after Backward(E).
func (a Value) Grad() float64 { return a.tape.nodes[a.id].Grad }
