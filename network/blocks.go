package network

import (
	"gradus/cost"
	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/mat"
)

// blocks is the gradient of a pass in pieces: one vector for each block of its rows. What a block's vector holds depends on the rows of
// the block alone, not on what stands beside them in the pass.
type blocks[T mat.Float] struct {
	g    [][]T // of each block, laid out as Weights
	ends []int // where each block of the last pass ends; the first begins at 0
}

// each calls f with the rows of every block.
func (b *blocks[T]) each(f func(i, from, to int)) {
	from := 0
	for i, to := range b.ends {
		f(i, from, to)
		from = to
	}
}

// byBlock is a stage with weights that can write its gradient block by block, at its place in each block's vector.
type byBlock[T mat.Float] interface {
	byBlock(b *blocks[T], at int) error
}

// placed is a stage that asks which row of a batch its first one is.
type placed interface{ place(row int) }

// NewBlocks makes a pass of up to rows rows in up to most blocks, part of a larger batch: see LearnBlocks. A layer that computes with
// all the rows of a batch at once, such as batch normalisation, is refused.
func (n *Network[T]) NewBlocks(rows, most int, seed uint64) (*Pass[T], error) {
	p := n.NewPass(rows, seed)
	p.blocks = &blocks[T]{g: make([][]T, most)}
	for i := range p.blocks.g {
		p.blocks.g[i] = make([]T, len(n.w))
	}
	at := 0
	for i, s := range p.stages {
		size := len(n.part(n.w, i))
		if err := cut(s, p.blocks, at, size, n.layers[i].Spec().Kind); err != nil {
			return nil, err
		}
		at += size
	}
	return p, nil
}

// cut has a stage with size weights write its gradient by block.
func cut[T mat.Float](s Stage[T], b *blocks[T], at, size int, kind string) error {
	if size == 0 {
		return nil
	}
	if s, ok := s.(byBlock[T]); ok {
		return s.byBlock(b, at)
	}
	return say.Error("cluster.layer", "kind", kind)
}

// Place says which row of its batch is the first of the passes to come: dropout draws by it.
func (p *Pass[T]) Place(row int) {
	for _, s := range p.stages {
		if s, ok := s.(placed); ok {
			s.place(row)
		}
	}
}

// Blocks are the live gradients of the blocks of the last LearnBlocks.
func (p *Pass[T]) Blocks() [][]T { return p.blocks.g[:len(p.blocks.ends)] }

// LearnBlocks is Learn block by block, for rows that end at ends: e[i] becomes the cost of block i, the mean over its own rows, and
// Blocks()[i] its gradient. Gradient stays as it is.
func (p *Pass[T]) LearnBlocks(c cost.Func[T], y mat.Matrix[T], ends []int, e []float64) {
	p.blocks.ends = ends
	last := len(p.stages) - 1
	s, linear := p.stages[last].(linearStage[T])
	if linear && p.onePass(s, c, y, e) {
		p.backLinear(s)
		return
	}
	p.blocks.each(func(i, from, to int) { e[i] = c.Forward(between(p.h, from, to), between(y, from, to)) })
	if f, ok := c.(cost.Fused[T]); ok && linear {
		if name, _, do := s.Linear(p.h.Rows); f.Through(name) {
			p.blocks.each(func(_, from, to int) {
				f.BackwardThrough(between(do, from, to), between(p.h, from, to), between(y, from, to))
			})
			p.backLinear(s)
			return
		}
	}
	dh := p.last.Top(p.h.Rows)
	p.blocks.each(func(_, from, to int) { c.Backward(between(dh, from, to), between(p.h, from, to), between(y, from, to)) })
	p.watch.cost()
	p.back(dh, last, true)
}

// onePass has the cost write do of the last stage, where it knows how.
func (p *Pass[T]) onePass(s linearStage[T], c cost.Func[T], y mat.Matrix[T], e []float64) bool {
	name, o, do := s.Linear(p.h.Rows)
	all := true
	p.blocks.each(func(i, from, to int) {
		var done bool
		e[i], done = cost.OnePass(c, name, between(do, from, to), between(o, from, to), between(y, from, to))
		all = all && done
	})
	return all
}

// between is the rows from … to−1 of m.
func between[T mat.Float](m mat.Matrix[T], from, to int) mat.Matrix[T] {
	return mat.View(to-from, m.Cols, m.Data[from*m.Cols:to*m.Cols])
}

// denseBlocks are the gradients of a dense layer, by block.
type denseBlocks[T mat.Float] struct {
	*blocks[T]
	gw, gb   [][]T
	products []kernel.Products[T]
}

func (s *denseStage[T]) byBlock(b *blocks[T], at int) error {
	s.blocks = &denseBlocks[T]{blocks: b, products: make([]kernel.Products[T], len(b.g))}
	for i, g := range b.g {
		g = g[at:]
		s.blocks.gw, s.blocks.gb = append(s.blocks.gw, g[:len(s.gw)]), append(s.blocks.gb, g[len(s.gw):len(s.gw)+len(s.gb)])
		s.blocks.products[i].Fused = s.products.Fused
	}
	return nil
}

// gradients is dw = doᵀ·x, db = Σ do of each block.
func (b *denseBlocks[T]) gradients(do, x mat.Matrix[T]) {
	b.each(func(i, from, to int) {
		d := do.Data[from*do.Cols : to*do.Cols]
		b.products[i].MulTA(b.gw[i], d, x.Data[from*x.Cols:to*x.Cols], to-from, do.Cols, x.Cols)
		if len(b.gb[i]) > 0 {
			kernel.SumRows(b.gb[i], d)
		}
	})
}

func (s *dropoutStage[T]) place(row int) { s.first = row }

func (s *sumStage[T]) byBlock(b *blocks[T], at int) error {
	for k, chain := range s.chains {
		n := s.nets[k]
		for i, stage := range chain {
			size := len(n.part(n.w, i))
			if err := cut(stage, b, at, size, n.layers[i].Spec().Kind); err != nil {
				return err
			}
			at += size
		}
	}
	return nil
}

func (s *sumStage[T]) place(row int) {
	for _, chain := range s.chains {
		for _, stage := range chain {
			if stage, ok := stage.(placed); ok {
				stage.place(row)
			}
		}
	}
}
