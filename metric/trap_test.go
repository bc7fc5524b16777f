package metric

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// rms and CalibrationCurves print an AUROC that is not the exact one (.713765 and .713815, exact .713615); val.prob's
// "Intercept" is that of the slope model, not calibration in the large; R's loess interpolates unless told (.01392, direct .01560).
func TestNotTheLookalikes(t *testing.T) {
	s := sets(t)["risk/temporal/p_lr"]
	r := decode[map[string]rResult](t, "expected_metrics_R.json.gz")["risk/temporal/p_lr"]
	got, err := Binary(s.y, s.p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got       Number
		lookalike float64
	}{
		{"AUROC and rms", got.AUROC.Value, r.Rms["C (ROC)"]},
		{"intercepts", got.Calibration.InTheLarge, r.Rms["Intercept"]},
		{"direct and interpolated loess", got.Calibration.ICI, r.Interpolate.ICI},
	} {
		if c.lookalike == 0 || math.Abs(float64(c.got)-c.lookalike) < 1e-4 {
			t.Errorf("%s: %v and %v cannot be told apart", c.what, c.got, c.lookalike)
		}
	}
	trapeze := decode[map[string]pyResult](t, "expected_metrics_py.json.gz")["risk/temporal/p_lr"].Trapeze
	if math.Abs(float64(got.AveragePrecision)-trapeze) < .005 { // .2271 and .2212
		t.Error("average precision has become the trapezoid area")
	}
}

// The loess curve of an overfit network leaves [0, 1]: the figures keep it so, the drawn curve does not.
func TestLoessLeavesTheUnitIntervalButIsDrawnInside(t *testing.T) {
	s := sets(t)["risk/temporal/p_overfit"]
	raw, err := Loess(s.y, s.p, s.p)
	if err != nil || slices.Min(raw) > -.04 {
		t.Error(slices.Min(raw), err)
	}
	curve, err := CalibrationCurve(s.y, s.p, 50)
	if err != nil || len(curve) < 30 {
		t.Fatal(err, len(curve))
	}
	for i, point := range curve {
		if point.Y < 0 || point.Y > 1 || i > 0 && point.X <= curve[i-1].X {
			t.Error(i, point)
		}
	}
}

// A call is p ≥ t: a tie at the threshold is called (dcurves counts so, rmda does not: .0241 and .0263 on p_ties).
func TestTieAtTheThresholdIsACall(t *testing.T) {
	y, p := []bool{true, false, true}, []float64{.3, .3, .1}
	c, _ := ConfusionAt(y, p, .3)
	if c.TP != 1 || c.FP != 1 || c.FN != 1 || c.TN != 0 {
		t.Error(c)
	}
	s := sets(t)["risk/temporal/p_ties"]
	b, err := DecisionCurve(s.y, s.p, []float64{.05})
	if err != nil || math.Abs(float64(b[0].Model)-.0241) > 5e-5 {
		t.Error(b, err)
	}
}

// An AUROC below one half stays there: 1 − p turns it around exactly.
func TestDirectionIsNeverFlipped(t *testing.T) {
	s := sets(t)["risk/external/p_mlp"]
	up, _ := AUROC(s.y, s.p)
	reversed := make([]float64, len(s.p))
	for i, v := range s.p {
		reversed[i] = -v
	}
	down, err := AUROC(s.y, reversed)
	if err != nil || down.Value >= .5 {
		t.Error(down, err)
	}
	nearBy(t, "reversed", down.Value, 1-float64(up.Value), 1e-14)
	nearBy(t, "variance", down.Variance, float64(up.Variance), 1e-12)
}

// AUROC 1 and 0: DeLong's variance is 0, the interval is that of the rule of three, .05^(1/m).
func TestPerfectRankingKeepsAnHonestInterval(t *testing.T) {
	y := []bool{true, true, true, false, false, false, false}
	p := []float64{.9, .8, .7, .6, .5, .4, .3}
	a, err := AUROC(y, p)
	low := math.Cbrt(.05) // the smaller class has three rows
	if err != nil || a.Value != 1 || a.Variance != 0 || a.High != 1 || math.Abs(float64(a.Low)-low) > 1e-15 {
		t.Error(a, err)
	}
	slices.Reverse(p)
	y = []bool{false, false, false, false, true, true, true}
	slices.Reverse(p)
	a, err = AUROC(y, p)
	if err != nil || a.Value != 0 || a.Low != 0 || math.Abs(float64(a.High)-(1-low)) > 1e-15 {
		t.Error(a, err)
	}
	if big := 1 - math.Pow(.05, 1./1000); math.Abs(big-3./1000) > 1e-5 {
		t.Error("not the rule of three:", big)
	}
}

func TestOneRowInAClass(t *testing.T) {
	a, err := AUROC([]bool{true, false, false}, []float64{.5, .4, .6})
	if err != nil || a.Value != .5 || a.Variance.Defined() || a.Low.Defined() || a.High.Defined() {
		t.Error(a, err)
	}
	a, err = AUROC([]bool{true, false, false}, []float64{.7, .4, .6})
	if err != nil || a.Value != 1 || math.Abs(float64(a.Low)-.05) > 1e-15 {
		t.Error(a, err)
	}
}

// One value for all: ranks nothing, its loess curve is its one mean, and a slope does not exist.
func TestTiesEverywhere(t *testing.T) {
	y := []bool{true, true, false, false, false, false, false, false}
	p := []float64{.5, .5, .5, .5, .5, .5, .5, .5}
	r, err := Binary(y, p, Options{})
	if err != nil || r.AUROC.Value != .5 || r.AUROC.Variance != 0 || r.AveragePrecision != .25 {
		t.Error(r.AUROC, r.AveragePrecision, err)
	}
	c := r.Calibration
	if c.Slope.Defined() || c.SlopeSE.Defined() || c.ICI != .25 || c.Emax != .25 || c.OE != .5 {
		t.Error(c)
	}
	nearBy(t, "citl", c.InTheLarge, math.Log(1./3), 1e-12)
	nearBy(t, "citl se", c.InTheLargeSE, 1/math.Sqrt(8*.25*.75), 1e-12)
}

// Exactly 0 and 1: counted, log loss at 1e-15, calibration at 1e-8; between them nothing is touched.
func TestExactlyZeroAndOne(t *testing.T) {
	y := []bool{true, false, true, false, true, false}
	p := []float64{0, 1, 1, 0, .6, .7}
	r, err := Binary(y, p, Options{})
	if err != nil || r.Clipped != 4 {
		t.Fatal(r.Clipped, err)
	}
	eps := 1e-15
	up := 1 - eps
	want := (-math.Log(eps) - math.Log1p(-up) - math.Log(up) - math.Log1p(-eps) - math.Log(.6) - math.Log1p(-.7)) / 6
	nearBy(t, "log loss", r.LogLoss, want, 1e-14)
	moved, _ := Calibrate(y, []float64{1e-8, 1 - 1e-8, 1 - 1e-8, 1e-8, .6, .7})
	if r.Calibration.HosmerLemeshow.ChiSq.Defined() { // a group that was sure and wrong
		t.Error(r.Calibration.HosmerLemeshow)
	}
	if r.Calibration.Reliability = moved.Reliability; r.Calibration != moved || !moved.Slope.Defined() {
		t.Error(r.Calibration, moved)
	}
	tiny, _ := LogLoss([]bool{true}, []float64{1e-300})
	nearBy(t, "1e-300", Number(tiny), 300*math.Ln10, 1e-14)
	if Clipped([]float64{1e-300, math.Nextafter(1, 0)}) != 0 {
		t.Error("a value between 0 and 1 was counted as clipped")
	}
}

// Classes that a threshold parts have no finite slope; one row of overlap gives one back.
func TestSeparationHasNoSlope(t *testing.T) {
	y := []bool{false, false, false, true, true, true}
	for _, p := range [][]float64{{.1, .2, .3, .4, .5, .6}, {.6, .5, .4, .3, .2, .1}, {.1, .2, .3, .3, .4, .5}} {
		c, err := Calibrate(y, p)
		if err != nil || c.Slope.Defined() || !c.InTheLarge.Defined() {
			t.Error(p, c, err)
		}
	}
	c, err := Calibrate(y, []float64{.1, .2, .35, .3, .4, .5})
	if err != nil || !c.Slope.Defined() || c.Slope < 1 {
		t.Error(c, err)
	}
}

// At the calibration fits the score equations vanish, however wild the predictions.
func TestCalibrationSolvesItsEquations(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, wild := range []float64{1e-6, .1, 1, 30, 300} {
		y, logits, p := make([]bool, 200), make([]float64, 200), make([]float64, 200)
		for i := range y {
			logits[i] = wild * rng.NormFloat64()
			if logits[i] > 30 {
				logits[i] = 30
			}
			p[i] = 1 / (1 + math.Exp(-logits[i]))
			logits[i] = logit(p[i])
			y[i] = rng.Float64() < .3
		}
		c, err := Calibrate(y, p)
		if err != nil || !c.InTheLarge.Defined() || !c.Slope.Defined() {
			t.Fatal(wild, c, err)
		}
		sum := 0.
		for i, x := range logits {
			chance, _ := chance(float64(c.InTheLarge) + x)
			sum += float64(side(y[i])) - chance
		}
		if math.Abs(sum) > 1e-9 {
			t.Error(wild, "in the large leaves", sum)
		}
		best := bestFit(y, logits, float64(c.Slope))
		for _, away := range []float64{-1e-3, 1e-3} {
			if other := bestFit(y, logits, float64(c.Slope)*(1+away)); other < best-1e-9 {
				t.Error(wild, "a slope nearby fits better by", best-other)
			}
		}
	}
}

// bestFit is the least log loss over the intercept, at a slope.
func bestFit(y []bool, x []float64, slope float64) float64 {
	scaled := make([]float64, len(x))
	for i, v := range x {
		scaled[i] = slope * v
	}
	a, _ := inTheLarge(y, scaled)
	return lineAt(y, scaled, float64(a), 1).fit
}

// With one class the figures that exist are given beside ErrOneClass, and JSON says null for the others, all keys there.
func TestOneClassAndNull(t *testing.T) {
	r, err := Binary([]bool{false, false}, []float64{.1, .2}, Options{})
	if !errors.Is(err, ErrOneClass) || !r.Brier.Defined() || r.N != 2 {
		t.Fatal(r, err)
	}
	b, err := json.Marshal(r)
	if err != nil || bytes.Contains(b, []byte("NaN")) {
		t.Fatal(string(b), err)
	}
	want := `{"n":2,"events":0,"prevalence":0,"auroc":{"value":null,"low":null,"high":null,"variance":null,"logit_low":null,"logit_high":null},"average_precision":null,` +
		`"brier":0.025000000000000005,"scaled_brier":null,"log_loss":0.16425203348601802,"calibration":{"in_the_large":null,"slope":null,` +
		`"in_the_large_se":null,"slope_se":null,"oe":0,"ici":`
	if got := string(b); len(got) < len(want) || got[:len(want)] != want {
		t.Errorf("\n%s\n%s", got, want)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	for part, keys := range map[string][]string{
		"calibration": {"in_the_large", "slope", "in_the_large_se", "slope_se", "oe", "ici", "e50", "e90", "emax"},
		"confusion":   {"tp", "fp", "fn", "tn", "sensitivity", "specificity", "ppv", "npv"},
		"youden":      {"threshold", "j", "tp", "fp", "fn", "tn", "sensitivity", "specificity", "ppv", "npv"},
		"auroc":       {"value", "low", "high", "variance"},
	} {
		if got := m[part].(map[string]any); slices.ContainsFunc(keys, func(k string) bool { _, ok := got[k]; return !ok }) {
			t.Error(part, got)
		}
	}
	if ppv := m["confusion"].(map[string]any)["ppv"].(map[string]any); ppv["value"] != nil {
		t.Error("PPV with no positive call is not null:", ppv)
	}
	for key, v := range m["youden"].(map[string]any) {
		if inside, ok := v.(map[string]any); v != nil && !ok || ok && key == "sensitivity" && inside["value"] != nil {
			t.Errorf("youden.%s of one class is %v, not null", key, v)
		}
	}
	var back BinaryResult
	if err := json.Unmarshal(b, &back); err != nil || back.AUROC.Value.Defined() || back.Brier != r.Brier {
		t.Error(back, err)
	}
}

func TestOptions(t *testing.T) {
	y, p := []bool{true, false, true, false}, []float64{.9, .8, .3, .1}
	r, err := Binary(y, p, Options{Threshold: new(.85), Thresholds: []float64{0, .25}})
	if err != nil || r.Confusion.TP != 1 || r.Confusion.FP != 0 || len(r.NetBenefit) != 2 || r.NetBenefit[0].Model != .5 {
		t.Error(r, err)
	}
	r, err = Binary(y, p, Options{})
	if err != nil || r.Confusion.FP != 1 || len(r.NetBenefit) != 5 {
		t.Error(r, err)
	}
}

func TestWrongInput(t *testing.T) {
	for _, c := range []struct {
		y    []bool
		p    []float64
		want error
		row  int
	}{
		{nil, nil, ErrEmpty, 0},
		{[]bool{true}, []float64{.1, .2}, ErrLength, 0},
		{[]bool{true, false}, []float64{.1, 1.5}, ErrProbability, 2},
		{[]bool{true, false}, []float64{-1e-300, .5}, ErrProbability, 1},
		{[]bool{true, false}, []float64{math.NaN(), .5}, ErrProbability, 1},
		{[]bool{true, false}, []float64{math.Inf(1), .5}, ErrProbability, 1},
		{[]bool{true, true}, []float64{.4, .5}, ErrOneClass, 0},
	} {
		_, err := Binary(c.y, c.p, Options{})
		where := (*RowError)(nil)
		if !errors.Is(err, c.want) || errors.As(err, &where) != (c.row > 0) || c.row > 0 && where.Row != c.row {
			t.Error(c, err)
		}
	}
	for _, threshold := range []float64{1, -.1, math.NaN()} {
		if _, err := Binary([]bool{true, false}, []float64{.1, .2}, Options{Thresholds: []float64{threshold}}); !errors.Is(err, ErrThreshold) {
			t.Error(threshold, err)
		}
	}
	if _, err := AUROC([]bool{true, false}, []float64{math.NaN(), 1}); !errors.Is(err, ErrScore) {
		t.Error(err)
	}
	if _, err := DeLong([]bool{true, false}, []float64{1, 2}, []float64{1}); !errors.Is(err, ErrLength) {
		t.Error(err)
	}
}
