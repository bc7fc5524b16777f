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
	stages   []Stage[T]
	cascades []rowCascade[T] // of a prediction of one row, where every stage is packed
}

// rowCascade is packed stages through which one row passes in one go, and what the last of them does to h that the cascade cannot.
type rowCascade[T mat.Float] struct {
	kernel.Cascade[T]
	h []T                // (out)
	f activation.Func[T] // nil: nothing
}

// NewPrediction makes room for up to rows rows.
func (n *Network[T]) NewPrediction(rows int) *Prediction[T] {
	p := &Prediction[T]{size: size{rows, n.in}}
	var dense []*packedDense[T]
	for _, l := range n.layers {
		s := l.NewStage(rows, nil, nil)
		if d, ok := l.(*Dense[T]); ok {
			s = d.predict(s, rows)
		}
		if d, ok := s.(*packedDense[T]); ok {
			dense = append(dense, d)
		}
		p.stages = append(p.stages, s)
	}
	if _, single := any(T(0)).(float32); single && rows == 1 && len(dense) == len(p.stages) {
		p.cascades = cascadesOf(dense)
	}
	return p
}

// cascadesOf is dense as few cascades.
func cascadesOf[T mat.Float](dense []*packedDense[T]) []rowCascade[T] {
	cascades := []rowCascade[T]{{}}
	for i, d := range dense {
		c := &cascades[len(cascades)-1]
		c.h = c.Dense(d.packed, d.layer.b, d.layer.Units, d.layer.in, d.relu)
		switch d.f.(type) {
		case activation.Linear[T], activation.ReLU[T]:
		case activation.Sigmoid[T]:
			c.Apply(kernel.SigmoidOf)
		case activation.Tanh[T]:
			c.Apply(kernel.TanhOf)
		default:
			c.f = d.f
			if i < len(dense)-1 {
				cascades = append(cascades, rowCascade[T]{})
			}
		}
	}
	return cascades
}

// Forward returns the output h (n,out) of x (n,in), live until the next call.
func (p *Prediction[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	p.check(x.Rows, x.Cols)
	if x.Rows == 1 && p.cascades != nil {
		h := p.one(x.Data)
		return mat.Matrix[T]{Rows: 1, Cols: len(h), Data: h}
	}
	return p.all(x)
}

func (p *Prediction[T]) all(x mat.Matrix[T]) mat.Matrix[T] {
	for _, s := range p.stages {
		x = s.Forward(x)
	}
	return x
}

// one is Forward of one row. What it hands on are slices: a matrix that is copied would be read back from memory before it has
// arrived there, which waits for every sum of the row.
func (p *Prediction[T]) one(x []T) []T {
	for i := range p.cascades {
		c := &p.cascades[i]
		c.Run(x)
		if x = c.h; c.f != nil {
			c.f.Forward(mat.View(1, len(x), x), mat.View(1, len(x), x))
		}
	}
	return x
}

// Refresh takes in weights that were changed.
func (p *Prediction[T]) Refresh() {
	for _, s := range p.stages {
		switch s := s.(type) {
		case *packedDense[T]:
			s.pack()
		case *sumStage[T]:
			s.refresh()
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
	h        mat.Matrix[T] // (rows,out)
	packed   []T
	products kernel.Products[T]
}

// predict is the stage itself, or a packed one in its place.
func (d *Dense[T]) predict(plain Stage[T], rows int) Stage[T] {
	s := &packedDense[T]{Stage: plain, layer: d, f: d.activation(), h: mat.New[T](rows, d.Units)}
	s.products.Fused = d.fused
	_, s.linear = s.f.(activation.Linear[T])
	_, s.relu = s.f.(activation.ReLU[T])
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
	if !s.linear && !s.relu {
		s.f.Forward(h, h)
	}
	return h
}
