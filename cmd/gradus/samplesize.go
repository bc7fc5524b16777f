package main

import (
	"iter"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gradus/internal/say"
	"gradus/metric"
)

// sizeFlags are what gradus samplesize is told.
type sizeFlags struct {
	kind                                     string
	validation                               bool
	parameters                               int
	r2, nagelkerke, c, prevalence, mean, sd  float64
	rate, time, followUp                     float64
	threshold, oe, slope, width, net, lm, ls float64
}

// newSampleSize is gradus samplesize.
func newSampleSize(a *app) *cobra.Command {
	var s sizeFlags
	var given func(string) bool
	c := a.command("samplesize", 0, 0, func([]string) error { return a.sampleSize(s, given) })
	f := c.Flags()
	given = f.Changed
	f.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == "rsquared" {
			name = "r2" // what it was called first
		}
		return pflag.NormalizedName(name)
	})
	f.StringVar(&s.kind, "type", "binary", a.text("stats.flag_type"))
	f.IntVar(&s.parameters, "parameters", 0, a.text("stats.flag_parameters"))
	f.BoolVar(&s.validation, "validation", false, a.text("stats.flag_validation"))
	for name, of := range s.numbers() {
		f.Float64Var(of, name, 0, a.text("stats.flag_"+name))
	}
	c.Example = "gradus samplesize --r2 0.288 --parameters 24 --prevalence 0.174\n" +
		"gradus samplesize --cstat 0.75 --parameters 10 --prevalence 0.1\n" +
		"gradus samplesize --type continuous --r2 0.5 --parameters 10 --mean 152 --sd 77\n" +
		"gradus samplesize --type survival --r2 0.051 --parameters 30 --rate 0.065 --timepoint 2 --followup 2.07\n" +
		"gradus samplesize --validation --cstat 0.8 --prevalence 0.1 --threshold 0.1 --json"
	return c
}

// numbers yields the flags that are a number, in the order of the help.
func (s *sizeFlags) numbers() iter.Seq2[string, *float64] {
	names := strings.Fields("prevalence r2 r2-nagelkerke cstat mean sd rate timepoint followup threshold lp-mean lp-sd " +
		"width-oe width-slope width-cstat width-benefit")
	at := []*float64{
		&s.prevalence, &s.r2, &s.nagelkerke, &s.c, &s.mean, &s.sd, &s.rate, &s.time, &s.followUp, &s.threshold, &s.lm, &s.ls,
		&s.oe, &s.slope, &s.width, &s.net,
	}
	return func(yield func(string, *float64) bool) {
		for i, name := range names {
			if !yield(name, at[i]) {
				return
			}
		}
	}
}

func (a *app) sampleSize(s sizeFlags, given func(string) bool) error {
	switch {
	case s.validation && s.kind == "binary":
		return a.sizeValidation(s, given)
	case s.validation:
		return say.Error("stats.size_validation_type", "type", s.kind)
	case s.kind == "binary":
		return a.sizeBinary(s, given)
	case s.kind == "continuous":
		return a.sizeNumber(s, given)
	case s.kind == "survival":
		return a.sizeSurvival(s, given)
	}
	return say.Error("stats.size_type", "type", s.kind)
}

// needs refuses a flag that is missing; of alternatives parted by nothing else just one must be given.
func needs(given func(string) bool, alternatives []string, others ...string) error {
	n, names := 0, make([]string, len(alternatives))
	for i, name := range alternatives {
		if names[i] = "--" + name; given(name) {
			n++
		}
	}
	if n != 1 && len(alternatives) > 0 {
		return say.Error("stats.size_one_of", "found", n, "flags", strings.Join(names, ", "))
	}
	for _, name := range others {
		if !given(name) {
			return say.Error("stats.size_lacks", "flag", "--"+name)
		}
	}
	return nil
}

func (a *app) sizeBinary(s sizeFlags, given func(string) bool) error {
	if err := needs(given, []string{"r2", "r2-nagelkerke", "cstat"}, "parameters", "prevalence"); err != nil {
		return err
	}
	r2, err := s.r2, error(nil)
	switch {
	case given("r2-nagelkerke"):
		r2 = metric.R2OfNagelkerke(s.nagelkerke, s.prevalence)
	case given("cstat"):
		r2, err = metric.R2OfC(s.c, s.prevalence)
	}
	size, err2 := metric.SizeBinary(r2, s.parameters, s.prevalence)
	switch {
	case err != nil:
		return say.Error("stats.size_c", "c", s.c, "prevalence", s.prevalence)
	case err2 != nil || given("r2-nagelkerke") && !(s.nagelkerke > 0 && s.nagelkerke < 1):
		return say.Error("stats.size", "rsquared", max(r2, s.nagelkerke), "parameters", s.parameters, "prevalence", s.prevalence)
	}
	return a.showSize(size, size.Rules, size.N, []figure{
		{"shrinkage", count(size.Shrinkage)},
		{"optimism", count(size.Optimism)},
		{"overall", count(size.Overall)},
	}, []figure{
		{"events", fixed(size.Events, 1)},
		{"per", fixed(size.PerTerm, 2)},
		{"expected", fixed(size.Expected, 3)},
		{"r2", fixed(size.CoxSnell, 4)},
		{"largest", fixed(size.Largest, 3)},
		{"nagelkerke", fixed(size.Nagel, 3)},
	})
}

func (a *app) sizeNumber(s sizeFlags, given func(string) bool) error {
	if err := needs(given, nil, "r2", "parameters", "mean", "sd"); err != nil {
		return err
	}
	size, err := metric.SizeNumber(s.r2, s.parameters, s.mean, s.sd)
	if err != nil {
		return say.Error("stats.size_number", "rsquared", s.r2, "parameters", s.parameters, "mean", s.mean, "sd", s.sd)
	}
	return a.showSize(size, size.Rules, size.N, []figure{
		{"shrinkage", count(size.Shrinkage)},
		{"optimism", count(size.Optimism)},
		{"residual_sd", count(size.Residual)},
		{"mean", count(size.Mean)},
	}, []figure{{"rows_per", fixed(size.PerTerm, 2)}, {"expected", fixed(size.Expected, 3)}})
}

func (a *app) sizeSurvival(s sizeFlags, given func(string) bool) error {
	if err := needs(given, []string{"r2", "r2-nagelkerke"}, "parameters", "rate", "timepoint", "followup"); err != nil {
		return err
	}
	nagelkerke := given("r2-nagelkerke")
	r2 := s.r2
	if nagelkerke {
		r2 = s.nagelkerke
	}
	size, err := metric.SizeSurvival(r2, nagelkerke, s.parameters, s.rate, s.time, s.followUp)
	if err != nil {
		return say.Error("stats.size_survival", "rsquared", r2, "parameters", s.parameters, "rate", s.rate, "time", s.time, "followup", s.followUp)
	}
	return a.showSize(size, size.Rules, size.N, []figure{
		{"shrinkage", count(size.Shrinkage)},
		{"optimism", count(size.Optimism)},
		{"overall", count(size.Overall)},
	}, []figure{
		{"events", fixed(size.Events, 1)},
		{"per", fixed(size.PerTerm, 2)},
		{"years", fixed(size.Years, 1)},
		{"risk", fixed(size.Risk.Value, 4) + " (" + fixed(size.Risk.Low, 4) + "–" + fixed(size.Risk.High, 4) + ")"},
		{"r2", fixed(size.CoxSnell, 4)},
		{"largest", fixed(size.Largest, 3)},
		{"nagelkerke", fixed(size.Nagel, 3)},
	})
}

func (a *app) sizeValidation(s sizeFlags, given func(string) bool) error {
	if err := needs(given, nil, "prevalence", "cstat"); err != nil {
		return err
	}
	size, err := metric.SizeValidation(metric.Validation{
		Prevalence: s.prevalence, CStatistic: s.c, Mean: s.lm, SD: s.ls, Threshold: s.threshold,
		WidthOE: s.oe, WidthSlope: s.slope, WidthC: s.width, WidthNB: s.net,
	})
	if err != nil {
		return say.Error("stats.size_validation", "prevalence", s.prevalence, "c", s.c)
	}
	list := []figure{{"oe", count(size.OE)}, {"slope", count(size.Slope)}, {"c_statistic", count(size.CStatistic)}}
	more := []figure{{"events", fixed(size.Events, 1)}}
	if size.NetBenefit > 0 {
		list = append(list, figure{"net_benefit", count(size.NetBenefit)})
		more = append(more, figure{"sensitivity", short(size.Sensitivity)}, figure{"specificity", short(size.Specificity)}, figure{"benefit", short(size.Benefit)})
	}
	return a.showSize(size, size.Rules, size.N, list, more)
}

// showSize prints every criterion, which one rules, and what follows from n rows.
func (a *app) showSize(size any, rules string, n int, criteria, more []figure) error {
	if a.json {
		return a.writeJSON(size)
	}
	var rows []figure
	for _, c := range criteria {
		if c.name == rules {
			c.value += "  ← " + a.text("stats.size_rules")
		}
		rows = append(rows, figure{a.text("stats.size_" + c.name), c.value})
	}
	rows = append(rows, figure{a.text("stats.size_needed"), count(n)})
	for _, m := range more {
		rows = append(rows, figure{a.text("stats.size_" + m.name), m.value})
	}
	a.figures(rows)
	return nil
}
