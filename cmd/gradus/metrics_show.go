package main

import (
	"maps"
	"slices"

	"gradus/metric"
)

// showMetrics lays the figures out, a column for each prediction, the calls of the first and the groups below.
func (a *app) showMetrics(m measurement, columns []string, f metricsFlags) {
	results := []metric.BinaryResult{m.BinaryResult}
	if m.Second != nil {
		results = append(results, *m.Second)
	}
	a.print(a.text("metrics.rows", "n", m.N, "events", m.Events, "share", short(m.Prevalence)))
	a.print("")
	a.table(append([]string{""}, columns...), a.metricRows(results))
	if m.DeLong != nil {
		a.print("")
		a.print(a.text("metrics.delong", "difference", short(m.DeLong.Difference), "z", short(m.DeLong.Z), "p", short(m.DeLong.P)))
	}
	a.print("")
	a.table([]string{a.text("metrics.net_benefit"), columns[0], a.text("metrics.all"), a.text("metrics.no_one")}, benefits(m.NetBenefit))
	if m.Groups != nil {
		a.print("")
		a.showGroups(m.Groups, f.group)
	}
	if m.Clipped > 0 {
		a.print("")
		a.print(a.text("metrics.clipped", "n", m.Clipped))
	}
	a.print("")
	a.print(a.text("cmd.disclaimer"))
}

// metricRows is a row a figure, a cell a prediction.
func (a *app) metricRows(results []metric.BinaryResult) [][]string {
	var rows [][]string
	add := func(name string, of func(metric.BinaryResult) string) {
		row := []string{name}
		for _, r := range results {
			row = append(row, of(r))
		}
		rows = append(rows, row)
	}
	add("AUROC", func(r metric.BinaryResult) string { return interval(r.AUROC.Estimate) })
	for _, one := range []struct {
		name string
		of   func(metric.BinaryResult) metric.Number
	}{
		{a.text("cmd.evaluate_ap"), func(r metric.BinaryResult) metric.Number { return r.AveragePrecision }},
		{a.text("metrics.brier"), func(r metric.BinaryResult) metric.Number { return r.Brier }},
		{a.text("metrics.scaled_brier"), func(r metric.BinaryResult) metric.Number { return r.ScaledBrier }},
		{a.text("cmd.evaluate_log_loss"), func(r metric.BinaryResult) metric.Number { return r.LogLoss }},
		{a.text("cmd.evaluate_oe"), func(r metric.BinaryResult) metric.Number { return r.Calibration.OE }},
		{"ICI", func(r metric.BinaryResult) metric.Number { return r.Calibration.ICI }},
		{"E50", func(r metric.BinaryResult) metric.Number { return r.Calibration.E50 }},
		{"E90", func(r metric.BinaryResult) metric.Number { return r.Calibration.E90 }},
		{"Emax", func(r metric.BinaryResult) metric.Number { return r.Calibration.Emax }},
	} {
		add(one.name, func(r metric.BinaryResult) string { return short(one.of(r)) })
	}
	add(a.text("cmd.evaluate_citl"), func(r metric.BinaryResult) string {
		return interval(metric.Wald(r.Calibration.InTheLarge, r.Calibration.InTheLargeSE))
	})
	add(a.text("cmd.evaluate_slope"), func(r metric.BinaryResult) string {
		return interval(metric.Wald(r.Calibration.Slope, r.Calibration.SlopeSE))
	})
	add(a.text("cmd.evaluate_sensitivity"), func(r metric.BinaryResult) string { return interval(r.Confusion.Sensitivity) })
	add(a.text("cmd.evaluate_specificity"), func(r metric.BinaryResult) string { return interval(r.Confusion.Specificity) })
	add("PPV", func(r metric.BinaryResult) string { return interval(r.Confusion.PPV) })
	add("NPV", func(r metric.BinaryResult) string { return interval(r.Confusion.NPV) })
	add(a.text("metrics.youden"), func(r metric.BinaryResult) string { return short(r.Youden.Threshold) })
	return rows
}

func benefits(curve []metric.NetBenefit) (rows [][]string) {
	for _, b := range curve {
		rows = append(rows, []string{number(float64(b.Threshold)), short(b.Model), short(b.All), short(b.None)})
	}
	return rows
}

// showGroups is a row a group; one with too few rows or events shows only how many.
func (a *app) showGroups(groups map[string]measurement, column string) {
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		g := groups[name]
		row := []string{name, count(g.N), count(g.Events), a.text("metrics.too_few"), "", ""}
		if !g.TooFew {
			copy(row[3:], []string{interval(g.AUROC.Estimate), short(g.Brier), short(g.Calibration.OE)})
		}
		rows = append(rows, row)
	}
	a.table([]string{column, a.text("cmd.evaluate_n"), a.text("metrics.events"), "AUROC", a.text("metrics.brier"), a.text("cmd.evaluate_oe")}, rows)
}
