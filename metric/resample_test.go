package metric

import (
	"errors"
	"math"
	"testing"
	"time"
)

// The stratified bootstrap of the AUROC against pROC's 2,000 draws, whose own ends swing by a standard error of up to .0026: numpy with 20,000
// draws has .6026 to .7739 on temporal/p_overfit, where pROC has .6054 to .7780. So 10,000 draws must come within .006.
func TestBootstrapAgainstR(t *testing.T) {
	all := sets(t)
	for name, want := range decode[map[string]rResult](t, "expected_metrics_R.json.gz") {
		s := all[name]
		got, err := Bootstrap(len(s.y), Plan{Stratum: s.y, Draws: 10000, Seed: 1}, AUROCOf(s.y, s.p))
		if err != nil || got.Draws != 10000 {
			t.Fatal(name, got, err)
		}
		near(t, name, got.Value, want.AUROC)
		if math.Abs(float64(got.Low)-want.Bootstrap[0]) > .006 || math.Abs(float64(got.High)-want.Bootstrap[1]) > .006 {
			t.Error(name, got, want.Bootstrap)
		}
		if !(got.BCaLow < got.Value && got.Value < got.BCaHigh && got.BCaHigh <= 1) {
			t.Error(name, got)
		}
		if name == "risk/temporal/p_overfit" && (math.Abs(float64(got.Low)-.6026) > .002 || math.Abs(float64(got.High)-.7739) > .002) {
			t.Error("numpy's ends:", got)
		}
	}
}

// skewed is the quantiles of an exponential distribution at (i+½)/40.
func skewed() []float64 {
	v := make([]float64, 40)
	for i := range v {
		v[i] = -math.Log1p(-(float64(i) + .5) / 40)
	}
	return v
}

// BCa of a skewed mean against scipy.stats.bootstrap 1.17.1 with 1,000,000 draws; the percentile interval lies lower.
func TestBCaAgainstSciPy(t *testing.T) {
	v := skewed()
	got, err := Bootstrap(len(v), Plan{Draws: 40000, Seed: 3}, MeanOf(v))
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string][2]Number{"low": {got.Low, 0.7143}, "high": {got.High, 1.3046}, "BCa low": {got.BCaLow, 0.7426}, "BCa high": {got.BCaHigh, 1.3513}} {
		if math.Abs(float64(c[0]-c[1])) > .006 {
			t.Error(what, c)
		}
	}
}

// A figure weighted 1 is the figure itself, and a row weighted twice counts as two.
func TestStatisticsOfWeightedRows(t *testing.T) {
	y, p := draw(200, 20, 8)
	weight := make([]int, len(y))
	var y2 []bool
	var p2 []float64
	for i := range y {
		weight[i] = i * i % 4
		for range weight[i] {
			y2, p2 = append(y2, y[i]), append(p2, p[i])
		}
	}
	r, err := Binary(y2, p2, Options{})
	if err != nil {
		t.Fatal(err)
	}
	nearBy(t, "auroc", Number(AUROCOf(y, p)(weight)), float64(r.AUROC.Value), 1e-14)
	nearBy(t, "ap", Number(AveragePrecisionOf(y, p)(weight)), float64(r.AveragePrecision), 1e-14)
	nearBy(t, "brier", Number(MeanOf(SquaredErrors(y, p))(weight)), float64(r.Brier), 1e-14)
	nearBy(t, "log loss", Number(MeanOf(Losses(y, p))(weight)), float64(r.LogLoss), 1e-14)
	clear(weight)
	if v := AUROCOf(y, p)(weight); v == v {
		t.Error("no rows have an AUROC:", v)
	}
}

// Whole patients are drawn, as many in each stratum as there are.
func TestPatientsStayTogether(t *testing.T) {
	plan := Plan{Patient: []int{7, 7, 3, 3, 3, 9, 4}, Stratum: []bool{false, true, false, false, false, false, true}, Draws: 200}
	seen := map[int]bool{}
	strata := plan.patients(7)
	plan.weights(7, strata, func(w []int) {
		if w[0] != w[1] || w[2] != w[3] || w[3] != w[4] || w[0]+w[6] != 2 || w[2]+w[5] != 2 {
			t.Fatal(w)
		}
		seen[w[0]] = true
	})
	if len(seen) != 3 {
		t.Error("a patient is drawn 0, 1 or 2 times:", seen)
	}
	for _, wrong := range []Plan{{Patient: []int{1}}, {Stratum: []bool{true}}} {
		if _, err := Bootstrap(7, wrong, MeanOf(make([]float64, 7))); !errors.Is(err, ErrLength) {
			t.Error(err)
		}
	}
	if same, err := Bootstrap(7, plan, MeanOf(make([]float64, 7))); err != nil || same.Low != 0 || same.BCaHigh != 0 {
		t.Error("a figure that never varies:", same, err)
	}
	if none, err := Bootstrap(7, plan, func([]int) float64 { return math.NaN() }); err != nil || none.Low.Defined() || none.Draws != 0 {
		t.Error(none, err)
	}
}

// The band of net benefit is that of drawing rows and counting calls one threshold at a time.
func TestDecisionBand(t *testing.T) {
	y, p := draw(300, 30, 4)
	thresholds := []float64{.5, 0, .2, .2, 10. / 31, .97}
	plan := Plan{Draws: 400, Seed: 9}
	band, err := DecisionBand(y, p, thresholds, plan)
	if err != nil {
		t.Fatal(err)
	}
	for i, threshold := range thresholds {
		gain := make([]float64, len(y))
		for row, v := range p {
			switch {
			case v >= threshold && y[row]:
				gain[row] = 1
			case v >= threshold:
				gain[row] = -threshold / (1 - threshold)
			}
		}
		want, _ := Bootstrap(len(y), plan, MeanOf(gain))
		nearBy(t, "net benefit", band[i].Model, float64(want.Value), 1e-13)
		nearBy(t, "low", band[i].Low, float64(want.Low), 1e-12)
		nearBy(t, "high", band[i].High, float64(want.High), 1e-12)
		if b := band[i]; !(b.AllLow <= b.OverAll && b.OverAll <= b.AllHigh) || threshold == 0 && b.OverAll != 0 {
			t.Error(b)
		}
	}
	y, p = draw(10_000, 1<<40, 4)
	many := make([]float64, 100)
	for i := range many {
		many[i] = float64(i) / 100
	}
	start := time.Now()
	if _, err = DecisionBand(y, p, many, Plan{}); err != nil {
		t.Error(err)
	}
	t.Log("1,000 draws of 10,000 rows at 100 thresholds took", time.Since(start))
}
