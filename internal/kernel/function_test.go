package kernel

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// limits are the errors the comments promise, in units of the last place, over the range that the function is drawn from.
var limits = []struct {
	name      string
	f         func(float64) float64
	reference func(float64) *big.Float
	low, high float64 // of the draws
	draws     int
	most      float64
}{
	{"Exp", Exp, refExp, -708, 709.7, 3000, .52},
	{"Exp", Exp, refExp, -1, 1, 2000, .52},
	{"Expm1", Expm1, refExpm1, -40, 60, 2000, .52},
	{"Expm1", Expm1, refExpm1, -.01, .01, 2000, .52},
	{"Log", Log, refLog, 0, 1000, 2000, .52},
	{"Log", Log, refLog, .95, 1.05, 2000, .52},
	{"Log1p", Log1p, refLog1p, -.99, 5, 2000, .52},
	{"Log1p", Log1p, refLog1p, -.02, .02, 2000, .52},
	{"Tanh", Tanh, refTanh, -20, 20, 2000, .52},
	{"Tanh", Tanh, refTanh, -.1, .1, 2000, .52},
	{"Sigmoid", Sigmoid, refSigmoid, -700, 40, 2000, 2},
	{"Sigmoid", Sigmoid, refSigmoid, -4, 4, 2000, 2},
	{"Erf", Erf, refErf, -3, 3, 2000, .6},
	{"Erf", Erf, refErf, -.1, .1, 2000, .6},
	{"Erfc", Erfc, refErfc, -2, 3, 2000, .8},
	{"Erfc", Erfc, refErfc, 3, 26.4, 80, .8},
	{"Phi", Phi, refPhi, -3, 3, 2000, .95},
	{"Phi", Phi, refPhi, -37, -3, 60, .8},
	{"Density", Density, refDensity, -37, 37, 2000, .52},
	{"Cos", Cos, refCos, -7, 7, 2000, .75},
	{"Cos", Cos, refCos, -1e5, 1e5, 2000, .75},
}

func TestAgainstBig(t *testing.T) {
	for i, c := range limits {
		t.Run(fmt.Sprint(c.name, c.low, "to", c.high), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(3, uint64(i)))
			worst, at := 0.0, 0.0
			for range c.draws {
				x := c.low + (c.high-c.low)*rng.Float64()
				if d := off(c.f(x), c.reference(x)); !(d <= worst) {
					worst, at = d, x
				}
			}
			t.Logf("%.3f ulp, at %v", worst, at)
			if !(worst <= c.most) {
				t.Errorf("%.3f ulp at %v, promised %v", worst, at, c.most)
			}
		})
	}
}

// TestTiny: next to 0 the functions are known to every digit.
func TestTiny(t *testing.T) {
	for _, x := range []float64{5e-324, 1e-310, 1e-300, 1e-100, 1e-17} {
		for _, v := range []float64{x, -x} {
			if Expm1(v) != v || Log1p(v) != v || Tanh(v) != v {
				t.Errorf("at %v: expm1 %v, log1p %v, tanh %v", v, Expm1(v), Log1p(v), Tanh(v))
			}
			if Exp(v) != 1 || Cos(v) != 1 || Erfc(v) != 1 || Phi(v) != .5 || Sigmoid(v) != .5 {
				t.Errorf("at %v: exp %v, cos %v, erfc %v, phi %v, sigmoid %v", v, Exp(v), Cos(v), Erfc(v), Phi(v), Sigmoid(v))
			}
			if d := off(Erf(v), refErf(v)); d > 1 {
				t.Errorf("erf %v: %v ulp", v, d)
			}
		}
	}
}

// TestEdges: the ends of the range, subnormal results and arguments included.
func TestEdges(t *testing.T) {
	for _, x := range []float64{expMax, math.Nextafter(expMax, 0), 709, 708, -708, -709, -720, -744, expMin} {
		if d := off(Exp(x), refExp(x)); d > .52 {
			t.Errorf("exp %v = %v: %v ulp", x, Exp(x), d)
		}
	}
	for _, x := range []float64{709.7, 60.1, 60, 37, -36, -37.4, -39.9} {
		if d := off(Expm1(x), refExpm1(x)); d > .52 {
			t.Errorf("expm1 %v = %v: %v ulp", x, Expm1(x), d)
		}
	}
	for _, x := range []float64{5e-324, 1e-310, 2.2250738585072014e-308, math.MaxFloat64, 1e200, math.Sqrt2, math.Sqrt2 / 2, math.Nextafter(1, 0), math.Nextafter(1, 2)} {
		if d := off(Log(x), refLog(x)); d > .52 {
			t.Errorf("log %v = %v: %v ulp", x, Log(x), d)
		}
	}
	for _, x := range []float64{math.Nextafter(-1, 0), -1 + 1e-9, 1e15, 1e17, 0x1p60, 1e300} {
		if d := off(Log1p(x), refLog1p(x)); d > .52 {
			t.Errorf("log1p %v = %v: %v ulp", x, Log1p(x), d)
		}
	}
	for _, x := range []float64{math.Pi / 2, math.Pi, 1.5 * math.Pi, 11 * math.Pi / 2, 573204 * math.Pi / 2, 0x1p20, -0x1p20, 355} {
		if d := off(Cos(x), refCos(x)); d > .52 {
			t.Errorf("cos %v = %v: %v ulp", x, Cos(x), d)
		}
	}
	for _, x := range []float64{.0625, .25, .84375, 1, 1.25, math.Nextafter(erfTail, 0), erfTail, erfcFar, 5.9, 6, 26.5, 27} {
		if d := max(off(Erf(x), refErf(x)), off(Erfc(x), refErfc(x)), off(Erf(-x), refErf(-x)), off(Erfc(-x), refErfc(-x))); d > 1 {
			t.Errorf("erf or erfc at ±%v: %v ulp", x, d)
		}
	}
}

var inf, nan = math.Inf(1), math.NaN()

func TestSpecial(t *testing.T) {
	zero := math.Copysign(0, -1)
	for _, c := range []struct {
		name     string
		f        func(float64) float64
		at, want []float64
	}{
		{"Exp", Exp, []float64{inf, -inf, nan, 0, zero, 709.79, -745.14}, []float64{inf, 0, nan, 1, 1, inf, 0}},
		{"Expm1", Expm1, []float64{inf, -inf, nan, 0, zero, 709.79, -50}, []float64{inf, -1, nan, 0, zero, inf, -1}},
		{"Log", Log, []float64{inf, -inf, nan, 0, zero, 1, -1}, []float64{inf, nan, nan, -inf, -inf, 0, nan}},
		{"Log1p", Log1p, []float64{inf, -inf, nan, 0, zero, -1, -2}, []float64{inf, nan, nan, 0, zero, -inf, nan}},
		{"Tanh", Tanh, []float64{inf, -inf, nan, 0, zero, 22, -22}, []float64{1, -1, nan, 0, zero, 1, -1}},
		{"Sigmoid", Sigmoid, []float64{inf, -inf, nan, 0, 40, -1000}, []float64{1, 0, nan, .5, 1, 0}},
		{"Erf", Erf, []float64{inf, -inf, nan, 0, zero, 6, -6}, []float64{1, -1, nan, 0, zero, 1, -1}},
		{"Erfc", Erfc, []float64{inf, -inf, nan, 0, zero, 28, -6}, []float64{0, 2, nan, 1, 1, 0, 2}},
		{"Phi", Phi, []float64{inf, -inf, nan, 0, zero, 9, -39}, []float64{1, 0, nan, .5, .5, 1, 0}},
		{"Density", Density, []float64{inf, -inf, nan, 40, -40}, []float64{0, 0, nan, 0, 0}},
		{"Cos", Cos, []float64{inf, -inf, nan, 0, zero, 0x1p21}, []float64{nan, nan, nan, 1, 1, nan}},
	} {
		for i, x := range c.at {
			if got := c.f(x); math.Float64bits(got) != math.Float64bits(c.want[i]) && (got == got || c.want[i] == c.want[i]) {
				t.Errorf("%s(%v) = %v, want %v", c.name, x, got, c.want[i])
			}
		}
	}
}

// TestExactParts: neither the sum nor the product loses anything.
func TestExactParts(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		a, b := float64(rng.NormFloat64()*Exp(10*rng.NormFloat64())), rng.NormFloat64()
		s, e := Sum(a, b)
		if exact := empty(400).Add(number(a), number(b)); exact.Cmp(empty(400).Add(number(s), number(e))) != 0 {
			t.Fatalf("%v + %v = %v + %v", a, b, s, e)
		}
		p, e := Product(a, b)
		lost := empty(400).Sub(empty(400).Mul(number(a), number(b)), number(p))
		left, _ := lost.Sub(lost, number(e)).Float64()
		if math.Abs(left) > math.Abs(p)*0x1p-104 {
			t.Fatalf("%v · %v = %v + %v, left %v", a, b, p, e, left)
		}
	}
}

// TestTables computes both tables again.
func TestTables(t *testing.T) {
	step := empty(bits).Quo(ln2, number(per))
	for j, row := range expTable {
		want := bigExp(empty(bits).Mul(step, number(float64(j))))
		rest := empty(bits).Quo(empty(bits).Sub(want, number(row[0])), number(row[0]))
		if r, _ := rest.Float64(); off(row[0], want) > .5 || math.Abs(r-row[1]) > 1e-30 {
			t.Errorf("row %d of expTable: %x %x, rest %x", j, row[0], row[1], r)
		}
	}
	for i, row := range logTable {
		want := bigLog(number(row[0]))
		sum := empty(bits).Add(want, empty(bits).Add(number(row[1]), number(row[2])))
		if left, _ := sum.Float64(); math.Abs(left) > 1e-28 || row[1] != math.Round(row[1]*0x1p42)*0x1p-42 {
			t.Errorf("row %d of logTable is off by %v", i, left)
		}
	}
}

func TestErfTable(t *testing.T) {
	for i, row := range erfTable {
		x := number(float64(i) / 8)
		erf := bigErf(x)
		slope := bigExp(empty(bits).Neg(empty(bits).Mul(x, x)))
		slope.Mul(slope, number(2)).Quo(slope, empty(bits).Sqrt(pi))
		for at, want := range map[int]*big.Float{0: erf, 2: empty(bits).Sub(number(1), erf), 4: slope} {
			left, _ := empty(bits).Sub(empty(bits).Sub(want, number(row[at])), number(row[at+1])).Float64()
			if off(row[at], want) > .5 || math.Abs(left) > 1e-32 {
				t.Errorf("row %d, column %d of erfTable is off by %v", i, at, left)
			}
		}
		d, before := number(1), number(0)
		for n := 1; n <= 12; n++ {
			next := empty(bits).Add(empty(bits).Mul(x, d), before)
			d, before = next.Mul(next, number(-2)).Quo(next, number(float64(n))), d
			if c := empty(bits).Quo(d, number(float64(n+1))); off(row[5+n], c) > .5 {
				t.Errorf("row %d of erfTable: c%d is %v, want %v", i, n, row[5+n], c)
			}
		}
	}
}

func TestNormal(t *testing.T) {
	rng, twin := rand.New(rand.NewPCG(7, 0)), rand.New(rand.NewPCG(7, 0))
	const n = 200000
	var sum, squares, inside float64
	for range n {
		x := Normal(rng)
		sum += x
		squares += x * x
		if math.Abs(x) < 1 {
			inside++
		}
		twin.Uint64()
		twin.Uint64()
	}
	// The standard errors are .0022, .0032 and .001; four of each are allowed.
	if mean, variance := sum/n, squares/n; math.Abs(mean) > .009 || math.Abs(variance-1) > .013 || math.Abs(inside/n-.6827) > .0042 {
		t.Errorf("mean %v, variance %v, within ±1 %v", sum/n, squares/n, inside/n)
	}
	if rng.Uint64() != twin.Uint64() {
		t.Error("a draw does not take exactly two numbers")
	}
}

// TestSameBits pins the bits: another platform, compiler or careless edit that changes one changes the sum.
func TestSameBits(t *testing.T) {
	const want = 0x4be21a9cd70186d4
	hash := uint64(14695981039346656037)
	mix := func(x float64) { hash = (hash ^ math.Float64bits(x)) * 1099511628211 }
	rng := rand.New(rand.NewPCG(11, 0))
	for range 5000 {
		x := float64(40*rng.Float64()) - 20 // not fused, or the questions would differ
		for _, f := range []func(float64) float64{Exp, Expm1, Tanh, Sigmoid, Erf, Erfc, Phi, Density, Cos} {
			mix(f(x))
		}
		mix(Log(math.Abs(x)))
		mix(Log1p(math.Abs(x)))
		mix(Pow(math.Abs(x), x/3))
		mix(Normal(rng))
	}
	if hash != want {
		t.Errorf("the bits sum to %#x, want %#x", hash, uint64(want))
	}
}

func TestNothingAllocated(t *testing.T) {
	row := []float32{1, -2, 3}
	n := testing.AllocsPerRun(20, func() {
		sink = Exp(1.5) + Log(1.5) + Tanh(1.5) + Erfc(1.5) + Pow(1.5, 2.5) + Cos(1.5) + Phi(-1.5)
		SigmoidSlice(row, row)
		SoftmaxRow(row, row)
		LogSoftmaxRow(row, row)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

var sink float64

func BenchmarkFunction(b *testing.B) {
	x := make([]float64, 256)
	for i := range x {
		x[i] = float64(i)/40 + .01
	}
	seen := ""
	for _, c := range limits {
		if c.name == seen {
			continue
		}
		seen = c.name
		b.Run(c.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				sink = c.f(x[i&255])
			}
		})
	}
	b.Run("Pow", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			sink = Pow(x[i&255], 2.5)
		}
	})
}
