package main

import (
	"maps"
	"slices"

	"gradus/metric"
)

// showClasses lays out the figures of several classes, each class against the rest, the calls and the groups.
func (a *app) showClasses(m classesMeasurement, f metricsFlags) {
	a.figures([]figure{
		{a.text("cmd.evaluate_n"), count(m.N)},
		{a.text("cmd.evaluate_accuracy"), interval(m.Interval)},
		{a.text("cmd.evaluate_log_loss"), short(m.LogLoss)},
		{a.text("metrics.brier"), short(m.Brier)},
		{a.text("cmd.evaluate_auroc_ovr"), short(m.AUROC)},
		{a.text("metrics.hand_till"), short(m.HandTill)},
	})
	var rows, calls [][]string
	for c, level := range m.Levels {
		k := m.Classes[level]
		rows = append(rows, []string{
			level, count(k.N), interval(k.AUROC.Estimate), interval(k.Confusion.Sensitivity), interval(k.Confusion.PPV), short(k.Calibration.Slope),
			short(k.Calibration.OE), short(k.Calibration.ICI),
		})
		row := []string{level}
		for _, n := range m.Confusion[c] {
			row = append(row, count(n))
		}
		calls = append(calls, row)
	}
	a.print("")
	a.table([]string{
		f.truth, a.text("cmd.evaluate_n"), "AUROC", a.text("cmd.evaluate_sensitivity"), "PPV", a.text("cmd.evaluate_slope"), a.text("cmd.evaluate_oe"), "ICI",
	}, rows)
	a.print("")
	a.table(append([]string{a.text("metrics.was_called")}, m.Levels...), calls)
	showParts(a, m.Groups, f.group, []string{a.text("cmd.evaluate_accuracy"), a.text("cmd.evaluate_log_loss"), a.text("cmd.evaluate_auroc_ovr")},
		func(g classesMeasurement) (int, []metric.Number) {
			return g.N, []metric.Number{g.Accuracy, g.LogLoss, g.AUROC}
		})
}

// showNumber lays out the figures of predicted numbers and of the groups.
func (a *app) showNumber(m numberMeasurement, f metricsFlags) {
	g := m.Agreement
	a.figures([]figure{
		{a.text("cmd.evaluate_n"), count(m.N)},
		{"R²", short(m.R2)},
		{"RMSE", short(m.RMSE)},
		{"MAE", short(m.MAE)},
		{a.text("cmd.evaluate_slope"), interval(metric.Wald(m.Slope, m.SlopeSE))},
		{a.text("metrics.intercept"), interval(metric.Wald(m.Intercept, m.InterceptSE))},
		{a.text("metrics.bias"), interval(g.Bias)},
		{a.text("metrics.lower"), interval(g.Lower)},
		{a.text("metrics.upper"), interval(g.Upper)},
	})
	showParts(a, m.Groups, f.group, []string{"R²", "RMSE", "MAE", a.text("metrics.bias")}, func(g numberMeasurement) (int, []metric.Number) {
		return g.N, []metric.Number{g.R2, g.RMSE, g.MAE, g.Agreement.Bias.Value}
	})
}

// showParts is a row a group, and the disclaimer.
func showParts[T any](a *app, groups map[string]T, column string, heads []string, of func(T) (n int, figures []metric.Number)) {
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		n, figures := of(groups[name])
		row := []string{name, count(n)}
		for _, v := range figures {
			row = append(row, short(v))
		}
		rows = append(rows, row)
	}
	if rows != nil {
		a.print("")
		a.table(append([]string{column, a.text("cmd.evaluate_n")}, heads...), rows)
	}
	a.print("")
	a.print(a.text("cmd.disclaimer"))
}
