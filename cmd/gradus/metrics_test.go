package main

import (
	"encoding/json"
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
