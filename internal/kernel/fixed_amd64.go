//go:build amd64 && !noasm

package kernel

import "unsafe"

// keptCall is one routine with all that it is told.
type keptCall struct {
	panel
	routine      routine
	fromA, fromB int // bytes from where a and b of the product begin
}

// keep lays out the calls of a product that runs as one block without packing, or with no more packing than a small w.
func (f *Fixed[T]) keep(p *Gemm[T]) {
	small := p.m > 0 && p.n > 0 && p.k > 0 && p.m <= mostRows[T]() && p.n <= mostCols[T]() && p.k <= mostSteps && !p.liftsA(p.m)
	switch {
	case !assembled[T]() || !small || p.layout == byRows && p.packs(p.m, p.n):
		return
	case p.layout == byColumns:
		if PackedLen(p.n, p.k)*sizeOf[T]() > 64<<10 {
			return
		}
		w := p.b
		f.packed = floats[T](new([]float32), PackedLen(p.n, p.k))
		p.layout, p.b = packed, f.packed
		for j := 0; j < p.n && p.k >= 8; j += wide[T]() {
			packStrips(p.b[j*p.k:], w[j*p.k:], min(wide[T](), p.n-j), p.k, p.k, &f.strips)
		}
	}
	p.kept = &f.calls
	p.fast(nil, 0, p.m, 0, p.n)
	for i := range f.calls {
		c := &f.calls[i]
		c.fromA, c.fromB = distance(&p.a[0], c.a), distance(&p.b[0], c.b)
	}
	f.with = isa
}

func distance[T Float](from *T, to unsafe.Pointer) int {
	return int(uintptr(to) - uintptr(unsafe.Pointer(from)))
}

// moveKept takes the kept calls to where the operands are now.
func (f *Fixed[T]) moveKept() {
	p := &f.product
	for i := range f.calls {
		c := &f.calls[i]
		c.a = unsafe.Add(unsafe.Pointer(&p.a[0]), c.fromA)
		if f.packed == nil {
			c.b = unsafe.Add(unsafe.Pointer(&p.b[0]), c.fromB)
		}
	}
}

func (f *Fixed[T]) runKept() {
	for i := range f.strips {
		if unsafe.Sizeof(T(0)) == 4 {
			transpose8(&f.strips[i])
		} else {
			transpose8d(&f.strips[i])
		}
	}
	if f.packed != nil && f.strips == nil {
		PackT(f.packed, f.product.b, f.product.n, f.product.k)
	}
	for i := range f.calls {
		c := &f.calls[i]
		c.run(c.routine)
	}
}
