package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"
)

// shifted is a copy of list that begins by floats floats beyond a cache line.
func shifted(list []float32, by int) []float32 {
	if list == nil {
		return nil
	}
	raw := make([]float32, len(list)+32)
	first := -int(uintptr(unsafe.Pointer(unsafe.SliceData(raw)))/4)&15 + by
	return append(raw[first:first:first+len(list)], list...)
}

// Buffers may begin anywhere: each place of each operand in a cache line gives the same bits.
func TestUnaligned(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	for _, f := range forms[float32]() {
		for _, shape := range [][3]int{{5, 37, 19}, {1, 140, 9}, {29, 16, 64}} {
			p := f.build(shape[0], shape[1], shape[2], r)
			everywhere(t, func(name string) {
				p.product.Run(nil)
				want := slices.Clone(p.c.mid)
				for by := range 16 {
					q := p.product
					for i, list := range []*[]float32{&q.a, &q.b, &q.c, &q.bias, &q.gate} {
						*list = shifted(*list, (by*(i+1)+i)%16)
					}
					clear(q.c)
					if q.Run(nil); !slices.Equal(q.c, want) {
						t.Fatalf("%s %s %v: other bits %d floats into a line", name, f.name, shape, by)
					}
				}
			})
		}
	}
	everyLane(t, func(name string) {
		x, ones := sweep(75), make([]float32, 75)
		for _, k := range knownFunctions() {
			want := make([]float32, len(x))
			k.apply(want, x)
			for by := range 16 {
				y := shifted(ones, (by*3+1)%16)
				k.apply(y, shifted(x, by))
				for i, v := range y {
					if !same32(v, want[i]) {
						t.Fatalf("%s %s: other bits %d floats into a line", name, k.name, by)
					}
				}
			}
		}
	})
}

// awkward is numbers where rounding, flushing or a shortcut would show: zeros of both signs, the smallest numbers, their neighbours, the
// largest, infinities and NaN, and ordinary ones between them.
func awkward(n int, r *rand.Rand) []float32 {
	list := []float32{
		0, float32(math.Copysign(0, -1)), 1e-45, -1e-45, 3e-39, -0x1p-126, 0x1.fffffcp-127, 0x1p-126, 1, -1, math.MaxFloat32, -math.MaxFloat32,
		float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 0x1p-75, -0x1p-75,
	}
	x := make([]float32, n)
	for i := range x {
		x[i] = list[r.IntN(len(list))]
		if r.IntN(3) == 0 {
			x[i] = anySize(r)
		}
	}
	return x
}

// Routines of single operations give the bits of plain Go at every number: subnormal ones are kept, not flushed to 0, NaN and ±Inf go
// the way of the formula.
func TestSingleOperationsAsGo(t *testing.T) {
	const cols = 33
	r := rand.New(rand.NewPCG(43, 44))
	a, b, row := awkward(7*cols, r), awkward(7*cols, r), awkward(cols, r)
	results := func() [][]float32 {
		times, difference, squared := make([]float32, len(a)), make([]float32, len(a)), make([]float32, len(a))
		Times(times, a, b)
		Difference(difference, a, b, .37)
		cost := SquaredError(squared, a, b, .37)
		scaled, added, sums := slices.Clone(a), slices.Clone(a), make([]float32, cols)
		Scale(scaled, 1e-3)
		AddRow(added, row)
		SumRows(sums, a)
		penalised := slices.Clone(a)
		AddScaled(penalised, b, .37)
		return [][]float32{times, difference, squared, scaled, added, sums, penalised, {float32(cost)}}
	}
	var want [][]float32
	everywhere(t, func(name string) {
		got := results()
		if name == "go" {
			want = got
		}
		for k, list := range got {
			for i, v := range list {
				if !same32(v, want[k][i]) {
					t.Fatalf("%s, result %d at %d: %b (%v), plain Go %b", name, k, i, v, v, want[k][i])
				}
			}
		}
	})
}

// A product of which one term of each sum is not 0 rounds once, fused or not: then the bits are plain Go's too, subnormal results
// among them.
func TestSubnormalProducts(t *testing.T) {
	const n = 37
	r := rand.New(rand.NewPCG(45, 46))
	x, factors := make([]float32, n*n), make([]float32, n*n)
	for i := range x {
		x[i] = float32(r.NormFloat64()) * 0x1p-120
	}
	for i := range n {
		factors[i*n+i] = float32(r.NormFloat64()) * 0x1p-12
	}
	packedFactors, c := make([]float32, PackedLen(n, n)), make([]float32, n*n)
	PackT(packedFactors, factors, n, n)
	for form, p := range map[string]Gemm[float32]{
		"forward": Forward(c, x, factors, nil, n, n, n, false), "packed": ForwardPacked(c, x, packedFactors, nil, n, n, n, true),
		"backward": Backward(c, x, factors, x, n, n, n), "gradient": Gradient(c, factors, x, n, n, n),
	} {
		var want []float32
		everywhere(t, func(name string) {
			p.Run(nil)
			if name == "go" {
				want = slices.Clone(c)
			}
			subnormal := 0
			for i, v := range c {
				if !same32(v, want[i]) && (v != 0 || want[i] != 0) {
					t.Fatalf("%s %s: %b at %d, plain Go %b", name, form, v, i, want[i])
				}
				if v != 0 && v < 0x1p-126 && v > -0x1p-126 {
					subnormal++
				}
			}
			if subnormal < n {
				t.Errorf("%s %s: only %d subnormal results", name, form, subnormal)
			}
		})
	}
}

// Sizes whose product wraps around, which could pass for that of a short slice, are refused, and so are negative ones.
func TestSizesThatNoMemoryHolds(t *testing.T) {
	const wraps = 1 << 32 // wraps·wraps is 0
	short := make([]float32, 64)
	for _, s := range [][3]int{{wraps, wraps, 0}, {wraps, 0, wraps}, {0, wraps, wraps}, {-1, 2, -2}, {1 << 62, 4, 4}, {-4, -4, -4}, {math.MaxInt, 2, 2}} {
		n, out, in := s[0], s[1], s[2]
		for form, f := range map[string]func(){
			"forward":  func() { Forward(short[:0:16], short[16:32], short[32:48], nil, n, out, in, false) },
			"packed":   func() { ForwardPacked(short[:0:16], short[16:32], short[32:48], nil, n, out, in, false) },
			"backward": func() { Backward(short[:0:16], short[16:32], short[32:48], nil, n, out, in) },
			"gradient": func() { Gradient(short[:0:16], short[16:32], short[32:48], n, out, in) },
		} {
			if said := panics(f); !strings.Contains(said, fmt.Sprint(n)) {
				t.Errorf("%s %v: %q", form, s, said)
			}
		}
	}
	if said := panics(func() { PackT(short[:0], nil, wraps, wraps) }); !strings.Contains(said, fmt.Sprint(wraps)) {
		t.Errorf("PackT: %q", said)
	}
	none := Forward(nil, nil, short, nil, 0, 8, 8, false) // no rows are no fault
	none.Run(nil)
}

// panics is what f panics with.
func panics(f func()) (said string) {
	defer func() {
		if v := recover(); v != nil {
			said = fmt.Sprint(v)
		}
	}()
	f()
	return ""
}

// Memory that overlaps in part gives other numbers, but nothing outside the result is written and nothing hangs.
func TestPartlyOverlapping(t *testing.T) {
	everywhere(t, func(name string) {
		for by := 1; by < 20; by++ {
			for _, f := range []func(dst, src []float32){
				func(dst, src []float32) { Times(dst, src, src) },
				func(dst, src []float32) { Difference(dst, src, src, .5) },
				func(dst, src []float32) { SoftmaxRows(dst, src, 7) },
				func(dst, src []float32) { TanhSlice(dst, src) },
				func(dst, src []float32) { SumRows(dst[:7], src) },
				func(dst, src []float32) { AddRow(dst, src[:7]) },
			} {
				g := newGuarded(70+by, func() float32 { return .5 })
				f(g.mid[:70], g.mid[by:])
				f(g.mid[by:], g.mid[:70])
				if g.broken() {
					t.Fatalf("%s, %d apart: written outside", name, by)
				}
			}
		}
	})
}

// A panic in a helper, not in the caller, reaches the caller; the others' chunks are done and the team goes on.
func TestAHelpersPanicReachesTheCaller(t *testing.T) {
	defer Threads(Threads(2))
	for range 10 {
		var begun, helped atomic.Int32
		said := panics(func() {
			share(2, func(t *task) {
				t.run = func(*task, int) {
					begun.Add(1)
					for until := time.Now().Add(10 * time.Second); begun.Load() < 2 && time.Now().Before(until); {
						runtime.Gosched() // both chunks are under way at once, so a helper has one
					}
					room := make([]byte, 1<<14)
					if strings.Contains(string(room[:runtime.Stack(room, false)]), ".help(") {
						helped.Add(1)
						panic("the helper's")
					}
				}
			})
		})
		if helped.Load() != 1 || said != "the helper's" {
			t.Fatalf("%d helpers panicked, the caller heard %q", helped.Load(), said)
		}
	}
	var n atomic.Int32
	if !share(8, func(t *task) { t.run = func(*task, int) { n.Add(1) } }) || n.Load() != 8 {
		t.Errorf("%d chunks after the panics", n.Load())
	}
}
