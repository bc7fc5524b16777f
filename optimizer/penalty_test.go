package optimizer

import (
	"math"
	"slices"
	"testing"
)

// The gradient that Add gives is the central finite difference of Cost.
func TestPenaltyAgainstFiniteDifference(t *testing.T) {
	w := []float64{.5, -2, 3, .25, -1}
	for _, p := range []Penalty[float64]{
		{L2: .3},
		{L1: .7},
		{L1: .2, L2: .4, Spans: [][2]int{{0, 1}, {2, 4}}},
		{L2: .1, Spans: [][2]int{{1, 2}}, Mu: .6, Near: []float64{.25, -1, 3, 0, 2}},
	} {
		g := make([]float64, len(w))
		p.Add(w, g)
		for i := range w {
			at, h := copied(w), 1e-5
			at[i] += h
			up := p.Cost(at)
			at[i] -= 2 * h
			if want := (up - p.Cost(at)) / (2 * h); math.Abs(g[i]-want) > 1e-9 {
				t.Errorf("%+v g%d: %v, want %v", p, i, g[i], want)
			}
		}
	}
}

func TestPenaltySparesWhatIsOutsideItsSpans(t *testing.T) {
	w, g := []float64{1, 2, -3, 4}, []float64{.1, .2, .3, .4}
	Penalty[float64]{L1: 1, L2: .5, Spans: [][2]int{{1, 3}}}.Add(w, g)
	if want := []float64{.1, 2.2, -2.2, .4}; !slices.EqualFunc(g, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-15 }) {
		t.Errorf("%v, want %v", g, want)
	}
	for _, spans := range [][][2]int{{}, {{1, 1}}} {
		g := []float64{1, 2, 3, 4}
		p := Penalty[float64]{L1: 1, L2: 1, Spans: spans}
		if p.Add(w, g); !slices.Equal(g, []float64{1, 2, 3, 4}) || p.Cost(w) != 0 {
			t.Errorf("spans %v: %v", spans, g)
		}
	}
}

func TestPenaltySpecialValues(t *testing.T) {
	w, g := []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(-1)}, make([]float64, 4)
	Penalty[float64]{L1: 2, L2: 1}.Add(w, g)
	if g[0] != 0 || g[1] != 0 || !math.IsNaN(g[2]) || !math.IsInf(g[3], -1) {
		t.Error(g)
	}
	none := []float64{1}
	Penalty[float64]{}.Add([]float64{math.NaN()}, none)
	if none[0] != 1 {
		t.Error("no penalty must leave g alone")
	}
	Penalty[float64]{L2: 1}.Add(nil, nil)
}

// NewPenalised puts weight_decay inside adamw and beside every other rule, and spares biases both ways.
func TestNewPenalised(t *testing.T) {
	spans := [][2]int{{0, 1}, {2, 3}}
	values := map[string]float64{"weight_decay": .5, "l1": .25}
	for _, row := range All[float64]() {
		rule, p, err := NewPenalised[float64](row.Name, 4, "", values, spans)
		if err != nil {
			t.Fatal(err)
		}
		want := .5
		if row.Name == "adamw" {
			want = 0
		}
		if p.L2 != want || p.L1 != .25 || !slices.Equal(p.Spans, spans) {
			t.Errorf("%s: %+v", row.Name, p)
		}
		w, g := []float64{1, 1, 1, 1}, make([]float64, 4)
		p.Add(w, g)
		rule.Step(.1, w, g)
		if w[1] != 1 || w[3] != 1 || w[0] >= 1 || w[2] >= 1 {
			t.Errorf("%s: %v: biases are not spared or weights not penalised", row.Name, w)
		}
	}
	if _, p, _ := NewPenalised[float64]("descent", 4, "", values, nil); p.Spans == nil {
		t.Error("a network without weights would have everything penalised")
	}
	for name, bad := range map[string]float64{"weight_decay": -1, "l1": math.NaN(), "l2": 1} {
		for _, rule := range []string{"adam", "adamw"} {
			if _, _, err := NewPenalised[float64](rule, 4, "", map[string]float64{name: bad}, nil); err == nil {
				t.Errorf("%s takes %s = %v", rule, name, bad)
			}
		}
	}
}

// Without a gradient AdamW is w := (1−αλ)·w on the weights, and the rest stands still.
func TestAdamWSparesTheBiases(t *testing.T) {
	for _, form := range []Form{Reference, Deck} {
		rule, _ := NewAdamW[float64](5, form, AdamWConfig{WeightDecay: .5})
		decay := func(want ...float64) {
			t.Helper()
			w := []float64{1, 1, 1, 1, 1}
			for range 2 {
				rule.Step(.1, w, make([]float64, 5))
			}
			for i := range w {
				if math.Abs(w[i]-want[i]) > 1e-15 {
					t.Errorf("%s: %v, want %v", form, w, want)
				}
			}
		}
		decay(.9025, .9025, .9025, .9025, .9025)
		rule.(Decayer[float64]).DecayOnly([][2]int{{0, 2}, {4, 5}})
		decay(.9025, .9025, 1, 1, .9025)
		rule.(Decayer[float64]).DecayOnly([][2]int{{1, 3}})
		decay(1, .9025, .9025, 1, 1)
		rule.(Decayer[float64]).DecayOnly(nil)
		decay(1, 1, 1, 1, 1)
	}
}

// Spans change who decays and nothing else: with λ = 0 they leave the walk as it is.
func TestDecayOnlyKeepsTheFormula(t *testing.T) {
	data := read[golden](t, "golden.json")
	whole, _ := NewAdamW[float64](3, Reference, AdamWConfig{})
	split, _ := NewAdamW[float64](3, Reference, AdamWConfig{})
	split.(Decayer[float64]).DecayOnly([][2]int{{1, 2}})
	a, b := copied(data.Start), copied(data.Start)
	for _, g := range data.Gradients {
		whole.Step(.1, a, g)
		split.Step(.1, b, g)
	}
	if !slices.Equal(a, b) {
		t.Errorf("%v, want %v", b, a)
	}
}

// Decay beside Adam is AdamW.
func TestDecayBesideAdamIsAdamW(t *testing.T) {
	data := read[golden](t, "golden.json")
	spans := [][2]int{{0, 2}}
	adam, _ := NewAdam[float64](3, Deck, AdamConfig{})
	adamw, _ := NewAdamW[float64](3, Deck, AdamWConfig{WeightDecay: .3})
	adamw.(Decayer[float64]).DecayOnly(spans)
	a, b := copied(data.Start), copied(data.Start)
	for _, g := range data.Gradients {
		Decay(.1, .3, a, spans)
		adam.Step(.1, a, g)
		adamw.Step(.1, b, g)
	}
	if !slices.Equal(a, b) {
		t.Errorf("%v, want %v", b, a)
	}
}

func TestClipNorm(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		g     []float64
		limit float64
		norm  float64
		want  []float64
	}{
		{[]float64{3, 4}, 5.1, 5, []float64{3, 4}},
		{[]float64{3, -4}, 1, 5, []float64{3 / 5.000001, -4 / 5.000001}},
		{[]float64{0, 0}, 1, 0, []float64{0, 0}},
		{nil, 1, 0, nil},
		{[]float64{1, nan, 2}, 1, nan, []float64{nan, nan, nan}},
		{[]float64{1, inf}, 1, inf, []float64{0, nan}},
		{[]float64{3e200, -4e200}, 1, 5e200, []float64{.6, -.8}}, // the squares overflow, the norm does not
	} {
		g := copied(c.g)
		if norm := ClipNorm(g, c.limit); !near(norm, c.norm) || !slices.EqualFunc(g, c.want, near) {
			t.Errorf("%v to %v: norm %v, %v; want %v, %v", c.g, c.limit, norm, g, c.norm, c.want)
		}
	}
	g := []float32{3e30, 4e30}
	if norm := ClipNorm(g, 1); math.Abs(norm/5e30-1) > 1e-6 || math.Abs(float64(g[0])-.6) > 1e-6 {
		t.Errorf("float32: norm %v, %v", norm, g)
	}
	if count := testing.AllocsPerRun(10, func() { ClipNorm(g, 1) }); count != 0 {
		t.Errorf("%v allocations", count)
	}
}

// near is equality to 15 digits, with NaN equal to NaN.
func near(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || apart(a, b) < 1e-15
}
