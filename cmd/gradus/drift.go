package main

import (
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
	"gradus/validate"
)

// newDrift is gradus drift MODEL TABLE.csv.
func newDrift(a *app) *cobra.Command {
	var target string
	var most float64
	var limited func(string) bool
	c := a.command("drift MODEL TABLE.csv|-", 2, 2, func(args []string) error {
		if !limited("fail-above") {
			return a.drift(args[0], args[1], target, nil)
		}
		if !(most >= 0) {
			return say.Error("validate.drift_limit", "value", most)
		}
		return a.drift(args[0], args[1], target, &most)
	})
	limited = c.Flags().Changed
	c.Flags().StringVar(&target, "target", "", a.text("validate.drift_target"))
	c.Flags().Float64Var(&most, "fail-above", 0, a.text("validate.drift_fail"))
	c.Example = "gradus drift model.gradus this-year.csv\ngradus drift model.gradus this-year.csv --target died_30d --fail-above 0.25 --json"
	return c
}

// drift compares; an index above most is a failure after all is printed.
func (a *app) drift(modelPath, tablePath, target string, most *float64) error {
	m, err := a.readModel(modelPath)
	if err != nil {
		return err
	}
	kinds := maps.Clone(m.Preparation.Kinds())
	kinds[m.Target.Column] = m.Target.Kind
	if target != "" {
		kinds[target] = m.Target.Kind
	}
	tbl, err := a.readTable(tablePath, table.Options{Kinds: kinds})
	if err != nil {
		return err
	}
	switch c := tbl.Column(m.Target.Column); {
	case target != "":
		if _, err := tbl.Need(target); err != nil {
			return err
		}
	case c != nil && m.Survival == nil && !anyMissing(c, tbl.Rows):
		target = c.Name
	}
	d, err := validate.Compare(m, tbl, target)
	if err != nil {
		return err
	}
	if a.json {
		err = a.writeJSON(d)
	} else {
		a.showDrift(m, d)
	}
	if err == nil && most != nil && float64(d.Largest) > *most {
		where := d.Where
		if where == "" {
			where = a.text("validate.drift_predictions")
		}
		return say.Failure("validate.drift_above", "column", where, "psi", short(d.Largest), "limit", *most)
	}
	return err
}

func anyMissing(c *table.Column, rows int) bool {
	for r := range rows {
		if c.Missing(r) {
			return true
		}
	}
	return false
}

func (a *app) showDrift(m *model.Model, d *validate.Drift) {
	a.print(a.text("validate.drift_rows", "rows", d.Rows, "trained", d.Trained))
	a.print("")
	var rows [][]string
	line := func(name string, c validate.Change) {
		rows = append(rows, []string{
			name, short(c.PSI), a.text("validate.drift_" + c.Verdict), short(c.KS), short(c.SMD),
			short(c.Missing.Training) + " → " + short(c.Missing.Now), short(c.Unknown.Now), short(c.OutOfRange),
		})
	}
	for _, c := range d.Columns {
		line(c.Name, c)
	}
	line(a.text("validate.drift_predictions"), d.Predictions)
	rows[len(rows)-1][5] = none
	header := []string{""}
	for _, h := range []string{"psi", "verdict", "ks", "smd", "missing", "unknown_level", "range"} {
		header = append(header, a.text("validate.drift_"+h))
	}
	a.table(header, rows)
	a.print("")
	if mean := d.Predictions.Mean; mean.Now.Defined() {
		a.print(a.text("validate.drift_mean", "training", short(mean.Training), "now", short(mean.Now)))
	}
	a.showOutcome(m, d.Outcome)
	if slices.ContainsFunc(append(d.Columns, d.Predictions), func(c validate.Change) bool { return c.Verdict == "unknown" }) {
		a.print(a.text("validate.drift_why_unknown"))
	}
	a.print(a.text("validate.drift_reading"))
	a.print(a.text("cmd.disclaimer"))
}

// showOutcome prints what the known outcome says.
func (a *app) showOutcome(m *model.Model, o *validate.Outcome) {
	if o == nil {
		return
	}
	if o.Result != nil {
		a.showEvaluation(m, o.Result)
		return
	}
	low, high := o.InTheLarge-1.959964*o.InTheLargeSE, o.InTheLarge+1.959964*o.InTheLargeSE
	a.figures([]figure{
		{a.text("cmd.evaluate_events", "event", m.Target.Event), count(o.Events) + " / " + count(o.N)},
		{a.text("validate.drift_prevalence"), short(o.Prevalence.Training) + " → " + short(o.Prevalence.Now)},
		{a.text("cmd.evaluate_citl"), interval(metric.Estimate{Value: o.InTheLarge, Low: low, High: high})},
		{a.text("cmd.evaluate_oe"), short(o.OE)},
		{"AUROC", short(o.AUROC)},
	})
	a.print("")
}
