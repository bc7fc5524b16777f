package kernel

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
)

// The environment chooses the instructions, as for the program: GRADUS_ISA=avx2 go test -bench Layers ./internal/kernel.
func init() {
	if name := os.Getenv("GRADUS_ISA"); name != "" {
		if err := Use(name); err != nil {
			panic(err)
		}
	}
}

func rate(b *testing.B, flops int) {
	b.ReportMetric(float64(flops)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
}

// benchmarkForms are the three products of a layer (n,out,in).
func benchmarkForms[T Float](b *testing.B, n, out, in int) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, name := range []string{"forward+bias+relu", "packed+bias+relu", "gradient", "backward+gate"} {
		for _, f := range forms[T]() {
			if f.name != name {
				continue
			}
			p := f.build(n, out, in, r).product.Fix()
			b.Run(fmt.Sprintf("%s/%dx%d-%d", name, n, in, out), func(b *testing.B) {
				for b.Loop() {
					p.Run()
				}
				rate(b, 2*n*out*in)
			})
		}
	}
}

func BenchmarkLayers(b *testing.B) {
	for _, s := range [][3]int{{32, 16, 30}, {32, 8, 16}, {32, 1, 8}, {64, 128, 784}, {64, 10, 128}, {256, 1024, 784}, {256, 1024, 1024}, {256, 10, 1024}, {1024, 2048, 2048}} {
		benchmarkForms[float32](b, s[0], s[1], s[2])
	}
}

func BenchmarkSquares(b *testing.B) {
	for _, n := range []int{128, 256, 512, 1024, 2048} {
		benchmarkForms[float32](b, n, n, n)
	}
}

func BenchmarkSquares64(b *testing.B) {
	for _, n := range []int{128, 256, 512, 1024, 2048} {
		benchmarkForms[float64](b, n, n, n)
	}
}

func BenchmarkOneRow(b *testing.B) {
	for _, s := range [][2]int{{16, 30}, {8, 16}, {1, 8}, {128, 784}, {10, 128}, {1024, 784}} {
		benchmarkForms[float32](b, 1, s[0], s[1])
	}
}

func BenchmarkPack(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range [][2]int{{16, 30}, {8, 16}, {128, 784}, {1024, 1024}} {
		w, dst := newGuarded(s[0]*s[1], normals(r)), make([]float32, PackedLen(s[0], s[1]))
		b.Run(fmt.Sprintf("%dx%d", s[0], s[1]), func(b *testing.B) {
			for b.Loop() {
				PackT(dst, w.mid, s[0], s[1])
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*s[0]*s[1]), "ns/element")
		})
	}
}
