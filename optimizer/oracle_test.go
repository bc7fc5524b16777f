package optimizer

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
)

// oracle is testdata/numerics.json: 91 trajectories of 20 steps by PyTorch 1.13 and NumPy, and a clipping by norm.
type oracle struct {
	Optimizers struct {
		Steps      int
		FixedGrads [][]float64 `json:"fixed_grads"`
		FixedW0    []float64   `json:"fixed_w0"`
		Cases      []trial
	}
	ClipGradNorm struct {
		Grads     [][]float64
		MaxNorm   float64 `json:"max_norm"`
		TotalNorm float64 `json:"total_norm"`
		Clipped   [][]float64
	} `json:"clip_grad_norm"`
}

type trial struct {
	Name, Problem string
	Hyper         map[string]any
	At            any // "all", or the steps that w lists
	W             [][]float64
}

func read[R any](t *testing.T, file string) (r R) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The oracle's words for rules, forms, values and surfaces. A variant is named by what its name begins with, the longest first.
var (
	variants = []struct {
		prefix, rule string
		form         Form
	}{
		{"sgd", "descent", Reference},
		{"momentum_deck", "momentum", Deck},
		{"momentum_torch", "momentum", Reference},
		{"nesterov_torch", "nesterov", Reference},
		{"nesterov_lookahead", "nesterov", Deck},
		{"adagrad_deck", "adagrad", Deck},
		{"adagrad_torch", "adagrad", Reference},
		{"rmsprop_deck", "rmsprop", Deck},
		{"rmsprop_torch", "rmsprop", Reference},
		{"adam_deck_literal", "adam", Printed},
		{"adam_deck_power", "adam", Deck},
		{"adam_torch_amsgrad", "amsgrad", Reference},
		{"adam_torch", "adam", Reference},
		{"adamw_torch", "adamw", Reference},
	}
	oracleKeys = map[string]string{
		"gamma": "gamma", "mu": "gamma", "alpha": "gamma", "eps": "epsilon", "b1": "beta1", "b2": "beta2", "wd": "weight_decay",
		"damp": "dampening", "centered": "centred", "mom": "momentum",
	}
	oracleSurfaces = map[string]string{"quad": "quadratic", "rosenbrock": "rosenbrock", "beale": "beale"}
)

// rule makes the trial's rule, with its schedule and penalty, for n weights; every hyper-parameter must be used.
func (c trial) rule(t *testing.T, n int) (Rule[float64], Penalty[float64], Schedule) {
	t.Helper()
	values := map[string]float64{}
	base := c.Hyper["lr"].(float64)
	var schedule Schedule = Constant{base}
	for name, v := range c.Hyper {
		switch {
		case name == "lr" || name == "amsgrad":
		case name == "sched":
			schedule = Steps{Base: base, Factor: .5, Every: 10}
		case v == true:
			values[oracleKeys[name]] = 1
		default:
			values[oracleKeys[name]] = v.(float64)
		}
	}
	for _, v := range variants {
		if strings.HasPrefix(c.Name, v.prefix) {
			rule, penalty, err := NewPenalised[float64](v.rule, n, v.form, values, [][2]int{{0, n}})
			if err != nil {
				t.Fatal(err)
			}
			return rule, penalty, schedule
		}
	}
	t.Fatalf("no rule for the variant %q", c.Name)
	return nil, Penalty[float64]{}, nil
}

// walk returns w after each of the oracle's steps.
func (c trial) walk(t *testing.T, o oracle) [][]float64 {
	if c.Problem == "fixed" {
		rule, penalty, schedule := c.rule(t, len(o.Optimizers.FixedW0))
		w := copied(o.Optimizers.FixedW0)
		var path [][]float64
		for i, g := range o.Optimizers.FixedGrads {
			g = copied(g)
			penalty.Add(w, g)
			rule.Step(schedule.Alpha(i+1), w, g)
			path = append(path, copied(w))
		}
		return path
	}
	s, err := SurfaceByName(oracleSurfaces[c.Problem])
	if err != nil {
		t.Fatal(err)
	}
	rule, penalty, schedule := c.rule(t, len(s.Start))
	tr, err := Course{On: s, Steps: o.Optimizers.Steps, Schedule: schedule, Penalty: penalty}.Run(rule)
	if err != nil || tr.DivergedAt != 0 {
		t.Fatal(err, tr.DivergedAt)
	}
	var path [][]float64
	for _, p := range tr.Steps {
		path = append(path, p.W)
	}
	return path
}

// apart is |a−b| relative to b; a b of 0 must be met exactly.
func apart(a, b float64) float64 {
	switch {
	case a == b:
		return 0
	case math.IsNaN(a) || math.IsNaN(b) || b == 0:
		return math.Inf(1)
	}
	return math.Abs(a-b) / math.Abs(b)
}

func TestEveryTrajectoryOfTheOracle(t *testing.T) {
	o := read[oracle](t, "numerics.json")
	if len(o.Optimizers.Cases) != 91 {
		t.Fatalf("%d cases, want 91", len(o.Optimizers.Cases))
	}
	worst, where := 0.0, ""
	for _, c := range o.Optimizers.Cases {
		t.Run(c.Name+"/"+c.Problem, func(t *testing.T) {
			path := c.walk(t, o)
			if list, ok := c.At.([]any); ok {
				var some [][]float64
				for _, at := range list {
					some = append(some, path[int(at.(float64))-1])
				}
				path = some
			}
			if len(path) != len(c.W) {
				t.Fatalf("%d points, want %d", len(path), len(c.W))
			}
			for i, want := range c.W {
				for j := range want {
					d := apart(path[i][j], want[j])
					if d > 1e-11 {
						t.Errorf("point %d, w%d: %.17g, want %.17g (%.1e apart)", i, j, path[i][j], want[j], d)
					}
					if d > worst {
						worst, where = d, t.Name()
					}
				}
			}
		})
	}
	t.Logf("largest relative difference %.1e in %s", worst, where)
}

func TestClipNormOfTheOracle(t *testing.T) {
	o := read[oracle](t, "numerics.json").ClipGradNorm
	var g, want []float64
	for i := range o.Grads {
		g, want = append(g, o.Grads[i]...), append(want, o.Clipped[i]...)
	}
	if norm := ClipNorm(g, o.MaxNorm); apart(norm, o.TotalNorm) > 1e-15 {
		t.Errorf("norm %.17g, want %.17g", norm, o.TotalNorm)
	}
	for i := range g {
		if apart(g[i], want[i]) > 1e-15 {
			t.Errorf("g%d: %.17g, want %.17g", i, g[i], want[i])
		}
	}
}

// golden is testdata/golden.json, made by testdata/golden.py from the formulas in 50 decimal digits: every rule, form and option
// over two tensors and four iterations, one of them with a zero gradient.
type golden struct {
	Alpha     float64
	Start     []float64
	Gradients [][]float64
	Rows      []struct {
		Rule   string
		Form   Form
		Values map[string]float64
		W      []float64
	}
}

func TestEveryRuleAgainstItsFormula(t *testing.T) {
	data := read[golden](t, "golden.json")
	covered := map[string]bool{}
	for _, row := range data.Rows {
		covered[row.Rule+"/"+string(row.Form)] = true
		check := func(name string, got []float64, limit float64) {
			for i := range got {
				if apart(got[i], row.W[i]) > limit {
					t.Errorf("%s %s %v %s: w%d = %.17g, want %.17g", row.Rule, row.Form, row.Values, name, i, got[i], row.W[i])
				}
			}
		}
		check("float64", drive[float64](t, row.Rule, row.Form, row.Values, data), 1e-14)
		check("float32", drive[float32](t, row.Rule, row.Form, row.Values, data), 2e-6)
	}
	for _, r := range All[float64]() {
		for _, form := range r.Forms {
			if !covered[r.Name+"/"+string(form)] {
				t.Errorf("%s %s has no golden row", r.Name, form)
			}
		}
	}
}

// drive walks the golden gradients in the precision T.
func drive[T float32 | float64](t *testing.T, rule string, form Form, values map[string]float64, data golden) []float64 {
	t.Helper()
	r, err := New[T](rule, len(data.Start), form, values)
	if err != nil {
		t.Fatal(err)
	}
	w := to[T](data.Start)
	for _, g := range data.Gradients {
		g := to[T](g)
		if ahead, ok := r.(LookAhead[T]); ok {
			ahead.Ahead(w)
		}
		kept := append([]T{}, g...)
		r.Step(T(data.Alpha), w, g)
		for i := range g {
			if g[i] != kept[i] {
				t.Fatalf("%s changed the gradient", rule)
			}
		}
	}
	return to[float64](w)
}

// to converts a slice from one precision to the other.
func to[T, F float32 | float64](x []F) []T {
	y := make([]T, len(x))
	for i := range x {
		y[i] = T(x[i])
	}
	return y
}
