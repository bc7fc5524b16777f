package study

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gradus/data"
	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

func read(t *testing.T, csv string) *table.Table {
	t.Helper()
	tbl, err := table.Read(strings.NewReader(csv), "t.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tbl
}

func cohort(t *testing.T) *table.Table {
	t.Helper()
	set, err := data.Get("cohort")
	if err != nil {
		t.Fatal(err)
	}
	return read(t, string(set.CSV()))
}

func key(err error) string {
	if e, ok := errors.AsType[*say.Err](err); ok {
		return e.Key
	}
	return "no sentence"
}

// quick is a plan that takes a second.
func quick(split string) Plan {
	return Plan{
		Target: "died_30d", Split: split, Time: "visit_date", Site: "site", Outer: 3, Inner: 2, Draws: 50,
		Settings: model.Settings{Hidden: []int{4}, Epochs: 4, Seed: 2},
	}
}

// Each split of the cohort: whole patients, none of the columns that say who, when and where among the features, the same on one core.
func TestRun(t *testing.T) {
	for split, folds := range map[string]int{"": 3, "temporal": 1, "external": 3} {
		tbl, p := cohort(t), quick(split)
		made := func(processors int) (*Result, string) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
			last := 0
			r, err := Run(context.Background(), tbl, p, "", func(done, total int) {
				if last++; done != last || total != folds+1 {
					t.Errorf("progress %d of %d", done, total)
				}
			})
			if err != nil || last != folds+1 {
				t.Fatal(last, err)
			}
			b, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			return r, string(b)
		}
		r, one := made(1)
		if _, two := made(2); one != two {
			t.Errorf("%q: two cores give another result", split)
		}
		for _, in := range r.Model.Preparation.Inputs {
			if slices.Contains([]string{"patient_id", "visit_date", "site", "died_30d"}, in.Name) {
				t.Errorf("%s is a feature", in.Name)
			}
		}
		n := r.Nested
		if len(n.Folds) != folds || r.Plan.Patient != "patient_id" || n.Groups >= n.Tested || n.Boot.Draws != 50 || n.Frozen == nil {
			t.Errorf("%q: %+v", split, n)
		}
		if split == "" && n.Tested != 2400 || split == "temporal" && n.Tested > 1000 || split == "external" && n.Folds[2].Name != "C" {
			t.Errorf("%q: %d rows judged, folds %+v", split, n.Tested, n.Folds)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	csv := "who,when,where,x,y\n"
	for i := range 60 {
		csv += []string{"a", "b", "c"}[i%3] + ",2024-01-" + []string{"01", "15", "30"}[i%3] + "," + []string{"s1", "s2"}[i%2] + "," + []string{"1.5", "2", "7"}[i%3] + "," + []string{"0", "1"}[i%2] + "\n"
	}
	good := Plan{Target: "y", Outer: 3, Inner: 2, Settings: model.Settings{Hidden: []int{2}, Epochs: 1}}
	for want, change := range map[string]func(*Plan){
		"study.scheme":      func(p *Plan) { p.Split = "temporally" },
		"study.no_column":   func(p *Plan) { p.Split = "temporal" },
		"study.date":        func(p *Plan) { p.Split, p.Time = "temporal", "where" },
		"study.future":      func(p *Plan) { p.Split, p.Time, p.Today = "temporal", "when", "2024-01-20" },
		"study.target_role": func(p *Plan) { p.Patient = "y" },
		"table.no_column":   func(p *Plan) { p.Patient = "whom" },
		"study.few_groups":  func(p *Plan) { p.Patient, p.Outer = "who", 4 },
		"study.leak":        func(p *Plan) { p.Patient, p.Split, p.Site = "who", "external", "where" },
		"study.rule":        func(p *Plan) { p.Rule = "best" },
		"study.inner":       func(p *Plan) { p.Inner = 1 },
		"study.numbers":     func(p *Plan) { p.Trials = -1 },
	} {
		p := good
		change(&p)
		if _, err := Run(context.Background(), read(t, csv), p, "", nil); key(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	gap := strings.Replace(csv, "a,", ",", 1)
	p := good
	p.Patient = "who"
	if _, err := Run(context.Background(), read(t, gap), p, "", nil); key(err) != "study.missing" {
		t.Error(err)
	}
}

// The sentence of each task and outcome, in both languages.
func TestVerdict(t *testing.T) {
	r := Result{Validation: &model.Validation{Binary: &model.BinaryValidation{}}, Nested: &model.Nested{Verdict: "none"}}
	r.Validation.Target.Task = table.TaskBinary
	r.Validation.Binary.Difference = model.Difference{Test: metric.Test{Difference: .003}, Low: -.004, High: .01}
	r.Nested.Loss = model.Likelihood{Difference: -.002, Low: -.01, High: .006}
	want := "the network is not better than logistic regression here (ΔAUROC 0.0030, 95 % −0.0040 to 0.0100; Δlog loss −0.0020, 95 % −0.0100 to 0.0060): use the regression."
	if got := r.Verdict(say.English); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got := r.Verdict(say.Korean); !strings.Contains(got, "회귀를 쓰십시오") || !strings.Contains(got, "−0.0040 ~ 0.0100") {
		t.Error(got)
	}
	r.Validation = &model.Validation{Target: table.Target{Task: table.TaskNumber}}
	if r.Nested.Verdict = "network"; r.Verdict(say.English) != "the network is better than linear regression here (Δsquared error −0.0020, 95 % −0.0100 to 0.0060)." {
		t.Error(r.Verdict(say.English))
	}
}

// What limits the result is said by itself.
func TestWarnings(t *testing.T) {
	b := &model.BinaryValidation{Events: 40}
	b.Network.AUROC.Value, b.Network.Calibration.Slope, b.Network.Calibration.OE = .995, .5, 1.5
	r := Result{Plan: Plan{Split: "temporal"}, Validation: &model.Validation{Rows: 300, Binary: b}}
	r.warn()
	var keys []string
	for _, w := range r.Warnings {
		keys = append(keys, w.Key)
	}
	if want := []string{"study.warn_events", "study.warn_slope", "study.warn_oe", "study.warn_leak", "study.warn_internal", "study.warn_small"}; !slices.Equal(keys, want) {
		t.Errorf("%v, want %v", keys, want)
	}
}
