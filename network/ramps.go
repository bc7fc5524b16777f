package network

import (
	"math"
	"math/rand/v2"

	"gradus/internal/say"
	"gradus/mat"
)

// Ramp is r(x) = min(max((x_of − from)/(to − from), 0), 1): a column of x between two of its quantiles.
type Ramp struct {
	Of   int     `json:"of"` // column of x, from 0
	From float64 `json:"from"`
	To   float64 `json:"to"`
}

// Ramps is h = (x, r₁(x) − ½, r₂(x) − ½ …): the columns, and the piecewise-linear encoding of columns by their quantiles (Gorishniy,
// Rubachev and Babenko 2022). It has no weights.
type Ramps[T mat.Float] struct {
	Ramps []Ramp

	in int
}

// Spec describes the layer.
func (l *Ramps[T]) Spec() Spec { return Spec{Kind: "ramps", Ramps: l.Ramps} }

// Out is the columns and one more for each ramp.
func (l *Ramps[T]) Out(in int) (int, []Part, error) {
	for i, r := range l.Ramps {
		if r.Of < 0 || r.Of >= in || !(r.From < r.To) || math.IsInf(r.From, 0) || math.IsInf(r.To, 0) || !(1/(r.To-r.From) < math.MaxFloat32) {
			return 0, nil, say.Error("network.ramp", "ramp", i+1, "of", r.Of, "inputs", in, "from", r.From, "to", r.To)
		}
	}
	if len(l.Ramps) > limit-in {
		return 0, nil, say.Error("network.inputs", "in", len(l.Ramps))
	}
	return in + len(l.Ramps), nil, nil
}

// Bind keeps the width.
func (l *Ramps[T]) Bind(in int, _ []T) { l.in = in }

func (l *Ramps[T]) bound() bool { return l.in > 0 }

// Init has nothing to set.
func (l *Ramps[T]) Init(*rand.Rand) {}

// NewStage makes the cells of one pass.
func (l *Ramps[T]) NewStage(rows int, g []T, _ *Chance) Stage[T] {
	s := &rampsStage[T]{layer: l, h: mat.New[T](rows, l.in+len(l.Ramps)), steep: make([]T, len(l.Ramps)), from: make([]T, len(l.Ramps))}
	for i, r := range l.Ramps {
		s.from[i], s.steep[i] = T(r.From), T(1/(r.To-r.From))
	}
	if g != nil {
		s.dx = mat.New[T](rows, l.in)
	}
	return s
}

type rampsStage[T mat.Float] struct {
	layer       *Ramps[T]
	from, steep []T
	x, h, dx    mat.Matrix[T]
	cells       Cells[T]
}

// Forward writes the columns and their ramps.
func (s *rampsStage[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	s.x = x
	h := s.h.Top(x.Rows)
	for r := range x.Rows {
		row, out := x.Row(r), h.Row(r)
		out = out[copy(out, row):]
		for i := range s.layer.Ramps {
			out[i] = min(max(T((row[s.layer.Ramps[i].Of]-s.from[i])*s.steep[i]), 0), 1) - .5
		}
	}
	s.cells = Cells[T]{O: h, H: h}
	return h
}

// Backward is dx_j = dh_j + Σ dh_ramp/(to − from) over the ramps of column j that x stands on.
func (s *rampsStage[T]) Backward(dh mat.Matrix[T], first bool) mat.Matrix[T] {
	s.cells.DO, s.cells.DH = dh, dh
	if first {
		return mat.Matrix[T]{}
	}
	dx := s.dx.Top(dh.Rows)
	for r := range dh.Rows {
		x, d, out := s.x.Row(r), dh.Row(r), dx.Row(r)
		copy(out, d)
		for i, v := range d[len(x):] {
			of := s.layer.Ramps[i].Of
			if at := T((x[of] - s.from[i]) * s.steep[i]); at > 0 && at < 1 {
				out[of] += T(v * s.steep[i])
			}
		}
	}
	return dx
}

// Cells shows h as o too.
func (s *rampsStage[T]) Cells() Cells[T] { return s.cells }
