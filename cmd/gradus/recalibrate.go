package main

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/metric"
	"gradus/recalibrate"
	"gradus/table"
)

// recalibration is what the command prints: the correction, and the figures of the rows it was not learnt on, before and after it.
type recalibration struct {
	Map    recalibrate.Map     `json:"map"`
	Before metric.BinaryResult `json:"before"`
	After  metric.BinaryResult `json:"after"`
	Keep   bool                `json:"keep_original"` // the log loss of those rows did not fall
}

// newRecalibrate is gradus recalibrate FIT.csv JUDGE.csv --truth COL --prob COL.
func newRecalibrate(a *app) *cobra.Command {
	var f metricsFlags
	var method, out string
	c := a.command("recalibrate FIT.csv JUDGE.csv", 2, 2, func(args []string) error {
		return a.recalibrate(args[0], args[1], f, recalibrate.Method(method), out)
	})
	set := c.Flags()
	set.StringVar(&f.truth, "truth", "", a.text("metrics.flag_truth"))
	set.StringArrayVar(&f.prob, "prob", nil, a.text("stats.flag_prob"))
	set.StringVar(&f.event, "event", "", a.text("metrics.flag_event"))
	set.StringVar(&method, "method", string(recalibrate.Logistic), a.text("stats.flag_method"))
	set.StringVar(&out, "out", "", a.text("stats.flag_out"))
	f.threshold, f.thresholds = .5, "0.05,0.1,0.2,0.3,0.5"
	c.Example = "gradus recalibrate temporal.csv external.csv --truth died --prob p --method temperature\n" +
		"gradus recalibrate ours.csv theirs.csv --truth died --prob p --out corrected.csv --json"
	return c
}

func (a *app) recalibrate(fitPath, judgePath string, f metricsFlags, method recalibrate.Method, out string) error {
	columns, opt, err := f.settle()
	if err != nil {
		return err
	}
	if len(columns) != 1 {
		return say.Error("stats.one_prob", "found", len(columns))
	}
	for _, other := range []string{fitPath, judgePath} {
		if out != "" && sameFile(out, other) {
			return say.Error("cmd.same_file", "flag", "--out", "path", out, "other", other)
		}
	}
	var d [2]outcomes
	for i, path := range []string{fitPath, judgePath} {
		tbl, err := a.readTable(path, table.Options{Kinds: f.kinds(columns)})
		if err != nil {
			return err
		}
		if d[i], err = f.columns(tbl, columns); err != nil {
			return err
		}
	}
	r, corrected, err := correct(method, d[0], d[1], opt)
	if err != nil {
		return err
	}
	if out != "" {
		if err := disk.WriteFile(out, func(w io.Writer) error { return writeCorrected(w, columns[0], d[1].p[0], corrected) }); err != nil {
			return err
		}
	}
	if a.json {
		return a.writeJSON(r)
	}
	a.showRecalibration(r)
	return nil
}

// correct learns on the rows of fit and judges on those of judge.
func correct(method recalibrate.Method, fit, judge outcomes, opt metric.Options) (r recalibration, corrected []float64, err error) {
	r.Map, err = recalibrate.Fit(method, fit.y, fit.p[0])
	switch {
	case errors.Is(err, recalibrate.ErrMethod):
		return r, nil, say.Error("stats.method", "method", string(method))
	case errors.Is(err, recalibrate.ErrUnsettled):
		return r, nil, say.Error("stats.unsettled")
	case err != nil:
		return r, nil, err
	}
	for _, p := range judge.p[0] {
		corrected = append(corrected, r.Map.Apply(p))
	}
	if r.Before, err = judged(judge.y, judge.p[0], opt); err != nil {
		return r, nil, err
	}
	r.After, err = judged(judge.y, corrected, opt)
	r.Keep = !(r.After.LogLoss < r.Before.LogLoss)
	return r, corrected, err
}

func writeCorrected(w io.Writer, column string, before, after []float64) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"row", column, column + "_recalibrated"}); err != nil {
		return err
	}
	for i, p := range before {
		if err := out.Write([]string{strconv.Itoa(i + 1), table.Format(p), table.Format(after[i])}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (a *app) showRecalibration(r recalibration) {
	var rows [][]string
	for _, f := range []struct {
		name string
		of   func(metric.BinaryResult) metric.Number
	}{
		{a.text("cmd.evaluate_log_loss"), func(b metric.BinaryResult) metric.Number { return b.LogLoss }},
		{a.text("metrics.brier"), func(b metric.BinaryResult) metric.Number { return b.Brier }},
		{a.text("cmd.evaluate_citl"), func(b metric.BinaryResult) metric.Number { return b.Calibration.InTheLarge }},
		{a.text("cmd.evaluate_slope"), func(b metric.BinaryResult) metric.Number { return b.Calibration.Slope }},
		{"ICI", func(b metric.BinaryResult) metric.Number { return b.Calibration.ICI }},
		{"AUROC", func(b metric.BinaryResult) metric.Number { return b.AUROC.Value }},
	} {
		rows = append(rows, []string{f.name, short(f.of(r.Before)), short(f.of(r.After))})
	}
	a.table([]string{"", a.text("stats.before"), a.text("stats.after")}, rows)
	a.print("")
	if r.Keep {
		a.print(a.text("stats.keep"))
	} else {
		a.print(a.text("stats.better"))
	}
	a.print(a.text("cmd.disclaimer"))
}
