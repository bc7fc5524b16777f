package experiment

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"

	"gradus/data"
	"gradus/internal/say"
)

// patients are visits prepared for a regression, and who died.
type patients struct {
	x [][]float64
	y []bool
}

const (
	laterFrom = "2022-01-01" // first visits from here on judge
	ownSite   = "C"          // the site that is left to others
)

var (
	measured = []string{"age", "bmi", "sbp", "creatinine", "crp"}
	worded   = []string{"sex", "diabetes", "smoking"}
)

// cohort is the bundled synthetic cohort without one site: the patients who first came before laterFrom, and those after. Missing numbers
// get the median, numbers are standardised, words get a column each, all by the former alone.
func cohort() (learn, judge patients, err error) {
	set, err := data.Get("cohort")
	if err != nil {
		return learn, judge, err
	}
	cells, err := csv.NewReader(bytes.NewReader(set.CSV())).ReadAll()
	if err != nil {
		return learn, judge, say.Failure("experiment.data", "name", "cohort", "cause", err)
	}
	at := map[string]int{}
	for c, name := range cells[0] {
		at[name] = c
	}
	early, late := byFirstVisit(cells[1:], at)
	both := append(slices.Clone(early), late...)
	x := make([][]float64, len(both))
	for _, name := range measured {
		numbers(x, both, at[name], len(early))
	}
	standardise(x, len(early))
	for _, name := range worded {
		words(x, both, at[name], len(early))
	}
	dead := make([]bool, len(both))
	for i, row := range both {
		dead[i] = row[at["died_30d"]] == "1"
	}
	return patients{x[:len(early)], dead[:len(early)]}, patients{x[len(early):], dead[len(early):]}, nil
}

// byFirstVisit parts the visits of patients who first came before laterFrom from those of the others; ownSite is left out.
func byFirstVisit(visits [][]string, at map[string]int) (early, late [][]string) {
	first := map[string]string{}
	for _, row := range visits {
		if day, known := first[row[at["patient_id"]]]; !known || row[at["visit_date"]] < day {
			first[row[at["patient_id"]]] = row[at["visit_date"]]
		}
	}
	for _, row := range visits {
		switch {
		case row[at["site"]] == ownSite:
		case first[row[at["patient_id"]]] < laterFrom:
			early = append(early, row)
		default:
			late = append(late, row)
		}
	}
	return early, late
}

// numbers adds a column of numbers to x; where one is missing stands the median of the first fit.
func numbers(x [][]float64, rows [][]string, c, fit int) {
	var there []float64
	for _, row := range rows[:fit] {
		if v, err := strconv.ParseFloat(row[c], 64); err == nil {
			there = append(there, v)
		}
	}
	slices.Sort(there)
	middle := (there[(len(there)-1)/2] + there[len(there)/2]) / 2
	for i, row := range rows {
		v, err := strconv.ParseFloat(row[c], 64)
		if err != nil {
			v = middle
		}
		x[i] = append(x[i], v)
	}
}

// words adds to x a column for each word of the first fit rows, the empty one too.
func words(x [][]float64, rows [][]string, c, fit int) {
	var list []string
	for _, row := range rows[:fit] {
		list = append(list, row[c])
	}
	slices.Sort(list)
	for _, word := range slices.Compact(list) {
		for i, row := range rows {
			is := 0.
			if row[c] == word {
				is = 1
			}
			x[i] = append(x[i], is)
		}
	}
}
