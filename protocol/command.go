package protocol

import (
	"runtime"
	"slices"
	"strconv"
	"strings"

	"gradus/study"
)

// SurvivalCommand is the command line that makes the study p of the table at path again.
func SurvivalCommand(path string, p *study.SurvivalPlan, ridge float64) string {
	line := "gradus survival " + Quote(path)
	for _, f := range []struct{ flag, value string }{
		{"--time", p.Time},
		{"--start", p.Start},
		{"--end", p.End},
		{"--event", p.Event},
		{"--event-level", p.EventLevel},
		{"--horizon", numbers(p.Horizons)},
		{"--group", p.Group},
		{"--patient", p.Patient},
		{"--drop", strings.Join(p.Leave, ",")},
	} {
		if f.value != "" {
			line += " " + f.flag + " " + Quote(f.value)
		}
	}
	for _, f := range []struct {
		flag        string
		value, none int
	}{{"--outer", p.Outer, 10}, {"--inner", p.Inner, 0}, {"--repeats", p.Repeats, 1}, {"--draws", p.Draws, 1000}} {
		if f.value != f.none {
			line += " " + f.flag + " " + strconv.Itoa(f.value)
		}
	}
	if ridge != 1 {
		line += " --ridge " + numbers([]float64{ridge})
	}
	return line + " --seed " + strconv.FormatUint(p.Settings.Seed, 10)
}

// numbers writes numbers with commas between them.
func numbers(list []float64) string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strings.Join(words, ",")
}

// Quote makes one word of a path for the system's shell.
func Quote(path string) string {
	odd := func(r rune) bool { return !strings.ContainsRune("/.-_\\:", r) && !isWord(r) }
	switch {
	case path != "" && !slices.ContainsFunc([]rune(path), odd):
		return path
	case runtime.GOOS == "windows":
		return `"` + path + `"`
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0x7f
}

// CleanSurvivalCommand makes the study p of the raw table called name again: the table is cleaned by study.yaml first.
func CleanSurvivalCommand(name string, p *study.SurvivalPlan) string {
	line := "gradus check " + Quote(name) + " --study study.yaml --clean clean.csv"
	for _, column := range []string{p.Patient, p.Start, p.End} {
		if column != "" {
			line += " --keep " + Quote(column)
		}
	}
	clean := *p
	clean.Leave = nil // a cleaned table has no such column
	return line + " && " + SurvivalCommand("clean.csv", &clean, 1)
}
