package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// aSurvival is a study of survival small enough for a test.
func aSurvival(path, out string, more ...string) []string {
	return append([]string{
		"survival", path, "--event", "died", "--out", out, "--outer", "3", "--inner", "2", "--draws", "20", "--epochs", "3", "--no-record",
	}, more...)
}

// A study of survival prints its figures and its verdict and leaves two models and two reports, the same bytes on one core as on all;
// days between two dates are the column of days.
func TestSurvival(t *testing.T) {
	path, out := bundledFile(t, "lifetimes"), filepath.Join(t.TempDir(), "생존 1")
	r := gradus("", aSurvival(path, out, "--time", "days", "--horizon", "365,730", "--group", "treatment")...).ok(t)
	for _, want := range []string{
		"436 events among 600 rows", "median survival 411", "Harrell’s C", "Uno’s C", "Brier score at 365", "AUROC at 730", "stage=II", "Proportional hazards",
		"By treatment: median treatment new", "Use the Cox regression.", "external validation",
	} {
		if !strings.Contains(r.out+r.err, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	files := folder(t, out)
	if len(files) != 5 || files["model.gradus"] == nil || files["cox.gradus"] == nil || files["report.ko.html"] == nil {
		t.Errorf("%d files", len(files))
	}
	for name, b := range files {
		if bytes.Contains(b, []byte(filepath.Dir(path))) || bytes.Contains(b, []byte("S0001")) || bytes.Contains(b, []byte("2022-04-25")) {
			t.Errorf("%s holds a path, a patient or a date of the table", name)
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again := filepath.Join(t.TempDir(), "again")
	gradus("", aSurvival(path, again, "--time", "days", "--horizon", "365,730", "--group", "treatment", "--quiet")...).ok(t)
	for name, b := range folder(t, again) {
		if !bytes.Equal(b, files[name]) {
			t.Errorf("%s has other bytes on one core", name)
		}
	}
	var got struct {
		Verdict string
		Study   struct {
			Rows    int
			Overall struct{ Median struct{ Value float64 } }
		}
	}
	gradus("", aSurvival(path, out+"2", "--start", "visit_date", "--end", "last_date", "--drop", "days", "--json", "--quiet")...).into(t, &got)
	if got.Study.Rows != 600 || got.Study.Overall.Median.Value != 411 || got.Verdict == "" {
		t.Errorf("%+v", got)
	}
}

// Both models predict a risk and the survival at the horizons; inspect shows them; what wants probabilities refuses them.
func TestSurvivalModels(t *testing.T) {
	path, out := bundledFile(t, "lifetimes"), filepath.Join(t.TempDir(), "s")
	gradus("", aSurvival(path, out, "--time", "days", "--horizon", "730,365", "--quiet")...).ok(t)
	for _, name := range []string{"model.gradus", "cox.gradus"} {
		m := filepath.Join(out, name)
		lines := records(t, gradus("", "predict", m, path, "--keep", "patient_id").ok(t).out)
		if strings.Join(lines[0], ",") != "row,patient_id,risk,survival_365,survival_730,warnings" || len(lines) != 601 {
			t.Errorf("%s: %v", name, lines[0])
		}
		var list []struct {
			Risk     float64
			Survival map[string]float64
		}
		gradus("", "predict", m, path, "--json").into(t, &list)
		for i, p := range list {
			if s := p.Survival; len(s) != 2 || !(s["730"] > 0 && s["730"] < s["365"] && s["365"] < 1) {
				t.Fatalf("%s, row %d: %v", name, i+1, s)
			}
		}
		if r := gradus("", "inspect", m, "--lang", "ko").ok(t); !strings.Contains(r.out, "생존, 사건 died = 1, 시점 365, 730") || !strings.Contains(r.out, "사건 436건") {
			t.Error(r.out)
		}
		var shown struct{ Survival struct{ Horizons []float64 } }
		if gradus("", "inspect", m, "--json").into(t, &shown); len(shown.Survival.Horizons) != 2 {
			t.Errorf("%+v", shown)
		}
		if r := gradus("", "drift", m, path).ok(t); !strings.Contains(r.out, "albumin") {
			t.Error(r.out)
		}
		for _, other := range []string{"evaluate", "explain"} {
			if r := gradus("", other, m, path); r.code != 2 || !strings.Contains(r.err, name+" is a model of survival") {
				t.Errorf("%s %s: %d %s", other, name, r.code, r.err)
			}
		}
	}
}

func TestSurvivalRefuses(t *testing.T) {
	path, out := bundledFile(t, "lifetimes"), filepath.Join(t.TempDir(), "s")
	base := []string{"survival", path, "--out", out, "--quiet", "--no-record"}
	for _, c := range []struct{ args, want string }{
		{"--time days", "--event"},
		{"--event died", "--time"},
		{"--event died --time days --start visit_date --end last_date", "not both"},
		{"--event died --start visit_date", "--start COL --end COL"},
		{"--event died --time days --horizon 0", "above 0"},
		{"--event died --time days --horizon 3000", "end of follow-up"},
		{"--event died --time days --horizon soon", "soon"},
		{"--event died --time visit_date", "--start COL --end COL"},
		{"--event died --time stage", "no number"},
		{"--event stage --time days", "--event-level"},
		{"--event stage --event-level V --time days", "I, II, III, IV"},
		{"--event died --time days --group age", "groups to compare"},
		{"--event died --time days --outer 1", "1 folds"},
		{"--event died --time days --outer 0", "begin at 1"},
		{"--event died --time days --inner 1", "inner parts"},
		{"--event died --time day", "days"},
	} {
		r := gradus("", append(base, strings.Fields(c.args)...)...)
		if r.code != 2 || !strings.Contains(r.err, c.want) || r.out != "" {
			t.Errorf("%s: exit %d, %s", c.args, r.code, r.err)
		}
		if _, err := os.Stat(out); err == nil {
			t.Fatalf("%s: a folder is left", c.args)
		}
	}
}
