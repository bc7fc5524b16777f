package chapter4

import (
	"math"
	"testing"

	"gradus/lab/scene"
	"gradus/optimizer"
)

// pageOf finds a page of the chapter.
func pageOf(t *testing.T, id string) *scene.Page {
	t.Helper()
	for _, p := range Pages() {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("no page %s", id)
	return nil
}

// shown is a number of a page at a step.
func shown(t *testing.T, id, query, symbol string, step int) float64 {
	t.Helper()
	s, ignored := pageOf(t, id).Read(query)
	if ignored != nil {
		t.Fatalf("%s&%s: %v", id, query, ignored)
	}
	run, err := s.Page.Make(s)
	if err != nil {
		t.Fatal(err)
	}
	sc, err := run.At(step)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range sc.Numbers() {
		if n.Symbol == symbol && n.Value != nil {
			return *n.Value
		}
	}
	t.Fatalf("%s&%s: no %s at step %d", id, query, symbol, step)
	return 0
}

// asked is the right answer to field f of exercise n of a page under its own seed.
func asked(t *testing.T, id string, n, f int) float64 {
	t.Helper()
	s, _ := pageOf(t, id).Read("")
	list, err := s.Page.Exercises(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return list[n].Fields[f].Right
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

// The answers that are known beforehand: by hand, or printed in the plan of the course.
func TestKnownAnswers(t *testing.T) {
	for _, c := range []struct {
		id           string
		n, f         int
		want, within float64
	}{
		{"4-4-2", 0, 0, .8, 1e-12}, {"4-4-2", 0, 1, .64, 1e-12}, {"4-4-2", 0, 2, .512, 1e-12}, // (1 − .1·2)ᵗ
		{"4-4-3", 0, 0, .5, 1e-9},                     // 2/λ, λ = 4
		{"4-4-6", 0, 0, 4, 0}, {"4-4-6", 0, 1, 20, 0}, // 2000/500 · 5
		{"4-4-6", 1, 0, 12, 0}, {"4-4-6", 1, 1, 200, 0}, // ⌈2000/600⌉ · 3
		{"4-4-8", 0, 0, .43, 1e-12},            // found by a walk in another language
		{"4-4-8", 1, 0, 1, 1e-9},               // .05·2/(1 − .9)
		{"4-4-9", 0, 0, .1, 1e-12},             // 1/√100
		{"4-4-10", 0, 0, math.Sqrt(10), 1e-12}, // 1/√(1 − .9)
		{"4-4-11", 0, 0, -.01, 1e-9},           // α·sign(g), g = −.4
		{"4-4-11", 1, 0, (1 - math.Pow(.9, 12)) / .1 / math.Sqrt((1-math.Pow(.999, 12))/.001), 1e-7},
	} {
		near(t, c.id, asked(t, c.id, c.n, c.f), c.want, c.within)
	}
}

// With a constant gradient the printed correction steps 1, 2.08, 1.02, .40 times α, and at last .316 times.
func TestPrintedFactors(t *testing.T) {
	for _, c := range []struct {
		t    int
		want float64
	}{{1, 1}, {12, 2.08}, {100, 1.02}, {1000, .40}, {9000, .316}} {
		got := settled(kinds(1, 1, .9, .999, 1e-8)[1], c.t)
		near(t, "factor", got, c.want, .006)
	}
}

// The momentum of x⁴ − 2x² + .3x from 2 at α = .05 ends left for γ of .43 to .81 and from .88 to .91, right for less and between.
func TestEscapes(t *testing.T) {
	if e := escapes(2, .05); !e.found || e.least != .43 || e.last < .81 {
		t.Errorf("%+v", e)
	}
	for i := range 92 {
		gamma, want := float64(i)/100, 1
		if i >= 43 && i <= 81 || i >= 88 {
			want = 0
		}
		if in := ends(throwing(gamma, false), 2, .05, thrownSteps); in != want {
			t.Errorf("γ = %v ends in %d", gamma, in)
		}
	}
}

// What the pages show is what the engine gives, to the last bit.
func TestShownNumbers(t *testing.T) {
	tr, err := optimizer.Course{On: bowl(1.5), Start: []float64{-1.6}, Steps: 5, Alpha: .3}.Run(optimizer.NewDescent[float64]())
	if err != nil {
		t.Fatal(err)
	}
	near(t, "4-4-2 w", shown(t, "4-4-2", "", "w", 5), tr.Steps[4].W[0], 0)
	near(t, "4-4-2 w'", shown(t, "4-4-2", "", "w'", 4), tr.Steps[4].W[0], 0)
	near(t, "4-4-6 total", shown(t, "4-4-6", "rows=2000&batch=500&epochs=5", "total", 0), 20, 0)
	near(t, "4-4-6 quotient", shown(t, "4-4-6", "", "quotient", 0), .25, 0)
	near(t, "4-4-9 daily", shown(t, "4-4-9", "alpha=1", "G_daily", 25), 25, 0)
	near(t, "4-4-11 divisor", shown(t, "4-4-11", "", "divisor1", 12), 1-math.Pow(.9, 12), 1e-12)
	g := shown(t, "4-4-10", "", "G", 3)
	sum := shown(t, "4-4-10", "", "G_1", 3) + shown(t, "4-4-10", "", "G_2", 3) + shown(t, "4-4-10", "", "G_3", 3)
	near(t, "4-4-10 bars", sum, g, 1e-15)
}

// Without correction the moments of the printed form with other numbers give Adam's bare step.
func TestUncorrected(t *testing.T) {
	const g, alpha, b1, b2, eps = .7, .1, .9, .999, 1e-4
	w, m, v := 0., 0., 0.
	k := kinds(1, alpha, b1, b2, eps)[2]
	got := []float64{0}
	for range 30 {
		m, v = b1*m+(1-b1)*g, b2*v+(1-b2)*g*g
		w -= alpha * m / math.Sqrt(v+eps)
		k.rule.Step(k.alpha, got, []float64{g})
	}
	near(t, "w", got[0], w, 1e-12)
}

// A level line of x² + y² lies on its circle, in one piece that closes.
func TestContours(t *testing.T) {
	f := func(w []float64) float64 { return w[0]*w[0] + w[1]*w[1] }
	list := Contours(f, Box{[2]float64{-2, -2}, [2]float64{2, 2}}, []float64{1, 9})
	if len(list) != 1 {
		t.Fatalf("%d lines: 9 lies outside", len(list))
	}
	c := list[0]
	for i := range c.X {
		if c.X[i] == nil {
			t.Fatal("the circle has two pieces")
		}
		near(t, "radius", math.Sqrt(f([]float64{*c.X[i], *c.Y[i]})), 1, .003)
	}
	if n := len(c.X) - 1; *c.X[0] != *c.X[n] || *c.Y[0] != *c.Y[n] {
		t.Error("the circle does not close")
	}
}

// A small batch's gradients differ and their mean over an epoch is that of all patients.
func TestBatchesAverage(t *testing.T) {
	set, w := stays(3), []float64{.5, .2}
	all, sum, one := make([]float64, 2), make([]float64, 2), make([]float64, 2)
	byRows(set, patients, false, 0).Gradient(all, w)
	on := byRows(set, 10, true, 3)
	on.Gradient(one, w) // of the start, by all
	differ := false
	for range patients / 10 {
		on.Gradient(one, w)
		differ = differ || math.Abs(one[0]-all[0]) > 1
		sum[0], sum[1] = sum[0]+one[0]/50, sum[1]+one[1]/50
	}
	near(t, "∂E/∂w₁", sum[0], all[0], 1e-9)
	near(t, "∂E/∂w₂", sum[1], all[1], 1e-9)
	if !differ {
		t.Error("every batch has the gradient of all")
	}
}

// A time is said in the unit of its size, and the walk of the blindfolded may be written as far as it goes.
func TestSpokenAndShort(t *testing.T) {
	for s, want := range map[float64]string{9.96: "s 10.0", 268.5: "min 4.5", 9000: "h 2.5", 172800: "d 2"} {
		if unit, v := spoken(s); unit+" "+v != want {
			t.Errorf("%v s is %s %s, want %s", s, unit, v, want)
		}
	}
	p := blindfold()
	s, ignored := p.Read("moves=2, 0.7")
	if points := visited(s, valley(s)); ignored != nil || len(points) != 3 {
		t.Errorf("two moves come to %d places, ignored %v", len(points), ignored)
	}
	if _, ignored := p.Read("moves=1,1,1,1,1,1,1,1,1,1,1,1,1"); ignored == nil {
		t.Error("thirteen moves are taken")
	}
}
