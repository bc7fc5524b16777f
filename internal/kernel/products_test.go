package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Products of float64 are the plain source's, bit for bit, until they are fused; fused they are chains that round once a step, in every
// call that is kept, alone or shared, with AVX-512 or AVX2.
func TestFusedProducts(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	for _, shape := range [][3]int{{32, 16, 30}, {7, 1, 9}, {1, 40, 20}, {64, 70, 128}, {130, 96, 41}} {
		n, out, in := shape[0], shape[1], shape[2]
		fill := normalsOf[float64](r)
		x, w, do, bias := newGuarded(n*in, fill).mid, newGuarded(out*in, fill).mid, newGuarded(n*out, fill).mid, newGuarded(out, fill).mid
		h, dx, dw := make([]float64, n*out), make([]float64, n*in), make([]float64, out*in)
		run := func(s *Products[float64]) [][]float64 {
			s.Affine(h, x, w, bias, n, out, in, false)
			s.Mul(dx, do, w, nil, n, out, in)
			s.MulTA(dw, do, x, n, out, in)
			return [][]float64{slices.Clone(h), slices.Clone(dx), slices.Clone(dw)}
		}
		plain := [][]float64{make([]float64, n*out), make([]float64, n*in), make([]float64, out*in)}
		MulT(plain[0], x, w, n, out, in)
		AddRow(plain[0], bias)
		Mul(plain[1], do, w, n, out, in)
		MulTA(plain[2], do, x, n, out, in)
		chains := chainsOf(h, x, w, bias, dx, do, dw, n, out, in)
		everywhere(t, func(name string) {
			for _, cores := range []int{1, 2} {
				before := Threads(cores)
				var exact Products[float64]
				fused := Products[float64]{Fused: true}
				for range often + 4 {
					if !alike(run(&exact), plain) {
						t.Fatalf("%s %v: the exact products are not the plain ones", name, shape)
					}
					want := chains
					if !assembled[float64]() {
						want = plain
					}
					if !alike(run(&fused), want) {
						t.Fatalf("%s %v on %d cores: the fused products are no chains", name, shape, cores)
					}
				}
				Threads(before)
			}
		})
	}
}

// chainsOf is what TestProductChains expects of the three products of a step.
func chainsOf(h, x, w, bias, dx, do, dw []float64, n, out, in int) [][]float64 {
	var list [][]float64
	for _, p := range []Gemm[float64]{Forward(h, x, w, bias, n, out, in, false), Backward(dx, do, w, nil, n, out, in), Gradient(dw, do, x, n, out, in)} {
		rows, cols := p.Size()
		c := make([]float64, rows*cols)
		for i := range c {
			c[i] = p.chained(i/cols, i%cols)
		}
		list = append(list, c)
	}
	return list
}

func alike[T Float](a, b [][]T) bool { return slices.EqualFunc(a, b, slices.Equal[[]T]) }

// Only fused products of float64 have a packed w.
func TestPackOfDouble(t *testing.T) {
	everywhere(t, func(name string) {
		for _, fused := range []bool{false, true} {
			s := Products[float64]{Fused: fused}
			var to []float64
			if got := s.Pack(&to, make([]float64, 12), 3, 4); got != (fused && assembled[float64]()) {
				t.Errorf("%s, fused %v: packs %v", name, fused, got)
			}
		}
	})
}

// The products of a step whose batch lies elsewhere each time, with ReLU and its gate inside, are those of the same calls made once.
func TestProductsOfMovingBatches(t *testing.T) {
	r := rand.New(rand.NewPCG(43, 44))
	for _, shape := range [][3]int{{32, 16, 30}, {7, 1, 9}, {1, 40, 20}, {64, 70, 128}} {
		n, out, in := shape[0], shape[1], shape[2]
		w, bias, do := newGuarded(out*in, normals(r)).mid, newGuarded(out, normals(r)).mid, newGuarded(n*out, normals(r)).mid
		h, dx, dw := make([]float32, n*out), make([]float32, n*in), make([]float32, out*in)
		run := func(s *Products[float32], x []float32) [][]float32 {
			s.Affine(h, x, w, bias, n, out, in, true)
			s.MulTA(dw, do, x, n, out, in)
			s.Mul(dx, do, w, x, n, out, in) // x in the place of the h of a layer below
			return [][]float32{slices.Clone(h), slices.Clone(dx), slices.Clone(dw)}
		}
		everywhere(t, func(name string) {
			var kept Products[float32]
			if !kept.Epilogue() {
				return
			}
			for i := range 3 * often {
				x := newGuarded(n*in, normals(r)).mid
				kept.back = repeated[float32]{} // the gate stays in its place, which this test's x does not
				if got, want := run(&kept, x), run(new(Products[float32]), x); !alike(got, want) {
					t.Fatalf("%s %v: batch %d differs", name, shape, i)
				}
			}
		})
	}
	overlapping := func() {
		var s Products[float32]
		memory := make([]float32, 100)
		for i := range 2 * often {
			x := memory[:16]
			if i > often+2 {
				x = memory[86:] // where h is written
			}
			s.Affine(memory[84:], x[:4], memory[20:36], nil, 1, 4, 4, false)
		}
	}
	if ISA() != "go" && panics(overlapping) == "" {
		t.Error("a batch that moves over the result is taken")
	}
}
