package main

import (
	"maps"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"gradus/metric"
	"gradus/model"
	"gradus/store"
	"gradus/table"
	"gradus/validate"
)

// newEvaluate is gradus evaluate MODEL TABLE.csv.
func newEvaluate(a *app) *cobra.Command {
	var threshold float64
	var records recordFlags
	c := a.command("evaluate MODEL TABLE.csv|-", 2, 2, func(args []string) error {
		return a.evaluate(args[0], args[1], threshold, records)
	})
	c.Flags().Float64Var(&threshold, "threshold", .5, a.text("cmd.evaluate_threshold"))
	records.add(a, c.Flags())
	c.Example = "gradus evaluate model.gradus other.csv\ngradus evaluate model.gradus other.csv --threshold 0.1 --json"
	return c
}

func (a *app) evaluate(modelPath, tablePath string, threshold float64, records recordFlags) error {
	started := time.Now()
	m, err := a.readJudged(modelPath)
	if err != nil {
		return err
	}
	kinds := maps.Clone(m.Preparation.Kinds())
	kinds[m.Target.Column] = m.Target.Kind
	tbl, err := a.readTable(tablePath, table.Options{Kinds: kinds})
	if err != nil {
		return err
	}
	if notes, err := m.Preparation.Check(tbl); err == nil {
		for _, n := range notes {
			a.note(n.In(a.lang))
		}
	}
	result, err := validate.Evaluate(m, tbl, &threshold)
	if err != nil {
		return err
	}
	if r, ok := result.(metric.BinaryResult); ok && (r.Events == 0 || r.Events == r.N) {
		a.note(a.text("cmd.evaluate_one_class", "column", m.Target.Column))
	}
	if !records.off {
		a.record(records, store.Run{
			Started: started, Command: "evaluate", Settings: jsonOf(object{{"threshold", threshold}}), Figures: jsonOf(result),
			Held: store.Rows(tbl, nil),
		}, tablePath, modelPath)
	}
	if a.json {
		return a.writeJSON(result)
	}
	a.showEvaluation(m, result)
	return nil
}

func (a *app) showEvaluation(m *model.Model, result any) {
	switch r := result.(type) {
	case metric.BinaryResult:
		a.showBinary(m, r)
	case metric.ClassesResult:
		a.figures([]figure{
			{a.text("cmd.evaluate_n"), count(r.N)},
			{a.text("cmd.evaluate_accuracy"), short(r.Accuracy)},
			{a.text("cmd.evaluate_log_loss"), short(r.LogLoss)},
			{a.text("cmd.evaluate_auroc_ovr"), short(r.AUROC)},
		})
	case metric.NumberResult:
		a.figures([]figure{
			{a.text("cmd.evaluate_n"), count(r.N)}, {"R²", short(r.R2)}, {"RMSE", short(r.RMSE)}, {"MAE", short(r.MAE)},
		})
	}
	a.print("")
	a.print(a.text("cmd.disclaimer"))
}

func (a *app) showBinary(m *model.Model, r metric.BinaryResult) {
	c := r.Calibration
	a.figures([]figure{
		{a.text("cmd.evaluate_n"), count(r.N)},
		{a.text("cmd.evaluate_events", "event", m.Target.Event), count(r.Events) + " (" + short(r.Prevalence) + ")"},
		{"AUROC", interval(r.AUROC.Estimate)},
		{a.text("cmd.evaluate_ap"), short(r.AveragePrecision)},
		{a.text("cmd.evaluate_brier"), short(r.Brier) + " (" + short(r.ScaledBrier) + ")"},
		{a.text("cmd.evaluate_log_loss"), short(r.LogLoss)},
		{a.text("cmd.evaluate_citl"), short(c.InTheLarge)},
		{a.text("cmd.evaluate_slope"), short(c.Slope)},
		{a.text("cmd.evaluate_oe"), short(c.OE)},
		{"ICI", short(c.ICI)},
	})
	a.print("")
	f := r.Confusion
	a.table([]string{"", a.text("cmd.evaluate_called"), a.text("cmd.evaluate_not_called"), ""}, [][]string{
		{m.Target.Event, count(f.TP), count(f.FN), a.text("cmd.evaluate_sensitivity") + " " + interval(f.Sensitivity)},
		{a.text("cmd.evaluate_others"), count(f.FP), count(f.TN), a.text("cmd.evaluate_specificity") + " " + interval(f.Specificity)},
		{"", "PPV " + interval(f.PPV), "NPV " + interval(f.NPV), ""},
	})
}

// figure is a name and its value as shown.
type figure struct{ name, value string }

func (a *app) figures(list []figure) {
	rows := make([][]string, len(list))
	for i, f := range list {
		rows[i] = []string{f.name, f.value}
	}
	a.table([]string{"", ""}, rows)
}

func count(n int) string { return strconv.Itoa(n) }

// short shows a figure with four decimals, or that it is undefined.
func short(v metric.Number) string {
	if !v.Defined() {
		return none
	}
	return strconv.FormatFloat(float64(v), 'f', 4, 64)
}

// interval shows a figure with its 95 % interval.
func interval(e metric.Estimate) string {
	if !e.Value.Defined() {
		return none
	}
	return short(e.Value) + " (" + short(e.Low) + "–" + short(e.High) + ")"
}
