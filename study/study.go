// Package study goes the whole way from a table to a validated model: it parts the rows, validates what is chosen inside each training
// part, compares the network with the regression, and trains the final model on all rows.
package study

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
	"gradus/validate"
)

// Plan says what is asked of a table and how it is validated; a zero field stands for its default.
type Plan struct {
	Target  string     `json:"target"`
	Event   string     `json:"event,omitempty"`
	Task    table.Task `json:"task,omitempty"`
	Patient string     `json:"patient,omitempty"` // column that says whose a row is; empty: one that is named so and repeats
	Time    string     `json:"time,omitempty"`    // column of the visit's date or number, for Scheme temporal
	Site    string     `json:"site,omitempty"`    // column of the place, for Scheme external
	Leave   []string   `json:"leave,omitempty"`   // columns that are no features
	Split   string     `json:"split,omitempty"`   // cross-validation (default), temporal, external
	Outer   int        `json:"outer"`             // 10
	Inner   int        `json:"inner"`             // 5
	Repeats int        `json:"repeats"`           // 1
	Trials  int        `json:"trials"`            // settings tried in each training part: 1, the given ones
	Draws   int        `json:"draws"`             // of the bootstrap: 1000
	Rule    string     `json:"rule"`              // of the threshold: youden
	Value   float64    `json:"value,omitempty"`   // of the rule
	Late    float64    `json:"late,omitempty"`    // share of patients judged by Scheme temporal: .3
	Today   string     `json:"-"`                 // a visit after this day is refused; empty: not asked
	// Subgroups are the columns by which the rows judged are looked at apart: NAME, or NAME:CUT[,CUT] of a number; NAME of the time's
	// column parts by year.
	Subgroups  []string         `json:"subgroups,omitempty"`
	Thresholds []float64        `json:"thresholds,omitempty"` // of net benefit
	Records    int              `json:"-"`                    // of the file; 0: the rows of the table
	Excluded   []model.Excluded `json:"-"`                    // of them, why they are no rows
	Settings   model.Settings   `json:"settings"`
	// Watch is told of each outer fold that is done, in whatever order, with the AUROC of both where there is an event; nil: nobody is.
	Watch func(i int, name string, network, regression float64) `json:"-"`
	Epoch validate.Epoch                                        `json:"-"` // is told of each epoch; nil: nobody is
}

// Result is a finished study.
type Result struct {
	Plan       Plan              `json:"plan"`
	Validation *model.Validation `json:"validation"`
	Nested     *model.Nested     `json:"nested"`
	Study      *model.Study      `json:"study"`
	Notes      []table.Note      `json:"-"`
	Warnings   []Warning         `json:"-"`
	Card       *model.Card       `json:"card"`
	Model      *model.Model      `json:"-"` // trained on all rows
	Y          []float64         `json:"-"`
}

// Course is a study on its way: what Run does at once, in units of work that may be made elsewhere.
type Course struct {
	*validate.Nesting
	r        *Result
	tbl      *table.Table
	target   *table.Target
	progress func(done, total int)
	steps    int
}

// Run makes a study of tbl. journal is the file from which a stopped study goes on, empty for none; progress, if not nil, is told how many
// of how many steps are done. The same table and plan give the same result on any number of cores.
func Run(ctx context.Context, tbl *table.Table, p Plan, journal string, progress func(done, total int)) (*Result, error) {
	c, err := Begin(tbl, p, journal, progress)
	if err != nil {
		return nil, err
	}
	return c.Finish(ctx)
}

// Begin settles what a study is, before its work.
func Begin(tbl *table.Table, p Plan, journal string, progress func(done, total int)) (*Course, error) {
	c := &Course{r: &Result{Plan: p.complete()}, tbl: tbl, progress: progress}
	r := c.r
	target, y, err := table.NewTarget(tbl, p.Target, p.Task, p.Event)
	if err != nil {
		return nil, err
	}
	d, err := r.design(tbl)
	if err != nil {
		return nil, err
	}
	d.Journal = journal
	c.target, r.Y, r.Notes = target, y, append(r.Notes, target.Notes()...)
	c.Nesting, err = validate.NewNesting(tbl, target, y, r.Plan.Settings, d, c.told)
	return c, err
}

// told hands on how far the validation is; the training on all rows is one step more.
func (c *Course) told(done, total int) {
	if c.steps = total + 1; c.progress != nil {
		c.progress(done, c.steps)
	}
}

// Identity is the hash of all that the study depends on.
func (c *Course) Identity() (string, error) { return identity(c.Nesting.Identity, c.r.Plan) }

// identity binds what the units depend on to what is asked of them together.
func identity(of func() (string, error), plan any) (string, error) {
	own, err := of()
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(plan)
	if err != nil {
		return "", say.Failure("validate.failed", "cause", err)
	}
	sum := sha256.Sum256(append([]byte(own), b...))
	return hex.EncodeToString(sum[:]), nil
}

// Finish makes what was not made elsewhere and puts it together.
func (c *Course) Finish(ctx context.Context) (*Result, error) {
	r := c.r
	var err error
	if r.Validation, r.Nested, r.Study, err = c.Nest(ctx); err != nil {
		return nil, err
	}
	var curves *model.LossCurves
	if r.Model, curves, err = c.Final(ctx, r.Nested); err != nil {
		return nil, err
	}
	if err := r.Model.Summarise(c.tbl); err != nil {
		return nil, err
	}
	r.Card = &r.Model.Card
	if err := r.collect(c.tbl, c.target, curves); err != nil {
		return nil, err
	}
	if c.progress != nil {
		c.progress(c.steps, c.steps)
	}
	r.warn()
	return r, nil
}

// watch hands on a fold that is done.
func (p *Plan) watch(i int, f model.NestedFold) {
	if p.Watch != nil && f.AUROC != nil && f.AUROC.Defined() && f.Regression.Defined() {
		p.Watch(i, f.Name, float64(*f.AUROC), float64(*f.Regression))
	}
}

// complete fills in the defaults.
func (p Plan) complete() Plan {
	for _, v := range []struct {
		field *int
		value int
	}{{&p.Outer, 10}, {&p.Inner, 5}, {&p.Repeats, 1}, {&p.Trials, 1}, {&p.Draws, 1000}} {
		if *v.field == 0 {
			*v.field = v.value
		}
	}
	if p.Split == "" {
		p.Split = string(validate.CrossValidation)
	}
	if p.Rule == "" {
		p.Rule = "youden"
	}
	return p
}

// design reads from the table whose each row is, when and where, and keeps those columns from being features.
func (r *Result) design(tbl *table.Table) (d validate.Design, err error) {
	p := &r.Plan
	if p.Patient == "" {
		p.Patient = patientColumn(tbl, p.Target)
		if p.Patient != "" {
			r.Notes = append(r.Notes, table.Note{Key: "study.note_patient", Args: []any{"column", p.Patient}})
		}
	}
	d = validate.Design{
		Parting: validate.Parting{Scheme: validate.Scheme(p.Split), Folds: p.Outer, Repeats: p.Repeats, Seed: p.Settings.Seed, Late: p.Late},
		Inner:   p.Inner, Trials: p.Trials, Draws: p.Draws, Rule: validate.Rule{Kind: p.Rule, Value: p.Value},
		Thresholds: p.Thresholds, Correct: correct, Watch: p.watch, Epoch: p.Epoch,
	}
	if p.Trials < 1 || p.Draws < 0 || p.Late < 0 || p.Late >= 1 {
		return d, say.Error("study.numbers", "trials", p.Trials, "draws", p.Draws, "late", p.Late)
	}
	if d.Group, err = groups(tbl, p.Patient); err != nil {
		return d, err
	}
	switch d.Scheme {
	case validate.CrossValidation:
	case validate.Temporal:
		d.Time, err = times(tbl, p.Time, p.Today)
	case validate.External:
		d.Site, err = texts(tbl, p.Site, "--site")
	default:
		schemes := []string{string(validate.CrossValidation), string(validate.Temporal), string(validate.External)}
		return d, say.Error("study.scheme", "scheme", p.Split, "nearest", say.Nearest(p.Split, schemes), "known", schemes)
	}
	if err == nil {
		d.Strata, err = r.strata(tbl)
	}
	return d, r.roles(tbl, err)
}

// roles leaves out what is no feature.
func (r *Result) roles(tbl *table.Table, err error) error {
	p := &r.Plan
	leave := append([]string{}, p.Settings.Leave...)
	for _, name := range append([]string{p.Patient, p.Time, p.Site}, p.Leave...) {
		if name == "" {
			continue
		}
		if _, bad := tbl.Need(name); bad != nil && err == nil {
			err = bad
		}
		if name == p.Target && err == nil {
			err = say.Error("study.target_role", "column", name)
		}
		leave = append(leave, name)
	}
	p.Settings.Leave = leave
	return err
}
