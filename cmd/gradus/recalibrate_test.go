package main

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// partOf is the rows of one part of the reference predictions, as a file: recalibrate/testdata.
func partOf(t *testing.T, part string) string {
	t.Helper()
	file, err := os.Open("../../recalibrate/testdata/risk_predictions.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for i, line := range strings.Split(string(text), "\n") {
		if i == 0 || strings.Contains(line, ","+part+",") {
			rows = append(rows, line)
		}
	}
	return predictionsFile(t, strings.Join(rows, "\n")+"\n")
}

// Learnt on the temporal part and judged on the external one, the figures are those of the reference (statsmodels, SciPy and
// scikit-learn, to the four digits given there): an overfitted network is helped, a decent one is made worse, and that is said.
func TestRecalibrate(t *testing.T) {
	fit, judge := partOf(t, "temporal"), partOf(t, "external")
	for _, c := range []struct {
		column, method string
		before, after  float64
		keep           bool
	}{
		{"p_overfit", "intercept", 1.2222, 1.1893, false},
		{"p_overfit", "logistic", 1.2222, .3818, false},
		{"p_overfit", "temperature", 1.2222, .4028, false},
		{"p_overfit", "isotonic", 1.2222, .3850, false},
		{"p_mlp", "logistic", .3381, .3411, true},
	} {
		r := gradus("", "recalibrate", fit, judge, "--truth", "y", "--prob", c.column, "--method", c.method, "--json").ok(t)
		var got struct {
			Before, After struct {
				LogLoss float64 `json:"log_loss"`
			}
			Keep bool `json:"keep_original"`
		}
		if err := json.Unmarshal([]byte(r.out), &got); err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Before.LogLoss-c.before) > 5e-5 || math.Abs(got.After.LogLoss-c.after) > 5e-5 || got.Keep != c.keep {
			t.Errorf("%s of %s: %+v, want %+v", c.method, c.column, got, c)
		}
	}
	out := filepath.Join(t.TempDir(), "corrected.csv")
	said := gradus("", "recalibrate", fit, judge, "--truth", "y", "--prob", "p_mlp", "--out", out).ok(t).out
	if !strings.Contains(said, "Keep the original") {
		t.Error(said)
	}
	if b, err := os.ReadFile(out); err != nil || strings.Count(string(b), "\n") != 619 || !strings.HasPrefix(string(b), "row,p_mlp,p_mlp_recalibrated\n1,") {
		t.Errorf("%v: %.60q", err, b)
	}
	for flags, says := range map[string]string{
		"--truth y --prob p_mlp --method magic": "no method \"magic\"",
		"--truth y --prob p_mlp,p_lr":           "one column",
		"--truth y":                             "needs --truth",
	} {
		if r := gradus("", append([]string{"recalibrate", fit, judge}, strings.Fields(flags)...)...); r.code != 2 || !strings.Contains(r.err, says) {
			t.Errorf("%s: exit %d, %s", flags, r.code, r.err)
		}
	}
}
