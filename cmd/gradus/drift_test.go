package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// drifting trains on the first half of the bundled cohort and returns the model and the second half.
func drifting(t *testing.T) (modelPath, later string) {
	t.Helper()
	dir := t.TempDir()
	lines := strings.SplitAfter(gradus("", "data", "cohort", "--csv").ok(t).out, "\n")
	table := filepath.Join(dir, "a.csv")
	modelPath, later = filepath.Join(dir, "m.gradus"), filepath.Join(dir, "b.csv")
	for path, part := range map[string][]string{table: lines[:1200], later: append([]string{lines[0]}, lines[1200:]...)} {
		if err := os.WriteFile(path, []byte(strings.Join(part, "")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	gradus("", "train", table, "--target", "died_30d", "--drop", "site", "--epochs", "2", "--out", modelPath, "--no-record").ok(t)
	return modelPath, later
}

func TestDrift(t *testing.T) {
	m, later := drifting(t)
	var d struct {
		Rows    int
		Trained int `json:"training_rows"`
		Columns []struct {
			Name, Verdict string
			PSI           float64
		}
		Predictions struct{ PSI float64 }
		Outcome     *struct {
			Events int
			CITL   *float64 `json:"calibration_in_the_large"`
		}
		Largest float64 `json:"largest_psi"`
	}
	gradus("", "drift", m, later, "--json").into(t, &d)
	if d.Rows != 1201 || d.Trained != 1199 || len(d.Columns) != 8 || d.Largest <= 0 || d.Outcome == nil || d.Outcome.Events != 103 || d.Outcome.CITL == nil {
		t.Errorf("%+v", d)
	}
	for _, c := range d.Columns {
		if c.Verdict != "stable" || c.PSI > d.Largest {
			t.Errorf("%+v", c)
		}
	}
	if r := gradus("", "drift", m, later, "--lang", "ko", "--fail-above", "0.001"); r.code != 1 || !strings.Contains(r.out, "안정") || !strings.Contains(r.err, "0.001") {
		t.Error(r)
	}
	gradus("", "drift", m, later, "--fail-above", "0.25").ok(t)
}

// Without the outcome, with it under another name, and what is refused.
func TestDriftOutcome(t *testing.T) {
	m, later := drifting(t)
	b, err := os.ReadFile(later)
	if err != nil {
		t.Fatal(err)
	}
	renamed := strings.Replace(string(b), "died_30d", "death", 1)
	for _, c := range []struct {
		flags string
		known bool
	}{{"", false}, {"--target death", true}} {
		var d struct{ Outcome *struct{ Events int } }
		gradus(renamed, append([]string{"drift", m, "-", "--json"}, strings.Fields(c.flags)...)...).into(t, &d)
		if (d.Outcome != nil) != c.known || c.known && d.Outcome.Events != 103 {
			t.Errorf("%q: %+v", c.flags, d)
		}
	}
	gradus(renamed, "drift", m, "-", "--target", "dead").refused(t, 2, "dead", "death")
	gradus(renamed, "drift", m, "-", "--fail-above", "-1").refused(t, 2, "-1")
	gradus(strings.Replace(renamed, "age", "years", 1), "drift", m, "-").refused(t, 2, "age")
	gradus("", "drift", "../../model/testdata/v1/binary.gradus", later).refused(t, 2, "0.1.0")
}
