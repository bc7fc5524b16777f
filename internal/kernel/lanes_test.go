package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// ulps is how far got is from want, in units of float32's last place at want.
func ulps(got float32, want float64) float64 {
	w := float32(want)
	switch {
	case got == w || got != got && want != want:
		return 0
	case got != got || want != want || math.IsInf(float64(got), 0) || math.IsInf(float64(w), 0):
		return math.Inf(1)
	}
	return math.Abs(float64(got)-want) / unit(want)
}

// unit is a unit of float32's last place at x.
func unit(x float64) float64 {
	if x == 0 {
		return 0x1p-149
	}
	return math.Ldexp(1, max(math.Ilogb(x)-23, -149))
}

func same32(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b }

// The functions in float64. Where two terms cancel, scale is the larger: an error is measured by it.
type known struct {
	name    string
	f       Formula
	value   func(x float64) float64
	scale   func(x float64) float64 // nil: the value itself
	most    float64                 // ulp
	tiny    float64                 // an absolute error that is let pass
	slope   bool
	special [6]float32 // at 0, −0, +Inf, −Inf, −1e30, 1e30; NaN stays NaN
}

func guarded64(f, g func(float64) float64, from, to float64) func(float64) float64 {
	return func(x float64) float64 {
		if x < from || x > to {
			return g(x)
		}
		return f(x)
	}
}

func step64(x float64) float64 { return math.Max(0, math.Copysign(1, x)) }
func relu64(x float64) float64 { return math.Max(0, x) }

// u64 is the argument of GELU without erf, precise enough for float32.
func u64(x float64) float64      { return 2 * math.Sqrt(2/math.Pi) * (x + .044715*x*x*x) }
func u64Slope(x float64) float64 { return 2 * math.Sqrt(2/math.Pi) * (1 + 3*.044715*x*x) }

func knownFunctions() []known {
	zeroMinus := float32(math.Copysign(0, -1))
	top, low := float32(math.Inf(1)), float32(math.Inf(-1))
	not := float32(math.NaN())
	sig := func(x float64) float64 { e := Exp(-math.Abs(x)); return e / ((1 + e) * (1 + e)) }
	geluSlope := guarded64(func(x float64) float64 { return Phi(x) + x*Density(x) }, step64, -38, 38)
	geluTanhSlope := guarded64(func(x float64) float64 {
		return Sigmoid(u64(x)) * (1 + x*Sigmoid(-u64(x))*u64Slope(x))
	}, step64, -25, 25)
	siluSlope := guarded64(func(x float64) float64 { return Sigmoid(x) * (1 + x*Sigmoid(-x)) }, step64, -700, 700)
	atLeast := func(f func(float64) float64, least float64) func(float64) float64 {
		return func(x float64) float64 {
			if x > -6 { // around the root, where terms of the size of least cancel
				return math.Max(math.Abs(f(x)), least)
			}
			return math.Max(math.Abs(f(x)), 1e-37)
		}
	}
	return []known{
		{"exp", ExpOf, Exp, nil, 1.1, 0, false, [6]float32{1, 1, top, 0, 0, top}},
		{"log", LogOf, Log, nil, 2, 0, false, [6]float32{low, low, top, not, not, float32(Log(1e30))}},
		{"sigmoid", SigmoidOf, Sigmoid, nil, 2.6, 0, false, [6]float32{.5, .5, 1, 0, 0, 1}},
		{"tanh", TanhOf, Tanh, nil, 2.6, 0, false, [6]float32{0, zeroMinus, 1, -1, -1, 1}},
		{"softplus", SoftplusOf, func(x float64) float64 { return relu64(x) + Log1p(Exp(-math.Abs(x))) }, nil, 3, 0, false, [6]float32{math.Ln2, math.Ln2, top, 0, 0, 1e30}},
		{"relu", ReLUOf, relu64, nil, 0, 0, false, [6]float32{0, 0, top, 0, 0, 1e30}},
		{"silu", SiLUOf, guarded64(func(x float64) float64 { return x * Sigmoid(x) }, relu64, -700, 700), nil, 3.1, 1e-43, false, [6]float32{0, zeroMinus, top, zeroMinus, zeroMinus, 1e30}},
		{"gelu", GELUOf, guarded64(func(x float64) float64 { return x * Phi(x) }, relu64, -38, 38), nil, 5.6, 1e-43, false, [6]float32{0, zeroMinus, top, zeroMinus, zeroMinus, 1e30}},
		{"gelu-tanh", GELUTanhOf, guarded64(func(x float64) float64 { return x * Sigmoid(u64(x)) }, relu64, -25, 25), nil, 3.3, 1e-43, false, [6]float32{0, zeroMinus, top, zeroMinus, zeroMinus, 1e30}},
		{"sigmoid'", SigmoidOf, sig, nil, 4.2, 0, true, [6]float32{.25, .25, 0, 0, 0, 0}},
		{"tanh'", TanhOf, func(x float64) float64 { return 4 * sig(2*x) }, nil, 4.2, 1e-44, true, [6]float32{1, 1, 0, 0, 0, 0}},
		{"softplus'", SoftplusOf, Sigmoid, nil, 2.6, 0, true, [6]float32{.5, .5, 1, 0, 0, 1}},
		{"relu'", ReLUOf, func(x float64) float64 { return math.Ceil(step64(x) * math.Min(1, math.Abs(x))) }, nil, 0, 0, true, [6]float32{0, 0, 1, 0, 0, 1}},
		{"silu'", SiLUOf, siluSlope, atLeast(siluSlope, .25), 5.5, 1e-42, true, [6]float32{.5, .5, 1, 0, 0, 1}},
		{"gelu'", GELUOf, geluSlope, atLeast(geluSlope, .25), 4, 1e-42, true, [6]float32{.5, .5, 1, 0, 0, 1}},
		{"gelu-tanh'", GELUTanhOf, geluTanhSlope, atLeast(geluTanhSlope, .25), 4, 1e-42, true, [6]float32{.5, .5, 1, 0, 0, 1}},
		{"sigmoid' of h", SigmoidOfH, func(h float64) float64 { return h * float64(float32(1-h)) }, nil, 1, 0, true, [6]float32{0, zeroMinus, low, low, low, low}},
		{"tanh' of h", TanhOfH, func(h float64) float64 { return 1 - h*h }, nil, 1, 0, true, [6]float32{1, 1, low, low, low, low}},
	}
}

// apply runs f over x with the lanes; slopes with dh = 1.
func (k known) apply(y, x []float32) bool {
	if !k.slope {
		return Apply(k.f, y, x)
	}
	ones := make([]float32, len(x))
	for i := range ones {
		ones[i] = 1
	}
	return ApplySlope(k.f, y, ones, x)
}

// everyLane runs f with each instruction set that has lanes; TestLanesOnlyInSingle sees to the others.
func everyLane(t testing.TB, f func(name string)) {
	t.Helper()
	everywhere(t, func(name string) {
		if isa != plainGo {
			f(name)
		}
	})
}

// sweep is numbers of all magnitudes and many from −20 to 20.
func sweep(n int) []float32 {
	r := rand.New(rand.NewPCG(7, 8))
	x := make([]float32, n)
	for i := range x {
		switch i % 4 {
		case 0:
			x[i] = math.Float32frombits(r.Uint32())
		case 1:
			x[i] = float32(r.Float64()*240 - 120)
		default:
			x[i] = float32(r.NormFloat64() * 5)
		}
	}
	return x
}

// Every function against float64, over all magnitudes; every instruction set gives the same bits.
func TestLanesAreNear(t *testing.T) {
	x := sweep(40000)
	for _, k := range knownFunctions() {
		var first []float32
		everyLane(t, func(name string) {
			y := make([]float32, len(x))
			if !k.apply(y, x) {
				t.Fatalf("%s %s: not done", name, k.name)
			}
			if first == nil {
				first = y
			}
			worst, at := 0.0, float32(0)
			for i, v := range x {
				if !same32(y[i], first[i]) {
					t.Fatalf("%s %s at %v: %v, with other instructions %v", name, k.name, v, y[i], first[i])
				}
				if u := k.off(v, y[i]); u > worst {
					worst, at = u, v
				}
			}
			if worst > k.most {
				t.Errorf("%s %s at %v (%#08x): %v ulp, at most %v", name, k.name, at, math.Float32bits(at), worst, k.most)
			}
		})
	}
}

// off is the error of y at x in ulp.
func (k known) off(x, y float32) float64 {
	want := k.value(float64(x))
	if math.Abs(float64(y)-want) <= k.tiny {
		return 0
	}
	u := ulps(y, want)
	if k.scale != nil && !math.IsInf(u, 1) {
		u *= unit(want) / unit(k.scale(float64(x)))
	}
	return u
}

func TestLanesAtSpecialValues(t *testing.T) {
	inf := float32(math.Inf(1))
	x := []float32{0, float32(math.Copysign(0, -1)), inf, -inf, -1e30, 1e30, float32(math.NaN())}
	everyLane(t, func(name string) {
		for _, k := range knownFunctions() {
			y := make([]float32, len(x))
			k.apply(y, x)
			for i, want := range k.special {
				if ulps(y[i], float64(want)) > 1 {
					t.Errorf("%s %s of %v: %v, want %v", name, k.name, x[i], y[i], want)
				}
				if want == 0 && !k.slope && math.Signbit(float64(y[i])) != math.Signbit(float64(want)) {
					t.Errorf("%s %s of %v: %v has the wrong sign", name, k.name, x[i], y[i])
				}
			}
			if last := y[len(x)-1]; last == last {
				t.Errorf("%s %s of NaN: %v", name, k.name, last)
			}
		}
	})
}

// Every length: each element is what it is alone, nothing outside is written, in place or not.
func TestLanesOfEveryLength(t *testing.T) {
	everyLane(t, func(name string) {
		for _, k := range knownFunctions() {
			for n := range 71 {
				checkLength(t, name, k, n)
			}
			checkLength(t, name, k, 2*Chunk+3)
		}
	})
}

func checkLength(t *testing.T, name string, k known, n int) {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(n), 1))
	x, y, alone := newGuarded(n, normals(r)), newGuarded(n, normals(r)), make([]float32, 1)
	k.apply(y.mid, x.mid)
	for i, v := range x.mid {
		if n > 100 && i%97 != 0 {
			continue
		}
		if k.apply(alone, []float32{v}); !same32(alone[0], y.mid[i]) {
			t.Fatalf("%s %s, %d of %d: %v, alone %v", name, k.name, i, n, y.mid[i], alone[0])
		}
	}
	k.apply(x.mid, x.mid)
	for i, v := range x.mid {
		if !same32(v, y.mid[i]) {
			t.Fatalf("%s %s of %d in place: %v, apart %v", name, k.name, n, v, y.mid[i])
		}
	}
	if x.broken() || y.broken() {
		t.Fatalf("%s %s of %d: written outside", name, k.name, n)
	}
}

// Where no lanes compute, the doors say so and change nothing; float64 never goes through.
func TestLanesOnlyInSingle(t *testing.T) {
	everywhere(t, func(name string) {
		x, y := []float64{1}, []float64{5}
		if Apply(ExpOf, y, x) || ApplySlope(TanhOf, y, x, x) || y[0] != 5 {
			t.Errorf("%s: float64 went through the lanes", name)
		}
		z := []float32{5}
		if done := Apply(ExpOf, z, []float32{0}); done != (isa != plainGo) || z[0] != map[bool]float32{true: 1, false: 5}[done] {
			t.Errorf("%s: Apply says %v and gives %v", name, done, z)
		}
	})
}

func TestTimes(t *testing.T) {
	everywhere(t, func(name string) {
		r := rand.New(rand.NewPCG(3, 3))
		for n := range 40 {
			a, b, c := newGuarded(n, normals(r)), newGuarded(n, normals(r)), newGuarded(n, normals(r))
			Times(c.mid, a.mid, b.mid)
			for i := range n {
				if c.mid[i] != a.mid[i]*b.mid[i] {
					t.Fatalf("%s: %v · %v = %v", name, a.mid[i], b.mid[i], c.mid[i])
				}
			}
			if c.broken() {
				t.Fatalf("%s: written outside", name)
			}
		}
	})
}

func TestLanesDoNotAllocate(t *testing.T) {
	x, y := make([]float32, 100), make([]float32, 100)
	everyLane(t, func(name string) {
		if n := testing.AllocsPerRun(20, func() {
			Apply(GELUOf, y, x)
			ApplySlope(TanhOf, y, x, x)
			SoftmaxRows(y, x, 10)
			CrossEntropyLogits(y, x, x[:10], 10, 1)
			BinaryLogits(y, x, x, 1)
			Adam(nil, y, x, x, x, nil, AdamStep[float32]{Keep: 1, Second: 1})
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	})
}

func FuzzLanes(f *testing.F) {
	f.Add(uint32(0x3f800000), uint32(0xff7fffff), uint8(3))
	f.Add(uint32(0x7f800001), uint32(0x80000001), uint8(17))
	f.Fuzz(func(t *testing.T, a, b uint32, n uint8) {
		x := make([]float32, int(n)+1)
		for i := range x {
			x[i] = math.Float32frombits(a + uint32(i)*b)
		}
		for _, k := range knownFunctions() {
			var first []float32
			everyLane(t, func(name string) {
				y := newGuarded(len(x), func() float32 { return 0 })
				k.apply(y.mid, x)
				if first == nil {
					first = y.mid
				}
				for i, v := range y.mid {
					if !same32(v, first[i]) || k.off(x[i], v) > k.most || y.broken() {
						t.Fatalf("%s %s of %v: %v, %v, want %v", name, k.name, x[i], v, first[i], k.value(float64(x[i])))
					}
				}
			})
		}
	})
}

func BenchmarkLanes(b *testing.B) {
	everyLane(b, func(name string) {
		for _, k := range knownFunctions() {
			for _, n := range []int{16, 4096, 1000000} {
				x, y := make([]float32, n), make([]float32, n)
				for i := range x {
					x[i] = float32(i%17)/2 - 4.1
				}
				b.Run(fmt.Sprint(name, "/", k.name, "/", n), func(b *testing.B) {
					for b.Loop() {
						if k.slope {
							ApplySlope(k.f, y, x, x)
						} else {
							Apply(k.f, y, x)
						}
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/element")
				})
			}
		}
	})
}
