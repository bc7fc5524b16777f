package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// Rows in any order, some twice: the bits of the rows, NaN's too, and nothing outside.
func TestGather(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	for _, s := range append(shapesTo(70, 100, times(150), r), [3]int{9, 0, 4}, [3]int{5, 3, 0}, [3]int{3, piece + 9, 5}, [3]int{1000, 1, 1000}) {
		rows, cols := s[0], s[1]
		src, order := newGuarded(rows*cols, func() float32 { return math.Float32frombits(r.Uint32()) }), make([]int, s[2])
		for i := range order {
			order[i] = r.IntN(rows)
		}
		everywhere(t, func(name string) {
			dst, double := newGuarded(len(order)*cols, normals(r)), make([]float64, len(order)*cols)
			wide := make([]float64, rows*cols)
			for i, v := range src.mid {
				wide[i] = float64(v)
			}
			Gather(dst.mid, src.mid, cols, order)
			Gather(double, wide, cols, order)
			for i, v := range dst.mid {
				want := src.mid[order[i/cols]*cols+i%cols]
				if math.Float32bits(v) != math.Float32bits(want) || !same32(float32(double[i]), want) {
					t.Fatalf("%s %v: element %d is %v, in float64 %v, want %v", name, s, i, v, double[i], want)
				}
			}
			if dst.broken() || src.broken() {
				t.Fatalf("%s %v: written outside", name, s)
			}
			if n := testing.AllocsPerRun(1, func() { Gather(dst.mid, src.mid, cols, order) }); n != 0 {
				t.Fatalf("%s: %v allocations", name, n)
			}
		})
	}
}

// shapesTo are n shapes of up to rows × cols, and a count up to rows.
func shapesTo(rows, cols, n int, r *rand.Rand) (list [][3]int) {
	for range n {
		list = append(list, [3]int{1 + r.IntN(rows), 1 + r.IntN(cols), r.IntN(rows)})
	}
	return list
}

// A row that is not there is never read.
func TestGatherRefuses(t *testing.T) {
	everywhere(t, func(name string) {
		for _, cols := range []int{1, 3, 40} {
			for _, row := range []int{-1, 4, math.MaxInt / 2} {
				func() {
					defer func() {
						if recover() == nil {
							t.Errorf("%s: row %d of 4 was gathered", name, row)
						}
					}()
					Gather(make([]float32, 2*cols), make([]float32, 4*cols), cols, []int{0, row})
				}()
			}
		}
	})
}

func BenchmarkGather(b *testing.B) {
	for _, cols := range []int{8, 30, 784} {
		src, dst, order := make([]float32, 600*cols), make([]float32, 32*cols), make([]int, 32)
		for i := range order {
			order[i] = i * 37 % 600
		}
		everywhere(b, func(name string) {
			b.Run(fmt.Sprint(cols, "/", name), func(b *testing.B) {
				for b.Loop() {
					Gather(dst, src, cols, order)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(dst)), "ns/element")
			})
		})
	}
}
