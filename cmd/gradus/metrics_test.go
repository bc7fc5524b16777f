package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// predictionsFile writes a CSV file of a test.
func predictionsFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "예측.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const fewPredictions = "died,p,q,sex\n1,0.9,8e-1,F\n0,1e-1,0.3,F\n0,0.35,0.4,M\n1,0.8,0.35,M\n0,0.1,1,F\n"

// Every key of the contract stands in the JSON, worked by hand where a hand can: 6 pairs, of which q ranks 3.5 and p all right.
func TestMetricsJSON(t *testing.T) {
	r := gradus("", "metrics", predictionsFile(t, fewPredictions), "--truth", "died", "--prob", "p,q", "--group", "sex", "--threshold", "0.5", "--json").ok(t)
	var m map[string]any
	if err := json.Unmarshal([]byte(r.out), &m); err != nil {
		t.Fatal(err)
	}
	at := func(path string) any {
		v := any(m)
		for _, key := range strings.Split(path, ".") {
			inside, ok := v.(map[string]any)
			if _, there := inside[key]; !ok || !there {
				t.Fatalf("no %s", path)
			}
			v = inside[key]
		}
		return v
	}
	for path, want := range map[string]float64{
		"n": 5, "events": 2, "prevalence": .4, "auroc.value": 1, "brier": (.01 + .01 + .1225 + .04 + .01) / 5, "confusion.tp": 2, "confusion.fp": 0,
		"confusion.sensitivity.value": 1, "clipped": 0, "second.clipped": 1, "second.auroc.value": 3. / 6, "second.confusion.fp": 1,
		"delong.difference": .5, "groups.F.n": 3, "groups.M.events": 1, "youden.threshold": .8,
	} {
		if got, ok := at(path).(float64); !ok || math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", path, at(path), want)
		}
	}
	for _, path := range []string{
		"auroc.low", "auroc.high", "auroc.variance", "average_precision", "scaled_brier", "log_loss", "calibration.in_the_large", "calibration.slope",
		"calibration.in_the_large_se", "calibration.slope_se", "calibration.oe", "calibration.ici", "calibration.e50", "calibration.e90", "calibration.emax",
		"net_benefit", "confusion.specificity.low", "confusion.ppv", "confusion.npv", "delong.z", "delong.p", "groups.F.second.brier",
	} {
		at(path)
	}
	if list := at("net_benefit").([]any); len(list) != 5 || list[0].(map[string]any)["threshold"] != .05 {
		t.Errorf("net benefit %v", list)
	}
}

// What is undefined is null: no positive call has no PPV, one class no AUROC.
func TestMetricsUndefined(t *testing.T) {
	r := gradus("", "metrics", predictionsFile(t, "y,p\n0,0.1\n0,0.2\n"), "--truth", "y", "--prob", "p", "--json").ok(t)
	var m struct {
		AUROC     struct{ Value *float64 }
		Confusion struct{ PPV struct{ Value *float64 } }
	}
	if err := json.Unmarshal([]byte(r.out), &m); err != nil || m.AUROC.Value != nil || m.Confusion.PPV.Value != nil {
		t.Errorf("%v: %+v", err, m)
	}
	if strings.Contains(r.out, "NaN") {
		t.Error(r.out)
	}
}

func TestMetricsForPeople(t *testing.T) {
	path := predictionsFile(t, fewPredictions)
	for lang, wants := range map[string][]string{"en": {"AUROC", "DeLong's paired test", "too few", "net benefit"}, "ko": {"순이익", "너무 적음", "의료기기가 아닙니다"}} {
		out := gradus("", "metrics", path, "--truth", "died", "--prob", "p,q", "--group", "sex", "--lang", lang).ok(t).out
		for _, want := range wants {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %q in\n%s", lang, want, out)
			}
		}
	}
}

// Each thing that does not fit names itself and ends with 2.
func TestMetricsRefuses(t *testing.T) {
	for _, c := range []struct {
		text, flags, says string
	}{
		{"y,p\n1,0.2\n0,1.5\n", "--truth y --prob p", "row 2 (line 3), column \"p\": 1.5"},
		{"y,p\n1,0.2\n0,NA\n", "--truth y --prob p", "row 2 (line 3)"},
		{"y,p\n1,0.2\n,0.1\n", "--truth y --prob p", "column \"y\" is missing"},
		{"y,p\nyes,0.2\nno,0.1\n", "--truth y --prob p", "--event"},
		{"y,p\nyes,0.2\nno,0.1\n", "--truth y --prob p --event maybe", "name one of these"},
		{"y,p\n0,0.2\n1,0.1\n2,.3\n", "--truth y --prob p", "3 different values"},
		{"y,p\n0,0.2\n1,0.1\n", "--truth y --prob P", "did you mean \"p\""},
		{"y,p\n0,0.2\n1,0.1\n", "--truth y --prob p,p", "named twice"},
		{"y,p\n0,0.2\n1,0.1\n", "--truth y", "needs --truth"},
		{"y,p\n0,0.2\n1,0.1\n", "--truth y --prob p --threshold 2", "outside [0, 1]"},
		{"y,p\n0,0.2\n1,0.1\n", "--truth y --prob p --thresholds 0.1,1", "outside [0, 1)"},
	} {
		r := gradus("", append([]string{"metrics", predictionsFile(t, c.text)}, strings.Fields(c.flags)...)...)
		if r.code != 2 || !strings.Contains(r.err, c.says) || r.out != "" {
			t.Errorf("%s: exit %d, %s%s, want %q", c.flags, r.code, r.out, r.err, c.says)
		}
	}
	levels := gradus("", "metrics", predictionsFile(t, "y,p\nyes,0.8\nno,0.1\nyes,0.3\n"), "--truth", "y", "--prob", "p", "--event", "yes").ok(t)
	if !strings.Contains(levels.out, "3 rows, 2 with the event") {
		t.Error(levels.out)
	}
}

// The keys beside the contract: groups apart, exact intervals, likelihood ratios, bootstrap of rows and of patients.
func TestMetricsMore(t *testing.T) {
	var text strings.Builder
	text.WriteString("y,p,q,sex,id\n")
	for i := range 120 {
		text.WriteString([]string{"1", "0", "0"}[i*7%3] + ",0." + string(rune('1'+i*5%9)) + ",0." + string(rune('1'+i*7%9)) + "," + "MF"[i%2:i%2+1] + "," + string(rune('a'+i/6)) + "\n")
	}
	path := predictionsFile(t, text.String())
	r := gradus("", "metrics", path, "--truth", "y", "--prob", "p,q", "--group", "sex", "--bootstrap", "100", "--patient", "id", "--json").ok(t)
	var m struct {
		Confusion struct {
			Exact struct{ PPV struct{ Low *float64 } } `json:"clopper_pearson"`
			LR    struct{ Value, Low *float64 }        `json:"lr_positive"`
		}
		Details struct{ Kappa *float64 }
		Parity  struct {
			Odds *float64 `json:"equalized_odds_difference"`
		}
		Groups map[string]struct{ Rates struct{ TPR, FPR float64 } }
		Test   struct {
			First, Second string
			T, DF, P      *float64
		} `json:"group_test"`
		Bootstrap struct {
			Draws      int
			AUROC      struct{ Value, Low, High, BCaLow float64 }
			Difference struct{ Low, High float64 }          `json:"auroc_difference"`
			Benefit    []struct{ Low, Model, High float64 } `json:"net_benefit"`
		}
	}
	if err := json.Unmarshal([]byte(r.out), &m); err != nil {
		t.Fatal(err)
	}
	f, g := m.Groups["F"].Rates, m.Groups["M"].Rates
	if m.Parity.Odds == nil || math.Abs(*m.Parity.Odds-max(math.Abs(f.TPR-g.TPR), math.Abs(f.FPR-g.FPR))) > 1e-15 {
		t.Error(m.Parity, f, g)
	}
	if m.Test.First != "F" || m.Test.Second != "M" || m.Test.P == nil || m.Confusion.Exact.PPV.Low == nil || m.Confusion.LR.Low == nil || m.Details.Kappa == nil {
		t.Errorf("%+v", m)
	}
	b := m.Bootstrap
	if b.Draws != 100 || !(b.AUROC.Low < b.AUROC.Value && b.AUROC.Value < b.AUROC.High) || b.Difference.Low >= b.Difference.High || len(b.Benefit) != 5 || b.Benefit[0].Low > b.Benefit[0].Model {
		t.Errorf("%+v", b)
	}
	again := gradus("", "metrics", path, "--truth", "y", "--prob", "p,q", "--group", "sex", "--bootstrap", "100", "--patient", "id", "--json").ok(t)
	if again.out != r.out {
		t.Error("the same seed gives other bytes")
	}
	for lang, want := range map[string]string{"en": "whole patients (id)", "ko": "환자(id)"} {
		if out := gradus("", "metrics", path, "--truth", "y", "--prob", "p", "--group", "sex", "--bootstrap", "100", "--patient", "id", "--lang", lang).ok(t).out; !strings.Contains(out, want) {
			t.Errorf("%s: no %q in\n%s", lang, want, out)
		}
	}
}

// Classes and numbers, worked by hand.
func TestMetricsOfClassesAndNumbers(t *testing.T) {
	classes := predictionsFile(t, "kind,p_a,p_b,third,g\na,0.7,0.2,1e-1,x\nb,0.1,0.8,0.1,x\nc,0.3,0.3,0.4,y\nb,0.5,0.3,0.2,y\n")
	r := gradus("", "metrics", classes, "--task", "classes", "--truth", "kind", "--prob", "p_a,p_b", "--prob", "c=third", "--group", "g", "--json").ok(t)
	var m struct {
		Accuracy  float64
		OVR       float64 `json:"auroc_ovr"`
		Levels    []string
		Confusion [][]int
		Classes   map[string]struct{ N int }
		Groups    map[string]struct {
			N   int
			OVR float64 `json:"auroc_ovr"`
		}
	}
	if err := json.Unmarshal([]byte(r.out), &m); err != nil || strings.Contains(r.out, "NaN") {
		t.Fatal(err, r.out)
	}
	if m.Accuracy != .75 || math.Abs(m.OVR-(1+.875+1)/3) > 1e-15 || strings.Join(m.Levels, "") != "abc" || m.Confusion[1][0] != 1 || m.Classes["b"].N != 2 || m.Groups["x"].N != 2 {
		t.Errorf("%+v", m)
	}
	numbers := predictionsFile(t, "days,h,ward\n1,1,A\n2,2,A\n3,3,B\n4,2,B\n")
	r = gradus("", "metrics", numbers, "--task", "number", "--truth", "days", "--pred", "h", "--group", "ward", "--json").ok(t)
	var n struct {
		R2, RMSE float64
		Slope    *float64                                    `json:"calibration_slope"`
		Bland    struct{ Bias struct{ Value, Low float64 } } `json:"bland_altman"`
		Groups   map[string]struct{ MAE float64 }
	}
	if err := json.Unmarshal([]byte(r.out), &n); err != nil || math.Abs(n.R2-.2) > 1e-15 || n.RMSE != 1 || n.Slope == nil || n.Bland.Bias.Value != -.5 || n.Groups["B"].MAE != 1 {
		t.Errorf("%v %+v", err, n)
	}
	for lang, want := range map[string][2]string{"en": {"was ↓ called →", "lower limit of agreement"}, "ko": {"실제 ↓ 판정 →", "일치 하한"}} {
		c := gradus("", "metrics", classes, "--task", "classes", "--truth", "kind", "--prob", "p_a,p_b,c=third", "--lang", lang).ok(t).out
		h := gradus("", "metrics", numbers, "--task", "number", "--truth", "days", "--pred", "h", "--lang", lang).ok(t).out
		if !strings.Contains(c, want[0]) || !strings.Contains(h, want[1]) {
			t.Error(c, h)
		}
	}
}

func TestMetricsRefusesTasks(t *testing.T) {
	const text = "y,p,p_0,p_1,id\n0,0.2,0.5,0.5,a\n1,0.1,0.5,0.4,b\n"
	for flags, says := range map[string]string{
		"--truth y --prob p --task ordinal":              "binary, classes or number",
		"--truth y --prob p --task classes":              "one column for each level",
		"--truth y --prob p_0,0=p --task classes":        "two columns for the level",
		"--truth y --prob p_0,p_9=p --task classes":      "row 2 (line 3): \"1\"",
		"--truth y --prob p_0,p_1 --task classes":        "add up to 0.9",
		"--truth y --prob p --task number":               "needs --truth",
		"--truth y --pred p --task number --bootstrap 9": "belong to --task binary",
		"--truth y --prob p --bootstrap 9":               "100 to",
		"--truth y --prob p --patient id":                "give --bootstrap too",
		"--truth y --pred id --task number":              "",
	} {
		r := gradus("", append([]string{"metrics", predictionsFile(t, text)}, strings.Fields(flags)...)...)
		if r.code != 2 || !strings.Contains(r.err, says) || r.out != "" {
			t.Errorf("%s: exit %d, %s%s, want %q", flags, r.code, r.out, r.err, says)
		}
	}
}

// The Hosmer-Lemeshow test hangs on how rows are grouped and on how many there are: it is in the JSON for who asks, and in no headline.
func TestHosmerLemeshowIsNoHeadline(t *testing.T) {
	var csv strings.Builder
	csv.WriteString("y,p\n")
	for i := range 200 {
		fmt.Fprintf(&csv, "%d,%.3f\n", i*7%10/7, .05+float64(i*13%90)/100)
	}
	if out := gradus(csv.String(), "metrics", "-", "--truth", "y", "--prob", "p").ok(t).out; strings.Contains(strings.ToLower(out), "hosmer") || !strings.Contains(out, "AUROC") {
		t.Error(out)
	}
	var m struct {
		Calibration struct {
			Reliability struct {
				HL map[string]*float64 `json:"hosmer_lemeshow"`
			} `json:"reliability"`
		} `json:"calibration"`
	}
	r := gradus(csv.String(), "metrics", "-", "--truth", "y", "--prob", "p", "--json")
	if r.into(t, &m); len(m.Calibration.Reliability.HL) == 0 && !strings.Contains(r.out, `"hosmer_lemeshow":{`) {
		t.Error(r.out)
	}
	page, err := os.ReadFile("../../report/page.html")
	if err != nil || bytes.Contains(bytes.ToLower(page), []byte("hosmer")) {
		t.Error("the report's page names it", err)
	}
}
