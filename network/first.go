package network

import (
	"math/rand/v2"

	"gradus/internal/say"
	"gradus/mat"
)

// First is h = (x₁ … x_k): the first columns of x alone. It lets a chain of a sum see the columns and not what stands behind them. It
// has no weights.
type First[T mat.Float] struct {
	Columns int

	in int
}

// Spec describes the layer.
func (l *First[T]) Spec() Spec { return Spec{Kind: "first", Units: l.Columns} }

// Out is the number of columns kept.
func (l *First[T]) Out(in int) (int, []Part, error) {
	if l.Columns < 1 || l.Columns > in {
		return 0, nil, say.Error("network.first", "units", l.Columns, "inputs", in)
	}
	return l.Columns, nil, nil
}

// Bind keeps the width.
func (l *First[T]) Bind(in int, _ []T) { l.in = in }

func (l *First[T]) bound() bool { return l.in > 0 }

// Init has nothing to set.
func (l *First[T]) Init(*rand.Rand) {}

// NewStage makes the cells of one pass.
func (l *First[T]) NewStage(rows int, g []T, _ *Chance) Stage[T] {
	s := &firstStage[T]{h: mat.New[T](rows, l.Columns)}
	if g != nil {
		s.dx = mat.New[T](rows, l.in)
	}
	return s
}

type firstStage[T mat.Float] struct {
	h, dx mat.Matrix[T]
	cells Cells[T]
}

// Forward copies the first columns.
func (s *firstStage[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	h := s.h.Top(x.Rows)
	for r := range x.Rows {
		copy(h.Row(r), x.Row(r))
	}
	s.cells = Cells[T]{O: h, H: h}
	return h
}

// Backward is dx = (dh, 0 …): nothing hangs on the other columns.
func (s *firstStage[T]) Backward(dh mat.Matrix[T], first bool) mat.Matrix[T] {
	s.cells.DO, s.cells.DH = dh, dh
	if first {
		return mat.Matrix[T]{}
	}
	dx := s.dx.Top(dh.Rows)
	for r := range dh.Rows {
		copy(dx.Row(r), dh.Row(r)) // what is behind was 0 and stays so
	}
	return dx
}

// Cells shows h as o too.
func (s *firstStage[T]) Cells() Cells[T] { return s.cells }
