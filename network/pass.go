package network

import (
	"strconv"

	"gradus/cost"
	"gradus/mat"
)

// Pass is one forward and one backward pass over a batch.
type Pass[T mat.Float] struct {
	size
	stages  []Stage[T]
	watch   watch
	chance  []Chance   // of each layer
	blocks  *blocks[T] // nil: one gradient of all rows
	g       []T
	h, last mat.Matrix[T] // h of the last forward pass; room for ∂E/∂h of the output
}

// NewPass makes room for batches of up to rows rows. seed is the chance of its dropout.
func (n *Network[T]) NewPass(rows int, seed uint64) *Pass[T] {
	p := &Pass[T]{size: size{rows, n.in}, chance: make([]Chance, len(n.layers)), g: make([]T, len(n.w)), last: mat.New[T](rows, n.out)}
	for i, l := range n.layers {
		p.chance[i] = Chance{Seed: seed, Layer: uint32(i)}
		p.stages = append(p.stages, l.NewStage(rows, n.part(p.g, i), &p.chance[i]))
	}
	p.meet()
	return p
}

// meet shows a dense stage the one below it that ends in ReLU.
func (p *Pass[T]) meet() {
	for i := 1; i < len(p.stages); i++ {
		above, _ := p.stages[i].(*denseStage[T])
		below, _ := p.stages[i-1].(*denseStage[T])
		if above != nil && below != nil && below.relu {
			above.below = below
		}
	}
}

// Iteration places the chance of the pass at iteration t, so that a resumed run draws what the unbroken one drew. A pass that is never
// told counts its own iterations from 0.
func (p *Pass[T]) Iteration(t int) {
	for i := range p.chance {
		p.chance[i].Iteration = uint64(t)
	}
}

// Forward returns the output h (n,out) of x (n,in).
func (p *Pass[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	p.check(x.Rows, x.Cols)
	for i, s := range p.stages {
		x = s.Forward(x)
		p.watch.forward(i)
	}
	p.h = x
	return x
}

// Learn returns the cost E of the last forward pass against y and fills Gradient with ∂E/∂w: cost and first gradient in one pass
// over the numbers where the cost knows how, else c.Forward and Backward.
func (p *Pass[T]) Learn(c cost.Func[T], y mat.Matrix[T]) (e float64) {
	last := len(p.stages) - 1
	if s, ok := p.stages[last].(linearStage[T]); ok {
		name, o, do := s.Linear(p.h.Rows)
		if e, ok := cost.OnePass(c, name, do, o, y); ok {
			p.backLinear(s)
			return e
		}
	}
	e = c.Forward(p.h, y)
	p.Backward(c, y)
	return e
}

// Backward fills Gradient with ∂E/∂w of the cost c against y for the last forward pass.
func (p *Pass[T]) Backward(c cost.Func[T], y mat.Matrix[T]) {
	if s, ok := p.stages[len(p.stages)-1].(linearStage[T]); ok {
		if f, ok := c.(cost.Fused[T]); ok {
			if name, _, do := s.Linear(p.h.Rows); f.Through(name) {
				f.BackwardThrough(do, p.h, y)
				p.backLinear(s)
				return
			}
		}
	}
	p.BackwardPlain(c, y, true)
}

// BackwardPlain is Backward by the chain rule as the deck writes it, ∂E/∂h first, with no shortcut through the last activation;
// it returns ∂E/∂x (n,in) unless first says that nobody asks for it.
func (p *Pass[T]) BackwardPlain(c cost.Func[T], y mat.Matrix[T], first bool) mat.Matrix[T] {
	dh := p.last.Top(p.h.Rows)
	c.Backward(dh, p.h, y)
	p.watch.cost()
	return p.back(dh, len(p.stages)-1, first)
}

// backLinear goes back from do of the last stage, which the cost has written.
func (p *Pass[T]) backLinear(s linearStage[T]) {
	p.watch.cost()
	last := len(p.stages) - 1
	dh := s.BackwardLinear(last == 0)
	p.watch.backward(last)
	p.back(dh, last-1, true)
}

func (p *Pass[T]) back(dh mat.Matrix[T], from int, first bool) mat.Matrix[T] {
	for i := from; i >= 0; i-- {
		dh = p.stages[i].Backward(dh, first && i == 0)
		p.watch.backward(i)
	}
	return dh
}

// Gradient is the live vector ∂E/∂w, laid out as Weights.
func (p *Pass[T]) Gradient() []T { return p.g }

// Cells shows layer i's numbers of the last pass.
func (p *Pass[T]) Cells(i int) Cells[T] { return p.stages[i].Cells() }

// Settle lets layers take in the statistics of the last batch; called once an iteration, after the weights were changed.
func (p *Pass[T]) Settle() {
	for _, s := range p.stages {
		if s, ok := s.(settler); ok {
			s.settle()
		}
	}
}

// size is what a pass has room for.
type size struct{ rows, in int }

// check panics where x does not fit: a wrong width would shift the numbers of every row after the first.
func (s size) check(rows, cols int) {
	if cols != s.in || rows > s.rows {
		panic("network: x (" + strconv.Itoa(rows) + "," + strconv.Itoa(cols) + ") in a pass of at most (" +
			strconv.Itoa(s.rows) + "," + strconv.Itoa(s.in) + ")")
	}
}
