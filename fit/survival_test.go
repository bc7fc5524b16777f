package fit

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gradus/cost"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/metric"
	"gradus/model"
	"gradus/network"
	"gradus/regression"
	"gradus/table"
)

// lifetimes is a table of n rows with exponential times of log hazard law(x), a third or so censored, and more to judge by.
func lifetimes(n, columns int, seed uint64, law func(x []float64) float64) string {
	r := rand.New(rand.NewPCG(seed, 71))
	var b strings.Builder
	for j := range columns {
		fmt.Fprintf(&b, "x%d,", j+1)
	}
	b.WriteString("days,died\n")
	x := make([]float64, columns)
	for range n {
		for j := range x {
			x[j] = r.NormFloat64()
			fmt.Fprintf(&b, "%.6g,", x[j])
		}
		t, c := 300*r.ExpFloat64()*math.Exp(-law(x)), 600*r.ExpFloat64()
		died := 0
		if t <= c {
			died = 1
		}
		fmt.Fprintf(&b, "%d,%d\n", 1+int(min(t, c)), died)
	}
	return b.String()
}

func crooked(x []float64) float64 { return x[0]*x[1] + x[2]*x[2]/2 - math.Abs(x[3]) + .5*x[4] }

func straight(x []float64) float64 { return .8*x[0] - .6*x[1] + .4*x[2] + .3*x[3] }

// trained is a model of survival of the first n rows of a made-up table, and what it says of the others: risk and survival at two horizons.
func trained(t *testing.T, text string, n int, s model.Settings) (m *model.Model, time []float64, event []bool, out [][]float64) {
	t.Helper()
	tbl := read(t, text)
	target, y, err := table.NewSurvival(tbl, "days", nil, "died", "")
	if err != nil {
		t.Fatal(err)
	}
	tbl, s.Horizons = tbl.Drop("died"), []float64{100, 300}
	run, err := New(tbl, upTo(n), target, y, s)
	if err != nil {
		t.Fatal(err)
	}
	if m, err = run.Train(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, _, err := m.All(tbl)
	if err != nil {
		t.Fatal(err)
	}
	for i := n; i < tbl.Rows; i++ {
		out = append(out, all.Row(i))
	}
	time, event = table.Survived(y[n:])
	return m, time, event, out
}

// c is Harrell's C of column 0.
func c(t *testing.T, time []float64, event []bool, out [][]float64) float64 {
	t.Helper()
	risk := make([]float64, len(out))
	for i := range out {
		risk[i] = out[i][0]
	}
	c, err := metric.HarrellC(time, event, risk)
	if err != nil {
		t.Fatal(err)
	}
	return float64(c.Value)
}

// On 300 rows of a crooked law the networks find what no line does; the chances they give are those that happen.
func TestSurvivalCrooked(t *testing.T) {
	for seed := range uint64(3) {
		_, time, event, out := trained(t, lifetimes(2300, 10, seed, crooked), 300, model.Settings{Seed: seed})
		if v := c(t, time, event, out); v < .69 { // Cox's regression: .58
			t.Errorf("seed %d: C %.4f", seed, v)
		}
		for k, at := range []float64{100, 300} {
			km, err := metric.SurvivalAt(time, event, at, metric.Log)
			if err != nil {
				t.Fatal(err)
			}
			mean := 0.
			for i := range out {
				mean += out[i][1+k] / float64(len(out))
			}
			if math.Abs(mean-float64(km.Value)) > .06 {
				t.Errorf("seed %d: S(%v) %.3f on average, %.3f happened", seed, at, mean, float64(km.Value))
			}
		}
	}
}

// On a straight law the regression in the model carries it; without any network it is Cox's regression.
func TestSurvivalStraight(t *testing.T) {
	for seed := range uint64(3) {
		text := lifetimes(2300, 10, seed, straight)
		_, time, event, out := trained(t, text, 300, model.Settings{Seed: seed})
		if v := c(t, time, event, out); v < .73 {
			t.Errorf("seed %d: C %.4f", seed, v)
		}
	}
}

// Rows without an event teach nothing; what the networks earned no part in says so.
func TestSurvivalAlone(t *testing.T) {
	tbl := read(t, lifetimes(300, 4, 2, straight))
	target, y, err := table.NewSurvival(tbl, "days", nil, "died", "")
	if err != nil {
		t.Fatal(err)
	}
	var censored []int
	for r, v := range y {
		if v < 0 {
			censored = append(censored, r)
		}
	}
	_, err = New(tbl.Drop("died"), censored, target, y, model.Settings{Horizons: []float64{100}})
	if e, ok := err.(*say.Err); !ok || e.Key != "fit.no_events" {
		t.Error(err)
	}
	even, _, _, _ := trained(t, lifetimes(400, 10, 0, straight), 300, model.Settings{})
	bent, _, _, _ := trained(t, lifetimes(600, 10, 2, crooked), 500, model.Settings{Seed: 1})
	if !even.Alone() || bent.Alone() {
		t.Errorf("the regression alone: %v on a straight law, %v on a crooked one", even.Alone(), bent.Alone())
	}
}

// The same seed gives the same file; the file read again predicts the same bits; what it holds is checked.
func TestSurvivalFile(t *testing.T) {
	text := lifetimes(200, 4, 5, straight)
	small := model.Settings{Hidden: []int{4}, Epochs: 5, Seed: 3}
	m, _, _, out := trained(t, text, 150, small)
	again, _, _, _ := trained(t, text, 150, small)
	var a, b bytes.Buffer
	if err := errors.Join(m.Write(&a), again.Write(&b)); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Fatal("two trainings, two files", err)
	}
	got, err := model.Read(a.Bytes(), "m.gradus")
	if err != nil {
		t.Fatal(err)
	}
	all, _, err := got.All(read(t, text))
	if err != nil || all.Cols != 3 {
		t.Fatal(all.Cols, err)
	}
	for i := range out {
		if !slices.Equal(out[i], all.Row(150+i)) {
			t.Fatalf("row %d: %v, read again %v", i, out[i], all.Row(150+i))
		}
	}
	if m.Card.Events == 0 || m.Card.Settings.Members != 2 || len(m.Survival.Times) < 100 || m.Survival.Valid() != nil {
		t.Errorf("%+v", m.Card)
	}
	broken := *m.Survival
	broken.Hazard = slices.Clone(broken.Hazard)
	broken.Hazard[3] = broken.Hazard[2] - 1
	if broken.Valid() == nil {
		t.Error("a hazard that falls is taken")
	}
}

// A linear network trained by the cost alone comes to the coefficients of the regression's Newton steps.
func TestCoxCostIsTheRegression(t *testing.T) {
	tbl := read(t, lifetimes(200, 4, 8, straight))
	_, y, err := table.NewSurvival(tbl, "days", nil, "died", "")
	if err != nil {
		t.Fatal(err)
	}
	rows, times := mat.New[float64](200, 4), mat.New[float64](200, 2)
	time, event := table.Survived(y)
	for r := range 200 {
		for j := range 4 {
			rows.Row(r)[j] = tbl.Columns[j].Number(r)
		}
		if times.Row(r)[0] = time[r]; event[r] {
			times.Row(r)[1] = 1
		}
	}
	for _, ties := range []cost.Ties{cost.Efron, cost.Breslow} {
		want, err := regression.Cox(rows, time, event, regression.Ties(ties), 0)
		if err != nil {
			t.Fatal(err)
		}
		net, err := network.Build[float64](4, []network.Spec{{Kind: "dense", Units: 1}})
		if err != nil {
			t.Fatal(err)
		}
		f, err := cost.NewCox[float64](ties)
		if err != nil {
			t.Fatal(err)
		}
		pass, e := net.NewPass(200, 1), 0.
		for range 400 { // gradient descent; the bias has no gradient
			pass.Forward(rows)
			e = pass.Learn(f, times)
			for i, g := range pass.Gradient() {
				net.Weights()[i] -= 1.5 * g
			}
		}
		if optimum := -want.LogLikelihood / 200; math.Abs(e-optimum) > 1e-9*optimum {
			t.Errorf("%s: the cost ends at %.15g, the optimum is %.15g", ties, e, optimum)
		}
		for j, b := range want.Coefficients {
			if w := net.Weights()[j]; math.Abs(w-b) > 1e-6 {
				t.Errorf("%s: weight %d is %v, the regression has %v", ties, j, w, b)
			}
		}
	}
}
