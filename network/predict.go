package network

import (
	"gradus/activation"
	"gradus/internal/kernel"
	"gradus/mat"
)

// Prediction is a forward pass only: no gradient, no dropout, running statistics. It sees the weights as they were when it was made,
// or at its last Refresh.
type Prediction[T mat.Float] struct {
	size
	stages []Stage[T]
	dense  []*packedDense[T] // the stages, where all are of this one kind
	row    mat.Matrix[T]     // of a prediction of one row: x in a place that does not change
}

// NewPrediction makes room for up to rows rows.
func (n *Network[T]) NewPrediction(rows int) *Prediction[T] {
	p := &Prediction[T]{size: size{rows, n.in}}
	if rows == 1 {
		p.row = mat.New[T](1, n.in)
	}
	for _, l := range n.layers {
		s := l.NewStage(rows, nil, nil)
		if d, ok := l.(*Dense[T]); ok {
			s = d.predict(s, rows)
		}
		if d, ok := s.(*packedDense[T]); ok {
			p.dense = append(p.dense, d)
		}
		p.stages = append(p.stages, s)
	}
	if len(p.dense) < len(p.stages) {
		p.dense = nil
	}
	from := p.row.Data
	for _, d := range p.dense {
		d.from, from = from, d.h.Data
	}
	return p
}

// Forward returns the output h (n,out) of x (n,in), live until the next call.
func (p *Prediction[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	p.check(x.Rows, x.Cols)
	if p.rows == 1 && x.Rows == 1 {
		copy(p.row.Data, x.Data)
		x = p.row
		if p.dense != nil {
			return p.one()
		}
	}
	for _, s := range p.stages {
		x = s.Forward(x)
	}
	return x
}

// one is Forward of the row at hand, where every stage is packed: nothing but slices that are where they were is handed on.
func (p *Prediction[T]) one() mat.Matrix[T] {
	for _, s := range p.dense {
		s.products.AffinePacked(s.h.Data, s.from, s.packed, s.layer.b, 1, s.layer.Units, s.layer.in, s.relu)
		s.activate(s.h)
	}
	return p.dense[len(p.dense)-1].h
}

// Refresh takes in weights that were changed.
func (p *Prediction[T]) Refresh() {
	for _, s := range p.stages {
		if s, ok := s.(*packedDense[T]); ok {
			s.pack()
		}
	}
}

// packedDense is a dense layer at prediction with its weights laid out for the product, where the kernels have a use for that.
type packedDense[T mat.Float] struct {
	Stage[T] // shows and refuses as the plain one
	layer    *Dense[T]
	f        activation.Func[T]
	linear   bool
	relu     bool
	sigmoid  bool
	h        mat.Matrix[T] // (rows,out)
	packed   []T
	from     []T // of a prediction of one row: where its x stands
	products kernel.Products[T]
}

// predict is the stage itself, or a packed one in its place.
func (d *Dense[T]) predict(plain Stage[T], rows int) Stage[T] {
	s := &packedDense[T]{Stage: plain, layer: d, f: d.activation(), h: mat.New[T](rows, d.Units)}
	s.products.Fused = d.fused
	_, s.linear = s.f.(activation.Linear[T])
	_, s.relu = s.f.(activation.ReLU[T])
	_, s.sigmoid = s.f.(activation.Sigmoid[T])
	if !s.pack() {
		return plain
	}
	return s
}

func (s *packedDense[T]) pack() bool {
	return s.products.Pack(&s.packed, s.layer.w, s.layer.Units, s.layer.in)
}

// Forward is h = f(x·wᵀ + b), with ReLU inside the product.
func (s *packedDense[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	h := s.h.Top(x.Rows)
	s.products.AffinePacked(h.Data, x.Data, s.packed, s.layer.b, x.Rows, s.layer.Units, s.layer.in, s.relu)
	s.activate(h)
	return h
}

// activate is h = f(h), unless the product has done it.
func (s *packedDense[T]) activate(h mat.Matrix[T]) {
	switch {
	case s.linear, s.relu:
	case s.sigmoid:
		kernel.SigmoidSlice(h.Data, h.Data)
	default:
		s.f.Forward(h, h)
	}
}
