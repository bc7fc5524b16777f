package kernel

import "unsafe"

// Products computes the products of one layer, with memory of its own. Large ones are shared with the helpers; a small one that
// comes again and again in the same place keeps its calls (Fixed). The zero value is ready; one goroutine uses it at a time.
type Products[T Float] struct {
	scratch                  Scratch
	forward, back, gradients repeated
}

// Affine is c = a · bᵀ + bias: c (n,out), a (n,in), b (out,in), bias (out) or empty, and the same bias each time for the same b.
func (s *Products[T]) Affine(c, a, b, bias []T, n, out, in int) {
	if !inSingle[T]() {
		MulT(c, a, b, n, out, in)
		if len(bias) > 0 {
			AddRow(c, bias)
		}
		return
	}
	x, y, z := single(c), single(a), single(b)
	if s.forward.run(x, y, z, n*out*in) {
		return
	}
	if len(bias) == 0 {
		bias = nil
	}
	p := Forward(x, y, z, single(bias), n, out, in, false)
	s.forward.first(&p, &s.scratch)
}

// Pack packs w (out,in) for AffinePacked, and reports whether there is a use for it: in float32, where assembly computes.
func Pack[T Float](packed *[]T, w []T, out, in int) bool {
	if !inSingle[T]() {
		return false
	}
	if *packed == nil {
		*packed = make([]T, PackedLen(out, in))
	}
	PackT(single(*packed), single(w), out, in)
	return true
}

// AffinePacked is Affine, then max(0, c) if relu, with b packed by Pack; nothing but float32 has a packed b.
func (s *Products[T]) AffinePacked(c, a, packed, bias []T, n, out, in int, relu bool) {
	x, y, z := single(c), single(a), single(packed)
	if s.forward.run(x, y, z, n*out*in) {
		return
	}
	if len(bias) == 0 {
		bias = nil
	}
	p := ForwardPacked(x, y, z, single(bias), n, out, in, relu)
	s.forward.first(&p, &s.scratch)
}

// Mul is c = a · b: c (n,in), a (n,out), b (out,in).
func (s *Products[T]) Mul(c, a, b []T, n, out, in int) {
	if !inSingle[T]() {
		Mul(c, a, b, n, out, in)
		return
	}
	x, y, z := single(c), single(a), single(b)
	if s.back.run(x, y, z, n*out*in) {
		return
	}
	p := Backward(x, y, z, nil, n, out, in)
	s.back.first(&p, &s.scratch)
}

// MulTA is c = aᵀ · b: c (out,in), a (n,out), b (n,in).
func (s *Products[T]) MulTA(c, a, b []T, n, out, in int) {
	if !inSingle[T]() {
		MulTA(c, a, b, n, out, in)
		return
	}
	x, y, z := single(c), single(a), single(b)
	if s.gradients.run(x, y, z, n*out*in) {
		return
	}
	p := Gradient(x, y, z, n, out, in)
	s.gradients.first(&p, &s.scratch)
}

// repeated is a product of one layer: where it was computed last, how often in a row, and from often on the calls that are kept.
type repeated struct {
	c, a, b *float32
	work    int // multiply-adds; with the places it says the shape, of one layer
	times   int
	kept    *Fixed
}

// often is the times in a row after which a small product is kept: a training run, not a last batch in between.
const often = 8

// run reports whether the product was kept and is done.
func (r *repeated) run(c, a, b []float32, work int) bool {
	x, y, z := unsafe.SliceData(c), unsafe.SliceData(a), unsafe.SliceData(b)
	if x != r.c || y != r.a || z != r.b || work != r.work {
		*r = repeated{c: x, a: y, b: z, work: work}
		return false
	}
	if r.kept == nil {
		return false
	}
	r.kept.Run()
	return true
}

// first computes a product that is not kept yet.
func (r *repeated) first(p *Gemm, s *Scratch) {
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
