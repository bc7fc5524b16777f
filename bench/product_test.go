package bench

import (
	"math"
	"testing"

	"gradus/internal/kernel"
	"gradus/mat"
)

// Each form is its product, by three loops in float64; on two threads too.
func TestForms(t *testing.T) {
	defer kernel.Threads(kernel.Threads(1))
	const n = 96
	a, b := pattern(n*n, 37, 1021, 256), pattern(n*n, 53, 1013, 256)
	at := func(v []float32, transposed bool, row, col int) float64 {
		if transposed {
			row, col = col, row
		}
		return float64(v[row*n+col])
	}
	for _, f := range forms {
		for _, threads := range []int{1, 2} {
			kernel.Threads(threads)
			c := make([]float32, n*n)
			f.run(new(kernel.Products[float32]), c, a, b, n)
			for i := range c {
				want := 0.
				for k := range n {
					want += at(a, f.name[0] == 'T', i/n, k) * at(b, f.name[1] == 'T', k, i%n)
				}
				if math.Abs(float64(c[i])-want) > 1e-3 {
					t.Fatalf("%s, threads: %d: element %d is %v, want %v", f.name, threads, i, c[i], want)
				}
			}
		}
	}
}

// The pattern is the one that peers make, by hand.
func TestPattern(t *testing.T) {
	for i, want := range []float32{-510. / 256, -473. / 256, -436. / 256} {
		if got := pattern(3, 37, 1021, 256)[i]; got != want {
			t.Errorf("%d: %v, want %v", i, got, want)
		}
	}
	if got := pattern(29, 37, 1021, 256)[28]; got != (28*37-1021-510)/256. {
		t.Errorf("after a period: %v", got)
	}
}

// An error of a few units in the last place is found, and told in them.
func TestLargestError(t *testing.T) {
	o, h := mat.From([]float32{1, 2}), mat.New[float32](1, 2)
	f := function{"double", func(h, o mat.Matrix[float32]) {
		h.Data[0], h.Data[1] = 2*o.Data[0], 4+3*0x1p-21
	}, func(x float64) float64 { return 2 * x }}
	if got := largestError(f, h, o); got != 3 {
		t.Errorf("%v units, want 3", got)
	}
	if f.exact = nil; largestError(f, h, o) != 0 {
		t.Error("an error of what has no exact value")
	}
	for _, f := range functions() {
		o, h := mat.From(pattern(100, 37, 4099, 512)), mat.New[float32](1, 100)
		for i, v := range o.Data {
			o.Data[i] = float32(math.Abs(float64(v))) + 1 // log is of what is above 0
		}
		if got := largestError(f, h, o); !(got <= 3) || f.exact != nil && got == 0 {
			t.Errorf("%s is %v units off", f.name, got)
		}
	}
}
