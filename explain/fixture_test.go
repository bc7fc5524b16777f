package explain

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"reflect"
	"runtime"
	"testing"

	"gradus/mat"
	"gradus/network"
	"gradus/table"
)

// fixture is testdata/expected_explanations.json: a fixed net, enumerated with NumPy 1.24 in float64 (gradient, integrated gradients
// with captum's default rule, Shapley by all subsets, partial dependence, permutation by all pairs). Rounded to 12 digits.
type fixture struct {
	W1         [][]float64
	B1         []float64 `json:"b1"`
	W2         []float64
	B2         float64     `json:"b2"`
	X          [][]float64 `json:"X"`
	Y          []float64   `json:"y"`
	P          []float64   `json:"p"`
	Row        int         `json:"explain_row"`
	Baseline   []float64   `json:"baseline"`
	Gradient   []float64   `json:"gradient_at_row0"`
	FX         float64     `json:"f_x"`
	FBaseline  float64     `json:"f_baseline"`
	Integrated map[string]struct {
		Attr []float64 `json:"attr"`
	} `json:"ig"`
	Shapley struct {
		Phi  []float64 `json:"phi"`
		Base float64   `json:"base"`
	} `json:"shapley_exact_interventional_background_rows_1_to_20"`
	PDP struct {
		Grid []float64   `json:"grid"`
		Mean [][]float64 `json:"mean_p_per_feature"`
	} `json:"pdp"`
	Permutation struct {
		Base     float64   `json:"base_log_loss"`
		Increase []float64 `json:"increase"`
	} `json:"permutation_importance_exact_logloss"`
}

func read(t *testing.T) (d fixture, f *Function, x mat.Matrix[float64], groups []Group) {
	t.Helper()
	b, err := os.ReadFile("testdata/expected_explanations.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	net, err := network.Build[float64](4, []network.Spec{{Kind: "dense", Units: 3, Activation: "tanh"}, {Kind: "dense", Units: 1}})
	if err != nil {
		t.Fatal(err)
	}
	w := net.Weights()
	for j := range 3 {
		for i := range 4 {
			w[j*4+i] = d.W1[i][j]
		}
	}
	copy(w[12:], d.B1)
	copy(w[15:], d.W2)
	w[18] = d.B2
	x = mat.New[float64](len(d.X), 4)
	for r, row := range d.X {
		copy(x.Row(r), row)
	}
	for i, name := range []string{"a", "b", "c", "d"} {
		groups = append(groups, Group{Name: name, Spans: [][2]int{{i, i + 1}}})
	}
	return d, (&Function{task: table.TaskBinary, output: 1, sign: 1, scale: Probability}).with(net), x, groups
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-8*max(math.Abs(want), 1e-2)) {
		t.Errorf("%s is %.12g, want %.12g", what, got, want)
	}
}

func TestFixture(t *testing.T) {
	d, f, x, groups := read(t)
	p := make([]float64, x.Rows)
	f.Values(p, x)
	for i := range p {
		near(t, "p", p[i], d.P[i])
	}
	row := mat.Matrix[float64]{Rows: 1, Cols: 4, Data: x.Row(d.Row)}
	if err := f.Gradients(row, func(_ int, dx []float64) {
		for i := range dx {
			near(t, "gradient", dx[i], d.Gradient[i])
		}
	}); err != nil {
		t.Fatal(err)
	}
	ig, err := IntegratedGradients(f, groups, x.Row(d.Row), d.Baseline)
	if err != nil || math.Abs(ig.Error) > 1e-14 {
		t.Errorf("%v, completeness error %g", err, ig.Error)
	}
	near(t, "f(x)", ig.F, d.FX)
	near(t, "f(baseline)", ig.Base, d.FBaseline)
	for i, want := range d.Integrated["gausslegendre_50 (captum default)"].Attr {
		near(t, "integrated gradient", ig.Parts[i].Part, want)
	}
	back := mat.Matrix[float64]{Rows: 20, Cols: 4, Data: x.Data[4 : 21*4]}
	s, err := Shapley(context.Background(), f, groups, x.Row(d.Row), back, 1, nil)
	if err != nil || math.Abs(s.Error) > 1e-14 {
		t.Errorf("%v, error of the sum %g", err, s.Error)
	}
	near(t, "base", s.Base, d.Shapley.Base)
	for i, want := range d.Shapley.Phi {
		near(t, "Shapley", s.Parts[i].Part, want)
	}
	perm, err := Permute(context.Background(), f, groups, nil, x, d.Y, 1, nil)
	if err != nil || perm.Repeats != 0 {
		t.Fatal(err, perm)
	}
	near(t, "base log loss", perm.Base, d.Permutation.Base)
	for i, want := range d.Permutation.Increase {
		near(t, "permutation", perm.Columns[i].Increase, want)
	}
	for g, want := range d.PDP.Mean {
		var grid []Point
		for _, v := range d.PDP.Grid {
			grid = append(grid, Point{"", v, []float64{v}})
		}
		dep, err := Depend(context.Background(), f, groups[g], x, grid, []int{3}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for k := range want {
			near(t, "PDP", dep.Mean[k], want[k])
		}
		if len(dep.Lines) != 1 || dep.Rows[0] != 4 {
			t.Errorf("%+v", dep)
		}
	}
}

// What is drawn comes within its standard error of what is counted, with one core as with two.
func TestDrawn(t *testing.T) {
	d, f, x, groups := read(t)
	back := mat.Matrix[float64]{Rows: 20, Cols: 4, Data: x.Data[4 : 21*4]}
	var first []Part
	for _, cores := range []int{1, 2, 3} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		parts := make([]Part, 4)
		if err := drawn(context.Background(), f, groups, x.Row(d.Row), back, 7, nil, parts); err != nil {
			t.Fatal(err)
		}
		for i, p := range parts {
			if off := math.Abs(p.Part - d.Shapley.Phi[i]); off > 4**p.SE || *p.SE > .01 || *p.SE == 0 {
				t.Errorf("%d cores: part %d is off by %g, its standard error %g", cores, i, off, *p.SE)
			}
		}
		if first == nil {
			first = parts
		} else if !reflect.DeepEqual(first, parts) {
			t.Errorf("%d cores give other numbers", cores)
		}
	}
}

// Repeats beyond 200 rows come within their standard error of all pairs.
func TestRepeats(t *testing.T) {
	d, f, x, groups := read(t)
	long, y := mat.New[float64](240, 4), []float64(nil)
	for r := range long.Rows {
		copy(long.Row(r), x.Row(r%40))
		y = append(y, d.Y[r%40])
	}
	p, err := Permute(context.Background(), f, groups, []Group{{Name: "a + b", Spans: [][2]int{{0, 1}, {1, 2}}}}, long, y, 3, nil)
	if err != nil || p.Repeats != repeats || len(p.Columns) != 5 || !p.Columns[4].Joined {
		t.Fatal(err, p)
	}
	for i, want := range d.Permutation.Increase { // six copies of the fixture have its mean of all pairs
		if c := p.Columns[i]; math.Abs(c.Increase-want) > 5**c.SE {
			t.Errorf("%s: %g, want %g within %g", c.Column, c.Increase, want, *c.SE)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Permute(ctx, f, groups, nil, long, y, 3, nil); err == nil {
		t.Error("a stopped run gave a result")
	}
}

// The gradient of every scale is that of finite differences.
func TestScales(t *testing.T) {
	for _, c := range []Function{
		{task: table.TaskBinary, sign: 1, scale: Logit},
		{task: table.TaskBinary, sign: -1, scale: Probability},
		{task: table.TaskClasses, output: 1, scale: Probability},
		{task: table.TaskClasses, output: 2, scale: Logit},
		{task: table.TaskNumber, scale: Value, of: table.Scale{Mean: 5, SD: 3}},
	} {
		units := 1
		if c.task == table.TaskClasses {
			units = 3
		}
		net, err := network.Build[float64](2, []network.Spec{{Kind: "dense", Units: 4, Activation: "tanh"}, {Kind: "dense", Units: units}})
		if err != nil {
			t.Fatal(err)
		}
		net.Init(5)
		f := c.with(net)
		x := mat.Matrix[float64]{Rows: 1, Cols: 2, Data: []float64{.3, -.7}}
		var got []float64
		if err := f.Gradients(x, func(_ int, dx []float64) { got = append(got, dx...) }); err != nil {
			t.Fatal(err)
		}
		for i := range got {
			const h = 1e-5
			ends := mat.Matrix[float64]{Rows: 2, Cols: 2, Data: []float64{.3, -.7, .3, -.7}}
			ends.Data[i] += h
			ends.Data[2+i] -= h
			v := make([]float64, 2)
			f.Values(v, ends)
			if want := (v[0] - v[1]) / (2 * h); math.Abs(got[i]-want) > 1e-8 {
				t.Errorf("%s %s: ∂f/∂x%d is %g, want %g", c.task, c.scale, i, got[i], want)
			}
		}
	}
}
