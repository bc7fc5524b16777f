package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// normWork is a Norm with its matrices and running statistics, each where room gives it.
type normWork[T Float] struct {
	Norm[T]
	x, o, do, dx, mean, variance []T
}

func newNormWork[T Float](rows, cols int, room func(n int) []T) *normWork[T] {
	return &normWork[T]{
		Norm[T]{
			cols, 1e-5, room(cols), room(cols), room(cols), room(cols), room(cols), room(cols), room(max(rows, cols)), room(rows * cols),
		},
		room(rows * cols), room(rows * cols), room(rows * cols), room(rows * cols), room(cols), room(cols),
	}
}

func plainRoom[T Float](n int) []T { return make([]T, n) }

// vectors are all there is, by name.
func (w *normWork[T]) vectors() []vectorOf[T] {
	return []vectorOf[T]{
		{"x", w.x},
		{"do", w.do},
		{"γ", w.Gamma},
		{"β", w.Beta},
		{"mean", w.Mean},
		{"variance", w.Variance},
		{"scale", w.Scale},
		{"x̂", w.Xhat},
		{"o", w.o},
		{"dγ", w.DGamma},
		{"dβ", w.DBeta},
		{"dx", w.dx},
		{"running mean", w.mean},
		{"running variance", w.variance},
	}
}

type vectorOf[T Float] struct {
	name string
	v    []T
}

// fill sets every vector from draw; variances are not negative.
func (w *normWork[T]) fill(draw func() float32) *normWork[T] {
	for _, v := range w.vectors() {
		for i := range v.v {
			v.v[i] = T(draw())
		}
	}
	for _, v := range [][]T{w.variance, w.Variance} {
		for i, x := range v {
			v[i] = x * x
		}
	}
	return w
}

// as is a copy of w in another precision or place.
func as[U, T Float](w *normWork[T], room func(n int) []U) *normWork[U] {
	to := newNormWork(len(w.x)/max(w.Width, 1), w.Width, room)
	from := w.vectors()
	for i, v := range to.vectors() {
		for j, x := range from[i].v {
			v.v[j] = U(x)
		}
	}
	return to
}

// through runs one of normWays forward and back.
func (w *normWork[T]) through(way string) *normWork[T] {
	switch way {
	case "layer":
		w.ByRow(w.o, w.x)
		w.BackByRow(w.dx, w.do)
	default:
		w.ByColumn(w.o, w.x, way == "batch")
		w.BackByColumn(w.dx, w.do)
		w.Settle(w.mean, w.variance, .1, len(w.x)/max(w.Width, 1))
	}
	return w
}

var normWays = []string{"batch", "running", "layer"}

// eachNorm runs visit for widths and row counts of all kinds, every one with fresh numbers, some around a mean far from 0.
func eachNorm(t *testing.T, visit func(w *normWork[float32], way string)) {
	t.Helper()
	r := rand.New(rand.NewPCG(41, 42))
	shapes := [][2]int{{1, 1}, {2, 1}, {1, 100}, {64, 64}, {513, 70}, {33, 1200}, {3, Chunk + 5}, {5000, 3}, {300, 300}}
	for range times(120) {
		shapes = append(shapes, [2]int{1 + r.IntN(70), 1 + r.IntN(100)})
	}
	for _, s := range shapes {
		if testing.Short() && s[0]*s[1] > 1e4 {
			continue
		}
		for _, way := range normWays {
			middle := float32(r.IntN(3))
			w := newNormWork(s[0], s[1], plainRoom[float32]).fill(func() float32 { return middle + float32(r.NormFloat64()) })
			visit(w, way)
		}
	}
}

// Batch normalisation has the bits of Go by every set of instructions; layer normalisation those of 16 accumulators. Nothing is written
// outside.
func TestNormBits(t *testing.T) {
	eachNorm(t, func(w *normWork[float32], way string) { checkNormBits(t, w, way) })
}

func checkNormBits(t *testing.T, w *normWork[float32], way string) {
	t.Helper()
	want := inGo(w, way)
	everyLane(t, func(name string) {
		if !inWideLanes[float32]() { // plain Go, where a row has one sum
			return
		}
		var guards []guarded
		got := as(w, func(n int) []float32 {
			guards = append(guards, newGuarded(n, func() float32 { return 0 }))
			return guards[len(guards)-1].mid
		}).through(way)
		sameNorm(t, name+" "+way, got, want)
		for _, g := range guards {
			if g.broken() {
				t.Fatalf("%s %s (%d,%d): written outside", name, way, len(w.x)/w.Width, w.Width)
			}
		}
	})
}

// NaN, infinities, subnormal numbers and overflow go the way they go in Go.
func TestNormSpecial(t *testing.T) {
	r := rand.New(rand.NewPCG(43, 44))
	special := []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 0, float32(math.Copysign(0, -1)), 1e-45, -3e-42, 3e38, -1e20}
	for range times(200) {
		often := r.IntN(12)
		draw := func() float32 {
			if r.IntN(12) < often {
				return special[r.IntN(len(special))]
			}
			return float32(r.NormFloat64())
		}
		for _, way := range normWays {
			checkNormBits(t, newNormWork(1+r.IntN(9), 1+r.IntN(40), plainRoom[float32]).fill(draw), way)
		}
	}
}

// Subnormal numbers alone, whose variance is 0: nothing is flushed.
func TestNormSubnormal(t *testing.T) {
	r := rand.New(rand.NewPCG(45, 46))
	draw := func() float32 { return math.Float32frombits(uint32(r.IntN(1 << 20))) }
	for _, way := range normWays {
		checkNormBits(t, newNormWork(7, 35, plainRoom[float32]).fill(draw), way)
	}
}

// No row: the sums are 0, else nothing happens.
func TestNormOfNothing(t *testing.T) {
	everywhere(t, func(string) {
		for _, way := range []string{"running", "layer"} {
			w := newNormWork(0, 5, plainRoom[float32]).fill(func() float32 { return 3 }).through(way)
			if w.DBeta[4] != 0 || w.Gamma[4] != 3 {
				t.Errorf("%s: dβ %v, γ %v", way, w.DBeta, w.Gamma)
			}
		}
	})
}

// Shared with any number of helpers the bits are the same, and nothing is allocated.
func TestNormShared(t *testing.T) {
	r := rand.New(rand.NewPCG(47, 48))
	for _, s := range [][2]int{{64, 1100}, {700, 130}, {80000, 1}, {2, 40000}} {
		w := newNormWork(s[0], s[1], plainRoom[float32]).fill(normals(r))
		for _, way := range normWays {
			var first *normWork[float32]
			start := as(w, plainRoom[float32])
			for _, cores := range []int{1, 2, 3, 8} {
				before := Threads(cores)
				got := as(start, plainRoom[float32]).through(way)
				if first == nil {
					first = got
				}
				sameNorm(t, fmt.Sprint(cores, " cores ", way), got, first)
				if n := testing.AllocsPerRun(3, func() { w.through(way) }); n != 0 {
					t.Errorf("%v %s with %d cores: %v allocations", s, way, cores, n)
				}
				Threads(before)
			}
		}
	}
}

func sameNorm(t *testing.T, name string, got, want *normWork[float32]) {
	t.Helper()
	wanted := want.vectors()
	for i, v := range got.vectors() {
		for j, x := range v.v {
			if y := wanted[i].v[j]; !same32(x, y) {
				t.Fatalf("%s (%d,%d): %s[%d] = %v, want %v", name, len(got.x)/got.Width, got.Width, v.name, j, x, y)
			}
		}
	}
}

// inGo is w's way in plain Go; sums of a row are those of the lanes.
func inGo(w *normWork[float32], way string) *normWork[float32] {
	before := isa
	defer func() { isa = before }()
	isa = plainGo
	to := as(w, plainRoom[float32])
	if way != "layer" {
		return to.through(way)
	}
	width := float32(w.Width)
	to.gradients(w.do)
	for at := 0; at < len(w.x); at += w.Width {
		x, do, xhat := w.x[at:at+w.Width], w.do[at:at+w.Width], to.Xhat[at:at+w.Width]
		mean := in16(w.Width, func(i int) float32 { return x[i] }) / width
		variance := in16(w.Width, func(i int) float32 { return (x[i] - mean) * (x[i] - mean) }) / width
		scale := to.inverseRoot(variance)
		to.Scale[at/w.Width] = scale
		for i, v := range x {
			xhat[i] = (v - mean) * scale
		}
		to.affine(to.o[at:at+w.Width], xhat)
		slope := func(i int) float32 { return do[i] * w.Gamma[i] }
		sum, along := in16(w.Width, slope)/width, in16(w.Width, func(i int) float32 { return xhat[i] * slope(i) })/width
		for i := range do {
			to.dx[at+i] = (slope(i) - sum - float32(xhat[i]*along)) * scale
		}
	}
	to.gradients(w.do)
	return to
}

// in16 is the sum of n numbers in 16 accumulators.
func in16(n int, f func(i int) float32) float32 {
	var sum [16]float32
	for i := range n {
		sum[i%16] += float32(f(i))
	}
	for step := 8; step > 0; step /= 2 {
		for i := range step {
			sum[i] += sum[i+step]
		}
	}
	return sum[0]
}

// Against float64: the error of each number over the largest of its kind (or 1), in units of 2⁻²⁴·c, c = 1 + max|x|·max scale the
// factor by which x̂ magnifies the rounding of x. Largest seen: 9 in a
// forward pass, 19·√n in a gradient.
func TestNormIsNearFloat64(t *testing.T) {
	eachNorm(t, func(w *normWork[float32], way string) {
		exact := as(w, plainRoom[float64]).through(way)
		unit := 0x1p-24 * (1 + largest(exact.x)*largest(exact.Scale[:scales(w, way)]))
		everywhere(t, func(name string) {
			got, wanted := as(w, plainRoom[float32]).through(way), exact.vectors()
			for i, v := range got.vectors() {
				bound := 30.
				if v.name[0] == 'd' {
					bound *= math.Sqrt(float64(max(len(w.x)/w.Width, w.Width)))
				}
				most := bound * unit * max(1, largest(wanted[i].v))
				for j, x := range v.v {
					if off := math.Abs(float64(x) - wanted[i].v[j]); !(off <= most) && float64(x) != wanted[i].v[j] && x == x {
						t.Fatalf("%s %s (%d,%d): %s[%d] = %v, want %v, %.1f units off", name, way, len(w.x)/w.Width, w.Width, v.name, j, x,
							wanted[i].v[j], off/most*bound)
					}
				}
			}
		})
	})
}

// scales is how many scales a way has.
func scales(w *normWork[float32], way string) int {
	if way == "layer" {
		return len(w.x) / w.Width
	}
	return w.Width
}

func largest(v []float64) (most float64) {
	for _, x := range v {
		most = max(most, math.Abs(x))
	}
	return most
}

func BenchmarkNorm(b *testing.B) {
	for _, s := range [][2]int{{32, 64}, {32, 32}, {64, 128}, {256, 1024}, {8, 8}} {
		everywhere(b, func(name string) {
			if isa == neon {
				return
			}
			w := newNormWork(s[0], s[1], plainRoom[float32]).fill(normals(rand.New(rand.NewPCG(1, 1))))
			for part, f := range map[string]func(){
				"batch":      func() { w.ByColumn(w.o, w.x, true) },
				"batch back": func() { w.BackByColumn(w.dx, w.do) },
				"settle":     func() { w.Settle(w.mean, w.variance, .1, s[0]) },
				"layer":      func() { w.ByRow(w.o, w.x) },
				"layer back": func() { w.BackByRow(w.dx, w.do) },
			} {
				b.Run(fmt.Sprint(part, "/", s[0], "x", s[1], "/", name), func(b *testing.B) {
					for b.Loop() {
						f()
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(w.x)), "ns/element")
				})
			}
		})
	}
}

// What is too short is refused before anything is written beyond it.
func TestNormRefuses(t *testing.T) {
	short := func(v *[]float32) { *v = make([]float32, len(*v)-1) }
	for name, spoil := range map[string]func(w *normWork[float32]){
		"o": func(w *normWork[float32]) { short(&w.o) }, "dx": func(w *normWork[float32]) { short(&w.dx) },
		"x̂": func(w *normWork[float32]) { short(&w.Xhat) }, "γ": func(w *normWork[float32]) { short(&w.Gamma) },
		"scale": func(w *normWork[float32]) { w.Scale = w.Scale[:3:3] },
		"dβ":    func(w *normWork[float32]) { short(&w.DBeta) },
	} {
		everywhere(t, func(isa string) {
			for _, way := range normWays {
				w := newNormWork(7, 7, plainRoom[float32])
				spoil(w)
				func() {
					defer func() {
						if recover() == nil {
							t.Errorf("%s %s: a short %s was let pass", isa, way, name)
						}
					}()
					w.through(way)
				}()
			}
		})
	}
}

func FuzzNorm(f *testing.F) {
	f.Add(uint32(0x3f800000), uint32(0x00654321), uint8(3), uint8(40))
	f.Add(uint32(0x7f800000), uint32(0x80000001), uint8(1), uint8(17))
	f.Fuzz(func(t *testing.T, a, b uint32, rows, cols uint8) {
		w := newNormWork(int(rows)+1, int(cols)+1, plainRoom[float32]).fill(func() float32 {
			a += b
			return math.Float32frombits(a)
		})
		for _, way := range normWays {
			checkNormBits(t, w, way)
		}
	})
}

// Large matrices by one core and by two.
func BenchmarkNormShared(b *testing.B) {
	w := newNormWork(256, 1024, plainRoom[float32]).fill(normals(rand.New(rand.NewPCG(1, 1))))
	mask := make([]float32, len(w.x))
	for part, f := range map[string]func(){
		"batch":      func() { w.ByColumn(w.o, w.x, true) },
		"batch back": func() { w.BackByColumn(w.dx, w.do) },
		"layer":      func() { w.ByRow(w.o, w.x) },
		"layer back": func() { w.BackByRow(w.dx, w.do) },
		"dropout":    func() { Drop(w.o, mask, w.x, Chance{}, .2) },
	} {
		for _, cores := range []int{1, 2} {
			b.Run(fmt.Sprint(part, "/", cores), func(b *testing.B) {
				defer Threads(Threads(cores))
				for b.Loop() {
					f()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(w.x)), "ns/element")
			})
		}
	}
}
