package study

import (
	"context"
	"slices"
	"strings"
	"testing"

	"gradus/data"
	"gradus/model"
)

// The columns that part the rows: by value, by cuts given or usual, by year; what cannot is refused.
func TestStrata(t *testing.T) {
	tbl := cohort(t)
	r := Result{Plan: Plan{Target: "died_30d", Patient: "patient_id", Time: "visit_date", Site: "site"}}
	want := map[string][]string{
		"sex": {"F", "M"}, "site": {"A", "B", "C"}, "diabetes": {"0", "1"}, "age": {"< 65", "≥ 65"}, "age:40,65.5": {"< 40", "40 – 65.5", "≥ 65.5"},
		"visit_date": {"2019", "2020", "2021", "2022", "2023", "2024"}, "sbp": {"< 129", "≥ 129"},
	}
	for spec, values := range want {
		r.Plan.Subgroups = []string{spec}
		list, err := r.strata(tbl)
		if err != nil || len(list) != 1 || !slices.Equal(list[0].Values, values) {
			t.Errorf("%s: %+v, %v", spec, list, err)
			continue
		}
		c := tbl.Column(list[0].Column)
		for row, g := range list[0].Of {
			if (g < 0) != c.Missing(row) {
				t.Fatalf("%s: row %d is in group %d", spec, row, g)
			}
		}
		if spec == "age:40,65.5" {
			for row, g := range list[0].Of {
				if age := c.Number(row); (age >= 40) != (g > 0) || (age >= 65.5) != (g > 1) {
					t.Fatalf("age %v is in group %d", age, g)
				}
			}
		}
	}
	for spec, want := range map[string]string{
		"ag": "table.no_column", "age:65,40": "study.subgroup_cut", "age:old": "study.subgroup_cut", "sex:3": "study.subgroup_cut",
		"died_30d": "study.subgroup_role", "patient_id": "study.subgroup_role",
	} {
		r.Plan.Subgroups = []string{spec}
		if _, err := r.strata(tbl); key(err) != want {
			t.Errorf("%s: %v, want %s", spec, err, want)
		}
	}
}

// A study of the cohort holds every part, and its counts agree with each other.
func TestCollected(t *testing.T) {
	p := quick("")
	p.Subgroups, p.Thresholds, p.Records, p.Excluded = []string{"sex", "site"}, []float64{.1}, 2405, []model.Excluded{{Reason: "blank", N: 5}}
	r, err := Run(context.Background(), cohort(t), p, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	s := r.Study
	if f := s.Flow; f.Records != 2405 || f.Rows != 2400 || f.Patients != 2050 || f.Events != 224 || len(f.Parts) != 3 || f.Excluded[0].N != 5 {
		t.Errorf("%+v", f)
	}
	events, patients := 0, 0
	for i, part := range s.Flow.Parts {
		if part.Train.Events+part.Test.Events != 224 || part.Train.Rows+part.Test.Rows != 2400 || part.Test != s.Parts[i].Test {
			t.Errorf("%+v, %+v", part, s.Parts[i])
		}
		if n := r.Nested.Folds[i]; n.TestEvents != part.Test.Events || n.TrainEvents != part.Train.Events {
			t.Errorf("%+v", n)
		}
		events, patients = events+part.Test.Events, patients+part.Test.Patients
	}
	if events != 224 || patients != 2050 {
		t.Errorf("%d events and %d patients are judged", events, patients)
	}
	for _, g := range s.Subgroups {
		n, e := 0, 0
		for _, group := range g.Groups {
			n, e = n+group.N, e+group.Events
		}
		if n != 2400 || e != 224 {
			t.Errorf("%s: %d rows, %d events", g.Column, n, e)
		}
	}
	if len(s.Subgroups) != 2 || s.Subgroups[1].Kind != "site" || len(s.Recalibration.Methods) != 4 || s.Recalibration.Methods[2].Folds != 3 {
		t.Errorf("%+v", s.Recalibration)
	}
	if d := s.Decision; d.Draws != 50 || len(d.Points) != 99 || d.Named[0] != .1 {
		t.Errorf("%d points, %+v", len(d.Points), d.Named)
	}
	// 8 columns: age bmi sbp creatinine crp diabetes, bmi and crp missing, sex 2, smoking 3 and missing
	if c := s.SampleSize; c.Parameters != 6+2+1+3 || c.Events != 224 || c.PerTerm != 224./12 || !c.Thumb || c.Enough != (2400 >= c.Needed.N) {
		t.Errorf("%+v", c)
	}
	if len(s.Loss.Members) == 0 || len(s.Formula.Equations[0].Terms) != r.Model.Preparation.Width() || len(s.Importance.Columns) < 8 || len(s.TableOne.Columns) != 9 {
		t.Errorf("%+v", s.Importance)
	}
}

// Classes and numbers have their own figures in every part, and what is of risks only is not there.
func TestCollectedTasks(t *testing.T) {
	for name, equations := range map[string]int{"iris": 3, "diabetes": 1} {
		set, err := data.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		p := quick("")
		p.Time, p.Site = "", ""
		p.Target, p.Subgroups = set.Target, []string{map[string]string{"iris": "sepal_length_(cm):5.8", "diabetes": "sex"}[name]}
		tbl := read(t, string(set.CSV()))
		if tbl.Column(strings.TrimSuffix(p.Subgroups[0], ":5.8")) == nil {
			t.Fatalf("%s has no %s", name, p.Subgroups[0])
		}
		r, err := Run(context.Background(), tbl, p, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		s := r.Study
		if s.Recalibration != nil || s.Decision != nil || len(s.Formula.Equations) != equations || s.SampleSize.Needed != nil || len(s.TableOne.Groups) != equations {
			t.Errorf("%s: %+v", name, s)
		}
		for _, part := range s.Parts {
			if (part.Network.Classes != nil) != (name == "iris") || (part.Network.Number != nil) != (name == "diabetes") || part.Network.Binary != nil || part.Test.Events != 0 {
				t.Errorf("%s: %+v", name, part)
			}
		}
		for _, g := range s.Subgroups[0].Groups {
			if f := g.Network; g.TooFew || g.Rest != nil || name == "diabetes" && (!f.Number.Slope.Defined() || f.Number.N != g.N || !f.Number.Bias.Defined()) {
				t.Errorf("%s: %+v", name, g)
			}
		}
	}
}
