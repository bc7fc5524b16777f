// Package protocol carries a study file out: the plan that follows from it, and what is shown of its result. The command line and the
// lab share it, so that one table and one study file give the same bytes in both.
package protocol

import (
	"strconv"
	"strings"
	"time"

	"gradus/check"
	"gradus/internal/say"
	"gradus/model"
	"gradus/report"
	"gradus/study"
	"gradus/table"
)

// Done is a study that has been made, as a record of it is kept.
type Done struct {
	Table   *table.Table
	Result  *study.Result
	Study   []byte // the study file
	Model   []byte // the model file
	Sum     string // hash of the table's file
	Started time.Time
}

// Exclusions are the reasons for which records are no rows, in the order in which they are left out.
var Exclusions = []string{"title", "blank", "footer", "duplicate", "target"}

// Plan is what a study file asks, with the flow of the records that check.Apply logged.
func Plan(made *check.Study, log *check.Log) (study.Plan, error) {
	k := &made.Splits
	p := study.Plan{
		Target: made.Target.Column, Event: made.Target.Event, Patient: k.Group, Time: k.Time, Site: k.Site, Split: k.Scheme,
		Outer: k.Folds, Inner: k.Inner, Repeats: k.Repeats, Trials: max(made.Model.Trials, 1), Draws: made.Resamples,
		Subgroups: made.Subgroups, Thresholds: made.Thresholds, Leave: made.Leave(), Records: log.Records,
	}
	p.Settings.Seed, p.Settings.ClassWeights = k.Seed, made.Model.ClassWeights
	for _, reason := range Exclusions[1:] { // titles stand above the records
		if n := log.Excluded[reason]; n > 0 {
			p.Excluded = append(p.Excluded, model.Excluded{Reason: reason, N: n})
		}
	}
	var err error
	if p.Task, err = table.ParseTask(made.Target.Task); err != nil {
		return p, err
	}
	kind, value, given := strings.Cut(made.Threshold, ":")
	if p.Rule = kind; given {
		if p.Value, err = strconv.ParseFloat(value, 64); err != nil {
			return p, say.Error("study.rule_value", "rule", kind, "value", value)
		}
	}
	return p, nil
}

// Report is what the report of a study of the file called name is written from; opened counts how often the rows judged have been
// opened, 0 where that is not counted.
func Report(lang say.Lang, name string, r *study.Result, opened int) report.Input {
	return report.Input{
		Lang: lang, Title: name, Question: question(lang, r.Validation.Target), Verdict: r.Verdict(lang),
		Validation: r.Validation, Nested: r.Nested, Study: r.Study, Opened: opened, Card: r.Card, File: "model.gradus",
		Command: "gradus study study.yaml",
	}
}

// question is what the model answers.
func question(lang say.Lang, t table.Target) string {
	if t.Event == "" {
		return say.Text(lang, "study.question_other", "column", t.Column)
	}
	return say.Text(lang, "study.question", "column", t.Column, "event", t.Event)
}

// Headline is the table of the figures that decide, network and regression on the same folds.
func Headline(lang say.Lang, v *model.Validation) (head []string, rows [][]string) {
	if v.Binary != nil {
		for _, f := range report.Figures(lang, v) {
			rows = append(rows, []string{f.Name, f.Network, f.Regression, f.Difference})
		}
		return []string{
			say.Text(lang, "report.figure"), say.Text(lang, "report.network"), say.Text(lang, "report.regression"), say.Text(lang, "report.difference"),
		}, rows
	}
	return []string{"", say.Text(lang, "report.network"), say.Text(lang, "report.regression")}, pairs(lang, v)
}

// pairs are the figures of classes or of a number.
func pairs(lang say.Lang, v *model.Validation) [][]string {
	if c := v.Classes; c != nil {
		return [][]string{
			{say.Text(lang, "cmd.evaluate_accuracy"), short(c.Network.Accuracy), short(c.Regression.Accuracy)},
			{say.Text(lang, "cmd.evaluate_log_loss"), short(c.Network.LogLoss), short(c.Regression.LogLoss)},
			{say.Text(lang, "cmd.evaluate_auroc_ovr"), short(c.Network.AUROC), short(c.Regression.AUROC)},
		}
	}
	n := v.Number
	return [][]string{
		{"R²", short(n.Network.R2), short(n.Regression.R2)},
		{"RMSE", short(n.Network.RMSE), short(n.Regression.RMSE)},
		{"MAE", short(n.Network.MAE), short(n.Regression.MAE)},
	}
}

// defined is a figure that may have no value.
type defined interface {
	~float64
	Defined() bool
}

// short shows a figure with four digits.
func short[N defined](v N) string {
	if !v.Defined() {
		return "–"
	}
	return strconv.FormatFloat(float64(v), 'f', 4, 64)
}
