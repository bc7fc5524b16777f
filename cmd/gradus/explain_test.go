package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gradus/internal/picture"
)

// ward is a small table with an identifier, free text of few rows, numbers that move together, a category and gaps.
func ward(rows int) string {
	var b strings.Builder
	b.WriteString("patient_id,age,age_months,crp,sex,note,died\n")
	for i := range rows {
		age, crp, sex, died, note := 30+(i*7)%50, float64(i*13%17)/2, "F", "no", "none"
		if i%3 == 0 {
			sex = "M"
		}
		if i%40 == 5 {
			note = fmt.Sprintf("SECRET-%d", i)
		}
		if float64(age)/8+crp+float64(i%4) > 12 {
			died = "yes"
		}
		gap := fmt.Sprint(crp)
		if i%19 == 4 {
			gap = ""
		}
		fmt.Fprintf(&b, "PID-%d,%d,%d,%s,%s,%s,%s\n", i, age, age*12+i%3, gap, sex, note, died)
	}
	return b.String()
}

// wardModel trains on the ward and returns the folder, the model and the table.
func wardModel(t *testing.T) (dir, model, tbl string) {
	t.Helper()
	dir = t.TempDir()
	model, tbl = filepath.Join(dir, "m.gradus"), filepath.Join(dir, "ward.csv")
	if err := os.WriteFile(tbl, []byte(ward(150)), 0o600); err != nil {
		t.Fatal(err)
	}
	gradus("", "train", tbl, "--target", "died", "--drop", "patient_id", "--hidden", "6", "--epochs", "30", "--out", model, "-q", "--no-record").ok(t)
	return dir, model, tbl
}

func TestExplain(t *testing.T) {
	dir, m, tbl := wardModel(t)
	for _, args := range []string{
		"", "--row 6", "--rows 1-3,6 --method gradients", "--row 46 --scale logit", "--method pdp --column age", "--method ice --column sex",
		"--method ice --column crp --rows 6,46", "--level no --row 46",
	} {
		for _, lang := range []string{"en", "ko"} {
			svg := filepath.Join(dir, "x.svg")
			words := append([]string{"explain", m, tbl, "--lang", lang, "--svg", svg}, strings.Fields(args)...)
			r := gradus("", words...).ok(t)
			b, err := os.ReadFile(svg)
			cause := map[string]string{"en": "Association, not cause", "ko": "연관이며 인과가 아닙니다"}[lang]
			if err != nil || !strings.Contains(r.out, cause) || !strings.Contains(string(b), cause) || strings.Contains(r.out, "[explain") {
				t.Errorf("%s: %v\n%s", args, err, r.out)
			}
			j := gradus("", append(words, "--json")...).ok(t)
			if !json.Valid([]byte(j.out)) || !strings.Contains(j.out, cause) {
				t.Errorf("%s: %s", args, j.out)
			}
			if all := r.out + r.err + j.out + string(b); strings.Contains(all, "SECRET") || strings.Contains(all, "PID") {
				t.Errorf("%s shows what may name a patient:\n%s", args, all)
			}
		}
	}
}

// A bar says its value with its standard error in as many decimals; below zero it is hollow. Without an error it has no whisker.
func TestExplainBar(t *testing.T) {
	se := .00051
	up, down := bar("a", .0123, &se), bar("b", -.0123, nil)
	if up.Text != "0.0123 ± 0.0005" || up.Low != .0123-se || up.High != .0123+se || up.Ink != picture.Blue {
		t.Errorf("%+v", up)
	}
	if down.Text != "−0.0123" || !math.IsNaN(down.Low) || down.Ink != picture.Orange {
		t.Errorf("%+v", down)
	}
	if tiny := bar("c", 2e-5, &se).Text; tiny != "2·10⁻⁵ ± 5.1·10⁻⁴" {
		t.Error(tiny)
	}
}

// Parts and base make the prediction that predict prints, and the joined columns are said aloud.
func TestExplainAddsUp(t *testing.T) {
	_, m, tbl := wardModel(t)
	var predicted []struct {
		P map[string]float64 `json:"p"`
	}
	gradus("", "predict", m, tbl, "--json").into(t, &predicted)
	for _, method := range []string{"gradients", "shapley"} {
		var got struct {
			Rows []struct {
				Row     int
				F, Base float64
				Parts   []struct{ Part float64 }
			}
		}
		gradus("", "explain", m, tbl, "--json", "--method", method, "--rows", "2,150").into(t, &got)
		for _, r := range got.Rows {
			sum := r.Base
			for _, p := range r.Parts {
				sum += p.Part
			}
			if want := predicted[r.Row-1].P["yes"]; math.Abs(r.F-want) > 1e-5 || math.Abs(sum-r.F) > 1e-3 {
				t.Errorf("%s, row %d: f %v, predict %v, sum %v", method, r.Row, r.F, want, sum)
			}
		}
		if len(got.Rows) != 2 || got.Rows[1].Row != 150 {
			t.Errorf("%+v", got)
		}
	}
	r := gradus("", "explain", m, tbl).ok(t)
	if !strings.Contains(r.err, "age and age_months") || !strings.Contains(r.out, "age + age_months") {
		t.Errorf("%s%s", r.err, r.out)
	}
}

func TestExplainRefuses(t *testing.T) {
	_, m, tbl := wardModel(t)
	for args, want := range map[string]string{
		"--method shaply": `"shapley"`, "--method pdp": "--column", "--method gradients": "--row", "--method permutation --row 1": "whole table",
		"--row 151": "150", "--rows 0": "150", "--rows 3-1": "3-1", "--rows 1-": "1-", "--row -1": "-1", "--row 1 --rows 2": "--rows",
		"--method pdp --column agee": `"age"`, "--method pdp --column patient_id": "does not use", "--level maybe --row 1": `"maybe"`,
		"--scale odds": "odds", "--svg " + tbl: "ward.csv",
	} {
		gradus("", append([]string{"explain", m, tbl}, strings.Fields(args)...)...).refused(t, 2, want)
	}
	gradus(strings.Replace(ward(9), ",age,", ",aged,", 1), "explain", m, "-", "-q").refused(t, 2, "aged")
	gradus(strings.Replace(ward(9), ",30,", ",old,", 1), "explain", m, "-", "-q").refused(t, 2, "old")
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if r := launch(ctx, "", nil, "explain", m, tbl, "-q"); r.code == 0 || r.out != "" {
		t.Errorf("a stopped run ended with %d and %q", r.code, r.out)
	}
}

func FuzzRowList(f *testing.F) {
	for _, s := range []string{"1", "1-3,9", "-", "9-1", "99999999999999999999", "1-999999999", " 2 , 3 "} {
		f.Add(s, 12)
	}
	f.Fuzz(func(t *testing.T, list string, n int) {
		rows, err := rowList(list, n)
		if err == nil && (len(rows) == 0 || len(rows) > rowsAtOnce || slices.Min(rows) < 0 || slices.Max(rows) >= n) {
			t.Errorf("%q of %d rows: %v", list, n, rows)
		}
	})
}
