package protocol

import (
	"slices"

	"gradus/check"
	"gradus/internal/say"
	"gradus/report"
	"gradus/study"
)

// Outcome is what survival is asked of: a column of times, or the columns of the first and the last day.
type Outcome struct{ Time, Start, End string }

// Follow makes a study file, whose target is the status, keep the columns of times, which a leak screen blocks.
func (o Outcome) Follow(made *check.Study) error {
	made.Subgroups, made.Splits.Site = []string{}, ""
	if o.Time == "" {
		if o.Start == "" || o.End == "" || o.Start == o.End {
			return say.Error("survival.dates")
		}
		made.IndexDate, made.Splits.Time = o.Start, o.End
	}
	for name, kind := range map[string]check.Kind{o.Time: check.Number, o.Start: check.Date, o.End: check.Date} {
		c := made.Column(name)
		switch {
		case name == "":
		case c == nil || c.Kind != kind || name == made.Target.Column:
			return say.Error("survival.dates")
		case kind == check.Number:
			c.Role, c.Known = check.Blocked, true
		default:
			c.Role, c.Known = check.Dropped, false
		}
	}
	return nil
}

// SurvivalPlan is what a study file that follows o asks.
func SurvivalPlan(made *check.Study, o Outcome, horizons []float64) study.SurvivalPlan {
	k := &made.Splits
	p := study.SurvivalPlan{
		Time: o.Time, Event: made.Target.Column, EventLevel: made.Target.Event, Patient: k.Group, Horizons: horizons,
		Outer: k.Folds, Inner: k.Inner, Repeats: k.Repeats, Draws: made.Resamples,
	}
	if o.Time == "" {
		p.Start, p.End = o.Start, o.End
	}
	for _, name := range made.Leave() {
		if !slices.Contains([]string{k.Group, p.Start, p.End}, name) {
			p.Leave = append(p.Leave, name)
		}
	}
	p.Settings.Seed = k.Seed
	return p
}

// SurvivalReport is what the report of a study of survival of the file called name is written from; command makes the same again.
func SurvivalReport(lang say.Lang, name, command string, r *study.SurvivalResult) report.SurvivalInput {
	return report.SurvivalInput{Lang: lang, Title: name, Study: r.Study, Card: r.Card, Warnings: SurvivalWarnings(lang, r), Command: command}
}

// SurvivalWarnings are what a study of survival knows against itself.
func SurvivalWarnings(lang say.Lang, r *study.SurvivalResult) (list []string) {
	for _, w := range r.Warnings {
		list = append(list, w.In(lang))
	}
	return list
}

// SurvivalHeadline is the table of the figures that decide, network and Cox's regression on the same folds.
func SurvivalHeadline(lang say.Lang, r *study.SurvivalResult) (head []string, rows [][]string) {
	for _, f := range report.SurvivalFigures(lang, r.Study) {
		rows = append(rows, []string{f.Name, f.Network, f.Regression, f.Difference})
	}
	return []string{
		say.Text(lang, "report.figure"), say.Text(lang, "report.network"), say.Text(lang, "survival.cox"), say.Text(lang, "report.difference"),
	}, rows
}
