package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// A shared product has the bits of the same product run by one core, for every form, with any number of cores.
func TestShareGivesTheSameBits(t *testing.T) {
	t.Run("float32", shareGivesTheSameBits[float32])
	t.Run("float64", shareGivesTheSameBits[float64])
}

func shareGivesTheSameBits[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	draw := func(n int) []T {
		v := make([]T, n)
		for i := range v {
			v[i] = T(r.NormFloat64())
		}
		return v
	}
	for _, size := range [][3]int{{64, 128, 784}, {64, 10, 128}, {256, 10, 1024}, {100, 333, 77}, {256, 512, 700}, {1, 1000, 1000}, {1000, 1, 100}} {
		n, out, in := size[0], size[1], size[2]
		if testing.Short() && n*out*in > 2e7 {
			continue
		}
		x, w, do, bias, h := draw(n*in), draw(out*in), draw(n*out), draw(out), draw(n*in)
		for form, product := range map[string]func(c []T) Gemm[T]{
			"forward":  func(c []T) Gemm[T] { return Forward(c, x, w, bias, n, out, in, true) },
			"backward": func(c []T) Gemm[T] { return Backward(c, do, w, h, n, out, in) },
			"gradient": func(c []T) Gemm[T] { return Gradient(c, do, x, n, out, in) },
		} {
			alone, together := make([]T, max(n*out, n*in, out*in)), make([]T, max(n*out, n*in, out*in))
			p := product(alone)
			p.Run(nil)
			for _, cores := range []int{2, 3, 8} {
				before := Threads(cores)
				p = product(together)
				p.Share(nil)
				Threads(before)
				if i := differs(alone, together); i >= 0 {
					t.Fatalf("%s %v with %d cores: element %d is %v, alone %v", form, size, cores, i, together[i], alone[i])
				}
			}
		}
	}
}

func differs[T Float](a, b []T) int {
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return -1
}

func BenchmarkShareMLP(b *testing.B) {
	for _, cores := range []int{1, 2} {
		for _, size := range [][3]int{{64, 128, 784}, {64, 10, 128}, {256, 1024, 784}, {256, 1024, 1024}, {256, 10, 1024}} {
			n, out, in := size[0], size[1], size[2]
			x, w, do, c := make([]float32, n*in), make([]float32, out*in), make([]float32, n*out), make([]float32, max(n*out, n*in, out*in))
			for _, v := range [][]float32{x, w, do} {
				for i := range v {
					v[i] = float32(i%7) - 3
				}
			}
			for form, p := range map[string]Gemm[float32]{
				"forward": Forward(c, x, w, nil, n, out, in, false), "backward": Backward(c, do, w, nil, n, out, in),
				"gradient": Gradient(c, do, x, n, out, in),
			} {
				b.Run(fmt.Sprintf("%v/%s/%d", size, form, cores), func(b *testing.B) {
					defer Threads(Threads(cores))
					var s Scratch
					for b.Loop() {
						p.Share(&s)
					}
					b.ReportMetric(2*float64(n)*float64(out)*float64(in)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
				})
			}
		}
	}
}

// The core with most to do has little more than its share.
func TestEvenly(t *testing.T) {
	for _, c := range []struct{ length, unit, cores, most int }{
		{784, 32, 2, 400}, {128, 32, 2, 64}, {1024, 32, 2, 512}, {256, 14, 2, 140}, {1000, 32, 3, 352}, {10, 32, 8, 10},
	} {
		size := evenly(c.length, c.unit, c.cores)
		loads := make([]int, c.cores)
		for at := 0; at < c.length; at += size {
			free := 0
			for i := range loads {
				if loads[i] < loads[free] {
					free = i
				}
			}
			loads[free] += min(size, c.length-at)
		}
		most := 0
		for _, l := range loads {
			most = max(most, l)
		}
		if size%c.unit != 0 || most > c.most {
			t.Errorf("%+v: chunks of %d leave one core %d", c, size, most)
		}
	}
}

// The first large product of a program finds the team undecided.
func TestShareDecidesTheTeam(t *testing.T) {
	defer Threads(Threads(1))
	crew.size.Store(0)
	p := Forward(make([]float32, 64*128), make([]float32, 64*784), make([]float32, 128*784), nil, 64, 128, 784, false)
	p.Share(nil) // in plain Go alone, without asking
	share(2, func(t *task) { t.run = func(*task, int) {} })
	if crew.size.Load() < 1 {
		t.Error("still undecided")
	}
}
