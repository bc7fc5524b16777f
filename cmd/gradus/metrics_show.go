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
		a.showGroups(m, f.group)
	}
	if m.Bootstrap != nil {
		a.print("")
		a.showDraws(m.Bootstrap, f)
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
	add(a.text("metrics.logit"), func(r metric.BinaryResult) string {
		return interval(metric.Estimate{Value: r.AUROC.Value, Low: r.AUROC.LogitLow, High: r.AUROC.LogitHigh})
	})
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
		{"ECE", func(r metric.BinaryResult) metric.Number { return r.Calibration.ECE }},
	} {
		add(one.name, func(r metric.BinaryResult) string { return short(one.of(r)) })
	}
	add(a.text("cmd.evaluate_citl"), func(r metric.BinaryResult) string {
		return interval(metric.Wald(r.Calibration.InTheLarge, r.Calibration.InTheLargeSE))
	})
	add(a.text("cmd.evaluate_slope"), func(r metric.BinaryResult) string {
		return interval(metric.Wald(r.Calibration.Slope, r.Calibration.SlopeSE))
	})
	a.addCalls(add)
	return rows
}

// addCalls adds what the calls are worth.
func (a *app) addCalls(add func(name string, of func(metric.BinaryResult) string)) {
	add(a.text("cmd.evaluate_sensitivity"), func(r metric.BinaryResult) string { return interval(r.Confusion.Sensitivity) })
	add(a.text("cmd.evaluate_specificity"), func(r metric.BinaryResult) string { return interval(r.Confusion.Specificity) })
	add("PPV", func(r metric.BinaryResult) string { return interval(r.Confusion.PPV) })
	add("NPV", func(r metric.BinaryResult) string { return interval(r.Confusion.NPV) })
	add(a.text("metrics.lr_positive"), func(r metric.BinaryResult) string { return interval(r.Confusion.LRPositive) })
	add(a.text("metrics.lr_negative"), func(r metric.BinaryResult) string { return interval(r.Confusion.LRNegative) })
	add(a.text("metrics.at_specificity"), func(r metric.BinaryResult) string { return interval(r.AtSpecificity90.Sensitivity) })
	add(a.text("metrics.youden"), func(r metric.BinaryResult) string { return short(r.Youden.Threshold) })
}

func benefits(curve []metric.NetBenefit) (rows [][]string) {
	for _, b := range curve {
		rows = append(rows, []string{number(float64(b.Threshold)), short(b.Model), short(b.All), short(b.None)})
	}
	return rows
}

// showGroups is a row a group, one with too few rows or events only how many, and below how far they are apart.
func (a *app) showGroups(m measurement, column string) {
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(m.Groups)) {
		g := m.Groups[name]
		row := []string{name, count(g.N), count(g.Events), a.text("metrics.too_few"), "", "", "", ""}
		if !g.TooFew {
			copy(row[3:], []string{
				interval(g.AUROC.Estimate), short(g.Brier), short(g.Calibration.OE), short(g.Rates.TPR), short(g.Rates.FPR),
			})
		}
		rows = append(rows, row)
	}
	a.table([]string{
		column, a.text("cmd.evaluate_n"), a.text("metrics.events"), "AUROC", a.text("metrics.brier"), a.text("cmd.evaluate_oe"), "TPR", "FPR",
	}, rows)
	if p := m.Parity; p.Demographic.Defined() {
		a.print(a.text("metrics.parity", "called", short(p.Demographic), "odds", short(p.Odds), "opportunity", short(p.Opportunity)))
	}
	if t := m.GroupTest; t != nil {
		a.print(a.text("metrics.group_test", "first", t.First, "second", t.Second, "difference", short(t.Difference), "p", short(t.P)))
	}
}

// showDraws is a row a figure: percentile and BCa intervals.
func (a *app) showDraws(b *draws, f metricsFlags) {
	of := a.text("metrics.draws_rows")
	if f.patient != "" {
		of = a.text("metrics.draws_patients", "column", f.patient)
	}
	a.print(a.text("metrics.drawn", "n", b.Draws, "of", of))
	var rows [][]string
	add := func(name string, r metric.Resampled) {
		rows = append(rows, []string{name, interval(r.Estimate), interval(metric.Estimate{Value: r.Value, Low: r.BCaLow, High: r.BCaHigh})})
	}
	add("AUROC", b.AUROC)
	add(a.text("cmd.evaluate_ap"), b.AveragePrecision)
	add(a.text("metrics.brier"), b.Brier)
	add(a.text("cmd.evaluate_log_loss"), b.LogLoss)
	if b.Difference != nil {
		add(a.text("metrics.difference"), *b.Difference)
	}
	a.table([]string{"", a.text("metrics.percentile"), "BCa"}, rows)
	rows = nil
	for _, n := range b.NetBenefit {
		rows = append(rows, []string{
			number(float64(n.Threshold)), interval(metric.Estimate{Value: n.Model, Low: n.Low, High: n.High}),
			interval(metric.Estimate{Value: n.OverAll, Low: n.AllLow, High: n.AllHigh}),
		})
	}
	a.print("")
	a.table([]string{a.text("metrics.net_benefit"), a.text("metrics.percentile"), a.text("metrics.over_all")}, rows)
}
