package docs

import (
	"math"
	"math/rand/v2"

	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
)

// Sine is f(o) = sin o, f′(o) = cos o.
type Sine[T mat.Float] struct{}

// Name is the word of this activation in a Spec.
func (Sine[T]) Name() string { return "sine" }

// Forward writes h = sin o.
func (Sine[T]) Forward(h, o mat.Matrix[T]) {
	for i, v := range o.Data {
		h.Data[i] = T(math.Sin(float64(v)))
	}
}

// Backward writes do = dh·cos o.
func (Sine[T]) Backward(do, dh, o, _ mat.Matrix[T]) {
	for i, v := range o.Data {
		do.Data[i] = dh.Data[i] * T(math.Cos(float64(v)))
	}
}

// Gain is h = w⊙x: one weight for each column, which says how much of it goes on.
type Gain[T mat.Float] struct {
	in int
	w  []T
}

// Spec describes the layer; a kind of one's own is read back by weights.LoadInto.
func (l *Gain[T]) Spec() network.Spec { return network.Spec{Kind: "gain"} }

// Out keeps the width and asks for one weight for each column.
func (l *Gain[T]) Out(in int) (int, []network.Part, error) {
	return in, []network.Part{{Name: "gain", Rows: 1, Cols: in}}, nil
}

// Bind keeps the live weights.
func (l *Gain[T]) Bind(in int, w []T) { l.in, l.w = in, w }

// Init lets every column pass.
func (l *Gain[T]) Init(*rand.Rand) {
	for i := range l.w {
		l.w[i] = 1
	}
}

// NewStage makes the memory of one pass; g is where its gradient goes, nil for a prediction.
func (l *Gain[T]) NewStage(rows int, g []T, _ *network.Chance) network.Stage[T] {
	return &gainStage[T]{layer: l, g: g, h: mat.New[T](rows, l.in), dx: mat.New[T](rows, l.in)}
}

// gainStage is a Gain at work.
type gainStage[T mat.Float] struct {
	layer    *Gain[T]
	g        []T
	x, h, dx mat.Matrix[T]
	cells    network.Cells[T]
}

// Forward is h = w⊙x.
func (s *gainStage[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	h := s.h.Top(x.Rows)
	for i, v := range x.Data {
		h.Data[i] = v * s.layer.w[i%s.layer.in]
	}
	s.x, s.cells = x, network.Cells[T]{O: h, H: h}
	return h
}

// Backward is ∂E/∂w = Σ over the rows of dh⊙x, and dx = dh⊙w.
func (s *gainStage[T]) Backward(dh mat.Matrix[T], first bool) mat.Matrix[T] {
	clear(s.g)
	for i, d := range dh.Data {
		s.g[i%s.layer.in] += d * s.x.Data[i]
	}
	s.cells.DO, s.cells.DH = dh, dh
	if first {
		return mat.Matrix[T]{} // nobody asks for dx
	}
	dx := s.dx.Top(dh.Rows)
	for i, d := range dh.Data {
		dx.Data[i] = d * s.layer.w[i%s.layer.in]
	}
	return dx
}

// Cells shows the numbers of the last pass.
func (s *gainStage[T]) Cells() network.Cells[T] { return s.cells }

// Lion is w := w − α·sign(β1·m + (1−β1)·g), m := β2·m + (1−β2)·g (Chen and others 2023).
type Lion[T mat.Float] struct {
	Beta1, Beta2 T
	m            []T
}

// NewLion makes the rule for n weights.
func NewLion[T mat.Float](n int) *Lion[T] {
	return &Lion[T]{Beta1: .9, Beta2: .99, m: make([]T, n)}
}

// Name is the word of this rule.
func (*Lion[T]) Name() string { return "lion" }

// Step is one iteration.
func (l *Lion[T]) Step(alpha T, w, g []T) {
	for i := range w {
		c := l.Beta1*l.m[i] + (1-l.Beta1)*g[i]
		switch {
		case c > 0:
			w[i] -= alpha
		case c < 0:
			w[i] += alpha
		}
		l.m[i] = l.Beta2*l.m[i] + (1-l.Beta2)*g[i]
	}
}

// State is what a checkpoint keeps, live.
func (l *Lion[T]) State() optimizer.State[T] {
	return optimizer.State[T]{Moments: []optimizer.Moment[T]{{Name: "m", Values: l.m}}}
}

// Pinball is the cost of a quantile: E = mean of max(q·(y − h), (q − 1)·(y − h)).
type Pinball[T mat.Float] struct{ Quantile float64 }

// Name is the word of this cost.
func (Pinball[T]) Name() string { return "pinball" }

// Forward returns E for h (n,out) and y (n,out).
func (c Pinball[T]) Forward(h, y mat.Matrix[T]) (e float64) {
	for i, v := range h.Data {
		d := float64(y.Data[i]) - float64(v)
		e += max(c.Quantile*d, (c.Quantile-1)*d)
	}
	return e / float64(len(h.Data))
}

// Backward writes dh = −q where h lies below y, else 1 − q, ÷ N.
func (c Pinball[T]) Backward(dh, h, y mat.Matrix[T]) {
	for i, v := range h.Data {
		slope := 1 - c.Quantile
		if v < y.Data[i] {
			slope = -c.Quantile
		}
		dh.Data[i] = T(slope / float64(len(h.Data)))
	}
}
