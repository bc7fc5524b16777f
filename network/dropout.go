package network

import (
	"math/rand/v2"

	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/mat"
)

// Dropout is h = x·m/(1−p), each m drawn 0 with probability p, else 1; prediction leaves x as it is. A cure for the overfitting
// of the deck's front pages.
type Dropout[T mat.Float] struct {
	Rate float64 // p in [0, 1)

	in int
}

// Spec describes the layer.
func (d *Dropout[T]) Spec() Spec { return Spec{Kind: "dropout", Rate: d.Rate} }

// Out keeps the width and has no weights.
func (d *Dropout[T]) Out(in int) (int, []Part, error) {
	if !(d.Rate >= 0 && d.Rate < 1) {
		return 0, nil, say.Error("network.rate", "rate", d.Rate)
	}
	return in, nil, nil
}

// Bind keeps the width.
func (d *Dropout[T]) Bind(in int, _ []T) { d.in = in }

func (d *Dropout[T]) bound() bool { return d.in > 0 }

// Init has nothing to set.
func (d *Dropout[T]) Init(*rand.Rand) {}

// NewStage makes the mask of one pass; prediction passes x through.
func (d *Dropout[T]) NewStage(rows int, g []T, c *Chance) Stage[T] {
	if g == nil {
		return &identityStage[T]{}
	}
	return &dropoutStage[T]{
		rate: d.Rate, chance: c, mask: make([]T, rows*d.in),
		h: mat.New[T](rows, d.in), dx: mat.New[T](rows, d.in),
	}
}

type dropoutStage[T mat.Float] struct {
	rate   float64
	chance *Chance
	first  int // row of the batch that the first one here is
	mask   []T // 0 or 1/(1−p)
	h, dx  mat.Matrix[T]
	cells  Cells[T]
}

// Forward draws the mask and writes h = x·m/(1−p). The next one is the next iteration's, unless Pass.Iteration says otherwise.
func (s *dropoutStage[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	h := s.h.Top(x.Rows)
	kernel.DropFrom(h.Data, s.mask[:len(x.Data)], x.Data, *s.chance, s.rate, s.first*x.Cols)
	s.chance.Iteration++
	s.cells = Cells[T]{O: x, H: h}
	return h
}

// Backward is dx = dh·m/(1−p).
func (s *dropoutStage[T]) Backward(dh mat.Matrix[T], _ bool) mat.Matrix[T] {
	dx := s.dx.Top(dh.Rows)
	kernel.Times(dx.Data, dh.Data, s.mask)
	s.cells.DO, s.cells.DH = dx, dh
	return dx
}

// Cells shows x as o and the masked x as h.
func (s *dropoutStage[T]) Cells() Cells[T] { return s.cells }

// identityStage is a layer that does nothing at prediction.
type identityStage[T mat.Float] struct{ x mat.Matrix[T] }

// Forward returns x.
func (s *identityStage[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] { s.x = x; return x }

// Backward returns dh.
func (s *identityStage[T]) Backward(dh mat.Matrix[T], _ bool) mat.Matrix[T] { return dh }

// Cells shows x.
func (s *identityStage[T]) Cells() Cells[T] { return Cells[T]{O: s.x, H: s.x} }
