package privacy

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// fixture is testdata/dp_accounting.json; make.py beside it says how it was made.
type fixture struct {
	Epsilon []struct {
		Q, Sigma, Delta, Epsilon, Whole float64
		Steps                           int
	}
	RDP []struct{ Q, Sigma, Alpha, RDP float64 }
}

func read(t *testing.T) (f fixture) {
	t.Helper()
	b, err := os.ReadFile("testdata/dp_accounting.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Epsilon) < 10 || len(f.RDP) < 50 {
		t.Fatalf("%d and %d rows", len(f.Epsilon), len(f.RDP))
	}
	return f
}

// Whole orders against dp-accounting, others against quadrature.
func TestDivergence(t *testing.T) {
	for _, r := range read(t).RDP {
		if got := RDP(r.Q, r.Sigma, r.Alpha); !near(got, r.RDP, 1e-7) {
			t.Errorf("RDP(%v, %v, %v) = %v, want %v", r.Q, r.Sigma, r.Alpha, got, r.RDP)
		}
	}
}

// Over whole orders ε is dp-accounting's; with the others it is never above, and hardly below: there its divergences are bounds.
func TestEpsilonAgainstDPAccounting(t *testing.T) {
	whole := []float64{128, 256, 512, 1024}
	for a := 2; a < 64; a++ {
		whole = append(whole, float64(a))
	}
	for _, r := range read(t).Epsilon {
		w := Work{r.Q, r.Sigma, r.Steps}
		if got := least(whole, r.Delta, []Work{w}); !near(got, r.Whole, 1e-9) {
			t.Errorf("%+v δ %v, whole orders: ε = %v, want %v", w, r.Delta, got, r.Whole)
		}
		if got := Epsilon(r.Delta, w); got > r.Epsilon*(1+1e-9) || got < .99*r.Epsilon {
			t.Errorf("%+v δ %v: ε = %v, dp-accounting bounds it by %v", w, r.Delta, got, r.Epsilon)
		}
	}
}

func near(a, b, tolerance float64) bool {
	return a == b || math.Abs(a-b) <= tolerance*max(math.Abs(b), 1e-9)
}

// More noise, fewer steps and fewer patients a step never cost more; parts of a work add up to the whole.
func TestEpsilonIsMonotone(t *testing.T) {
	w := Work{.05, 1, 200}
	e := Epsilon(1e-5, w)
	for name, less := range map[string]Work{"noise": {.05, 1.1, 200}, "steps": {.05, 1, 199}, "share": {.049, 1, 200}} {
		if got := Epsilon(1e-5, less); !(got < e) {
			t.Errorf("%s: %v, not below %v", name, got, e)
		}
	}
	if got := Epsilon(1e-5, Work{.05, 1, 80}, Work{.05, 1, 120}); !near(got, e, 1e-12) {
		t.Errorf("two parts: %v, whole: %v", got, e)
	}
	if got := Epsilon(1e-4, w); !(got < e) {
		t.Errorf("a larger δ: %v, not below %v", got, e)
	}
	if got := Epsilon(1e-5, Work{0, 1, 200}); got != Epsilon(1e-5) {
		t.Errorf("nobody is taken: %v", got)
	}
	if got := Epsilon(1e-5, Work{.5, 0, 1}); !math.IsInf(got, 1) {
		t.Errorf("no noise: %v", got)
	}
}

func TestNoiseIsTheLeast(t *testing.T) {
	for _, epsilon := range []float64{.5, 3, 8} {
		sigma := Noise(epsilon, 1e-5, .04, 500)
		if e := Epsilon(1e-5, Work{.04, sigma, 500}); e > epsilon {
			t.Errorf("σ = %v gives ε = %v, more than %v", sigma, e, epsilon)
		}
		if e := Epsilon(1e-5, Work{.04, sigma * .995, 500}); e <= epsilon {
			t.Errorf("σ = %v is not the least for ε = %v", sigma, epsilon)
		}
	}
	if sigma := Noise(1e-9, 1e-5, 1, 1000); sigma != 0 {
		t.Errorf("an ε that no noise reaches: σ = %v", sigma)
	}
}

// The draws are of mean 0 and variance 1, the same for a seed and never the same without one.
func TestRandom(t *testing.T) {
	a, b := Seeded(7), Seeded(7)
	const n = 100000
	sum, square, fourth := 0., 0., 0.
	for range n {
		x := a.Normal()
		if x != b.Normal() {
			t.Fatal("one seed, two draws")
		}
		sum, square, fourth = sum+x, square+x*x, fourth+x*x*x*x
	}
	if m, v, k := sum/n, square/n, fourth/n; math.Abs(m) > .02 || math.Abs(v-1) > .02 || math.Abs(k-3) > .15 {
		t.Errorf("mean %v, variance %v, fourth moment %v", m, v, k)
	}
	if Secure().Float64() == Secure().Float64() {
		t.Error("two secure sources drew the same")
	}
}
