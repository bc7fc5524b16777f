package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestPowAgainstBig(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 0))
	worst, wx, wy := 0.0, 0.0, 0.0
	for i := range 4000 {
		x, y := 3*rng.Float64(), 200*rng.Float64()-100
		switch i % 4 {
		case 1:
			x = 1 + (rng.Float64()-.5)*1e-3 // large powers of numbers near 1
			y = 1e6 * (rng.Float64() - .5)
		case 2:
			x, y = []float64{.9, .99, .999}[i%3], float64(i/4) // what Adam's correction asks
		case 3:
			x, y = Exp(600*rng.Float64()-300), 2*rng.Float64()-1
		}
		if got := Pow(x, y); got > 1e-307 && got <= math.MaxFloat64 {
			if d := off(got, refPow(x, y)); !(d <= worst) {
				worst, wx, wy = d, x, y
			}
		}
	}
	t.Logf("%.3f ulp, at %v, %v", worst, wx, wy)
	if !(worst <= .52) {
		t.Errorf("%.3f ulp at %v, %v, promised .52", worst, wx, wy)
	}
}

// TestPowSpecial: on infinities, zeros, NaN and whole exponents Pow is math.Pow, whose results there are exact.
func TestPowSpecial(t *testing.T) {
	list := []float64{
		0, math.Copysign(0, -1), 1, -1, 2, -2, .5, -.5, 3, -3, 4, 1023, 1074, -1074, 1e17, -1e17, 0x1p53 + 2, 0x1p53 - 1,
		inf, -inf, nan, 5e-324, -5e-324, math.MaxFloat64, -math.MaxFloat64,
	}
	for _, x := range list {
		for _, y := range list {
			got, want := Pow(x, y), math.Pow(x, y)
			switch {
			case got != got && want != want:
			case math.Signbit(got) != math.Signbit(want), got != want && math.Abs(got-want) > 1e-15*math.Abs(want):
				t.Errorf("Pow(%v, %v) = %v, want %v", x, y, got, want)
			}
		}
	}
	for n := range 40 {
		if got, want := Pow(3, float64(n%33)), float64(power(3, n%33)); got != want {
			t.Errorf("3^%d = %v, want %v", n%33, got, want)
		}
		if got := Pow(-2, float64(n)); got != math.Ldexp(float64(1-2*(n&1)), n) {
			t.Errorf("(-2)^%d = %v", n, got)
		}
	}
}

func power(base, n int) int {
	if n == 0 {
		return 1
	}
	return base * power(base, n-1)
}
