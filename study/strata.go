package study

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gradus/internal/say"
	"gradus/table"
	"gradus/validate"
)

const (
	mostValues = 50 // of a column that parts the rows; a category of more is refused
	fewValues  = 6  // numbers of a column up to which each is a group
	elderly    = 65 // where an age is cut if nobody says otherwise
	enoughRows = 50 // on either side of it
)

// ageNames are what columns are called that hold an age, in lower case.
var ageNames = []string{"age", "나이", "연령"}

// strata are the columns of the plan by which the rows judged are looked at apart.
func (r *Result) strata(tbl *table.Table) (list []validate.Stratum, err error) {
	for _, spec := range r.Plan.Subgroups {
		name, cuts, err := r.cutsOf(tbl, spec)
		if err != nil {
			return nil, err
		}
		c, err := tbl.Need(name)
		if err != nil {
			return nil, err
		}
		s := validate.Stratum{Column: name, Kind: "category", Of: make([]int, tbl.Rows)}
		switch {
		case name == r.Plan.Target || name == r.Plan.Patient:
			return nil, say.Error("study.subgroup_role", "column", name)
		case name == r.Plan.Time:
			s.Kind = "year"
			err = byValue(&s, tbl, func(row int) string { return year(c.Text(row)) })
		case c.Kind == table.Number && (cuts != nil || different(c, tbl.Rows) > fewValues):
			s.Kind = "number"
			byCuts(&s, c, cuts)
		default:
			if name == r.Plan.Site {
				s.Kind = "site"
			}
			err = byValue(&s, tbl, c.Text)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// cutsOf reads NAME or NAME:CUT[,CUT]; a column whose name holds the colon is found first.
func (r *Result) cutsOf(tbl *table.Table, spec string) (name string, cuts []float64, err error) {
	at := strings.LastIndex(spec, ":")
	if tbl.Column(spec) != nil || at < 0 {
		return spec, nil, nil
	}
	for _, text := range strings.Split(spec[at+1:], ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || len(cuts) > 0 && v <= cuts[len(cuts)-1] {
			return "", nil, say.Error("study.subgroup_cut", "subgroup", spec, "value", text)
		}
		cuts = append(cuts, v)
	}
	if c := tbl.Column(spec[:at]); c != nil && c.Kind != table.Number {
		return "", nil, say.Error("study.subgroup_cut", "subgroup", spec, "value", spec[at+1:])
	}
	return spec[:at], cuts, nil
}

// byValue makes a group of every text that there is, in order; "" is none.
func byValue(s *validate.Stratum, tbl *table.Table, text func(row int) string) error {
	for row := range tbl.Rows {
		if v := text(row); v != "" && !slices.Contains(s.Values, v) {
			if s.Values = append(s.Values, v); len(s.Values) > mostValues {
				return say.Error("study.subgroup_values", "column", s.Column, "most", mostValues)
			}
		}
	}
	slices.Sort(s.Values)
	for row := range tbl.Rows {
		s.Of[row] = slices.Index(s.Values, text(row))
	}
	return nil
}

// byCuts parts numbers: below the first cut, from it to below the next, from the last on. Without cuts an age is cut at 65 where there
// are rows enough on both sides, any other number at its median.
func byCuts(s *validate.Stratum, c *table.Column, cuts []float64) {
	values := slices.DeleteFunc(c.Numbers(nil), math.IsNaN)
	slices.Sort(values)
	if cuts == nil {
		below, _ := slices.BinarySearch(values, elderly)
		if cuts = []float64{values[len(values)/2]}; isAge(c.Name) && min(below, len(values)-below) >= enoughRows {
			cuts[0] = elderly
		}
	}
	s.Cuts = cuts
	f := table.Format
	s.Values = append(s.Values, "< "+f(cuts[0]))
	for i, cut := range cuts[1:] {
		s.Values = append(s.Values, f(cuts[i])+" – "+f(cut))
	}
	s.Values = append(s.Values, "≥ "+f(cuts[len(cuts)-1]))
	for row := range s.Of {
		if s.Of[row] = -1; c.Missing(row) {
			continue
		}
		at, equal := slices.BinarySearch(cuts, c.Number(row))
		if s.Of[row] = at; equal {
			s.Of[row]++
		}
	}
}

func isAge(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(ageNames, func(a string) bool {
		return name == a || strings.HasPrefix(name, a+"_") || strings.HasPrefix(name, a+"(")
	})
}

// different counts the different numbers of a column, to a few more than fewValues.
func different(c *table.Column, rows int) int {
	seen := map[float64]bool{}
	for row := 0; row < rows && len(seen) <= fewValues; row++ {
		if !c.Missing(row) {
			seen[c.Number(row)] = true
		}
	}
	return len(seen)
}

// year is that of a date, "" of anything else.
func year(text string) string {
	if day, ok := parseDate(text); ok {
		return day.Format("2006")
	}
	return ""
}
