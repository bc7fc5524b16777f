package metric

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// set is one prediction of the fixtures, risk/temporal/p_lr for example.
type set struct {
	y []bool
	p []float64
}

func read(t *testing.T, name string) io.Reader {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if !strings.HasSuffix(name, ".gz") {
		return f
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func decode[T any](t *testing.T, name string) (v T) {
	t.Helper()
	if err := json.NewDecoder(read(t, name)).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// rows is the records of a CSV by column name.
func rows(t *testing.T, name string) (list []map[string]string) {
	t.Helper()
	records, err := csv.NewReader(read(t, name)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records[1:] {
		m := map[string]string{}
		for i, column := range records[0] {
			m[column] = r[i]
		}
		list = append(list, m)
	}
	return list
}

// sets is every prediction set of the fixtures under its name there.
func sets(t *testing.T) map[string]set {
	all := map[string]set{}
	add := func(prefix string, r map[string]string) {
		for column, text := range r {
			if !strings.HasPrefix(column, "p_") {
				continue
			}
			p, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			if column == "p_ties" {
				p = max(.005, min(.995, p)) // as testdata/README.md says
			}
			s := all[prefix+column]
			all[prefix+column] = set{append(s.y, r["y"] == "1"), append(s.p, p)}
		}
	}
	for _, r := range rows(t, "risk_predictions.csv.gz") {
		add("risk/"+r["split"]+"/", r)
	}
	for _, r := range rows(t, "bc_predictions.csv.gz") {
		add("bc/", r)
	}
	if len(all) != 12 {
		t.Fatalf("%d prediction sets, want 12", len(all))
	}
	return all
}

// near demands got = want to 1e-8 relative, the precision of the fixtures; figures near 0 to 1e-11.
func near(t *testing.T, what string, got Number, want float64) {
	t.Helper()
	nearBy(t, what, got, want, 1e-8)
}

func nearBy(t *testing.T, what string, got Number, want, relative float64) {
	t.Helper()
	if !(math.Abs(float64(got)-want) <= relative*math.Abs(want)+1e-11) {
		t.Errorf("%s: %.12g, want %.12g", what, float64(got), want)
	}
}

type rProportion struct {
	K, N   int
	Est    float64
	Wilson [2]float64
	Exact  [2]float64 `json:"clopper_pearson"`
}

type rTable struct {
	Threshold                          float64
	TP, FP, FN, TN                     int
	Sensitivity, Specificity, PPV, NPV rProportion
	Accuracy                           rProportion
	F1, MCC, Kappa                     float64
	Balanced                           float64     `json:"balanced_accuracy"`
	LRPositive                         *float64    `json:"lr_pos"`
	LRPositiveCI                       [2]*float64 `json:"lr_pos_ci"`
	LRNegative                         *float64    `json:"lr_neg"`
	LRNegativeCI                       [2]*float64 `json:"lr_neg_ci"`
}

type rResult struct {
	N, Events   int
	Prevalence  float64
	AUROC       float64
	Variance    float64    `json:"auroc_delong_var"`
	CI          [2]float64 `json:"auroc_delong_ci"`
	LogitCI     [2]float64 `json:"auroc_logit_delong_ci"`
	Bootstrap   [2]float64 `json:"auroc_bootstrap2000_stratified_ci_seed42"`
	Calibration struct {
		CITL    float64 `json:"in_the_large_intercept"`
		CITLSE  float64 `json:"in_the_large_se"`
		Slope   float64 `json:"slope"`
		SlopeSE float64 `json:"slope_se"`
		OE      float64 `json:"observed_over_expected"`
	}
	Rms         map[string]float64 `json:"rms_val_prob"`
	Interpolate struct {
		ICI float64 `json:"ICI_Eavg"`
	} `json:"loess_R_span0.75_degree2"`
	Direct struct {
		ICI            float64 `json:"ICI_Eavg"`
		E50, E90, Emax float64
	} `json:"loess_direct_span0.75_degree2"`
	Curve  struct{ X, Y, SE []float64 } `json:"loess_direct_curve"`
	Curves map[string]struct {
		Threshold []float64 `json:"threshold"`
		Benefit   []float64 `json:"net_benefit"`
	} `json:"dcurves_net_benefit"`
	AtHalf rTable `json:"at_0.5"`
	Youden struct {
		J         float64
		Threshold float64 `json:"threshold_observed_score"`
	}
	AtYouden     rTable `json:"at_youden"`
	AtPrevalence rTable `json:"at_prevalence"`
}

func (want rTable) check(t *testing.T, got Confusion) {
	t.Helper()
	if got.TP != want.TP || got.FP != want.FP || got.FN != want.FN || got.TN != want.TN {
		t.Errorf("counts %v, want %v", got, want)
	}
	for _, c := range []struct {
		what string
		got  Estimate
		want rProportion
	}{
		{"sensitivity", got.Sensitivity, want.Sensitivity},
		{"specificity", got.Specificity, want.Specificity},
		{"ppv", got.PPV, want.PPV},
		{"npv", got.NPV, want.NPV},
	} {
		near(t, c.what, c.got.Value, c.want.Est)
		near(t, c.what+" low", c.got.Low, c.want.Wilson[0])
		near(t, c.what+" high", c.got.High, c.want.Wilson[1])
		exact := ClopperPearson(c.want.K, c.want.N)
		near(t, c.what+" exact low", exact.Low, c.want.Exact[0])
		near(t, c.what+" exact high", exact.High, c.want.Exact[1])
	}
	d := got.Details()
	near(t, "accuracy", d.Accuracy.Value, want.Accuracy.Est)
	near(t, "accuracy low", d.Accuracy.Low, want.Accuracy.Wilson[0])
	near(t, "balanced accuracy", d.BalancedAccuracy, want.Balanced)
	near(t, "F1", d.F1, want.F1)
	near(t, "MCC", d.MCC, want.MCC)
	near(t, "kappa", d.Kappa, want.Kappa)
	maybe(t, "LR+", got.LRPositive.Value, want.LRPositive)
	maybe(t, "LR+ low", got.LRPositive.Low, want.LRPositiveCI[0])
	maybe(t, "LR+ high", got.LRPositive.High, want.LRPositiveCI[1])
	maybe(t, "LR-", got.LRNegative.Value, want.LRNegative)
	maybe(t, "LR- low", got.LRNegative.Low, want.LRNegativeCI[0])
	maybe(t, "LR- high", got.LRNegative.High, want.LRNegativeCI[1])
}

// maybe demands a figure where R has one, and none where it has none.
func maybe(t *testing.T, what string, got Number, want *float64) {
	t.Helper()
	if want == nil {
		if got.Defined() {
			t.Errorf("%s: %v, want nothing", what, got)
		}
		return
	}
	near(t, what, got, *want)
}

// Every figure of Binary against R on the twelve prediction sets.
func TestBinaryAgainstR(t *testing.T) {
	all := sets(t)
	for name, want := range decode[map[string]rResult](t, "expected_metrics_R.json.gz") {
		t.Run(name, func(t *testing.T) {
			s := all[name]
			got, err := Binary(s.y, s.p, Options{})
			if err != nil || got.N != want.N || got.Events != want.Events {
				t.Fatal(err, got.N, got.Events)
			}
			near(t, "prevalence", got.Prevalence, want.Prevalence)
			near(t, "auroc", got.AUROC.Value, want.AUROC)
			near(t, "variance", got.AUROC.Variance, want.Variance)
			near(t, "low", got.AUROC.Low, want.CI[0])
			near(t, "high", got.AUROC.High, want.CI[1])
			near(t, "logit low", got.AUROC.LogitLow, want.LogitCI[0])
			near(t, "logit high", got.AUROC.LogitHigh, want.LogitCI[1])
			near(t, "Spiegelhalter's Z", got.Calibration.SpiegelhalterZ, want.Rms["S:z"])
			near(t, "its p", got.Calibration.SpiegelhalterP, want.Rms["S:p"])
			c := want.Calibration
			near(t, "citl", got.Calibration.InTheLarge, c.CITL)
			near(t, "slope", got.Calibration.Slope, c.Slope)
			// R's glm takes its standard errors from the weights of the last iteration but one
			nearBy(t, "citl se", got.Calibration.InTheLargeSE, c.CITLSE, 5e-8)
			nearBy(t, "slope se", got.Calibration.SlopeSE, c.SlopeSE, 5e-8)
			near(t, "oe", got.Calibration.OE, c.OE)
			near(t, "ici", got.Calibration.ICI, want.Direct.ICI)
			near(t, "e50", got.Calibration.E50, want.Direct.E50)
			near(t, "e90", got.Calibration.E90, want.Direct.E90)
			near(t, "emax", got.Calibration.Emax, want.Direct.Emax)
			for i, b := range got.NetBenefit {
				near(t, "threshold", b.Threshold, want.Curves["model"].Threshold[i])
				near(t, "model", b.Model, want.Curves["model"].Benefit[i])
				near(t, "all", b.All, want.Curves["all"].Benefit[i])
				near(t, "none", b.None, want.Curves["none"].Benefit[i])
			}
			want.AtHalf.check(t, got.Confusion)
			near(t, "youden", got.Youden.Threshold, want.Youden.Threshold)
			near(t, "J", got.Youden.J, want.Youden.J)
			want.AtYouden.check(t, got.Youden.Confusion)
			at, err := ConfusionAt(s.y, s.p, float64(want.Events)/float64(want.N))
			if err != nil {
				t.Fatal(err)
			}
			want.AtPrevalence.check(t, at)
		})
	}
}

// The loess curve itself, at the points R was asked for.
func TestLoessAgainstR(t *testing.T) {
	all := sets(t)
	for name, want := range decode[map[string]rResult](t, "expected_metrics_R.json.gz") {
		s := all[name]
		curve, err := Loess(s.y, s.p, want.Curve.X)
		if err != nil || len(curve) == 0 {
			t.Fatal(name, err)
		}
		for i, v := range curve {
			// x is printed with 10 digits, so on a steep curve y carries fewer
			if math.Abs(v-want.Curve.Y[i]) > 2e-8 {
				t.Errorf("%s: at %v: %.12g, want %.12g", name, want.Curve.X[i], v, want.Curve.Y[i])
			}
		}
	}
}

type pyResult struct {
	AP      float64 `json:"average_precision"`
	Trapeze float64 `json:"auprc_trapezoid"`
	Brier   float64
	Scaled  float64                                 `json:"brier_scaled"`
	LogLoss float64                                 `json:"log_loss"`
	Bins    struct{ Mean_Pred, Frac_Pos []float64 } `json:"calibration_10_quantile_bins"`
	ECE     float64                                 `json:"ece_10_equal_width"`
	MCE     float64                                 `json:"mce_10_equal_width"`
	Count   float64                                 `json:"ece_10_equal_count_stable_sort"`
	HL      struct {
		Chi2, P float64
		Fresh   float64 `json:"p_validation"`
	} `json:"hosmer_lemeshow_10"`
	Partial     float64 `json:"partial_auc_fpr_below_0_1_mcclish"`
	Sensitivity float64 `json:"max_sens_at_spec_0_90"`
	Specificity float64 `json:"max_spec_at_sens_0_90"`
}

// Scores and calibration groups against scikit-learn on the twelve prediction sets.
func TestBinaryAgainstPython(t *testing.T) {
	all := sets(t)
	for name, want := range decode[map[string]pyResult](t, "expected_metrics_py.json.gz") {
		t.Run(name, func(t *testing.T) {
			s := all[name]
			got, err := Binary(s.y, s.p, Options{})
			if err != nil {
				t.Fatal(err)
			}
			near(t, "average precision", got.AveragePrecision, want.AP)
			near(t, "brier", got.Brier, want.Brier)
			near(t, "scaled brier", got.ScaledBrier, want.Scaled)
			near(t, "log loss", got.LogLoss, want.LogLoss)
			c := got.Calibration
			near(t, "ECE", c.ECE, want.ECE)
			near(t, "MCE", c.MCE, want.MCE)
			near(t, "ECE of equal counts", c.ECECount, want.Count)
			near(t, "Hosmer-Lemeshow", c.HosmerLemeshow.ChiSq, want.HL.Chi2)
			near(t, "its p", c.HosmerLemeshow.P, want.HL.Fresh)
			near(t, "its p where fitted", c.HosmerLemeshow.FittedP, want.HL.P)
			near(t, "partial area", got.PartialAUC, want.Partial)
			near(t, "sensitivity at .90", got.AtSpecificity90.Sensitivity.Value, want.Sensitivity)
			at, err := AtSensitivity(s.y, s.p, .9)
			near(t, "specificity at .90", at.Specificity.Value, want.Specificity)
			if err != nil || at.Sensitivity.Value < .9 {
				t.Error(at, err)
			}
			bins, err := QuantileBins(s.y, s.p, 10)
			if err != nil || len(bins) != len(want.Bins.Mean_Pred) {
				t.Fatal(err, len(bins))
			}
			for i, b := range bins {
				near(t, "mean of a group", Number(b.Mean), want.Bins.Mean_Pred[i])
				near(t, "share of a group", b.Observed.Value, want.Bins.Frac_Pos[i])
			}
		})
	}
}

// The tests of two AUROCs against pROC's roc.test.
func TestDeLongAgainstR(t *testing.T) {
	type result struct{ Diff, AUC1, AUC2, Z, D, DF, P float64 }
	want := decode[struct{ Paired, Unpaired map[string]result }](t, "expected_roc_tests_R.json.gz")
	all := sets(t)
	for name, pair := range map[string][2]string{
		"temporal_lr_vs_mlp":     {"risk/temporal/p_lr", "risk/temporal/p_mlp"},
		"temporal_lr_vs_overfit": {"risk/temporal/p_lr", "risk/temporal/p_overfit"},
		"external_lr_vs_mlp":     {"risk/external/p_lr", "risk/external/p_mlp"},
		"bc_lr_vs_mlp":           {"bc/p_lr", "bc/p_mlp"},
	} {
		got, err := DeLong(all[pair[0]].y, all[pair[0]].p, all[pair[1]].p)
		if err != nil {
			t.Fatal(name, err)
		}
		near(t, name, got.Difference, want.Paired[name].Diff)
		near(t, name+" z", got.Z, want.Paired[name].Z)
		near(t, name+" p", got.P, want.Paired[name].P)
	}
	bySex := map[string]set{}
	for _, r := range rows(t, "risk_predictions.csv.gz") {
		if r["split"] == "temporal" {
			p, _ := strconv.ParseFloat(r["p_lr"], 64)
			s := bySex[r["sex"]]
			bySex[r["sex"]] = set{append(s.y, r["y"] == "1"), append(s.p, p)}
		}
	}
	for name, pair := range map[string][2]set{
		"lr_temporal_vs_external":    {all["risk/temporal/p_lr"], all["risk/external/p_lr"]},
		"temporal_lr_male_vs_female": {bySex["M"], bySex["F"]},
	} {
		got, err := DeLongUnpaired(pair[0].y, pair[0].p, pair[1].y, pair[1].p)
		if err != nil {
			t.Fatal(name, err)
		}
		r := want.Unpaired[name]
		near(t, name+" t", got.T, r.D)
		near(t, name+" df", got.DF, r.DF)
		near(t, name+" p", got.P, r.P)
		if math.Abs(float64(got.Difference)-(r.AUC1-r.AUC2)) > 1e-11 {
			t.Error(name, got.Difference)
		}
	}
}

// Sixty scores with ties against scikit-learn: every point of the curve too.
func TestAgainstScikitLearn(t *testing.T) {
	want := decode[struct {
		Y       []int
		Score   []float64
		AUROC   float64 `json:"roc_auc"`
		AP      float64 `json:"average_precision"`
		Brier   float64
		LogLoss float64 `json:"log_loss"`
		ROC     struct{ FPR, TPR []float64 }
		Bins    struct{ Frac_Pos, Mean_Pred []float64 } `json:"calibration_5_uniform_bins"`
	}](t, "metrics_sklearn.json")
	y := make([]bool, len(want.Y))
	for i, v := range want.Y {
		y[i] = v == 1
	}
	got, err := Binary(y, want.Score, Options{})
	if err != nil {
		t.Fatal(err)
	}
	nearBy(t, "auroc", got.AUROC.Value, want.AUROC, 1e-14)
	nearBy(t, "ap", got.AveragePrecision, want.AP, 1e-14)
	nearBy(t, "brier", got.Brier, want.Brier, 1e-14)
	nearBy(t, "log loss", got.LogLoss, want.LogLoss, 1e-14)
	c := got.Confusion
	if [4]int{c.TN, c.FP, c.FN, c.TP} != [4]int{32, 6, 2, 20} { // its key "confusion_0.5[tn,fp,fn,tp]" holds commas, which a Go tag cannot
		t.Error(c)
	}
	curve, err := ROC(y, want.Score, false)
	if err != nil || len(curve) != len(want.ROC.FPR) {
		t.Fatal(err, len(curve), len(want.ROC.FPR))
	}
	for i, point := range curve {
		nearBy(t, "fpr", Number(point.X), want.ROC.FPR[i], 1e-14)
		nearBy(t, "tpr", Number(point.Y), want.ROC.TPR[i], 1e-14)
	}
	bins, err := EqualBins(y, want.Score, 5)
	if err != nil || len(bins) != len(want.Bins.Mean_Pred) {
		t.Fatal(err, len(bins))
	}
	for i, b := range bins {
		nearBy(t, "bin mean", Number(b.Mean), want.Bins.Mean_Pred[i], 1e-14)
		nearBy(t, "bin share", b.Observed.Value, want.Bins.Frac_Pos[i], 1e-14)
	}
}
