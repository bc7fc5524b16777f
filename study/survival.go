package study

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"

	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
	"gradus/validate"
)

// SurvivalPlan says how survival is asked of a table and validated; a zero field stands for its default.
type SurvivalPlan struct {
	Time       string         `json:"time,omitempty"`  // column of times, or
	Start      string         `json:"start,omitempty"` // columns of the first and the last day
	End        string         `json:"end,omitempty"`
	Event      string         `json:"event"`                 // column of the status
	EventLevel string         `json:"event_level,omitempty"` // its level that is the event: 1
	Group      string         `json:"group,omitempty"`       // column whose levels are compared by a log-rank test
	Patient    string         `json:"patient,omitempty"`     // column that says whose a row is; empty: one that is named so and repeats
	Leave      []string       `json:"leave,omitempty"`       // columns that are no features
	Horizons   []float64      `json:"horizons"`              // the first is the main one; none: half of the events have happened
	Outer      int            `json:"outer"`                 // 10
	Inner      int            `json:"inner"`                 // as many as rows ask for
	Repeats    int            `json:"repeats"`               // 1
	Draws      int            `json:"draws"`                 // 1000
	Ridge      *float64       `json:"ridge,omitempty"`       // of Cox's regression: 1
	Settings   model.Settings `json:"settings"`
	Epoch      validate.Epoch `json:"-"` // is told of each epoch; nil: nobody is
}

// SurvivalResult is a finished study of survival.
type SurvivalResult struct {
	Plan     SurvivalPlan         `json:"plan"`
	Study    *model.SurvivalStudy `json:"study"`
	Card     *model.Card          `json:"card"`
	Notes    []table.Note         `json:"-"`
	Warnings []table.Note         `json:"-"`
	Model    *model.Model         `json:"-"` // the networks, trained on all rows
	Cox      *model.Model         `json:"-"` // the regression, on all rows
}

// SurvivalCourse is a study of survival on its way: what Survive does at once, in units of work that may be made elsewhere.
type SurvivalCourse struct {
	*validate.Survivals
	r        *SurvivalResult
	features *table.Table
	y        []float64
	progress func(done, total int)
	steps    int
}

// Survive makes a study of survival of tbl: validation, final models and hazard ratios. progress, if not nil, is told how many of how many
// steps are done. The same table and plan give the same result on any number of cores.
func Survive(ctx context.Context, tbl *table.Table, p SurvivalPlan, progress func(done, total int)) (*SurvivalResult, error) {
	c, err := BeginSurvival(tbl, p, progress)
	if err != nil {
		return nil, err
	}
	return c.Finish(ctx)
}

// BeginSurvival settles what a study of survival is, before its work.
func BeginSurvival(tbl *table.Table, p SurvivalPlan, progress func(done, total int)) (*SurvivalCourse, error) {
	r := &SurvivalResult{Plan: p}
	c := &SurvivalCourse{r: r, progress: progress}
	r.Plan.complete()
	target, y, err := r.target(tbl)
	if err != nil {
		return nil, err
	}
	d, features, err := r.design(tbl, target, y)
	if err != nil {
		return nil, err
	}
	s := r.Plan.Settings
	s.Members = r.Plan.Inner
	c.features, c.y = features, y
	c.Survivals, err = validate.NewSurvivals(features, target, y, s, d, c.told)
	return c, err
}

// told hands on how far the validation is; the training on all rows is one step more.
func (c *SurvivalCourse) told(done, total int) {
	if c.steps = total + 1; c.progress != nil {
		c.progress(done, c.steps)
	}
}

// Identity is the hash of all that the study depends on.
func (c *SurvivalCourse) Identity() (string, error) { return identity(c.Survivals.Identity, c.r.Plan) }

// Finish makes what was not made elsewhere and puts it together.
func (c *SurvivalCourse) Finish(ctx context.Context) (*SurvivalResult, error) {
	r := c.r
	var err error
	if r.Study, err = c.Survive(ctx); err != nil {
		return nil, err
	}
	if r.Model, err = c.Final(ctx); err != nil {
		return nil, err
	}
	if r.Cox, r.Study.Hazards, err = validate.CoxModel(r.Model, c.features, c.y, *r.Plan.Ridge); err != nil {
		return nil, err
	}
	r.Card = &r.Model.Card
	if err := errors.Join(r.Model.Summarise(c.features), r.Cox.Summarise(c.features)); err != nil {
		return nil, err
	}
	if c.progress != nil {
		c.progress(c.steps, c.steps)
	}
	r.warn()
	return r, nil
}

// complete fills in the defaults.
func (p *SurvivalPlan) complete() {
	for _, v := range []struct {
		field *int
		value int
	}{{&p.Outer, 10}, {&p.Repeats, 1}, {&p.Draws, 1000}} {
		if *v.field == 0 {
			*v.field = v.value
		}
	}
	if p.Ridge == nil {
		ridge := float64(validate.DefaultRidge)
		p.Ridge = &ridge
	}
}

// target reads times and events.
func (r *SurvivalResult) target(tbl *table.Table) (*table.Target, []float64, error) {
	p := &r.Plan
	var time []float64
	name := p.Time
	if p.Start != "" {
		var err error
		if time, err = days(tbl, p.Start, p.End); err != nil {
			return nil, nil, err
		}
		name = p.End + " − " + p.Start
	}
	target, y, err := table.NewSurvival(tbl, name, time, p.Event, p.EventLevel)
	if err == nil {
		r.Notes = append(r.Notes, target.Notes()...)
	}
	return target, y, err
}

// days is the time between two columns of dates, in days.
func days(tbl *table.Table, start, end string) ([]float64, error) {
	var at [2][]float64
	for i, c := range []struct{ name, flag string }{{start, "--start"}, {end, "--end"}} {
		list, err := texts(tbl, c.name, c.flag)
		if err != nil {
			return nil, err
		}
		for row, text := range list {
			day, ok := parseDate(text)
			if !ok {
				return nil, say.Error("study.date", "column", c.name, "row", row+1, "value", text)
			}
			at[i] = append(at[i], float64(day.Unix())/86400)
		}
	}
	for row := range at[1] {
		at[1][row] -= at[0][row]
	}
	return at[1], nil
}

// design reads whose each row is and what is compared, and leaves the columns of the outcome out of the features.
func (r *SurvivalResult) design(tbl *table.Table, target *table.Target, y []float64) (d validate.Survival, features *table.Table, err error) {
	p := &r.Plan
	if p.Patient == "" {
		if p.Patient = patientColumn(tbl, p.Event); p.Patient != "" {
			r.Notes = append(r.Notes, table.Note{Key: "study.note_patient", Args: []any{"column", p.Patient}})
		}
	}
	d = validate.Survival{
		Parting: validate.Parting{Scheme: validate.CrossValidation, Folds: p.Outer, Repeats: p.Repeats, Seed: p.Settings.Seed},
		Draws:   p.Draws, Ridge: *p.Ridge, Column: p.Group, Epoch: p.Epoch,
	}
	if p.Draws < 0 || !(d.Ridge >= 0) || math.IsInf(d.Ridge, 0) || p.Inner < 0 || p.Inner == 1 || p.Inner > 100 {
		return d, nil, say.Error("survival.numbers", "draws", p.Draws, "ridge", d.Ridge, "inner", p.Inner)
	}
	if d.Group, err = groups(tbl, p.Patient); err != nil {
		return d, nil, err
	}
	if p.Group != "" {
		if d.Strata, err = strata(tbl, p.Group); err != nil {
			return d, nil, err
		}
	}
	r.horizons(&d, y)
	features, err = r.features(tbl, target)
	return d, features, err
}

// mostGroups are compared by a log-rank test.
const mostGroups = 10

func strata(tbl *table.Table, name string) ([]string, error) {
	list, err := texts(tbl, name, "--group")
	if err != nil {
		return nil, err
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(list)))); n < 2 || n > mostGroups {
		return nil, say.Error("survival.groups", "column", name, "levels", n, "most", mostGroups)
	}
	return list, nil
}

// horizons are those asked for, the first the main one, or the time by which half of the events have happened.
func (r *SurvivalResult) horizons(d *validate.Survival, y []float64) {
	p := &r.Plan
	if len(p.Horizons) == 0 {
		_, half := validate.Events(y)
		p.Horizons = []float64{half}
		r.Notes = append(r.Notes, table.Note{Key: "survival.note_horizon", Args: []any{"horizon", half}})
	}
	d.Main = p.Horizons[0]
	d.Horizons = slices.Compact(slices.Sorted(slices.Values(p.Horizons)))
}

// features is the table without what is no feature: the outcome, the patient, what was asked to be left. A column of the target's name stays,
// which the preparation passes over.
func (r *SurvivalResult) features(tbl *table.Table, target *table.Target) (*table.Table, error) {
	p := &r.Plan
	var drop []string
	for _, name := range append([]string{p.Time, p.Start, p.End, p.Event, p.Patient}, p.Leave...) {
		if name == "" {
			continue
		}
		if _, err := tbl.Need(name); err != nil {
			return nil, err
		}
		if name != target.Column {
			drop = append(drop, name)
		}
	}
	return tbl.Drop(drop...), nil
}

// chance writes a p value.
func chance(p float64) string {
	if p < .001 {
		return "p < 0.001"
	}
	return "p = " + strconv.FormatFloat(p, 'f', 3, 64)
}

// warn lists what the result itself knows against its figures.
func (r *SurvivalResult) warn() {
	s := r.Study
	say := func(key string, args ...any) { r.Warnings = append(r.Warnings, table.Note{Key: key, Args: args}) }
	terms := 0
	for _, t := range s.Hazards.Terms {
		if !t.Aside {
			terms++
		}
	}
	switch {
	case s.Events < terms:
		say("survival.warn_fewer", "events", s.Events, "terms", terms)
	case s.Events < 100:
		say("survival.warn_few", "events", s.Events)
	}
	for _, h := range s.At {
		if h.AtRisk < 10 {
			say("survival.warn_at_risk", "horizon", h.At, "rows", h.AtRisk)
		}
	}
	if s.Hazards.Tested && s.Hazards.P < .05 {
		say("survival.warn_hazards", "p", chance(float64(s.Hazards.P)))
	}
	if !s.Hazards.Tested {
		say("survival.warn_untested")
	}
	say("survival.warn_internal")
}
