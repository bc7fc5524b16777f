package network

import (
	"math/rand/v2"
	"slices"
	"strconv"

	"gradus/internal/say"
	"gradus/mat"
)

// Network is a chain of layers whose sizes fit and whose weights stand in one flat vector.
type Network[T mat.Float] struct {
	in, out int
	layers  []Layer[T]
	widths  []int // inputs of each layer
	spans   []Span
	w       []T
}

// limit is the largest weight count a network may ask for, and its largest width, so that a hostile size fails with a sentence.
const limit = 1 << 28

// New chains layers behind in inputs. Every size is checked here, once. A layer belongs to one place of one network.
func New[T mat.Float](in int, layers ...Layer[T]) (*Network[T], error) {
	if in < 1 || in > limit {
		return nil, say.Error("network.inputs", "in", in)
	}
	if len(layers) == 0 {
		return nil, say.Error("network.no_layers")
	}
	if err := distinct(layers); err != nil {
		return nil, err
	}
	n := &Network[T]{in: in, out: in, layers: slices.Clone(layers)}
	total := 0
	for i, l := range layers {
		out, parts, err := l.Out(n.out)
		if err != nil {
			return nil, say.Error("network.layer", "layer", i+1, "cause", err)
		}
		for _, p := range parts {
			if p.Rows > 0 && p.Cols > (limit-total)/p.Rows {
				return nil, say.Error("network.too_large", "layer", i+1, "rows", p.Rows, "cols", p.Cols)
			}
			n.spans = append(n.spans, Span{p, i, total, total + p.Rows*p.Cols})
			total += p.Rows * p.Cols
		}
		n.widths, n.out = append(n.widths, n.out), out
	}
	n.rebind(make([]T, total))
	return n, nil
}

// rebind makes w the weights.
func (n *Network[T]) rebind(w []T) {
	n.w = w
	for i, l := range n.layers {
		l.Bind(n.widths[i], n.part(n.w, i))
	}
}

// distinct refuses a layer that stands in the chain twice or is part of a network already: both places would write to the weights
// of one.
func distinct[T mat.Float](layers []Layer[T]) error {
	for i, l := range layers {
		if l == nil {
			return say.Error("network.nil_layer", "layer", i+1)
		}
		if first := slices.Index(layers, l); first < i {
			return say.Error("network.twice", "layer", i+1, "first", first+1)
		}
		if b, ok := l.(interface{ bound() bool }); ok && b.bound() {
			return say.Error("network.taken", "layer", i+1)
		}
	}
	return nil
}

// part is the span of layer i in a flat vector of the network's length.
func (n *Network[T]) part(v []T, i int) []T {
	start, end := 0, 0
	for _, s := range n.spans {
		if s.Layer < i {
			start = s.End
		}
		if s.Layer <= i {
			end = s.End
		}
	}
	return v[start:end:end]
}

// In is the number of inputs.
func (n *Network[T]) In() int { return n.in }

// Out is the number of outputs.
func (n *Network[T]) Out() int { return n.out }

// Layers are the layers from input to output.
func (n *Network[T]) Layers() []Layer[T] { return n.layers }

// Weights is the one flat live vector of all weights, layer by layer.
func (n *Network[T]) Weights() []T { return n.w }

// Spans tells the named arrays of the weight vector apart.
func (n *Network[T]) Spans() []Span { return n.spans }

// Named are the live arrays by name: 0.weights (out,in) and 0.biases (1,out) of layer 0, 2.1.0.weights of layer 0 of chain 1 of layer 2.
func (n *Network[T]) Named() map[string]mat.Matrix[T] {
	named := make(map[string]mat.Matrix[T], len(n.spans))
	for _, s := range n.spans {
		named[strconv.Itoa(s.Layer)+"."+s.Name] = mat.View(s.Rows, s.Cols, n.w[s.Start:s.End])
	}
	return named
}

// Decaying are the [start, end) stretches that weight decay reaches: weights, not biases, gamma or beta.
func (n *Network[T]) Decaying() [][2]int {
	list := [][2]int{} // not nil, which a penalty takes for everything
	for _, s := range n.spans {
		if s.Decays {
			list = append(list, [2]int{s.Start, s.End})
		}
	}
	return list
}

// Buffers are the live vectors of state that no gradient trains, layer by layer.
func (n *Network[T]) Buffers() []Buffer[T] {
	var list []Buffer[T]
	for _, l := range n.layers {
		if b, ok := l.(Buffered[T]); ok {
			list = append(list, b.Buffers()...)
		}
	}
	return list
}

// Init sets every weight to its start value. Each layer draws from a stream of its own, so changing one leaves the rest.
func (n *Network[T]) Init(seed uint64) {
	for i, l := range n.layers {
		l.Init(rand.New(rand.NewPCG(seed, initStream|uint64(i))))
	}
}

// initStream tells the start values of a seed from its other draws.
const initStream = 1 << 32

// Fuse lets the passes and predictions made from here on compute the products of float64 by assembly, where a product and its sum
// round once (kernel.Products): as fast as the machine can, but not the bits of the plain Go source, which are the same everywhere and
// which deck, trace, optimize and experiment show. So only training asks for it. In float32 it changes nothing.
func (n *Network[T]) Fuse() {
	for _, l := range n.layers {
		if l, ok := l.(interface{ fuse() }); ok {
			l.fuse()
		}
	}
}

// Specs describes the layers as data.
func (n *Network[T]) Specs() []Spec {
	list := make([]Spec, len(n.layers))
	for i, l := range n.layers {
		list[i] = l.Spec()
	}
	return list
}
