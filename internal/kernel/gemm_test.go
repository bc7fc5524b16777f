package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// everywhere runs f with each set of instructions that this machine has, best last.
func everywhere(t testing.TB, f func(name string)) {
	t.Helper()
	before := isa
	defer func() { isa = before }()
	for l := plainGo; l <= avx512; l++ {
		if supported(l) {
			isa = l
			f(levels[l])
		}
	}
}

const guard = 40 // floats beside each buffer that nobody may touch

// guarded is n floats between two guards.
type guarded struct{ all, mid []float32 }

func newGuarded(n int, fill func() float32) guarded {
	all := make([]float32, n+2*guard)
	for i := range all {
		all[i] = canary
	}
	g := guarded{all, all[guard : guard+n : guard+n]}
	for i := range g.mid {
		g.mid[i] = fill()
	}
	return g
}

const canary = 12345.5

func (g guarded) broken() bool {
	for i := range guard {
		if g.all[i] != canary || g.all[len(g.all)-1-i] != canary {
			return true
		}
	}
	return false
}

// problem is one product with its operands, and what float64 makes of it.
type problem struct {
	c       guarded
	inputs  []guarded
	product Gemm
	exact   func(i, j int) (value, scale float64) // scale: the sum of the magnitudes
}

func normals(r *rand.Rand) func() float32 { return func() float32 { return float32(r.NormFloat64()) } }

func dot64(k int, a, b func(int) float64) (sum, scale float64) {
	for i := range k {
		p := a(i) * b(i)
		sum, scale = sum+p, scale+math.Abs(p)
	}
	return sum, scale
}

func forwardProblem(n, out, in int, r *rand.Rand, bias, relu, pack bool) problem {
	h, x, w, b := newGuarded(n*out, normals(r)), newGuarded(n*in, normals(r)), newGuarded(out*in, normals(r)), newGuarded(out, normals(r))
	p := problem{c: h, inputs: []guarded{x, w, b}}
	shift := b.mid
	if !bias {
		shift = nil
	}
	if pack {
		t := newGuarded(PackedLen(out, in), func() float32 { return 0 })
		PackT(t.mid, w.mid, out, in)
		p.product = ForwardPacked(h.mid, x.mid, t.mid, shift, n, out, in, relu)
		p.inputs = append(p.inputs, t)
	} else {
		p.product = Forward(h.mid, x.mid, w.mid, shift, n, out, in, relu)
	}
	p.exact = func(i, j int) (float64, float64) {
		v, s := dot64(in, func(k int) float64 { return float64(x.mid[i*in+k]) }, func(k int) float64 { return float64(w.mid[j*in+k]) })
		if bias {
			v, s = v+float64(b.mid[j]), s+math.Abs(float64(b.mid[j]))
		}
		if relu {
			v = max(v, 0)
		}
		return v, s
	}
	return p
}

func backwardProblem(n, out, in int, r *rand.Rand, gated bool) problem {
	dx, do, w := newGuarded(n*in, normals(r)), newGuarded(n*out, normals(r)), newGuarded(out*in, normals(r))
	h := newGuarded(n*in, func() float32 { return max(0, float32(r.NormFloat64())) })
	p := problem{c: dx, inputs: []guarded{do, w, h}}
	mask := h.mid
	if !gated {
		mask = nil
	}
	p.product = Backward(dx.mid, do.mid, w.mid, mask, n, out, in)
	p.exact = func(i, j int) (float64, float64) {
		if gated && !(h.mid[i*in+j] > 0) {
			return 0, 0
		}
		return dot64(out, func(k int) float64 { return float64(do.mid[i*out+k]) }, func(k int) float64 { return float64(w.mid[k*in+j]) })
	}
	return p
}

func gradientProblem(n, out, in int, r *rand.Rand) problem {
	dw, do, x := newGuarded(out*in, normals(r)), newGuarded(n*out, normals(r)), newGuarded(n*in, normals(r))
	return problem{
		c: dw, inputs: []guarded{do, x}, product: Gradient(dw.mid, do.mid, x.mid, n, out, in),
		exact: func(i, j int) (float64, float64) {
			return dot64(n, func(k int) float64 { return float64(do.mid[k*out+i]) }, func(k int) float64 { return float64(x.mid[k*in+j]) })
		},
	}
}

// forms are the products of a training step with all they can do besides.
var forms = []struct {
	name  string
	build func(n, out, in int, r *rand.Rand) problem
}{
	{"forward", func(n, out, in int, r *rand.Rand) problem { return forwardProblem(n, out, in, r, false, false, false) }},
	{"forward+bias", func(n, out, in int, r *rand.Rand) problem { return forwardProblem(n, out, in, r, true, false, false) }},
	{"forward+bias+relu", func(n, out, in int, r *rand.Rand) problem { return forwardProblem(n, out, in, r, true, true, false) }},
	{"packed", func(n, out, in int, r *rand.Rand) problem { return forwardProblem(n, out, in, r, false, false, true) }},
	{"packed+bias+relu", func(n, out, in int, r *rand.Rand) problem { return forwardProblem(n, out, in, r, true, true, true) }},
	{"backward", func(n, out, in int, r *rand.Rand) problem { return backwardProblem(n, out, in, r, false) }},
	{"backward+gate", func(n, out, in int, r *rand.Rand) problem { return backwardProblem(n, out, in, r, true) }},
	{"gradient", gradientProblem},
}

// check runs the product and compares each element with float64: the error of a float32 sum of k terms is at most k·2⁻²⁴ of the
// sum of their magnitudes.
func (p problem) check(t *testing.T, name string) {
	t.Helper()
	p.product.Run(nil)
	rows, cols := p.product.Size()
	for i := range rows {
		for j := range cols {
			want, scale := p.exact(i, j)
			got := float64(p.c.mid[i*cols+j])
			if limit := float64(p.product.k+1) * 0x1p-24 * scale; !(math.Abs(got-want) <= limit) {
				t.Fatalf("%s: (%d,%d) of (%d,%d), k %d: %v, not %v (± %v)", name, i, j, rows, cols, p.product.k, got, want, limit)
			}
		}
	}
	for i, g := range append(p.inputs, p.c) {
		if g.broken() {
			t.Fatalf("%s: wrote beside buffer %d", name, i)
		}
	}
}

// shapes are sizes where the routines change: tiles, halves of them, panels, blocks, one of anything, none.
func randomShape(r *rand.Rand) (n, out, in int) {
	return 1 + r.IntN(70), 1 + r.IntN(70), 1 + r.IntN(70)
}

func TestProductsAgainstFloat64(t *testing.T) {
	everywhere(t, func(name string) {
		r := rand.New(rand.NewPCG(1, 2))
		for _, f := range forms {
			for range 150 {
				n, out, in := randomShape(r)
				f.build(n, out, in, r).check(t, fmt.Sprintf("%s %s n %d out %d in %d", name, f.name, n, out, in))
			}
			for _, s := range [][3]int{{1, 1, 1}, {0, 3, 5}, {3, 0, 5}, {3, 5, 0}, {1, 300, 17}, {300, 1, 33}, {1, 33, 600}, {29, 129, 1030}, {560, 40, 9}, {70, 2060, 33}, {600, 33, 70}} {
				f.build(s[0], s[1], s[2], r).check(t, fmt.Sprintf("%s %s %v", name, f.name, s))
			}
		}
	})
}
