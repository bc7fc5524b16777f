package optimizer

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// options are the values under which every property below is tested, beside the defaults.
var options = map[string][]map[string]float64{
	"momentum": {{"dampening": .3}},
	"rmsprop":  {{"centred": 1}, {"momentum": .5}, {"centred": 1, "momentum": .5}},
	"adamw":    {{"weight_decay": .05}},
}

// forEach runs f on every rule, form and option.
func forEach(t *testing.T, f func(t *testing.T, fresh func(n int) Rule[float64])) {
	for _, row := range All[float64]() {
		for _, form := range row.Forms {
			for _, values := range append(options[row.Name], nil) {
				if form == Deck && values["dampening"] > 0 {
					continue
				}
				name := row.Name + "/" + string(form)
				for key := range values {
					name += "," + key
				}
				t.Run(name, func(t *testing.T) {
					f(t, func(n int) Rule[float64] {
						rule, err := row.New(n, form, values)
						if err != nil {
							t.Fatal(err)
						}
						return rule
					})
				})
			}
		}
	}
}

// step is one whole iteration with the gradient of f at the place the rule asks for.
func step[T float32 | float64](rule Rule[T], alpha T, w, g []T, f func(g, w []T)) {
	if ahead, ok := rule.(LookAhead[T]); ok {
		ahead.Ahead(w)
	}
	f(g, w)
	rule.Step(alpha, w, g)
}

func TestNameIsTheRowsName(t *testing.T) {
	forEach(t, func(t *testing.T, fresh func(int) Rule[float64]) {
		if name := fresh(1).Name(); !strings.Contains(t.Name(), "/"+name+"/") {
			t.Error(name)
		}
	})
}

// A zero gradient from the first iteration on moves nothing, except where decay is asked for.
func TestZeroGradientMovesNothing(t *testing.T) {
	forEach(t, func(t *testing.T, fresh func(int) Rule[float64]) {
		if strings.Contains(t.Name(), "weight_decay") {
			return // it moves weights without a gradient: TestAdamWSparesTheBiases
		}
		w := []float64{.5, 0, math.Copysign(0, -1), -3e-300}
		want := copied(w)
		rule := fresh(len(w))
		for range 3 {
			step(rule, .1, w, make([]float64, len(w)), func(_, _ []float64) {})
		}
		for i := range w {
			if w[i] != want[i] {
				t.Errorf("w%d: %v, want %v", i, w[i], want[i])
			}
		}
	})
}

// NaN and ±Inf show in their own weight, stay there after clean gradients, and touch no other weight.
func TestNotFiniteStaysVisible(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		forEach(t, func(t *testing.T, fresh func(int) Rule[float64]) {
			w, rule := []float64{1, 2, 3}, fresh(3)
			for i := range 3 {
				step(rule, .1, w, make([]float64, 3), func(g, _ []float64) {
					copy(g, []float64{.5, -.25, .125})
					if i == 0 {
						g[1] = bad
					}
				})
				if finite(w[1:2]) {
					t.Fatalf("step %d with %v: w is %v", i+1, bad, w[1])
				}
			}
			if !finite(w[:1], w[2:]) {
				t.Errorf("%v spread: %v", bad, w)
			}
		})
	}
}

// With ε = 0 a zero gradient is 0/0, which shows.
func TestZeroOverZeroIsNotHidden(t *testing.T) {
	for _, form := range []Form{Reference, Deck} {
		rule, err := New[float64]("adagrad", 1, form, map[string]float64{"epsilon": 0})
		if err != nil {
			t.Fatal(err)
		}
		w := []float64{1}
		rule.Step(.1, w, []float64{0})
		if !math.IsNaN(w[0]) {
			t.Errorf("%s: %v", form, w[0])
		}
	}
}

func TestNoWeights(t *testing.T) {
	forEach(t, func(t *testing.T, fresh func(int) Rule[float64]) {
		rule := fresh(0)
		for range 2 {
			step(rule, .1, nil, nil, func(_, _ []float64) {})
		}
		if d, ok := rule.(Derived[float64]); ok && len(d.Derived()) != 2 {
			t.Error("derived values are missing")
		}
	})
}

// A walk that stops after any step, is saved and goes on in a fresh rule ends with the same bits.
func TestResumeIsExact(t *testing.T) {
	const steps = 7
	s, err := SurfaceByName("beale")
	if err != nil {
		t.Fatal(err)
	}
	forEach(t, func(t *testing.T, fresh func(int) Rule[float64]) {
		g, whole, rule := make([]float64, 2), copied(s.Start), fresh(2)
		for range steps {
			step(rule, .01, whole, g, s.Gradient)
		}
		for stop := range steps {
			w, first := copied(s.Start), fresh(2)
			for range stop {
				step(first, .01, w, g, s.Gradient)
			}
			saved := first.State().Clone()
			step(first, .01, copied(w), g, s.Gradient) // must not reach the clone
			second := fresh(2)
			if err := Restore(second, saved); err != nil {
				t.Fatal(err)
			}
			for range steps - stop {
				step(second, .01, w, g, s.Gradient)
			}
			if !slices.Equal(w, whole) {
				t.Errorf("stopped after %d: %v, want %v", stop, w, whole)
			}
		}
	})
}

func TestRestoreRefusesWhatDoesNotFit(t *testing.T) {
	adam, _ := NewAdam[float64](2, Reference, AdamConfig{})
	ones := []float64{1, 1}
	adam.Step(.1, []float64{0, 0}, ones)
	before := adam.State().Clone()
	n := -1
	for name, saved := range map[string]State[float64]{
		"of another rule":      Descent[float64]{}.State(),
		"without t":            {Moments: []Moment[float64]{{"m", ones}, {"v", ones}}},
		"of another length":    {T: new(int), Moments: []Moment[float64]{{"m", ones}, {"v", ones[:1]}}},
		"with another name":    {T: new(int), Moments: []Moment[float64]{{"m", ones}, {"u", ones}}},
		"with a negative t":    {T: &n, Moments: []Moment[float64]{{"m", ones}, {"v", ones}}},
		"with a moment missed": {T: new(int), Moments: []Moment[float64]{{"m", ones}}},
	} {
		if err := Restore(adam, saved); err == nil || !strings.Contains(err.Error(), "adam") {
			t.Errorf("a state %s: %v", name, err)
		}
	}
	if now := adam.State(); *now.T != 1 || now.Moments[0].Values[0] != before.Moments[0].Values[0] {
		t.Error("a refused state has changed the rule")
	}
}

// Writing into State's slices is writing into the rule.
func TestStateIsLive(t *testing.T) {
	forEach(t, func(t *testing.T, fresh func(int) Rule[float64]) {
		rule := fresh(2)
		for _, m := range rule.State().Moments {
			m.Values[1] = 5
		}
		for _, m := range rule.State().Moments {
			if m.Values[0] != 0 || m.Values[1] != 5 {
				t.Errorf("%s: %v", m.Name, m.Values)
			}
		}
	})
}

func TestStepAllocatesNothing(t *testing.T) {
	const n = 64
	w, g := make([]float64, n), make([]float64, n)
	for i := range g {
		g[i] = float64(i%7) - 3
	}
	forEach(t, func(t *testing.T, fresh func(int) Rule[float64]) {
		rule := fresh(n)
		if d, ok := rule.(Decayer[float64]); ok {
			d.DecayOnly([][2]int{{0, 10}, {20, 30}})
		}
		ahead, _ := rule.(LookAhead[float64])
		if count := testing.AllocsPerRun(20, func() {
			if ahead != nil {
				ahead.Ahead(w)
			}
			rule.Step(.01, w, g)
		}); count != 0 {
			t.Errorf("%v allocations a step", count)
		}
	})
}

// float32 follows float64 on a real surface.
func TestFloat32FollowsFloat64(t *testing.T) {
	quadratic32 := func(g, w []float32) { g[0], g[1] = w[0]+1.5*w[1], 25*w[1]+1.5*w[0] }
	for _, row := range All[float64]() {
		for _, form := range row.Forms {
			wide, err := row.New(2, form, nil)
			narrow, err32 := New[float32](row.Name, 2, form, nil)
			if err != nil || err32 != nil {
				t.Fatal(err, err32)
			}
			w, w32 := []float64{3, -2}, []float32{3, -2}
			g, g32 := make([]float64, 2), make([]float32, 2)
			for range 20 {
				step(wide, .01, w, g, quadraticGradient)
				step(narrow, .01, w32, g32, quadratic32)
			}
			for i := range w {
				if d := math.Abs(w[i] - float64(w32[i])); d > 2e-5 {
					t.Errorf("%s %s: w%d is %v in float32, %v in float64", row.Name, form, i, w32[i], w[i])
				}
			}
		}
	}
}

// The counter advances once an iteration: with a constant gradient the first step of Adam is α·g/|g| whatever the size of g, and
// every later one too, because m̂ = g and v̂ = g².
func TestAdamStepsByAlpha(t *testing.T) {
	rule, _ := NewAdam[float64](3, Reference, AdamConfig{})
	w, g := make([]float64, 3), []float64{1e-3, -40, 7}
	for range 50 {
		rule.Step(.01, w, g)
	}
	for i, sign := range []float64{-1, 1, -1} {
		if math.Abs(w[i]-sign*.5) > 1e-5 {
			t.Errorf("w%d = %v after 50 steps of .01", i, w[i])
		}
	}
}

// Page 4-4-11 as printed: the step relative to α is 1 at t = 1, 2.08 at t = 12 and .316 in the end (numerics README).
func TestPrintedAdamOvershootsThenCrawls(t *testing.T) {
	rule, _ := NewAdam[float64](1, Printed, AdamConfig{})
	w, g := []float64{0}, []float64{1}
	for i, want := range map[int]float64{1: 1, 2: 1.34, 5: 1.83, 12: 2.08, 20: 1.97, 50: 1.42, 100: 1.02, 1000: .40, 20000: .316} {
		clearState(rule)
		var before float64
		for range i {
			before = w[0]
			rule.Step(1, w, g)
		}
		if got := before - w[0]; math.Abs(got-want) > .0051 {
			t.Errorf("t = %d: step %.4f, want %.3g", i, got, want)
		}
	}
}

// Where α stays, the deck's momentum and PyTorch's walk the same path; where it is halved they part (numerics README: by 1.07).
func TestMomentumFormsPartWhenAlphaChanges(t *testing.T) {
	data := read[oracle](t, "numerics.json").Optimizers
	for _, c := range []struct {
		every     int
		low, high float64
	}{{100, 0, 1e-14}, {10, 1.06, 1.08}} {
		ends := [][]float64{}
		for _, form := range []Form{Deck, Reference} {
			rule, _ := NewMomentum[float64](4, form, MomentumConfig{})
			w := copied(data.FixedW0)
			for i, g := range data.FixedGrads {
				rule.Step(Steps{.05, .5, c.every}.Alpha(i+1), w, g)
			}
			ends = append(ends, w)
		}
		apart := 0.0
		for i := range ends[0] {
			apart = max(apart, math.Abs(ends[0][i]-ends[1][i]))
		}
		if apart < c.low || apart > c.high {
			t.Errorf("halved every %d: %v apart", c.every, apart)
		}
	}
}

func TestAheadLooksAndComesBack(t *testing.T) {
	rule, _ := NewNesterov[float64](2, Deck, NesterovConfig{})
	ahead := rule.(LookAhead[float64])
	w, g := []float64{.1, .7}, []float64{.3, -.9}
	ahead.Ahead(w)
	rule.Step(.1, w, g) // v = αg = .03, −.09
	at := copied(w)
	ahead.Ahead(w)
	ahead.Ahead(w) // once more changes nothing
	for i, v := range []float64{.03, -.09} {
		if want := at[i] - .9*v; apart(w[i], want) > 1e-15 {
			t.Errorf("ahead at %v, want %v", w[i], want)
		}
	}
	rule.Step(.1, w, []float64{0, 0}) // from the saved w by γv, exactly
	for i, v := range rule.State().Moments[0].Values {
		if w[i] != at[i]-v {
			t.Errorf("w%d = %v, want %v", i, w[i], at[i]-v)
		}
	}
	if _, ok := Rule[float64](&Nesterov[float64]{}).(LookAhead[float64]); ok {
		t.Error("the reference form must not ask to look ahead")
	}
}

// A constant gradient leaves no variance: the centred G − m² rounds to either side of 0, and the root must not become NaN.
func TestCentredVarianceIsNeverNegative(t *testing.T) {
	rule, _ := NewRMSprop[float64](3, Reference, RMSpropConfig{Centred: true, Gamma: .5})
	w := make([]float64, 3)
	for range 2000 {
		rule.Step(1e-12, w, []float64{.1, 1.0 / 3, 7.7})
	}
	if !finite(w) {
		t.Error(w)
	}
}

// û never falls, so after a large gradient AMSGrad's steps stay small where Adam's grow again.
func TestAMSGradRemembersTheLargest(t *testing.T) {
	adam, _ := NewAdam[float64](1, Reference, AdamConfig{Beta2: .9})
	ams, _ := NewAMSGrad[float64](1, Reference, AdamConfig{Beta2: .9})
	a, b, u := []float64{0}, []float64{0}, ams.State().Moments[2].Values
	for i := range 200 {
		g := []float64{1}
		if i == 0 {
			g[0] = 100
		}
		adam.Step(.01, a, g)
		ams.Step(.01, b, g)
		if want := (1 - .9) * 1e4; math.Abs(u[0]-want) > 1e-9 {
			t.Fatalf("u is %v, want %v", u[0], want)
		}
	}
	if !(b[0] > a[0]/2 && b[0] < 0) {
		t.Errorf("AMSGrad walked to %v, Adam to %v", b[0], a[0])
	}
}

func TestDerivedIsWhatTheStepUses(t *testing.T) {
	for _, name := range []string{"adam", "amsgrad", "adamw"} {
		rule, _ := New[float64](name, 1, Deck, nil)
		for _, m := range rule.(Derived[float64]).Derived() {
			if m.Values[0] != 0 {
				t.Errorf("%s: %s is %v before the first step", name, m.Name, m.Values[0])
			}
		}
		w := []float64{2}
		for _, g := range []float64{.3, -.8, .5} {
			before := w[0]
			rule.Step(.1, w, []float64{g})
			d := rule.(Derived[float64]).Derived()
			if want := before - .1*d[0].Values[0]/math.Sqrt(d[1].Values[0]+1e-8); math.Abs(w[0]-want) > 1e-15 {
				t.Errorf("%s: %v, want %v", name, w[0], want)
			}
		}
	}
}
