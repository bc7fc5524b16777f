package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
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

// times is n, or a tenth of it in short runs (the race detector's).
func times(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

const guard = 40 // numbers beside each buffer that nobody may touch

// fence is n numbers between two guards.
type fence[T Float] struct{ all, mid []T }

type guarded = fence[float32]

func newGuarded[T Float](n int, fill func() T) fence[T] {
	all := make([]T, n+2*guard)
	for i := range all {
		all[i] = canary
	}
	g := fence[T]{all, all[guard : guard+n : guard+n]}
	for i := range g.mid {
		g.mid[i] = fill()
	}
	return g
}

const canary = 12345.5

func (g fence[T]) broken() bool {
	for i := range guard {
		if g.all[i] != canary || g.all[len(g.all)-1-i] != canary {
			return true
		}
	}
	return false
}

// problem is one product with its operands, and what twice the precision of float64 makes of it.
type problem[T Float] struct {
	c       fence[T]
	inputs  []fence[T]
	product Gemm[T]
	exact   func(i, j int) (value, scale float64) // scale: the sum of the magnitudes
}

func normals(r *rand.Rand) func() float32 { return normalsOf[float32](r) }

func normalsOf[T Float](r *rand.Rand) func() T { return func() T { return T(r.NormFloat64()) } }

// dot64 is start + Σ ab with about 106 bits, rounded at the end, and the sum of the magnitudes.
func dot64(k int, a, b func(int) float64, start float64) (sum, scale float64) {
	sum, scale = start, math.Abs(start)
	low := 0.
	for i := range k {
		p, lost := Product(a(i), b(i))
		scale, low = scale+math.Abs(p), low+lost
		sum, lost = Sum(sum, p)
		low += lost
	}
	return sum + low, scale
}

func forwardProblem[T Float](n, out, in int, r *rand.Rand, bias, relu, pack bool) problem[T] {
	normals := normalsOf[T]
	h, x, w, b := newGuarded(n*out, normals(r)), newGuarded(n*in, normals(r)), newGuarded(out*in, normals(r)), newGuarded(out, normals(r))
	p := problem[T]{c: h, inputs: []fence[T]{x, w, b}}
	shift := b.mid
	if !bias {
		shift = nil
	}
	if pack {
		t := newGuarded(PackedLen(out, in), func() T { return 0 })
		PackT(t.mid, w.mid, out, in)
		p.product = ForwardPacked(h.mid, x.mid, t.mid, shift, n, out, in, relu)
		p.inputs = append(p.inputs, t)
	} else {
		p.product = Forward(h.mid, x.mid, w.mid, shift, n, out, in, relu)
	}
	p.exact = func(i, j int) (float64, float64) {
		start := 0.
		if bias {
			start = float64(b.mid[j])
		}
		v, s := dot64(in, func(k int) float64 { return float64(x.mid[i*in+k]) }, func(k int) float64 { return float64(w.mid[j*in+k]) }, start)
		if relu {
			v = max(v, 0)
		}
		return v, s
	}
	return p
}

func backwardProblem[T Float](n, out, in int, r *rand.Rand, gated bool) problem[T] {
	normals := normalsOf[T]
	dx, do, w := newGuarded(n*in, normals(r)), newGuarded(n*out, normals(r)), newGuarded(out*in, normals(r))
	h := newGuarded(n*in, func() T { return max(0, T(r.NormFloat64())) })
	p := problem[T]{c: dx, inputs: []fence[T]{do, w, h}}
	mask := h.mid
	if !gated {
		mask = nil
	}
	p.product = Backward(dx.mid, do.mid, w.mid, mask, n, out, in)
	p.exact = func(i, j int) (float64, float64) {
		if gated && !(h.mid[i*in+j] > 0) {
			return 0, 0
		}
		return dot64(out, func(k int) float64 { return float64(do.mid[i*out+k]) }, func(k int) float64 { return float64(w.mid[k*in+j]) }, 0)
	}
	return p
}

func gradientProblem[T Float](n, out, in int, r *rand.Rand) problem[T] {
	normals := normalsOf[T]
	dw, do, x := newGuarded(out*in, normals(r)), newGuarded(n*out, normals(r)), newGuarded(n*in, normals(r))
	return problem[T]{
		c: dw, inputs: []fence[T]{do, x}, product: Gradient(dw.mid, do.mid, x.mid, n, out, in),
		exact: func(i, j int) (float64, float64) {
			return dot64(n, func(k int) float64 { return float64(do.mid[k*out+i]) }, func(k int) float64 { return float64(x.mid[k*in+j]) }, 0)
		},
	}
}

// form is one of the products of a training step.
type form[T Float] struct {
	name  string
	build func(n, out, in int, r *rand.Rand) problem[T]
}

// forms are all of them, with all they can do besides.
func forms[T Float]() []form[T] {
	forward := func(bias, relu, pack bool) func(n, out, in int, r *rand.Rand) problem[T] {
		return func(n, out, in int, r *rand.Rand) problem[T] {
			return forwardProblem[T](n, out, in, r, bias, relu, pack)
		}
	}
	backward := func(gated bool) func(n, out, in int, r *rand.Rand) problem[T] {
		return func(n, out, in int, r *rand.Rand) problem[T] { return backwardProblem[T](n, out, in, r, gated) }
	}
	return []form[T]{
		{"forward", forward(false, false, false)},
		{"forward+bias", forward(true, false, false)},
		{"forward+bias+relu", forward(true, true, false)},
		{"packed", forward(false, false, true)},
		{"packed+bias+relu", forward(true, true, true)},
		{"backward", backward(false)},
		{"backward+gate", backward(true)},
		{"gradient", gradientProblem[T]},
	}
}

// check runs the product and compares each element with the exact sum: the error of a sum of k terms is at most k·2⁻²⁴ of the
// sum of their magnitudes in float32, k·2⁻⁵³ in float64, and one rounding more is the exact sum's own.
func (p problem[T]) check(t *testing.T, name string) {
	t.Helper()
	p.product.Run(nil)
	rows, cols := p.product.Size()
	for i := range rows {
		for j := range cols {
			want, scale := p.exact(i, j)
			got := float64(p.c.mid[i*cols+j])
			if limit := float64(p.product.k+2) * rounding[T]() * scale; !(math.Abs(got-want) <= limit) {
				t.Fatalf("%s: (%d,%d) of (%d,%d), k %d: %v, not %v (± %v)", name, i, j, rows, cols, p.product.k, got, want, limit)
			}
		}
	}
	once := slices.Clone(p.c.mid)
	clear(p.c.mid)
	f := p.product.Fix()
	f.Run()
	if f.Run(); !slices.Equal(once, p.c.mid) {
		t.Fatalf("%s: fixed it gives another result", name)
	}
	for i, g := range append(p.inputs, p.c) {
		if g.broken() {
			t.Fatalf("%s: wrote beside buffer %d", name, i)
		}
	}
}

// rounding is half a unit in the last place of 1.
func rounding[T Float]() float64 {
	if sizeOf[T]() == 8 {
		return 0x1p-53
	}
	return 0x1p-24
}

// shapes are sizes where the routines change: tiles, halves of them, panels, blocks, one of anything, none.
func randomShape(r *rand.Rand) (n, out, in int) {
	return 1 + r.IntN(70), 1 + r.IntN(70), 1 + r.IntN(70)
}

func TestProductsAgainstExact(t *testing.T) {
	t.Run("float32", productsAgainstExact[float32])
	t.Run("float64", productsAgainstExact[float64])
}

func productsAgainstExact[T Float](t *testing.T) {
	everywhere(t, func(name string) {
		r := rand.New(rand.NewPCG(1, 2))
		for _, f := range forms[T]() {
			for range times(150) {
				n, out, in := randomShape(r)
				f.build(n, out, in, r).check(t, fmt.Sprintf("%s %s n %d out %d in %d", name, f.name, n, out, in))
			}
			for _, s := range [][3]int{{1, 1, 1}, {0, 3, 5}, {3, 0, 5}, {3, 5, 0}, {1, 300, 17}, {300, 1, 33}, {1, 33, 600}, {29, 129, 1030}, {7, 33, 1280}, {560, 40, 9}, {70, 1060, 33}, {600, 33, 70}, {130, 256, 130}} {
				if testing.Short() && s[0]*s[1]*s[2] > 1e5 {
					continue
				}
				f.build(s[0], s[1], s[2], r).check(t, fmt.Sprintf("%s %s %v", name, f.name, s))
			}
		}
	})
}

// bits runs the product in parts cut at random, in random order, and returns what it left.
func (p problem[T]) bits(r *rand.Rand) []uint64 {
	for i := range p.c.mid {
		p.c.mid[i] = T(math.NaN())
	}
	rows, cols := p.product.Size()
	down, across := 1+r.IntN(rows+1), PanelWidth*(1+r.IntN(cols/PanelWidth+1))
	s := new(Scratch)
	for i := (rows - 1) / down * down; i >= 0; i -= down {
		for j := 0; j < cols; j += across {
			p.product.Part(s, i, min(i+down, rows), j, min(j+across, cols))
		}
	}
	list := make([]uint64, len(p.c.mid))
	for i, x := range p.c.mid {
		list[i] = math.Float64bits(float64(x))
	}
	return list
}

// TestProductBits: the same sums with AVX-512 and AVX2, or with NEON, whole and in parts.
func TestProductBits(t *testing.T) {
	t.Run("float32", productBits[float32])
	t.Run("float64", productBits[float64])
}

func productBits[T Float](t *testing.T) {
	if !assembled[T]() {
		t.Skip("no assembly here")
	}
	r := rand.New(rand.NewPCG(3, 4))
	shapes := [][3]int{{1, 300, 1100}, {200, 70, 1100}, {64, 128, 784}, {5, 1100, 70}, {1100, 60, 33}, {130, 256, 140}}
	for range times(60) {
		n, out, in := randomShape(r)
		shapes = append(shapes, [3]int{n, out, in})
	}
	for _, f := range forms[T]() {
		for _, shape := range shapes {
			p := f.build(shape[0], shape[1], shape[2], r)
			var first []uint64
			everywhere(t, func(name string) {
				for range 3 {
					if !assembled[T]() { // plain Go rounds products too
						return
					}
					got := p.bits(r)
					if first == nil {
						first = got
					}
					if !slices.Equal(got, first) {
						t.Fatalf("%s %s %v: other bits", name, f.name, shape)
					}
				}
			})
		}
	}
}

// TestNotFinite: a NaN, an infinity or a zero of either sign goes the way plain Go sends it, bias, ReLU and gate included.
func TestNotFinite(t *testing.T) {
	t.Run("float32", func(t *testing.T) { notFinite[float32](t, 1e-45) })
	t.Run("float64", func(t *testing.T) { notFinite[float64](t, 5e-324) })
}

func notFinite[T Float](t *testing.T, least T) {
	nan, inf := T(math.NaN()), T(math.Inf(1))
	special := []T{nan, inf, -inf, 0, T(math.Copysign(0, -1)), least, 1, -1}
	r := rand.New(rand.NewPCG(5, 6))
	for _, f := range forms[T]() {
		for range 40 {
			n, out, in := 1+r.IntN(20), 1+r.IntN(40), 1+r.IntN(12)
			p := f.build(n, out, in, r)
			for _, g := range p.inputs[:2] {
				for range 3 {
					g.mid[r.IntN(len(g.mid))] = special[r.IntN(len(special))]
				}
			}
			var want []T
			everywhere(t, func(name string) {
				p.product.Run(nil)
				if name == "go" {
					want = slices.Clone(p.c.mid)
				}
				for i, x := range p.c.mid {
					if kind(x) != kind(want[i]) {
						t.Fatalf("%s %s n %d out %d in %d: element %d is %v, not %v", name, f.name, n, out, in, i, x, want[i])
					}
				}
			})
		}
	}
}

// kind tells NaN, +Inf, −Inf and numbers apart.
func kind[T Float](x T) int {
	switch {
	case x != x:
		return 1
	case x > 1 && x == x/2:
		return 2
	case x < -1 && x == x/2:
		return 3
	}
	return 0
}

// TestReLUEpilogue: +0 at ±0 and below, NaN at NaN, bit for bit as activation.ReLU; the gate passes do where h > 0 alone.
func TestReLUEpilogue(t *testing.T) {
	t.Run("float32", func(t *testing.T) { reluEpilogue[float32](t, 1e-45) })
	t.Run("float64", func(t *testing.T) { reluEpilogue[float64](t, 5e-324) })
}

func reluEpilogue[T Float](t *testing.T, least T) {
	minusZero, nan, inf := T(math.Copysign(0, -1)), T(math.NaN()), T(math.Inf(1))
	bias := []T{-1, minusZero, 0, 2, nan, inf, -inf, least, 3}
	want := []T{0, 0, 0, 2, nan, inf, 0, least, 3}
	everywhere(t, func(name string) {
		h := make([]T, len(bias))
		p := Forward(h, []T{minusZero}, make([]T, len(bias)), bias, 1, len(bias), 1, true)
		p.Run(nil)
		for i, x := range h {
			if x != want[i] && want[i] == want[i] || math.Signbit(float64(x)) && x == 0 || kind(x) != kind(want[i]) {
				t.Errorf("%s: ReLU(%v) = %v", name, bias[i], x)
			}
		}
		dx := make([]T, len(h))
		p = Backward(dx, []T{2}, []T{1, 1, 1, 1, 1, 1, 1, 1, 1}, h, 1, 1, len(h))
		p.Run(nil)
		for i, x := range dx {
			if h[i] > 0 && x != 2 || h[i] == 0 && math.Float64bits(float64(x)) != 0 || h[i] != h[i] && x == x {
				t.Errorf("%s: gate of h = %v lets %v through", name, h[i], x)
			}
		}
	})
}

// The generic products take the same way in float32, and never in float64.
func TestGenericProducts(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	n, out, in := 33, 20, 41
	x, w, do := make([]float32, n*in), make([]float32, out*in), make([]float32, n*out)
	for _, list := range [][]float32{x, w, do} {
		for i := range list {
			list[i] = float32(r.IntN(17) - 8) // small whole numbers: every order and rounding gives the same
		}
	}
	h, dx, dw, db := make([]float32, n*out), make([]float32, n*in), make([]float32, out*in), make([]float32, out)
	h64, dx64, dw64, db64 := make([]float64, n*out), make([]float64, n*in), make([]float64, out*in), make([]float64, out)
	everywhere(t, func(name string) {
		MulT(h, x, w, n, out, in)
		Mul(dx, do, w, n, out, in)
		MulTA(dw, do, x, n, out, in)
		SumRows(db, do)
		MulT(h64, widened(x), widened(w), n, out, in)
		Mul(dx64, widened(do), widened(w), n, out, in)
		MulTA(dw64, widened(do), widened(x), n, out, in)
		SumRows(db64, widened(do))
		if !slices.Equal(widened(h), h64) || !slices.Equal(widened(dx), dx64) || !slices.Equal(widened(dw), dw64) || !slices.Equal(widened(db), db64) {
			t.Errorf("%s: float32 and float64 differ on whole numbers", name)
		}
	})
}

func widened(list []float32) []float64 {
	wide := make([]float64, len(list))
	for i, x := range list {
		wide[i] = float64(x)
	}
	return wide
}

// TestSumRowsBits: additions in the same order, so the same bits as plain Go, for every number of columns.
func TestSumRowsBits(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for cols := 1; cols <= 75; cols++ {
		rows := r.IntN(50)
		m, want := newGuarded(rows*cols, normals(r)), make([]float32, cols)
		everywhere(t, func(name string) {
			dst := newGuarded(cols, normals(r))
			SumRows(dst.mid, m.mid)
			if name == "go" {
				copy(want, dst.mid)
			}
			if !slices.Equal(dst.mid, want) || dst.broken() {
				t.Fatalf("%s: %d rows of %d", name, rows, cols)
			}
		})
	}
}

func TestPackT(t *testing.T) {
	t.Run("float32", packs[float32])
	t.Run("float64", packs[float64])
}

func packs[T Float](t *testing.T) {
	normals := normalsOf[T]
	r := rand.New(rand.NewPCG(11, 12))
	for range times(300) {
		out, in := 1+r.IntN(80), 1+r.IntN(40)
		w := newGuarded(out*in, normals(r))
		everywhere(t, func(name string) {
			to := newGuarded(PackedLen(out, in), normals(r))
			PackT(to.mid, w.mid, out, in)
			for j := range out {
				first := j / wide[T]() * wide[T]()
				for k := range in {
					if got := to.mid[first*in+k*min(wide[T](), (out-first+7)/8*8)+j-first]; got != w.mid[j*in+k] {
						t.Fatalf("%s: w (%d,%d) at (%d,%d): %v, not %v", name, out, in, j, k, got, w.mid[j*in+k])
					}
				}
			}
			if to.broken() {
				t.Fatalf("%s: (%d,%d) written outside", name, out, in)
			}
		})
	}
}

func TestCallersMistakes(t *testing.T) {
	t.Run("float32", callersMistakes[float32])
	t.Run("float64", callersMistakes[float64])
}

func callersMistakes[T Float](t *testing.T) {
	b := make([]T, 100)
	for name, f := range map[string]func(){
		"result over x":       func() { Forward(b[:9], b[5:14], b[50:59], nil, 3, 3, 3, false) },
		"result over w":       func() { Backward(b[:9], b[50:59], b[8:17], nil, 3, 3, 3) },
		"result over h":       func() { Backward(b[:9], b[50:59], b[80:89], b[:9], 3, 3, 3) },
		"short x":             func() { Forward(b[:9], b[10:18:18], b[50:59], nil, 3, 3, 3, false) },
		"part beyond":         func() { p := Gradient(b[:9], b[50:59], b[80:89], 3, 3, 3); p.Part(nil, 0, 4, 0, 3) },
		"part within a panel": func() { p := Gradient(b[:9], b[50:59], b[80:89], 3, 3, 3); p.Part(nil, 0, 3, 1, 3) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("accepted")
				}
			}()
			f()
		})
	}
}

func noAllocation[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	s := new(Scratch)
	for _, f := range forms[T]() {
		for _, shape := range [][3]int{{32, 16, 30}, {64, 128, 300}, {1, 200, 70}} {
			p := f.build(shape[0], shape[1], shape[2], r)
			fixed := p.product.Fix()
			if n := testing.AllocsPerRun(5, func() { p.product.Run(s); fixed.Run() }); n != 0 {
				t.Errorf("%s %v: %v allocations", f.name, shape, n)
			}
		}
	}
}

func TestNoAllocation(t *testing.T) {
	t.Run("float32", noAllocation[float32])
	t.Run("float64", noAllocation[float64])
	x, w, h := make([]float32, 300), make([]float32, 300), make([]float32, 100)
	MulT(h, x, w, 10, 10, 30)
	if n := testing.AllocsPerRun(20, func() { MulT(h, x, w, 10, 10, 30); SumRows(h[:10], x) }); n != 0 {
		t.Errorf("generic: %v allocations", n)
	}
}

func TestUse(t *testing.T) {
	defer func(before level) { isa = before }(isa)
	if err := Use("go"); err != nil || ISA() != "go" {
		t.Errorf("go: %v, %s", err, ISA())
	}
	if err := Use("avx512"); err != nil || isa != below(avx512) {
		t.Errorf("avx512: %v, %s", err, ISA())
	}
	if err := Use("sse9"); err == nil || isa != below(avx512) {
		t.Errorf("an unknown name: %v, %s", err, ISA())
	}
}

func FuzzProducts(f *testing.F) {
	f.Add(uint16(3), uint16(4), uint16(5), byte(0), uint64(1))
	f.Add(uint16(29), uint16(33), uint16(130), byte(4), uint64(2))
	f.Add(uint16(29), uint16(33), uint16(130), byte(11), uint64(3))
	f.Fuzz(func(t *testing.T, n, out, in uint16, which byte, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 0))
		everywhere(t, func(name string) {
			if at := int(which) % 16; at < 8 {
				form := forms[float32]()[at]
				form.build(int(n%150), int(out%150), int(in%150), r).check(t, name+" "+form.name)
			} else {
				form := forms[float64]()[at-8]
				form.build(int(n%150), int(out%150), int(in%150), r).check(t, name+" float64 "+form.name)
			}
		})
	})
}
