package kernel

import "unsafe"

// Products computes the products of one layer, with memory of its own. Large ones are shared with the helpers; a small one that
// comes again and again in the same place keeps its calls (Fixed). The zero value is ready; one goroutine uses it at a time.
type Products[T Float] struct {
	// Fused lets float64 be computed as float32 is: by assembly where the machine has it, a product and its sum one instruction that
	// rounds once. For training alone. False: the plain Go source, the same bits everywhere. float32 does not ask.
	Fused bool

	scratch                  Scratch
	forward, back, gradients repeated[T]
}

// quick reports whether assembly computes these products.
func (s *Products[T]) quick() bool { return inSingle[T]() || s.Fused && assembled[T]() }

// Affine is c = a · bᵀ + bias: c (n,out), a (n,in), b (out,in), bias (out) or empty, and the same bias each time for the same b.
func (s *Products[T]) Affine(c, a, b, bias []T, n, out, in int) {
	if !s.quick() {
		MulT(c, a, b, n, out, in)
		if len(bias) > 0 {
			AddRow(c, bias)
		}
		return
	}
	if s.forward.run(c, a, b, n*out*in) {
		return
	}
	if len(bias) == 0 {
		bias = nil
	}
	p := Forward(c, a, b, bias, n, out, in, false)
	s.forward.first(&p, &s.scratch)
}

// Pack packs w (out,in) for AffinePacked, and reports whether there is a use for it: where assembly computes.
func (s *Products[T]) Pack(packed *[]T, w []T, out, in int) bool {
	if !s.quick() {
		return false
	}
	if *packed == nil {
		*packed = make([]T, PackedLen(out, in))
	}
	PackT(*packed, w, out, in)
	return true
}

// AffinePacked is Affine, then max(0, c) if relu, with b packed by Pack, which has said that there is a use for it.
func (s *Products[T]) AffinePacked(c, a, packed, bias []T, n, out, in int, relu bool) {
	if s.forward.run(c, a, packed, n*out*in) {
		return
	}
	if len(bias) == 0 {
		bias = nil
	}
	p := ForwardPacked(c, a, packed, bias, n, out, in, relu)
	s.forward.first(&p, &s.scratch)
}

// Mul is c = a · b: c (n,in), a (n,out), b (out,in).
func (s *Products[T]) Mul(c, a, b []T, n, out, in int) {
	if !s.quick() {
		Mul(c, a, b, n, out, in)
		return
	}
	if s.back.run(c, a, b, n*out*in) {
		return
	}
	p := Backward(c, a, b, nil, n, out, in)
	s.back.first(&p, &s.scratch)
}

// MulTA is c = aᵀ · b: c (out,in), a (n,out), b (n,in).
func (s *Products[T]) MulTA(c, a, b []T, n, out, in int) {
	if !s.quick() {
		MulTA(c, a, b, n, out, in)
		return
	}
	if s.gradients.run(c, a, b, n*out*in) {
		return
	}
	p := Gradient(c, a, b, n, out, in)
	s.gradients.first(&p, &s.scratch)
}

// repeated is a product of one layer: where it was computed last, how often in a row, and from often on the calls that are kept.
type repeated[T Float] struct {
	c, a, b *T
	work    int // multiply-adds; with the places it says the shape, of one layer
	times   int
	kept    *Fixed[T]
}

// often is the times in a row after which a small product is kept: a training run, not a last batch in between.
const often = 8

// run reports whether the product was kept and is done.
func (r *repeated[T]) run(c, a, b []T, work int) bool {
	x, y, z := unsafe.SliceData(c), unsafe.SliceData(a), unsafe.SliceData(b)
	if x != r.c || y != r.a || z != r.b || work != r.work {
		*r = repeated[T]{c: x, a: y, b: z, work: work}
		return false
	}
	if r.kept == nil {
		return false
	}
	r.kept.Run()
	return true
}

// first computes a product that is not kept yet.
func (r *repeated[T]) first(p *Gemm[T], s *Scratch) {
	r.times++
	switch {
	case r.times > often && r.work < worth:
		r.kept = p.Fix()
		r.kept.Run()
	case p.m == 1: // a row waits for w to come from memory, and that is not shared
		p.Run(s)
	default:
		p.Share(s)
	}
}
