package study

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gradus/model"
	"gradus/table"
)

// deaths is a table of n rows with two dates, a status of three levels, an arm and patients of two rows each.
func deaths(n int) string {
	r := rand.New(rand.NewPCG(3, 3))
	var b strings.Builder
	b.WriteString("patient_id,first,last,days,state,arm,age,size\n")
	for i := range n {
		age := 40 + 40*r.Float64()
		days := 1 + int(min(27, 12*r.ExpFloat64()*math.Exp(-(age-60)/15)))
		state := "alive"
		if days < 27 && r.Float64() < .8 {
			state = "dead"
		} else if r.Float64() < .1 {
			state = "moved"
		}
		fmt.Fprintf(&b, "P%d,2024-01-01,2024-01-%02d,%d,%s,%c,%.1f,%.1f\n", i/2, 1+days, days, state, 'A'+rune(i%2), age, r.NormFloat64())
	}
	return b.String()
}

func quickly() SurvivalPlan {
	return SurvivalPlan{
		Time: "days", Event: "state", EventLevel: "dead", Leave: []string{"first", "last"}, Outer: 3, Inner: 2, Draws: 10,
		Settings: model.Settings{Hidden: []int{2}, Epochs: 3, Seed: 1},
	}
}

// Days between two dates are the days of the column; patients are found and kept together; outcome columns are no features.
func TestSurvive(t *testing.T) {
	tbl, p := read(t, deaths(160)), quickly()
	p.Group, p.Horizons = "arm", []float64{12, 6, 12}
	steps := 0
	r, err := Survive(t.Context(), tbl, p, func(done, total int) { steps = total })
	if err != nil {
		t.Fatal(err)
	}
	if steps != 4 || r.Study.Patients != 80 || r.Plan.Patient != "patient_id" || r.Study.Main != 12 || !slices.Equal(r.Card.Settings.Horizons, []float64{6, 12}) {
		t.Errorf("%d steps, %+v %+v", steps, r.Plan, r.Study.Target)
	}
	for _, m := range []*model.Model{r.Model, r.Cox} {
		var names []string
		for _, in := range m.Preparation.Inputs {
			names = append(names, in.Name)
		}
		if !slices.Equal(names, []string{"arm", "age", "size"}) || m.Outputs() != 3 {
			t.Errorf("features %v", names)
		}
	}
	if r.Study.Groups == nil || r.Study.Groups.Column != "arm" || len(r.Study.Hazards.Terms) != 4 {
		t.Errorf("%+v", r.Study.Groups)
	}
	p.Time, p.Start, p.End, p.Leave, p.Horizons = "", "first", "last", []string{"days"}, nil
	dates, err := Survive(t.Context(), tbl, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if dates.Study.Target.Column != "last − first" || dates.Study.Overall.Median != r.Study.Overall.Median || dates.Study.Main <= 0 {
		t.Errorf("%+v", dates.Study.Target)
	}
	if !slices.ContainsFunc(dates.Notes, func(n table.Note) bool { return n.Key == "survival.note_horizon" }) {
		t.Error("nobody is told of the horizon that was chosen")
	}
}

// Each thing that makes a study of survival impossible has its own sentence.
func TestSurviveRefuses(t *testing.T) {
	text := deaths(60)
	for want, change := range map[string]func(*SurvivalPlan) string{
		"table.status_levels":     func(p *SurvivalPlan) string { p.EventLevel = ""; return text },
		"table.status_unknown":    func(p *SurvivalPlan) string { p.EventLevel = "died"; return text },
		"table.time_date":         func(p *SurvivalPlan) string { p.Time = "first"; return text },
		"table.time_negative":     func(p *SurvivalPlan) string { p.Time, p.Start, p.End = "", "last", "first"; return text },
		"table.time_zero":         func(p *SurvivalPlan) string { p.Time, p.Start, p.End = "", "first", "first"; return text },
		"study.date":              func(p *SurvivalPlan) string { p.Time, p.Start, p.End = "", "first", "arm"; return text },
		"study.missing":           func(p *SurvivalPlan) string { p.Group = "arm"; return strings.Replace(text, ",A,", ",,", 1) },
		"survival.groups":         func(p *SurvivalPlan) string { p.Group = "size"; return text },
		"survival.horizon_beyond": func(p *SurvivalPlan) string { p.Horizons = []float64{400}; return text },
		"survival.numbers":        func(p *SurvivalPlan) string { p.Inner = 1; return text },
		"table.no_column":         func(p *SurvivalPlan) string { p.Leave = []string{"sex"}; return text },
	} {
		p := quickly()
		csv := change(&p)
		if _, err := Survive(t.Context(), read(t, csv), p, nil); key(err) != want {
			t.Errorf("%v, not %s", err, want)
		}
	}
}

// What the result knows against itself.
func TestSurvivalWarnings(t *testing.T) {
	r := &SurvivalResult{Study: &model.SurvivalStudy{Events: 3, Hazards: model.Hazards{Terms: make([]model.HazardTerm, 5)}}}
	r.Study.At = []model.HorizonPair{{At: 5, AtRisk: 2}}
	r.warn()
	for _, want := range []string{"survival.warn_fewer", "survival.warn_at_risk", "survival.warn_untested", "survival.warn_internal"} {
		if !slices.ContainsFunc(r.Warnings, func(n table.Note) bool { return n.Key == want }) {
			t.Errorf("no %s in %v", want, r.Warnings)
		}
	}
	r = &SurvivalResult{Study: &model.SurvivalStudy{Events: 60, Hazards: model.Hazards{Tested: true, P: .01}}}
	r.warn()
	if len(r.Warnings) != 3 || r.Warnings[0].Key != "survival.warn_few" || r.Warnings[1].Key != "survival.warn_hazards" {
		t.Errorf("%v", r.Warnings)
	}
}
