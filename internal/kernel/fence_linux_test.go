package kernel

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// fenced is a copy of list that ends where memory ends: reading one number beyond it kills the test.
func fenced[T Float](t *testing.T, list []T) []T {
	t.Helper()
	if len(list) == 0 {
		return list
	}
	page := syscall.Getpagesize()
	size := (sizeOf[T]()*len(list) + page - 1) / page * page
	memory, err := syscall.Mmap(-1, 0, size+page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(memory) })
	if err := syscall.Mprotect(memory[size:], syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	end := unsafe.Slice((*T)(unsafe.Pointer(&memory[size-sizeOf[T]()*len(list)])), len(list))
	copy(end, list)
	return end
}

// TestReadsNothingOutside: guards show what is written outside, this what is read there.
func TestReadsNothingOutside(t *testing.T) {
	t.Run("float32", readsNothingOutside[float32])
	t.Run("float64", readsNothingOutside[float64])
}

func readsNothingOutside[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	shapes := [][3]int{{1, 40, 9}, {3, 1, 5}, {12, 8, 4}, {50, 70, 300}, {7, 33, 600}}
	for range times(30) {
		n, out, in := randomShape(r)
		shapes = append(shapes, [3]int{n, out, in})
	}
	for _, f := range forms[T]() {
		for _, s := range shapes {
			p := f.build(s[0], s[1], s[2], r)
			g := &p.product
			for _, list := range []*[]T{&g.a, &g.b, &g.c, &g.bias, &g.gate} {
				*list = fenced(t, *list)
			}
			p.c.mid = g.c
			p.checkChains(t, fmt.Sprintf("%s %v", f.name, s))
		}
	}
	for cols := 1; cols < 70; cols++ {
		m, sums := fenced(t, make([]T, 5*cols)), fenced(t, make([]T, cols))
		everywhere(t, func(string) { SumRows(sums, m) })
	}
	for cols := 1; cols < 50; cols++ {
		for _, way := range normWays {
			w := newNormWork(3, cols, func(n int) []float32 { return fenced(t, make([]float32, n)) })
			everywhere(t, func(string) { w.through(way) })
		}
		x, mask := fenced(t, make([]float32, 5*cols)), fenced(t, make([]float32, 5*cols))
		to, order := fenced(t, make([]float32, 3*cols)), []int{4, 0, 4}
		everywhere(t, func(string) {
			Drop(x, mask, x, Chance{}, .5)
			Gather(to, x, cols, order)
			SoftmaxRows(x, x, cols)
		})
	}
}

// TestLanesReadNothingOutside: the same of the routines of lanes, whose tails NEON reads number by number.
func TestLanesReadNothingOutside(t *testing.T) {
	for n := 1; n <= 40; n++ {
		x, y, z := fenced(t, grid(n, 1)), fenced(t, grid(n, 2)), fenced(t, grid(n, 3))
		w := weights{}
		for i := range w {
			w[i].mid = fenced(t, grid(n, uint32(i)))
		}
		everyLane(t, func(string) {
			for _, k := range knownFunctions() {
				k.apply(y, x)
			}
			ApplySlope(TanhOf, z, y, x)
			for _, rule := range rulesInGo {
				rule.lanes(nil, w)
			}
			Ahead(x, y, z, tGamma)
			BinaryLogits(z, x, y, 1)
			SquaredError(z, x, y, 1)
			Difference(z, x, y, 1)
			AddScaled(z, x, 2)
			SquareSum(x)
			Scale(z, 2)
			Times(z, x, y)
			SoftmaxRows(z, x, n)
			CrossEntropyLogits(z, x, []float32{0}, n, 1)
			AddRow(z, x)
		})
	}
}
