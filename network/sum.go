package network

import (
	"math/rand/v2"
	"strconv"

	"gradus/internal/say"
	"gradus/mat"
)

// Sum is h = Σ chain(x): several chains of layers beside each other, each given the same x, their outputs added. Networks trained apart
// become one this way, their mean where 1/k stands in their last weights, and so does a network beside a line that skips it.
type Sum[T mat.Float] struct {
	Chains [][]Layer[T]

	nets  []*Network[T]
	taken bool
}

// Spec describes the layer.
func (s *Sum[T]) Spec() Spec {
	spec := Spec{Kind: "sum"}
	for _, chain := range s.Chains {
		var list []Spec
		for _, l := range chain {
			list = append(list, l.Spec())
		}
		spec.Chains = append(spec.Chains, list)
	}
	return spec
}

// Out asks for the weights of every chain: chain 0 layer 1's are named 0.1.weights. All chains must end in the same width.
func (s *Sum[T]) Out(in int) (out int, parts []Part, err error) {
	if len(s.Chains) == 0 {
		return 0, nil, say.Error("network.no_layers")
	}
	if s.nets == nil {
		for _, chain := range s.Chains {
			n, err := New(in, chain...)
			if err != nil {
				return 0, nil, err
			}
			s.nets = append(s.nets, n)
		}
	}
	out = s.nets[0].out
	for i, n := range s.nets {
		if n.out != out {
			return 0, nil, say.Error("network.chains", "chain", i+1, "found", n.out, "want", out)
		}
		for _, p := range n.spans {
			p.Name = strconv.Itoa(i) + "." + strconv.Itoa(p.Layer) + "." + p.Name
			parts = append(parts, p.Part)
		}
	}
	return out, parts, nil
}

// Bind hands each chain its span.
func (s *Sum[T]) Bind(_ int, w []T) {
	s.taken = true
	for _, n := range s.nets {
		n.rebind(w[:len(n.w):len(n.w)])
		w = w[len(n.w):]
	}
}

func (s *Sum[T]) bound() bool { return s.taken }

func (s *Sum[T]) fuse() {
	for _, n := range s.nets {
		n.Fuse()
	}
}

// Init draws every chain's start values, one after the other.
func (s *Sum[T]) Init(r *rand.Rand) {
	for _, n := range s.nets {
		for _, l := range n.layers {
			l.Init(r)
		}
	}
}

// Buffers are those of the chains.
func (s *Sum[T]) Buffers() (list []Buffer[T]) {
	for _, n := range s.nets {
		list = append(list, n.Buffers()...)
	}
	return list
}

// NewStage makes the stages of every chain; each layer's chance is its own.
func (s *Sum[T]) NewStage(rows int, g []T, c *Chance) Stage[T] {
	in := s.nets[0].in
	stage := &sumStage[T]{nets: s.nets, h: mat.New[T](rows, s.nets[0].out)}
	if g == nil {
		for _, n := range s.nets {
			stage.predictions = append(stage.predictions, n.NewPrediction(rows))
		}
		return stage
	}
	stage.chance, stage.dx = c, mat.New[T](rows, in)
	for _, n := range s.nets {
		var chain []Stage[T]
		for i, l := range n.layers {
			own := &Chance{Seed: c.Seed, Layer: c.Layer + 1<<16*uint32(1+len(stage.chances))}
			stage.chances = append(stage.chances, own)
			chain = append(chain, l.NewStage(rows, n.part(g[:len(n.w)], i), own))
		}
		stage.chains, g = append(stage.chains, chain), g[len(n.w):]
	}
	return stage
}

type sumStage[T mat.Float] struct {
	nets        []*Network[T]
	chains      [][]Stage[T]
	predictions []*Prediction[T]
	chance      *Chance
	chances     []*Chance
	h, dx       mat.Matrix[T]
	cells       Cells[T]
}

// Forward is h = Σ chain(x).
func (s *sumStage[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	h := s.h.Top(x.Rows)
	clear(h.Data)
	for _, p := range s.predictions {
		add(h.Data, p.Forward(x).Data)
	}
	for _, c := range s.chances {
		c.Iteration = s.chance.Iteration
	}
	for _, chain := range s.chains {
		o := x
		for _, stage := range chain {
			o = stage.Forward(o)
		}
		add(h.Data, o.Data)
	}
	if s.chance != nil {
		s.chance.Iteration++
	}
	s.cells = Cells[T]{O: h, H: h}
	return h
}

// Backward hands dh to every chain; dx is the sum of theirs.
func (s *sumStage[T]) Backward(dh mat.Matrix[T], first bool) mat.Matrix[T] {
	dx := s.dx.Top(dh.Rows)
	clear(dx.Data)
	s.cells.DO, s.cells.DH = dh, dh
	for _, chain := range s.chains {
		d := dh
		for i := len(chain) - 1; i >= 0; i-- {
			d = chain[i].Backward(d, first && i == 0)
		}
		if !first {
			add(dx.Data, d.Data)
		}
	}
	return dx
}

func (s *sumStage[T]) settle() {
	for _, chain := range s.chains {
		for _, stage := range chain {
			if stage, ok := stage.(settler); ok {
				stage.settle()
			}
		}
	}
}

func (s *sumStage[T]) refresh() {
	for _, p := range s.predictions {
		p.Refresh()
	}
}

// Cells shows the sum as o and as h.
func (s *sumStage[T]) Cells() Cells[T] { return s.cells }

func add[T mat.Float](dst, x []T) {
	for i, v := range x {
		dst[i] += v
	}
}
