package report

import (
	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
)

// Figures is the headline table of a binary validation: the network, the regression on the same folds, and their difference.
func Figures(lang say.Lang, v *model.Validation) []Figure {
	n, r, d := &v.Binary.Network, &v.Binary.Regression, &v.Binary.Difference
	minus := func(a, b metric.Number, decimals int) string { return fixed(a-b, decimals) }
	line := func(key string, a, b metric.Number, decimals int) Figure {
		return Figure{say.Text(lang, key), fixed(a, decimals), fixed(b, decimals), minus(a, b, decimals)}
	}
	between := func(key string, a, b metric.Estimate, decimals int) Figure {
		return Figure{say.Text(lang, key), interval(lang, a, decimals), interval(lang, b, decimals), minus(a.Value, b.Value, decimals)}
	}
	spread := func(s model.Spread) string { return fixed(s.Mean, 4) + " ± " + fixed(s.SD, 4) }
	area := between("report.row_auroc", n.AUROC.Estimate, r.AUROC.Estimate, 4)
	area.Difference = interval(lang, metric.Estimate{Value: d.Difference, Low: d.Low, High: d.High}, 4)
	a, b := n.Calibration, r.Calibration
	return []Figure{
		area,
		{say.Text(lang, "report.row_spread"), spread(n.Spread), spread(r.Spread), minus(n.Spread.Mean, r.Spread.Mean, 4)},
		line("report.row_brier", n.Brier, r.Brier, 4),
		line("report.row_log_loss", n.LogLoss, r.LogLoss, 4),
		between("report.row_intercept", wald(a.InTheLarge, a.InTheLargeSE), wald(b.InTheLarge, b.InTheLargeSE), 2),
		between("report.row_slope", wald(a.Slope, a.SlopeSE), wald(b.Slope, b.SlopeSE), 2),
		line("report.row_oe", a.OE, b.OE, 3),
		line("report.row_ici", a.ICI, b.ICI, 4),
	}
}

// Calls is the confusion table at the threshold of the validation with its shares and Wilson's intervals.
func Calls(lang say.Lang, v *model.Validation) []Figure {
	return calls(lang, &v.Binary.Network.Confusion, &v.Binary.Regression.Confusion)
}

func calls(lang say.Lang, n, r *metric.Confusion) []Figure {
	whole := func(key string, a, b int) Figure {
		return Figure{say.Text(lang, key), fixed(metric.Number(a), 0), fixed(metric.Number(b), 0), fixed(metric.Number(a-b), 0)}
	}
	share := func(key string, a, b metric.Estimate) Figure {
		return Figure{say.Text(lang, key), interval(lang, a, 3), interval(lang, b, 3), fixed(a.Value-b.Value, 3)}
	}
	return []Figure{
		whole("report.row_tp", n.TP, r.TP), whole("report.row_fn", n.FN, r.FN), whole("report.row_fp", n.FP, r.FP), whole("report.row_tn", n.TN, r.TN),
		share("report.row_sensitivity", n.Sensitivity, r.Sensitivity), share("report.row_specificity", n.Specificity, r.Specificity),
		share("report.row_ppv", n.PPV, r.PPV), share("report.row_npv", n.NPV, r.NPV),
	}
}

// Verdict is one sentence that compares the two by DeLong's paired test.
func Verdict(lang say.Lang, v *model.Validation) string {
	d := &v.Binary.Difference
	args := []any{
		"difference", fixed(d.Difference, 4), "low", fixed(d.Low, 4), "high", fixed(d.High, 4), "p", chance(d.P),
	}
	switch d.Verdict {
	case "network":
		return say.Text(lang, "report.verdict_network", args...)
	case "regression":
		return say.Text(lang, "report.verdict_regression", args...)
	}
	return say.Text(lang, "report.verdict_none", args...)
}

// Sentence says in words what a prediction rests on.
func Sentence(lang say.Lang, v *model.Validation, e model.Explanation) string {
	outcome := other(v)
	if e.Event {
		outcome = v.Target.Event
	}
	columns := ""
	for i, c := range e.Columns {
		if i > 0 {
			columns += "; "
		}
		key := "report.column"
		if c.Usual == "" {
			key = "report.category"
		}
		columns += say.Text(lang, key, "column", c.Column, "value", c.Value, "usual", c.Usual, "odds", picture.Number(c.Odds))
	}
	return say.Text(lang, "report.explained_"+e.Kind, "event", v.Target.Event, "risk", risk(e.Risk), "held", risk(e.OutOfFold),
		"outcome", outcome, "columns", columns)
}

// risk writes a probability in three decimals, never rounded to certainty.
func risk(p float64) string {
	switch {
	case p < .0005:
		return "< 0.001"
	case p >= .9995:
		return "> 0.999"
	}
	return fixed(metric.Number(p), 3)
}
