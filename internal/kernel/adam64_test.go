package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Adam in float64 has the bits of its formula in Go, with any instructions and on any cores, and writes nowhere else.
func TestAdam64(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	s := AdamStep[float64]{Beta1: .9, Share1: 1 - .9, Beta2: .999, Share2: 1 - .999, Keep: .998, Alpha: .0123, Epsilon: 1e-8, First: 1, Second: .37, Double: true}
	special := []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 5e-324, 1e-200, 1e200}
	for _, n := range []int{0, 1, 7, 8, 9, 100, piece, 3*piece + 13} {
		fill := normalsOf[float64](r)
		w, g, m, v := newGuarded(n, fill), newGuarded(n, fill), newGuarded(n, fill), newGuarded(n, func() float64 { return r.ExpFloat64() })
		for i := range n / 20 {
			g.mid[r.IntN(n)] = special[i%len(special)]
			v.mid[r.IntN(n)] = special[(i+3)%len(special)]
		}
		want := [3][]float64{slices.Clone(w.mid), slices.Clone(m.mid), slices.Clone(v.mid)}
		for i, x := range g.mid {
			want[1][i] = float64(s.Beta1*want[1][i]) + float64(s.Share1*x)
			want[2][i] = float64(s.Beta2*want[2][i]) + float64(s.Share2*x*x)
			want[0][i] = float64(s.Keep*want[0][i]) - float64(s.Alpha*want[1][i])/(math.Sqrt(want[2][i])/s.Second+s.Epsilon)
		}
		everywhere(t, func(name string) {
			for _, cores := range []int{1, 2} {
				before := Threads(cores)
				a, b, c := newGuarded(n, fill), newGuarded(n, fill), newGuarded(n, fill)
				copy(a.mid, w.mid)
				copy(b.mid, m.mid)
				copy(c.mid, v.mid)
				if done := Adam(nil, a.mid, g.mid, b.mid, c.mid, nil, s); done != (isa >= avx2) {
					t.Fatalf("%s: done %v", name, done)
				} else if done {
					for k, x := range []fence[float64]{a, b, c} {
						if i := apartAt(x.mid, want[k]); i >= 0 || x.broken() || g.broken() {
							t.Fatalf("%s, %d weights on %d cores: vector %d at %d, broken %v", name, n, cores, k, i, x.broken())
						}
					}
				}
				Threads(before)
			}
		})
	}
	one := []float64{1}
	if Adam(&Before{Scale: 1}, one, one, one, one, nil, s) || Adam(nil, one, one, one, one, one, s) {
		t.Error("took what it does not do")
	}
}

// apartAt is the first place where two vectors have other bits, one NaN being as good as another; −1: nowhere.
func apartAt(a, b []float64) int {
	for i, x := range a {
		if math.Float64bits(x) != math.Float64bits(b[i]) && (x == x || b[i] == b[i]) {
			return i
		}
	}
	return -1
}

func TestAdam64Allocates(t *testing.T) {
	n := 3 * piece
	w, g, m, v := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	if n := testing.AllocsPerRun(5, func() { Adam(nil, w, g, m, v, nil, AdamStep[float64]{Second: 1, Epsilon: 1, Double: true}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
