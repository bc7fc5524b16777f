package report

import (
	"gradus/metric"
	"gradus/model"
)

// partedHow says how the rows that judge were parted from those that teach.
func (r *writer) partedHow() string {
	args := []any{"folds", r.v.Folds, "repeats", r.v.Repeats, "fits", r.v.Folds * r.v.Repeats, "seed", r.v.Seed}
	switch n := r.in.Nested; {
	case n != nil && n.Scheme == "temporal":
		return r.paper("step_temporal", append(args, "judged", n.Tested)...)
	case n != nil && n.Scheme == "external":
		return r.paper("step_external", args...)
	case r.v.Number != nil:
		return r.paper("step_number", args...)
	case r.v.Classes != nil:
		return r.paper("step_classes", args...)
	}
	return r.text("report.step_folds", args...)
}

// tuned says what was chosen inside the training parts.
func (r *writer) tuned() string {
	if n := r.in.Nested; n != nil && n.Trials > 1 {
		return r.paper("step_tuned", "trials", n.Trials, "inner", n.Inner)
	}
	return r.paper("step_defaults")
}

// candidates counts the columns that the models may see: those of Table 1, where there is one, else all.
func (r *writer) candidates() (n int) {
	if r.in.Study == nil || r.in.Study.TableOne == nil {
		return r.v.Columns
	}
	for _, c := range r.in.Study.TableOne.Columns {
		if c.Feature {
			n++
		}
	}
	return n
}

// calibrationFigures are how far the risks lie from what was observed, of both predictions.
func (r *writer) calibrationFigures() *grid {
	a, b := &r.b.Network.Calibration, &r.b.Regression.Calibration
	g := &grid{Plain: true, Caption: r.paper("calibration_caption"), Text: 1, Head: r.head()[:3]}
	line := func(name string, of func(*metric.Calibration) string) {
		g.Rows = append(g.Rows, []string{name, of(a), of(b)})
	}
	line(r.text("report.row_intercept"), func(c *metric.Calibration) string { return interval(r.in.Lang, wald(c.InTheLarge, c.InTheLargeSE), 2) })
	line(r.text("report.row_slope"), func(c *metric.Calibration) string { return interval(r.in.Lang, wald(c.Slope, c.SlopeSE), 2) })
	line(r.text("report.row_oe"), func(c *metric.Calibration) string { return fixed(c.OE, 3) })
	line("ICI", func(c *metric.Calibration) string { return fixed(c.ICI, 4) })
	line("E50", func(c *metric.Calibration) string { return fixed(c.E50, 4) })
	line("E90", func(c *metric.Calibration) string { return fixed(c.E90, 4) })
	line("Emax", func(c *metric.Calibration) string { return fixed(c.Emax, 4) })
	return g
}

// details are the figures that depend on the threshold and the prevalence at once, folded away on a screen and not on a sheet at all.
func (r *writer) details(network, regression *metric.Confusion) *grid {
	a, b := network.Details(), regression.Details()
	g := &grid{Plain: true, Fold: r.paper("details"), Caption: r.paper("details_note"), Text: 1, Head: r.head()[:3]}
	g.Rows = [][]string{
		{r.paper("accuracy"), interval(r.in.Lang, a.Accuracy, 3), interval(r.in.Lang, b.Accuracy, 3)},
		{r.paper("balanced"), fixed(a.BalancedAccuracy, 3), fixed(b.BalancedAccuracy, 3)},
		{"F1", fixed(a.F1, 3), fixed(b.F1, 3)},
		{"MCC", fixed(a.MCC, 3), fixed(b.MCC, 3)},
		{"κ", fixed(a.Kappa, 3), fixed(b.Kappa, 3)},
	}
	return g
}

// disparities are the differences between the groups of each column.
func (r *writer) disparities() *grid {
	g := &grid{Plain: true, Caption: r.paper("disparity_caption"), Text: 1, Head: []string{r.paper("column"), r.paper("parity"), r.paper("equal_odds")}}
	for _, of := range r.in.Study.Subgroups {
		if d := of.Network; d != nil {
			g.Rows = append(g.Rows, []string{of.Column, fixed(d.Parity, 3), fixed(d.Odds, 3)})
		}
	}
	return g
}

// byHand says how a prediction follows from the table of coefficients.
func (r *writer) byHand(f *model.Formula) string {
	key := "formula_how"
	switch {
	case r.v.Classes != nil:
		key = "formula_how_classes"
	case r.v.Number != nil:
		key = "formula_how_number"
	}
	text := r.paper(key, "column", r.v.Target.Column)
	if list := medians(f.Equations[0]); list != "" {
		text += " " + r.paper("formula_medians", "medians", list)
	}
	return text
}

// tableOneCaption says what Table 1 compares: the outcomes, where there are several.
func (r *writer) tableOneCaption() string {
	if len(r.in.Study.TableOne.Groups) > 1 {
		return r.paper("table_one_caption")
	}
	return r.paper("table_one_alone")
}
