//go:build amd64 && !noasm

package kernel

// keptCall is one routine with all that it is told.
type keptCall struct {
	panel
	routine routine
}

// keep lays out the calls of a product that runs as one block without packing, or with no more packing than a small w.
func (f *Fixed) keep(p *Gemm) {
	small := p.m > 0 && p.n > 0 && p.m <= mostRows && p.n <= mostCols && p.k <= mostSteps && !p.liftsA(p.m)
	switch {
	case isa == plainGo || !small || p.layout == byRows && p.packs(p.m, p.n):
		return
	case p.layout == byColumns:
		if PackedLen(p.n, p.k) > 16<<10 {
			return
		}
		w := p.b
		p.layout, p.b = packed, floats(&f.packed, PackedLen(p.n, p.k))
		for j := 0; j < p.n && p.k >= 8; j += PanelWidth {
			packStrips(p.b[j*p.k:], w[j*p.k:], min(PanelWidth, p.n-j), p.k, p.k, &f.strips)
		}
	}
	p.kept = &f.calls
	p.fast(nil, 0, p.m, 0, p.n)
	f.with = isa
}

func (f *Fixed) runKept() {
	for i := range f.strips {
		transpose8(&f.strips[i])
	}
	if f.packed != nil && f.strips == nil {
		PackT(f.packed, f.product.b, f.product.n, f.product.k)
	}
	for i := range f.calls {
		c := &f.calls[i]
		c.run(c.routine)
	}
}
