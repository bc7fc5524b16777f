package network

import (
	"math/rand/v2"

	"gradus/activation"
	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/mat"
)

// Dense is h = f(x·wᵀ + b), deck 4-5-3: every input reaches every neuron.
type Dense[T mat.Float] struct {
	Units      int                // number of neurons
	Activation activation.Func[T] // nil: linear
	NoBias     bool
	Initial    Initializer // nil: He for the ReLU family, else Xavier

	in    int
	w, b  []T // (Units, in) and (Units), live spans of the network's vector
	fused bool
}

// Spec describes the layer.
func (d *Dense[T]) Spec() Spec {
	return Spec{Kind: "dense", Units: d.Units, NoBias: d.NoBias}.with(described(d.activation()))
}

func (d *Dense[T]) activation() activation.Func[T] {
	if d.Activation == nil {
		return activation.Linear[T]{}
	}
	return d.Activation
}

// Out asks for weights (Units, in) and, unless NoBias, biases (Units).
func (d *Dense[T]) Out(in int) (int, []Part, error) {
	if d.Units < 1 {
		return 0, nil, say.Error("network.units", "units", d.Units)
	}
	if g, ok := d.Initial.(Given); ok && (len(g.Values)%in != 0 || len(g.Values)/in != d.Units) {
		return 0, nil, say.Error("network.given", "found", len(g.Values), "units", d.Units, "in", in)
	}
	parts := []Part{{"weights", d.Units, in, true}}
	if !d.NoBias {
		parts = append(parts, Part{"biases", 1, d.Units, false})
	}
	return d.Units, parts, nil
}

// Bind keeps the live weights.
func (d *Dense[T]) Bind(in int, w []T) {
	d.in, d.w, d.b = in, w[:d.Units*in], w[d.Units*in:]
}

func (d *Dense[T]) bound() bool { return d.w != nil }

func (d *Dense[T]) fuse() { d.fused = true }

// Weights is the live matrix w (Units, in).
func (d *Dense[T]) Weights() mat.Matrix[T] { return mat.View(d.Units, d.in, d.w) }

// Biases is the live vector b (Units), empty without bias.
func (d *Dense[T]) Biases() []T { return d.b }

// Init draws w by the initialiser and sets b to 0.
func (d *Dense[T]) Init(r *rand.Rand) {
	start := d.Initial
	if start == nil {
		start = initialFor(d.activation().Name())
	}
	for i := range d.w {
		d.w[i] = T(start.Draw(r, d.in, d.Units, i))
	}
	clear(d.b)
}

// NewStage makes the cells of one pass.
func (d *Dense[T]) NewStage(rows int, g []T, _ *Chance) Stage[T] {
	s := &denseStage[T]{layer: d, act: newActivated(d.activation(), rows, d.Units, g != nil)}
	_, s.relu = d.activation().(activation.ReLU[T])
	s.products.Fused = d.fused
	if g != nil {
		s.dx = mat.New[T](rows, d.in)
		s.gw, s.gb = g[:len(d.w)], g[len(d.w):]
	}
	return s
}

type denseStage[T mat.Float] struct {
	layer *Dense[T]
	act   activated[T]
	x, dx mat.Matrix[T] // (n,in)
	gw    []T           // (out,in)
	gb    []T           // (out)

	relu  bool           // the activation
	below *denseStage[T] // the stage before, where it ends in ReLU
	gated bool           // the stage after has written do

	products kernel.Products[T]
	blocks   *denseBlocks[T] // of a pass by blocks
}

// Forward is o = x·wᵀ + b, h = f(o); ReLU, where the kernels end a product with it, leaves no o.
func (s *denseStage[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	s.x = x
	if s.throughReLU() {
		h := s.act.without(x.Rows)
		s.products.Affine(h.Data, x.Data, s.layer.w, s.layer.b, x.Rows, s.layer.Units, s.layer.in, true)
		return h
	}
	o := s.act.room(x.Rows)
	s.products.Affine(o.Data, x.Data, s.layer.w, s.layer.b, x.Rows, s.layer.Units, s.layer.in, false)
	return s.act.forward()
}

// throughReLU reports whether ReLU is part of the products: h comes of the forward one, and the stage after hands back do.
func (s *denseStage[T]) throughReLU() bool { return s.relu && s.products.Epilogue() }

// Backward is do = dh·f′(o), dw = doᵀ·x, db = Σ do, dx = do·w.
func (s *denseStage[T]) Backward(dh mat.Matrix[T], first bool) mat.Matrix[T] {
	if s.gated {
		s.gated, s.act.dh = false, mat.Matrix[T]{}
	} else {
		s.act.backward(dh)
	}
	return s.BackwardLinear(first)
}

// BackwardLinear is Backward from do on.
func (s *denseStage[T]) BackwardLinear(first bool) mat.Matrix[T] {
	do := s.act.do.Top(s.x.Rows)
	if s.blocks != nil {
		s.blocks.gradients(do, s.x)
	} else {
		s.products.MulTA(s.gw, do.Data, s.x.Data, do.Rows, s.layer.Units, s.layer.in)
		if len(s.gb) > 0 {
			kernel.SumRows(s.gb, do.Data)
		}
	}
	if first {
		return mat.Matrix[T]{}
	}
	s.act.watch.afterGradient()
	dx, gate := s.dx.Top(do.Rows), []T(nil)
	if s.below != nil && s.below.throughReLU() {
		s.below.gated, dx, gate = true, s.below.act.do.Top(do.Rows), s.x.Data
	}
	s.products.Mul(dx.Data, do.Data, s.layer.w, gate, do.Rows, s.layer.Units, s.layer.in)
	return dx
}

// Linear names the activation, shows o and lends do.
func (s *denseStage[T]) Linear(n int) (name string, o, do mat.Matrix[T]) { return s.act.linear(n) }

// Cells shows o, h, do, dh.
func (s *denseStage[T]) Cells() Cells[T] { return s.act.cells() }
