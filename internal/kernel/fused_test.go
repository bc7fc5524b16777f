package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// logits are numbers of a wide spread, some of them equal.
func logits(r *rand.Rand) func() float32 {
	return func() float32 {
		if r.IntN(5) == 0 {
			return 2
		}
		return float32(r.NormFloat64() * 30)
	}
}

// Softmax rows of every width against float64: 4 ulp, nothing outside, the same bits by all instructions with lanes, alone and among
// others, in place and apart.
func TestSoftmaxRows(t *testing.T) {
	everywhere(t, func(name string) {
		for cols := 1; cols <= 70; cols++ {
			r := rand.New(rand.NewPCG(uint64(cols), 4))
			rows := 1 + cols%5 + cols%3*17
			x, y := newGuarded(rows*cols, logits(r)), newGuarded(rows*cols, logits(r))
			SoftmaxRows(y.mid, x.mid, cols)
			alone := make([]float32, cols)
			for at := 0; at < rows*cols; at += cols {
				row := x.mid[at : at+cols]
				sum, top := 0.0, float64(row[Largest(row)])
				for _, v := range row {
					sum += Exp(float64(v) - top)
				}
				SoftmaxRow(alone, row)
				for i, v := range row {
					want := Exp(float64(v)-top) / sum
					if u := ulps(y.mid[at+i], want); u > 4 || alone[i] != y.mid[at+i] {
						t.Fatalf("%s, %d columns: %v, alone %v, want %v, %v ulp", name, cols, y.mid[at+i], alone[i], want, u)
					}
				}
			}
			SoftmaxRows(x.mid, x.mid, cols)
			for i, v := range x.mid {
				if v != y.mid[i] {
					t.Fatalf("%s, %d columns in place: %v, apart %v", name, cols, v, y.mid[i])
				}
			}
			if x.broken() || y.broken() {
				t.Fatalf("%s, %d columns: written outside", name, cols)
			}
		}
	})
}

// A row with NaN or +Inf, or all −Inf, is NaN; −Inf beside a number is 0. Rows before and after stay what they are.
func TestSoftmaxRowsSpecial(t *testing.T) {
	inf, not := float32(math.Inf(1)), float32(math.NaN())
	everywhere(t, func(name string) {
		for _, cols := range []int{1, 3, 16, 17, 40} {
			for _, bad := range []float32{not, inf, -inf} {
				for place := range cols {
					x := make([]float32, 3*cols)
					x[cols+place] = bad
					y := make([]float32, 3*cols)
					SoftmaxRows(y, x, cols)
					for i, v := range y {
						want := 1 / float64(cols)
						switch inRow := i >= cols && i < 2*cols; {
						case inRow && (bad != -inf || cols == 1):
							want = math.NaN()
						case inRow && i == cols+place:
							want = 0
						case inRow:
							want = 1 / float64(cols-1)
						}
						if ulps(v, want) > 3 {
							t.Fatalf("%s: %v at %d of %d gives %v at %d, want %v", name, bad, place, cols, v, i, want)
						}
					}
				}
			}
		}
		SoftmaxRows([]float32{}, nil, 4)
		SoftmaxRows([]float32{}, nil, 0)
	})
}

// Cost and gradient in one pass against float64.
func TestCrossEntropyLogits(t *testing.T) {
	var first map[int][]float32
	everywhere(t, func(name string) {
		seen := map[int][]float32{}
		for cols := 1; cols <= 40; cols += 3 {
			r := rand.New(rand.NewPCG(uint64(cols), 5))
			n := 150 / cols * 3
			o, do, class := newGuarded(n*cols, logits(r)), newGuarded(n*cols, logits(r)), make([]float32, n)
			for i := range class {
				class[i] = float32(r.IntN(cols))
			}
			got := CrossEntropyLogits(do.mid, o.mid, class, cols, 1/float32(n))
			want := 0.0
			for i := range n {
				row, p := o.mid[i*cols:(i+1)*cols], make([]float64, cols)
				for j, v := range row {
					p[j] = float64(v)
				}
				top, rest := restOfSum(p)
				want += top + Log1p(rest) - p[int(class[i])]
				SoftmaxRow(p, p)
				p[int(class[i])]--
				for j, v := range p {
					if d := math.Abs(float64(do.mid[i*cols+j])*float64(n) - v); d > 4e-7*math.Max(math.Abs(v), .5) {
						t.Fatalf("%s: gradient %v, want %v", name, do.mid[i*cols+j]*float32(n), v)
					}
				}
			}
			if math.Abs(got-want) > 1e-6*want+1e-7*float64(n) || do.broken() {
				t.Errorf("%s, %d columns: cost %v, want %v", name, cols, got, want)
			}
			seen[cols] = append(do.mid, float32(got))
		}
		if isa != plainGo {
			first = sameAs(t, name, first, seen)
		}
	})
}

// sameAs compares with what an earlier instruction set gave.
func sameAs(t *testing.T, name string, first, now map[int][]float32) map[int][]float32 {
	t.Helper()
	for key, list := range first {
		for i, v := range list {
			if !same32(v, now[key][i]) {
				t.Fatalf("%s, case %d: number %d is %v, with other instructions %v", name, key, i, now[key][i], v)
			}
		}
	}
	return now
}

func TestCrossEntropyOfNoClass(t *testing.T) {
	everywhere(t, func(name string) {
		for _, c := range []float32{-1, 3, .5, float32(math.NaN()), float32(math.Inf(1))} {
			do := make([]float32, 6)
			if sum := CrossEntropyLogits(do, []float32{1, 2, 3, 4, 5, 6}, []float32{0, c}, 3, 1); sum == sum {
				t.Errorf("%s, class %v: cost %v", name, c, sum)
			}
			if do[1] != do[1] || do[3] == do[3] || do[4] == do[4] || do[5] == do[5] {
				t.Errorf("%s, class %v: gradient %v", name, c, do)
			}
		}
		if CrossEntropyLogits(nil, nil, nil, 3, 1) != 0 {
			t.Errorf("%s: the cost of no rows", name)
		}
	})
}

// binary64 is cost and gradient of one element.
func binary64(o, y float64) (cost, slope float64) {
	positive := func(x float64) float64 { return max(x, 0) + Log1p(Exp(-math.Abs(x))) }
	if y != 0 {
		cost += y * positive(-o)
	}
	if y != 1 {
		cost += (1 - y) * positive(o)
	}
	return cost, (1-y)*Sigmoid(o) - y*Sigmoid(-o)
}

func TestBinaryLogits(t *testing.T) {
	var first map[int][]float32
	everywhere(t, func(name string) {
		seen := map[int][]float32{}
		for n := range 80 {
			r := rand.New(rand.NewPCG(uint64(n), 6))
			o, do := newGuarded(n, logits(r)), newGuarded(n, logits(r))
			y := newGuarded(n, func() float32 { return float32(r.IntN(3)) / 2 })
			got, want := BinaryLogits(do.mid, o.mid, y.mid, .25), 0.0
			for i, v := range o.mid {
				cost, slope := binary64(float64(v), float64(y.mid[i]))
				want += cost
				if d := math.Abs(4*float64(do.mid[i]) - slope); d > 3e-7*math.Abs(slope) && d > 1.2e-7*float64(y.mid[i])*float64(1-y.mid[i]) && d > 1e-37 {
					t.Fatalf("%s at %v of %v: gradient %v, want %v", name, v, y.mid[i], 4*do.mid[i], slope)
				}
			}
			if math.Abs(got-want) > 3e-7*want || do.broken() {
				t.Errorf("%s, %d: cost %v, want %v", name, n, got, want)
			}
			seen[n] = append(do.mid, float32(got))
		}
		if isa != plainGo {
			first = sameAs(t, name, first, seen)
		}
	})
}

func TestBinaryLogitsSpecial(t *testing.T) {
	inf, not := float32(math.Inf(1)), float32(math.NaN())
	everywhere(t, func(name string) {
		for _, c := range []struct {
			o, y, slope float32
			cost        float64
		}{
			{inf, 1, 0, 0},
			{-inf, 0, 0, 0},
			{inf, 0, 1, math.Inf(1)},
			{-inf, 1, -1, math.Inf(1)},
			{0, 1, -.5, Log(2)},
			{-200, 1, -1, 200},
			{not, 1, not, math.NaN()},
			{1, not, not, math.NaN()},
		} {
			do := []float32{9}
			cost := BinaryLogits(do, []float32{c.o}, []float32{c.y}, 1)
			if !same32(do[0], c.slope) && do[0] != c.slope || ulps(float32(cost), c.cost) > 2 {
				t.Errorf("%s at %v of %v: %v, %v, want %v, %v", name, c.o, c.y, cost, do[0], c.cost, c.slope)
			}
		}
	})
}

// The differences are single operations and equal Go's; their sum of squares is that of float64 up to its own rounding.
func TestSquaredError(t *testing.T) {
	everywhere(t, func(name string) {
		for n := range 80 {
			r := rand.New(rand.NewPCG(uint64(n), 7))
			h, y, do, other := newGuarded(n, normals(r)), newGuarded(n, normals(r)), newGuarded(n, normals(r)), newGuarded(n, normals(r))
			got, want := SquaredError(do.mid, h.mid, y.mid, .1), 0.0
			Difference(other.mid, h.mid, y.mid, .1)
			for i, v := range h.mid {
				d := v - y.mid[i]
				want += float64(d) * float64(d)
				if do.mid[i] != d*.1 || other.mid[i] != d*.1 {
					t.Fatalf("%s: %v − %v gives %v and %v", name, v, y.mid[i], do.mid[i], other.mid[i])
				}
			}
			if math.Abs(got-want) > 1e-14*want || do.broken() || other.broken() {
				t.Errorf("%s, %d: %v, want %v", name, n, got, want)
			}
		}
	})
}

func TestSquareSumAndScale(t *testing.T) {
	everywhere(t, func(name string) {
		for _, n := range []int{0, 1, 5, 16, 31, 100, 3*Chunk + 7} {
			r := rand.New(rand.NewPCG(uint64(n), 8))
			x, want := newGuarded(n, func() float32 { return float32(r.NormFloat64() * 1e30) }), 0.0
			before := append([]float32{}, x.mid...)
			for _, v := range x.mid {
				want += float64(v) * float64(v)
			}
			if sum, done := SquareSum(x.mid); done != (isa != plainGo) || done && math.Abs(sum-want) > 1e-12*want {
				t.Errorf("%s: Σx² = %v, want %v", name, sum, want)
			}
			Scale(x.mid, .3)
			for i, v := range before {
				if x.mid[i] != float32(float64(v)*.3) || x.broken() {
					t.Fatalf("%s: %v·.3 = %v", name, v, x.mid[i])
				}
			}
		}
	})
}

// AddRow gives the bits of Go.
func TestAddRow(t *testing.T) {
	everywhere(t, func(name string) {
		for cols := 1; cols < 50; cols++ {
			r := rand.New(rand.NewPCG(uint64(cols), 9))
			m, row := newGuarded(3*cols, normals(r)), newGuarded(cols, normals(r))
			before := append([]float32{}, m.mid...)
			AddRow(m.mid, row.mid)
			for i, v := range before {
				if m.mid[i] != v+row.mid[i%cols] || m.broken() || row.broken() {
					t.Fatalf("%s, %d columns: %v + %v = %v", name, cols, v, row.mid[i%cols], m.mid[i])
				}
			}
		}
		AddRow([]float32{}, []float32{1})
	})
}

func BenchmarkCosts(b *testing.B) {
	everyLane(b, func(name string) {
		for _, cols := range []int{3, 10, 128, 1024} {
			x, y := make([]float32, 64*cols), make([]float32, 64*cols)
			class := make([]float32, 64)
			for i := range x {
				x[i] = float32(i%17) - 8
			}
			report := func(b *testing.B) {
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(x)), "ns/element")
			}
			b.Run(fmt.Sprint(name, "/softmax/", cols), func(b *testing.B) {
				for b.Loop() {
					SoftmaxRows(y, x, cols)
				}
				report(b)
			})
			b.Run(fmt.Sprint(name, "/cross-entropy/", cols), func(b *testing.B) {
				for b.Loop() {
					CrossEntropyLogits(y, x, class, cols, .1)
				}
				report(b)
			})
			b.Run(fmt.Sprint(name, "/binary/", cols), func(b *testing.B) {
				for b.Loop() {
					BinaryLogits(y, x, x, .1)
				}
				report(b)
			})
		}
	})
}
