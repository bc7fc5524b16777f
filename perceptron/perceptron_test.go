package perceptron

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/activation"
	"gradus/internal/say"
)

// The stages by hand: .6·.1 + .4·.2 = .06 + .08 = .14 (the deck's o₁₁ of 4-5-5), − .1 = .04, step 1.
func TestRunShowsEveryStage(t *testing.T) {
	s, err := Perceptron{W: []float64{0.6, 0.4}, B: -0.1}.Run(0.1, 0.2)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0.06, 0.08, 0.14, 0.04, 1} {
		got := []float64{s.Products[0], s.Products[1], s.Sum, s.O, s.Y}[i]
		if math.Abs(got-want) > 1e-16 {
			t.Errorf("stage %d is %v, want %v", i, got, want)
		}
	}
	if !slices.Equal(s.X, []float64{0.1, 0.2}) {
		t.Error(s.X)
	}
}

// Another activation takes the place of the step: sigmoid(.14) = .53494295 (deck 4-5-6).
func TestRunWithSigmoid(t *testing.T) {
	s, err := Perceptron{W: []float64{0.6, 0.4}, Activation: activation.Sigmoid[float64]{}}.Run(0.1, 0.2)
	if err != nil || math.Abs(s.Y-0.5349429451582145) > 1e-15 {
		t.Error(s, err)
	}
}

// The step fires at 0 of either sign, deck 4-1-6, and a perceptron without inputs has its bias alone.
func TestRunAtZero(t *testing.T) {
	for _, b := range []float64{0, math.Copysign(0, -1)} {
		if s, err := (Perceptron{B: b}).Run(); err != nil || s.Y != 1 {
			t.Error(b, s, err)
		}
	}
	if s, err := (Perceptron{B: -1e-300}).Run(); err != nil || s.Y != 0 {
		t.Error(s, err)
	}
}

func TestRunRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for key, c := range map[string]struct {
		p Perceptron
		x []float64
	}{
		"perceptron.inputs":   {Perceptron{W: []float64{1, 1}}, []float64{1}},
		"perceptron.input":    {Perceptron{W: []float64{1, 1}}, []float64{1, nan}},
		"perceptron.weight":   {Perceptron{W: []float64{inf, 1}}, []float64{1, 1}},
		"perceptron.bias":     {Perceptron{W: []float64{1}, B: -inf}, []float64{1}},
		"perceptron.overflow": {Perceptron{W: []float64{1e308}}, []float64{10}},
	} {
		_, err := c.p.Run(c.x...)
		wants(t, err, key)
	}
}

// wants checks the sentence's key, and that it speaks both languages without a gap.
func wants(t *testing.T, err error, key string) {
	t.Helper()
	e, ok := err.(*say.Err)
	if !ok || e.Key != key {
		t.Errorf("got %v, want %s", err, key)
		return
	}
	for _, s := range []string{e.In(say.English), e.In(say.Korean)} {
		if strings.ContainsAny(s, "{}[]") {
			t.Errorf("%s: %s", key, s)
		}
	}
}

// The gates do what their tables say, for all inputs, deck 4-1-8…10.
func TestGates(t *testing.T) {
	for _, name := range Gates() {
		p, err := Gate(strings.ToLower(name))
		if err != nil {
			t.Fatal(err)
		}
		table, err := ParseTable(name)
		if err != nil {
			t.Fatal(err)
		}
		for r := range table.Rows() {
			s, err := p.Run(table.X(r)...)
			if err != nil || s.Y != float64(table.Output(r)) {
				t.Errorf("%s %v = %v, want %d (%v)", name, table.X(r), s.Y, table.Output(r), err)
			}
		}
	}
	_, err := Gate("NADN")
	wants(t, err, "perceptron.gate")
	if !strings.Contains(err.Error(), `"NAND"`) {
		t.Error(err)
	}
	_, err = Gate("XOR")
	wants(t, err, "perceptron.gate")
}

// XOR is wired from NAND, OR and AND, deck 4-1-11, with every perceptron's numbers.
func TestWiredXOR(t *testing.T) {
	for r, want := range [][3]float64{{1, 0, 0}, {1, 1, 1}, {1, 1, 1}, {0, 1, 0}} { // NAND, OR, AND of the two
		x := Parity(2).X(r)
		s, err := XOR().Run(x...)
		if err != nil {
			t.Fatal(err)
		}
		if got := [3]float64{s.First[0].Y, s.First[1].Y, s.Last.Y}; got != want {
			t.Errorf("%v: %v, want %v", x, got, want)
		}
		if !slices.Equal(s.Last.X, []float64{s.First[0].Y, s.First[1].Y}) {
			t.Errorf("AND saw %v", s.Last.X)
		}
	}
	_, err := XOR().Run(1)
	wants(t, err, "perceptron.inputs")
}

func TestRunLeavesNoGarbageInStages(t *testing.T) {
	p, _ := Gate("AND")
	a, _ := p.Run(1, 1)
	b, _ := p.Run(0, 0)
	if a.Products[0] != 1 || b.Products[0] != 0 {
		t.Error("two runs share their numbers", a, b)
	}
}
