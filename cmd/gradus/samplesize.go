package main

import (
	"strconv"

	"github.com/spf13/cobra"

	"gradus/internal/say"
	"gradus/metric"
)

// newSampleSize is gradus samplesize --rsquared R --parameters P --prevalence S.
func newSampleSize(a *app) *cobra.Command {
	var r2, prevalence float64
	var parameters int
	c := a.command("samplesize", 0, 0, func([]string) error { return a.sampleSize(r2, parameters, prevalence) })
	c.Flags().Float64Var(&r2, "rsquared", 0, a.text("stats.flag_rsquared"))
	c.Flags().IntVar(&parameters, "parameters", 0, a.text("stats.flag_parameters"))
	c.Flags().Float64Var(&prevalence, "prevalence", 0, a.text("stats.flag_prevalence"))
	c.Example = "gradus samplesize --rsquared 0.288 --parameters 24 --prevalence 0.174"
	return c
}

func (a *app) sampleSize(r2 float64, parameters int, prevalence float64) error {
	size, err := metric.SizeBinary(r2, parameters, prevalence)
	if err != nil {
		return say.Error("stats.size", "rsquared", r2, "parameters", parameters, "prevalence", prevalence)
	}
	if a.json {
		return a.writeJSON(size)
	}
	a.figures([]figure{
		{a.text("stats.size_shrinkage"), count(size.Shrinkage)},
		{a.text("stats.size_optimism"), count(size.Optimism)},
		{a.text("stats.size_overall"), count(size.Overall)},
		{a.text("stats.size_needed"), count(size.N)},
		{a.text("stats.size_events"), strconv.FormatFloat(size.Events, 'f', 1, 64)},
		{a.text("stats.size_per"), strconv.FormatFloat(size.PerTerm, 'f', 2, 64)},
	})
	return nil
}
