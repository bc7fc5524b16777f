package regression

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"slices"
	"testing"

	"gradus/internal/say"
	"gradus/mat"
)

// moreFixture is expected_survival_more.json, made by metric/testdata/survival_references.R.
type moreFixture struct {
	KM      []float64 `json:"zph_km_chisq"`
	Log     []float64 `json:"zph_log_chisq"`
	Efron   []float64 `json:"baseline_efron"`
	Breslow []float64 `json:"baseline_breslow"`
	Smooth  []float64
	First   []float64 `json:"smooth_first"`
	P365    []float64 `json:"two_p365_first"`
	OE      []float64
}

func moreData(t *testing.T) (x mat.Matrix[float64], time []float64, event []bool, f moreFixture) {
	t.Helper()
	x, time, event, _ = coxData(t)
	b, err := os.ReadFile("testdata/expected_survival_more.json")
	if err := errors.Join(err, json.Unmarshal(b, &f)); err != nil {
		t.Fatal(err)
	}
	return x, time, event, f
}

// cox.zph of R: by Kaplan–Meier time and by ln t, each column and all together.
func TestProportional(t *testing.T) {
	x, time, event, want := moreData(t)
	f, err := Cox(x, time, event, Efron, 0)
	if err != nil {
		t.Fatal(err)
	}
	for by, list := range map[Transform][]float64{KMTime: want.KM, LogTime: want.Log} {
		p, err := f.Proportional(x, time, event, Efron, by)
		if err != nil {
			t.Fatal(err)
		}
		for j, v := range p.ChiSq {
			near(t, string(by)+" "+coxColumns[j], v, list[j], 1e-8)
		}
		near(t, string(by)+" all", p.Global, list[3], 1e-8)
		if p.DF != 3 {
			t.Error(by, p.DF)
		}
	}
}

// A column that says nothing new is set aside: it has no test, and the others have theirs.
func TestProportionalAside(t *testing.T) {
	x, time, event, want := moreData(t)
	wide := mat.New[float64](x.Rows, 4)
	for r := range x.Rows {
		copy(wide.Row(r), x.Row(r))
		wide.Row(r)[3] = x.At(r, 0) + x.At(r, 1)
	}
	f, err := Cox(wide, time, event, Efron, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := f.Proportional(wide, time, event, Efron, KMTime)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "stage", p.ChiSq[1], want.KM[1], 1e-7)
	near(t, "all", p.Global, want.KM[3], 1e-7)
	if !math.IsNaN(p.ChiSq[3]) || p.DF != 3 {
		t.Errorf("%+v", p)
	}
	_, err = f.Proportional(x, time, event, Efron, KMTime)
	refused(t, err, "regression.rows")
}

func TestBaseline(t *testing.T) {
	x, time, event, want := moreData(t)
	for ties, list := range map[Ties][]float64{Efron: want.Efron, Breslow: want.Breslow} {
		f, err := Cox(x, time, event, ties, 0)
		if err != nil {
			t.Fatal(err)
		}
		o := 0. // R's is of a row of zeros
		for j, b := range f.Coefficients {
			o += b * f.Mean[j]
		}
		for i, at := range []float64{30, 90, 180, 365, 700} {
			near(t, string(ties), f.Hazard(at)*math.Exp(-o), list[i], 1e-8)
		}
	}
}

// The smoothed share observed, of predictions of a model without the stage.
func TestSmoothRisk(t *testing.T) {
	x, time, event, want := moreData(t)
	two := mat.New[float64](x.Rows, 2)
	for r := range x.Rows {
		copy(two.Row(r), []float64{x.At(r, 0), x.At(r, 2)})
	}
	f, err := Cox(two, time, event, Efron, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := make([]float64, x.Rows)
	for i := range p {
		p[i] = 1 - f.Survival(two.Row(i), 365)
	}
	got, err := SmoothRisk(p, time, event, 365)
	if err != nil {
		t.Fatal(err)
	}
	gap, sum := make([]float64, len(p)), 0.
	for i := range 3 {
		near(t, "predicted", p[i], want.P365[i], 1e-8)
		near(t, "observed", got[i], want.First[i], 1e-8)
	}
	for i := range p {
		gap[i] = math.Abs(got[i] - p[i])
		sum += gap[i]
	}
	slices.Sort(gap)
	for i, v := range []float64{sum / 300, between(gap, .5), between(gap, .9), gap[299]} {
		near(t, "distance", v, want.Smooth[i], 1e-7) // the sum of what R's last iteration left
	}
	for i := range p {
		p[i] = .5
	}
	if _, err := SmoothRisk(p, time, event, 365); err != nil {
		t.Error("of one prediction:", err)
	}
	_, err = SmoothRisk(p[:4], time, event, 365)
	if _, ok := errors.AsType[*say.Err](err); !ok {
		t.Error(err)
	}
}
