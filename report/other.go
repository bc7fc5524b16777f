package report

import (
	"gradus/metric"
	"gradus/model"
)

// paired is the result of a task that is no event: one line a figure.
func (r *writer) paired() section {
	g := &grid{
		Caption: r.paper("class_result_caption", "rows", r.v.Rows, "folds", r.v.Folds, "repeats", r.v.Repeats),
		Head:    []string{r.text("report.figure"), r.text("report.network"), r.beside(), r.text("report.difference")}, Text: 1,
	}
	for _, f := range r.pairFigures() {
		g.Rows = append(g.Rows, []string{f.Name, f.Network, f.Regression, f.Difference})
	}
	s := section{ID: "result", Title: r.text("report.result")}
	if r.in.Verdict != "" {
		s.Blocks = append(s.Blocks, block{Lead: r.verdict()})
	}
	note := "classes_note"
	if r.v.Number != nil {
		note = "number_note"
	}
	s.Blocks = append(s.Blocks, block{Table: g}, block{Note: r.paper(note)})
	return s
}

// beside names the regression of the task.
func (r *writer) beside() string { return r.text("study.regression_" + string(r.v.Target.Task)) }

func (r *writer) pairFigures() []Figure {
	line := func(name string, a, b metric.Number, decimals int) Figure {
		return Figure{r.paper(name), fixed(a, decimals), fixed(b, decimals), fixed(a-b, decimals)}
	}
	unit := func(name string, a, b metric.Number) Figure {
		return Figure{r.paper(name), short(a), short(b), short(a - b)}
	}
	over := func(name string, a, b model.Spread) Figure {
		text := func(s model.Spread) string { return fixed(s.Mean, 4) + " ± " + fixed(s.SD, 4) }
		return Figure{r.paper("over_folds", "figure", r.paper(name)), text(a), text(b), fixed(a.Mean-b.Mean, 4)}
	}
	if c := r.v.Classes; c != nil {
		return []Figure{
			line("log_loss", c.Network.LogLoss, c.Regression.LogLoss, 4), line("auroc_ovr", c.Network.AUROC, c.Regression.AUROC, 4),
			line("hand_till", c.Network.HandTill, c.Regression.HandTill, 4), line("brier", c.Network.Brier, c.Regression.Brier, 4),
			line("accuracy", c.Network.Accuracy, c.Regression.Accuracy, 4), over("accuracy", c.NetworkSpread, c.RegressionSpread),
		}
	}
	a, b := &r.v.Number.Network, &r.v.Number.Regression
	between := func(name string, a, b metric.Estimate) Figure {
		return Figure{r.paper(name), ranged(r.in.Lang, a, short), ranged(r.in.Lang, b, short), short(a.Value - b.Value)}
	}
	return []Figure{
		line("r2", a.R2, b.R2, 4), unit("rmse", a.RMSE, b.RMSE), unit("mae", a.MAE, b.MAE), over("r2", r.v.Number.NetworkSpread, r.v.Number.RegressionSpread),
		between("slope_line", wald(a.Slope, a.SlopeSE), wald(b.Slope, b.SlopeSE)),
		between("intercept_line", wald(a.Intercept, a.InterceptSE), wald(b.Intercept, b.InterceptSE)),
		between("bias", a.Agreement.Bias, b.Agreement.Bias), between("limit_low", a.Agreement.Lower, b.Agreement.Lower),
		between("limit_high", a.Agreement.Upper, b.Agreement.Upper),
	}
}

// groupPairs are the subgroups of a task that is no event.
func (r *writer) groupPairs() section {
	s := section{ID: "subgroups", Title: r.paper("subgroups")}
	if r.in.Study == nil || len(r.in.Study.Subgroups) == 0 {
		return s
	}
	first := "accuracy"
	if r.v.Number != nil {
		first = "r2"
	}
	g := &grid{Plain: true, Caption: r.paper(first), Text: 1, Head: []string{r.paper("subgroup"), r.text("report.rows"), r.text("report.network"), r.beside()}}
	for _, of := range r.in.Study.Subgroups {
		for _, v := range of.Groups {
			line := []string{of.Column + " " + v.Value, fixed(metric.Number(v.N), 0), r.paper("too_few"), ""}
			if v.Network != nil && v.Regression != nil {
				line[2], line[3] = r.head1(v.Network), r.head1(v.Regression)
			}
			g.Rows = append(g.Rows, line)
		}
	}
	s.Blocks = []block{{Table: g}, {Note: r.paper("subgroups_note")}}
	return s
}

// head1 is the first figure of a group.
func (r *writer) head1(f *model.GroupFigures) string {
	switch {
	case f.Classes != nil:
		return fixed(f.Classes.Accuracy, 3)
	case f.Number != nil:
		return fixed(f.Number.R2, 3)
	}
	return "–"
}
