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

// Epilogue reports whether Affine and Mul can end in ReLU and its gate, at no cost.
func (s *Products[T]) Epilogue() bool { return s.quick() }

// Affine is c = a · bᵀ + bias: c (n,out), a (n,in), b (out,in), bias (out) or empty, then max(0, c) if relu, which only Epilogue
// allows; the same bias and the same relu each time for the same b.
func (s *Products[T]) Affine(c, a, b, bias []T, n, out, in int, relu bool) {
	if !s.quick() {
		MulT(c, a, b, n, out, in)
		if len(bias) > 0 {
			AddRow(c, bias)
		}
		return
	}
	if kept, moved := s.forward.at(c, b, a, n*out*in); kept != nil {
		if moved {
			kept.moveA(a)
		}
		kept.Run()
		return
	}
	if len(bias) == 0 {
		bias = nil
	}
	p := Forward(c, a, b, bias, n, out, in, relu)
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
	if kept, moved := s.forward.at(c, packed, a, n*out*in); kept != nil {
		if moved {
			kept.moveA(a)
		}
		kept.Run()
		return
	}
	if len(bias) == 0 {
		bias = nil
	}
	p := ForwardPacked(c, a, packed, bias, n, out, in, relu)
	s.forward.first(&p, &s.scratch)
}

// Mul is c = a · b: c (n,in), a (n,out), b (out,in). With h (n,in), what ReLU gave the layer below, it is that layer's do: c where h
// is above 0, else 0, which only Epilogue allows; the same h each time for the same c.
func (s *Products[T]) Mul(c, a, b, h []T, n, out, in int) {
	if !s.quick() {
		Mul(c, a, b, n, out, in)
		return
	}
	if kept, moved := s.back.at(c, b, a, n*out*in); kept != nil {
		if moved {
			kept.moveA(a)
		}
		kept.Run()
		return
	}
	p := Backward(c, a, b, h, n, out, in)
	s.back.first(&p, &s.scratch)
}

// MulTA is c = aᵀ · b: c (out,in), a (n,out), b (n,in).
func (s *Products[T]) MulTA(c, a, b []T, n, out, in int) {
	if !s.quick() {
		MulTA(c, a, b, n, out, in)
		return
	}
	if kept, moved := s.gradients.at(c, a, b, n*out*in); kept != nil {
		if moved {
			kept.moveB(b)
		}
		kept.Run()
		return
	}
	p := Gradient(c, a, b, n, out, in)
	s.gradients.first(&p, &s.scratch)
}

// repeated is a product of one layer: where it was computed last, how often in a row, and from often on the calls that are kept.
// Batches may lie in one place after the other: then x moves, and the kept calls with it.
type repeated[T Float] struct {
	c, fixed, moving *T
	work             int // multiply-adds; with the places it says the shape, of one layer
	times            int
	kept             *Fixed[T]
}

// often is the times in a row after which a small product is kept: a training run, not a last batch in between.
const often = 8

// at is the product if it was kept; moved says that one operand stands elsewhere since.
func (r *repeated[T]) at(c, fixed, moving []T, work int) (kept *Fixed[T], moved bool) {
	x, y, z := unsafe.SliceData(c), unsafe.SliceData(fixed), unsafe.SliceData(moving)
	if x != r.c || y != r.fixed || work != r.work {
		*r = repeated[T]{c: x, fixed: y, work: work}
	}
	moved = z != r.moving
	r.moving = z
	return r.kept, moved
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
