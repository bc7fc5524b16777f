package main

import (
	"strings"
	"testing"
)

// The sizes of pmsampsize 1.1.3; a C-statistic is integrated here and simulated there.
func TestSampleSize(t *testing.T) {
	for _, c := range []struct {
		flags, rules string
		n, slack     int
	}{
		{"--rsquared 0.288 --parameters 24 --prevalence 0.174", "optimism", 662, 0},
		{"--r2 0.1 --parameters 10 --prevalence 0.09", "shrinkage", 850, 0},
		{"--r2-nagelkerke 0.3 --parameters 30 --prevalence 0.37", "shrinkage", 1071, 0},
		{"--cstat 0.75 --parameters 10 --prevalence 0.1", "shrinkage", 1156, 34},
		{"--cstat 0.89 --parameters 24 --prevalence 0.174", "optimism", 661, 19},
		{"--type continuous --r2 0.5 --parameters 10 --mean 152 --sd 77", "residual_sd", 244, 0},
		{"--type survival --r2 0.051 --parameters 30 --rate 0.065 --timepoint 2 --followup 2.07", "shrinkage", 5143, 0},
		{"--validation --cstat 0.8 --prevalence 0.018 --width-oe 1 --width-slope 1", "c_statistic", 4252, 0},
	} {
		var s struct {
			N     int
			Rules string
		}
		gradus("", append([]string{"samplesize", "--json"}, strings.Fields(c.flags)...)...).into(t, &s)
		if max(s.N-c.n, c.n-s.N) > c.slack || s.Rules != c.rules {
			t.Errorf("%s: %+v, want %d by %s", c.flags, s, c.n, c.rules)
		}
	}
	out := gradus("", "samplesize", "--lang", "ko", "--r2", "0.288", "--parameters", "24", "--prevalence", "0.174").ok(t).out
	for _, want := range []string{"623", "662  ← 이것이 결정합니다", "221", "4.80"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q lacks %q", out, want)
		}
	}
}

func TestSampleSizeRefuses(t *testing.T) {
	for flags, want := range map[string]string{
		"--r2 0.9 --parameters 24 --prevalence 0.174":                                  "0.9",
		"--r2 0.1 --cstat 0.8 --parameters 24 --prevalence 0.174":                      "--cstat",
		"--r2-nagelkerke 1.5 --parameters 24 --prevalence 0.174":                       "1.5",
		"--cstat 0.4 --parameters 24 --prevalence 0.174":                               "0.4",
		"--cstat 0.8 --parameters 24":                                                  "--prevalence",
		"--type ordinal":                                                               "ordinal",
		"--type continuous --r2 0.5 --parameters 3 --mean 0 --sd 1":                    "mean",
		"--type survival --r2 0.99 --parameters 3 --rate 1 --timepoint 1 --followup 1": "0.99",
		"--validation --type survival":                                                 "survival",
		"--validation --prevalence 0.1 --cstat 0.8 --threshold 2":                      "threshold",
	} {
		gradus("", append([]string{"samplesize"}, strings.Fields(flags)...)...).refused(t, 2, want)
	}
}
