package kernel

import "unsafe"

// Cascade is the forward pass of one row through dense layers that follow one another, h = f(x·wᵀ + b) for each, laid out once: where
// assembly for it exists, one call goes through all of them. The bits are those of ForwardPacked and Apply. It owns the results, so
// one goroutine at a time runs it. Weights packed anew in their place are seen. The zero value has no layer yet.
type Cascade[T Float] struct {
	layers []cascaded
	laid   laidOut
}

// cascaded is one layer of a cascade.
type cascaded struct {
	x, packed, bias, h []float32 // (in), nil for Run's x; as by PackT; (out) or nil; (out), with room for whole panels
	in                 int
	relu, applies      bool
	formula            Formula
}

// Dense appends h = x·wᵀ + b with w (out,in) packed by Pack, then max(0, h) if relu; x is what the layer before gave, or what Run gets.
// It returns h (out), which Run fills. Nothing but float32 has a packed w.
func (c *Cascade[T]) Dense(packed, bias []T, out, in int, relu bool) []T {
	l := cascaded{packed: single(packed)[:PackedLen(out, in)], in: in, relu: relu}
	l.h = make([]float32, ceil(out, PanelWidth)*PanelWidth)[:out]
	if len(bias) > 0 {
		l.bias = single(bias)[:out]
	}
	if n := len(c.layers); n > 0 {
		l.x = c.layers[n-1].h[:in]
	}
	c.layers, c.laid = append(c.layers, l), laidOut{}
	return unsafe.Slice((*T)(unsafe.Pointer(&l.h[0])), out)
}

// Apply makes the last layer's result f of it, f SigmoidOf or TanhOf.
func (c *Cascade[T]) Apply(f Formula) {
	l := &c.layers[len(c.layers)-1]
	l.formula, l.applies, c.laid = f, true, laidOut{}
}

// Run computes the results of the row x.
func (c *Cascade[T]) Run(x []T) {
	first := &c.layers[0]
	row := single(x)[:first.in]
	if c.laid.run(c.layers, row) {
		return
	}
	for i := range c.layers {
		l := &c.layers[i]
		if i > 0 {
			row = l.x
		}
		p := ForwardPacked(l.h, row, l.packed, l.bias, 1, len(l.h), l.in, l.relu)
		p.Run(nil)
		switch {
		case l.applies && l.formula == TanhOf:
			TanhSlice(l.h, l.h)
		case l.applies:
			SigmoidSlice(l.h, l.h)
		}
	}
}
