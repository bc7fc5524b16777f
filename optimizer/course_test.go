package optimizer

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/internal/say"
)

func surface(t *testing.T, name string) Surface {
	t.Helper()
	s, err := SurfaceByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func rule(t *testing.T, name string, n int, form Form) Rule[float64] {
	t.Helper()
	r, err := New[float64](name, n, form, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Values at the points of the formulas, by hand.
func TestSurfaceValues(t *testing.T) {
	for name, at := range map[string]map[[2]float64]float64{
		"quadratic":   {{3, -2}: 45.5, {0, 0}: 0, {1, 1}: 14.5},
		"rosenbrock":  {{-1.2, 1}: 24.2, {1, 1}: 0, {0, 1}: 101},
		"beale":       {{1, 1.5}: 2*2 + 3.5*3.5 + 5*5, {0, 0}: 14.203125, {3, .5}: 0},
		"saddle":      {{2, 1}: 3, {0, 0}: 0, {1, -3}: -8},
		"double-well": {{0}: 0, {1}: -.7, {-1}: -1.3, {2}: 8.6},
	} {
		s := surface(t, name)
		for w, want := range at {
			if got := s.Value(w[:len(s.Start)]); math.Abs(got-want) > 1e-12 {
				t.Errorf("%s at %v: %v, want %v", name, w, got, want)
			}
		}
	}
}

func TestSurfaceGradients(t *testing.T) {
	for _, s := range Surfaces() {
		n := len(s.Start)
		for _, w := range [][]float64{s.Start, {0, 0}, {-.7, 1.3}, {2.5, -.4}} {
			w := copied(w[:n])
			g := make([]float64, n)
			s.Gradient(g, w)
			for i := range w {
				const h = 1e-5
				up, down := copied(w), copied(w)
				up[i] += h
				down[i] -= h
				if want := (s.Value(up) - s.Value(down)) / (2 * h); math.Abs(g[i]-want) > 1e-6*max(1, math.Abs(want)) {
					t.Errorf("%s at %v g%d: %v, want %v", s.Name, w, i, g[i], want)
				}
			}
		}
	}
}

func TestSurfaceMinima(t *testing.T) {
	for _, s := range Surfaces() {
		for _, m := range s.Minima {
			g := make([]float64, len(m.W))
			if s.Gradient(g, m.W); math.Abs(g[0])+math.Abs(g[len(g)-1]) > 1e-14 || math.Abs(s.Value(m.W)-m.F) > 1e-15 {
				t.Errorf("%s at %v: g %v, f %v, want f %v", s.Name, m.W, g, s.Value(m.W), m.F)
			}
			for i := range m.W {
				for _, h := range []float64{-1e-3, 1e-3} {
					w := copied(m.W)
					if w[i] += h; s.Value(w) <= m.F {
						t.Errorf("%s: %v is lower than its minimum", s.Name, w)
					}
				}
			}
			if m.F < s.Minima[0].F {
				t.Errorf("%s: the lowest minimum does not come first", s.Name)
			}
		}
	}
	if _, err := SurfaceByName("rosen"); err == nil || !strings.Contains(err.Error(), `"rosenbrock"`) {
		t.Error(err)
	}
}

// Every rule comes down every surface that has a bottom, or on the saddle leaves it downwards.
func TestEveryRuleDescends(t *testing.T) {
	for _, s := range Surfaces() {
		for _, row := range All[float64]() {
			for _, form := range row.Forms {
				tr, err := Course{On: s, Alpha: .001, Steps: 200}.Run(rule(t, row.Name, len(s.Start), form))
				if err != nil || tr.DivergedAt != 0 || len(tr.Steps) != 200 {
					t.Fatal(s.Name, row.Name, form, err, tr.DivergedAt, len(tr.Steps))
				}
				if last := tr.Steps[199]; last.T != 200 || last.F >= tr.Start.F {
					t.Errorf("%s %s %s: from %v to %v", s.Name, row.Name, form, tr.Start.F, last.F)
				}
			}
		}
	}
}

// The first rows of the trajectory, by hand: f = x²−y², start (1, .001), α = .1.
func TestTrajectoryRows(t *testing.T) {
	tr, err := Course{On: surface(t, "saddle"), Alpha: .1, Steps: 2}.Run(rule(t, "momentum", 2, Deck))
	if err != nil {
		t.Fatal(err)
	}
	if p := tr.Start; p.T != 0 || p.F != 1-1e-6 || !slices.Equal(p.G, []float64{2, -.002}) || p.State != nil {
		t.Errorf("start %+v", p)
	}
	for i, want := range []struct{ w, g, v []float64 }{
		{[]float64{.8, .0012}, []float64{2, -.002}, []float64{.2, -.0002}},
		{[]float64{.46, .00162}, []float64{1.6, -.0024}, []float64{.34, -.00042}}, // v = .9·.2 + .1·1.6
	} {
		p := tr.Steps[i]
		f := want.w[0]*want.w[0] - want.w[1]*want.w[1]
		if p.T != i+1 || math.Abs(p.F-f) > 1e-15 || len(p.State) != 1 || p.State[0].Name != "v" {
			t.Errorf("%+v", p)
		}
		for j := range 2 {
			if math.Abs(p.W[j]-want.w[j]) > 1e-15 || math.Abs(p.G[j]-want.g[j]) > 1e-15 || math.Abs(p.State[0].Values[j]-want.v[j]) > 1e-15 {
				t.Errorf("step %d: %+v, want %+v", i+1, p, want)
			}
		}
	}
}

func TestTrajectoryShowsTheStateByName(t *testing.T) {
	s := surface(t, "quadratic")
	for name, want := range map[string]string{
		"descent": "", "momentum": "v", "nesterov": "v", "adagrad": "G", "rmsprop": "G",
		"adam": "m v m̂ v̂", "amsgrad": "m v u m̂ û", "adamw": "m v m̂ v̂",
	} {
		tr, err := Course{On: s, Alpha: .01, Steps: 1}.Run(rule(t, name, 2, Deck))
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, m := range tr.Steps[0].State {
			list = append(list, m.Name)
			if len(m.Values) != 2 || m.Values[1] == 0 { // g₀ is 0 at the start
				t.Errorf("%s %s: %v", name, m.Name, m.Values)
			}
		}
		if got := strings.Join(list, " "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Deck 4-4-7 and 4-4-8: descent stays in the local minimum, momentum of the same α passes it and finds the lowest.
func TestMomentumEscapesTheLocalMinimum(t *testing.T) {
	s := surface(t, "double-well")
	for name, lowest := range map[string]int{"descent": 1, "momentum": 0} {
		tr, err := Course{On: s, Alpha: .03, Steps: 400}.Run(rule(t, name, 1, Deck))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := tr.Steps[399].W[0], s.Minima[lowest].W[0]; math.Abs(got-want) > 1e-6 {
			t.Errorf("%s ends at %v, want %v", name, got, want)
		}
	}
}

func TestTrajectoryDiverges(t *testing.T) {
	s := surface(t, "quadratic")
	tr, err := Course{On: s, Alpha: .1, Steps: 1000}.Run(rule(t, "descent", 2, Deck))
	if err != nil || tr.DivergedAt == 0 || len(tr.Steps) != tr.DivergedAt {
		t.Fatal(err, tr.DivergedAt, len(tr.Steps))
	}
	for i, p := range tr.Steps {
		if escaped := math.Abs(p.F) > Escape*tr.Start.F; escaped != (i == tr.DivergedAt-1) {
			t.Errorf("step %d: f %v", p.T, p.F)
		}
	}
	// one step out of float64: the row is left out, so that nothing shown is NaN or ±Inf
	tr, err = Course{On: surface(t, "rosenbrock"), Alpha: 1e300, Steps: 5}.Run(rule(t, "descent", 2, Deck))
	if err != nil || tr.DivergedAt != 1 || len(tr.Steps) != 0 {
		t.Error(err, tr.DivergedAt, tr.Steps)
	}
	// the memory alone overflows: g² leaves float64 while w and f stand
	tr, err = Course{On: surface(t, "saddle"), Start: []float64{1.2e154, 0}, Alpha: .1, Steps: 3}.Run(rule(t, "adagrad", 2, Deck))
	if err != nil || tr.DivergedAt != 1 || len(tr.Steps) != 0 {
		t.Error(err, tr.DivergedAt, tr.Steps)
	}
}

// 2/λmax of the quadratic, λ = (26 ± √585)/2, and the known borders of momentum and Nesterov: ×(1+γ), ×(1+γ)/(1+2γ).
func TestDivergesAt(t *testing.T) {
	border := 4 / (26 + math.Sqrt(585))
	s := surface(t, "quadratic")
	for _, form := range []Form{Reference, Deck} {
		for name, want := range map[string]float64{"descent": border, "momentum": border * 1.9, "nesterov": border * 1.9 / 2.8} {
			r := rule(t, name, 2, form)
			got, found, err := Course{On: s}.DivergesAt(r)
			if err != nil || !found || apart(got, want) > 1e-11 {
				t.Errorf("%s %s: %.15g %v %v, want %.15g", name, form, got, found, err, want)
			}
			for _, m := range r.State().Moments {
				if m.Values[0] != 0 || m.Values[1] != 0 {
					t.Errorf("%s: memory is not cleared", name)
				}
			}
		}
	}
	for _, name := range []string{"adagrad", "rmsprop", "adam"} { // their steps are bounded by α
		if alpha, found, err := (Course{On: s}).DivergesAt(rule(t, name, 2, Deck)); found || err != nil {
			t.Errorf("%s diverges at %v, %v", name, alpha, err)
		}
	}
	if alpha, found, _ := (Course{On: surface(t, "saddle")}).DivergesAt(rule(t, "adam", 2, Deck)); !found || alpha != 0 {
		t.Errorf("saddle: %v %v", alpha, found)
	}
}

// On the surfaces with curves, just below the border a long walk stays and just above it leaves.
func TestDivergesAtIsABorder(t *testing.T) {
	for _, name := range []string{"rosenbrock", "beale", "double-well"} {
		s := surface(t, name)
		alpha, found, err := Course{On: s}.DivergesAt(rule(t, "descent", len(s.Start), Deck))
		if err != nil || !found {
			t.Fatal(name, found, err)
		}
		for scale, leaves := range map[float64]bool{1 - 1e-12: false, 1: true} {
			tr, err := Course{On: s, Alpha: alpha * scale, Steps: windows * window}.Run(rule(t, "descent", len(s.Start), Deck))
			if err != nil || (tr.DivergedAt > 0) != leaves {
				t.Errorf("%s at %v: diverged at step %d, %v", name, alpha*scale, tr.DivergedAt, err)
			}
		}
	}
}

func TestCourseRefuses(t *testing.T) {
	s := surface(t, "beale")
	for says, c := range map[string]Course{
		"start has 1 values":   {On: s, Start: []float64{1}, Alpha: .1, Steps: 1},
		"steps is -1":          {On: s, Alpha: .1, Steps: -1},
		"steps is 2000000":     {On: s, Alpha: .1, Steps: 2000000},
		"alpha is 0":           {On: s, Steps: 1},
		"alpha is NaN":         {On: s, Alpha: math.NaN(), Steps: 1},
		"no finite value":      {On: s, Alpha: .1, Steps: 1, Start: []float64{math.NaN(), 1}},
		"no finite value or s": {On: s, Alpha: .1, Steps: 1, Start: []float64{1e200, 1e200}},
	} {
		_, err := c.Run(rule(t, "descent", 2, Deck))
		if err == nil || !strings.Contains(err.Error(), says) || say.In(say.Korean, err) == err.Error() {
			t.Errorf("%v, want %q", err, says)
		}
	}
	if _, _, err := (Course{On: s, Start: []float64{1}}).DivergesAt(rule(t, "descent", 2, Deck)); err == nil {
		t.Error("DivergesAt takes a start of the wrong size")
	}
}

// The same walk twice gives the same bits, and a course is not changed by running it.
func TestCourseIsRepeatable(t *testing.T) {
	c := Course{On: surface(t, "rosenbrock"), Start: []float64{-1, 2}, Alpha: .01, Steps: 50}
	a, _ := c.Run(rule(t, "adam", 2, Reference))
	b, _ := c.Run(rule(t, "adam", 2, Reference))
	if !slices.Equal(a.Steps[49].W, b.Steps[49].W) || !slices.Equal(c.Start, []float64{-1, 2}) {
		t.Error(a.Steps[49].W, b.Steps[49].W, c.Start)
	}
	if slices.Equal(a.Steps[0].W, a.Steps[1].W) {
		t.Error("rows share their memory")
	}
}
