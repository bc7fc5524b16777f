package room

import (
	"math"
	"testing"

	"gradus/lab/scene"
	"gradus/optimizer"
)

func state(t *testing.T, query string) *scene.State {
	t.Helper()
	s, ignored := race().Read(query)
	if ignored != nil {
		t.Fatal(ignored)
	}
	return s
}

// Each runner walks as a course of the engine walks, to the last bit; all from one start.
func TestRunnersAreTheEngine(t *testing.T) {
	track, err := run(state(t, "form=reference"))
	if err != nil {
		t.Fatal(err)
	}
	on, err := optimizer.SurfaceByName("beale")
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range racers {
		walk := track.Runners[i].Walk
		if w := walk.Start.W; w[0] != on.Start[0] || w[1] != on.Start[1] {
			t.Errorf("%s starts at %v", r.key, w)
		}
		if r.key == "sgd" {
			continue // it sees noise
		}
		form := optimizer.Reference
		if r.form != "" {
			form = r.form
		}
		rule, err := optimizer.New[float64](r.rule, 2, form, nil)
		if err != nil {
			t.Fatal(err)
		}
		want, err := optimizer.Course{On: on, Steps: 80, Alpha: track.Runners[i].Alpha}.Run(rule)
		if err != nil {
			t.Fatal(err)
		}
		for k, p := range want.Steps {
			if q := walk.Steps[k]; p.W[0] != q.W[0] || p.W[1] != q.W[1] || p.F != q.F {
				t.Fatalf("%s at step %d: %v, want %v", r.key, k+1, q.W, p.W)
			}
		}
	}
}

// The gradient on the plane of the learner's own network is that of finite differences, and its lowest place is below all corners.
func TestOwnSlice(t *testing.T) {
	for _, query := range []string{"surface=own", "surface=own&plane=weights&activation=sigmoid", "surface=own&hidden=1&seed=3"} {
		track, _, err := course(state(t, query))
		if err != nil {
			t.Fatal(err)
		}
		g, w := make([]float64, 2), []float64{.3, -.4}
		track.On.Gradient(g, w)
		for k := range g {
			const h = 1e-5
			up, down := []float64{w[0], w[1]}, []float64{w[0], w[1]}
			up[k] += h
			down[k] -= h
			want := (track.On.Value(up) - track.On.Value(down)) / (2 * h)
			if math.Abs(g[k]-want) > 1e-7 {
				t.Errorf("%s: ∂E/∂w%d = %v, by differences %v", query, k+1, g[k], want)
			}
		}
		low := track.On.Minima[0].F
		for _, c := range [][]float64{{-3, -2.5}, {3, -2.5}, {-3, 2.5}, {3, 2.5}, {0, 0}} {
			if track.On.Value(c) < low {
				t.Errorf("%s: %v is lower than the lowest", query, c)
			}
		}
	}
}

// What has diverged stands last, whatever its loss was.
func TestRanked(t *testing.T) {
	track, err := run(state(t, "surface=quadratic&alpha_gd=1"))
	if err != nil {
		t.Fatal(err)
	}
	order := ranked(track, 60)
	if last := track.Runners[order[len(order)-1]]; last.Key != "gd" || last.Walk.DivergedAt == 0 {
		t.Errorf("%s stands last, diverged at %d", last.Key, last.Walk.DivergedAt)
	}
	for i := 1; i < len(order)-1; i++ {
		if track.Runners[order[i-1]].Now(60).F > track.Runners[order[i]].Now(60).F {
			t.Error("not in order")
		}
	}
}

// Without correction M and V are those of the definition, and the step is α·M/√V of them.
func TestUncorrected(t *testing.T) {
	s := state(t, "")
	track, err := run(s)
	if err != nil {
		t.Fatal(err)
	}
	none, err := uncorrected(s, track)
	if err != nil {
		t.Fatal(err)
	}
	m, v, alpha := [2]float64{}, [2]float64{}, alphaOf(s, 5)
	before := none.Walk.Start.W
	for _, p := range none.Walk.Steps[:20] {
		for i := range m {
			m[i] = .9*m[i] + .1*p.G[i]
			v[i] = .999*v[i] + .001*p.G[i]*p.G[i]
			want := before[i] - alpha*m[i]/math.Sqrt(v[i]+1e-8)
			if math.Abs(p.W[i]-want) > 1e-9 {
				t.Fatalf("step %d: %v, want %v", p.T, p.W[i], want)
			}
		}
		before = p.W
	}
}
