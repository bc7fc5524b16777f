package study

import (
	"slices"
	"strings"
	"time"

	"gradus/internal/say"
	"gradus/table"
)

// patientNames are what columns are called that say whose a row is, in lower case without spaces and signs.
var patientNames = []string{"patientid", "patient", "pid", "ptid", "subjectid", "subject", "personid", "mrn", "환자번호", "환자id", "등록번호", "대상자번호"}

// patientColumn is the first column that is named like a patient's number and repeats; "" where there is none.
func patientColumn(tbl *table.Table, target string) string {
	for i := range tbl.Columns {
		c := &tbl.Columns[i]
		name := strings.ToLower(strings.NewReplacer("_", "", " ", "", "-", "", ".", "").Replace(c.Name))
		if c.Name == target || !slices.Contains(patientNames, name) {
			continue
		}
		seen := map[string]bool{}
		for row := range tbl.Rows {
			if text := c.Text(row); !c.Missing(row) && seen[text] {
				return c.Name
			} else {
				seen[text] = true
			}
		}
	}
	return ""
}

// texts is the text of a column in every row; a missing one is refused.
func texts(tbl *table.Table, name, flag string) ([]string, error) {
	if name == "" {
		return nil, say.Error("study.no_column", "flag", flag)
	}
	c, err := tbl.Need(name)
	if err != nil {
		return nil, err
	}
	list := make([]string, tbl.Rows)
	for row := range list {
		if c.Missing(row) {
			return nil, say.Error("study.missing", "column", name, "row", row+1, "line", tbl.Line(row))
		}
		list[row] = c.Text(row)
	}
	return list, nil
}

// groups numbers the patients by first appearance; nil without a column.
func groups(tbl *table.Table, name string) ([]int, error) {
	if name == "" {
		return nil, nil
	}
	list, err := texts(tbl, name, "--patient")
	if err != nil {
		return nil, err
	}
	place, of := map[string]int{}, make([]int, len(list))
	for row, text := range list {
		at, known := place[text]
		if !known {
			at = len(place)
			place[text] = at
		}
		of[row] = at
	}
	return of, nil
}

var dates = []string{
	time.DateOnly, time.DateTime, "2006-01-02T15:04:05", time.RFC3339, "2006-01-02 15:04", "2006-01-02T15:04", "2006/01/02", "2006.01.02",
	"2006/1/2", "2006.1.2", "2006. 1. 2.", "2006. 1. 2", "2006.1.2.", "20060102", "2006/01/02 15:04", "2006/01/02 15:04:05",
}

// times is the visit of each row: the day since 1970 of a date, or a number as it is. A date after today is refused.
func times(tbl *table.Table, name, today string) ([]float64, error) {
	list, err := texts(tbl, name, "--time")
	if err != nil {
		return nil, err
	}
	c := tbl.Column(name)
	last, at := time.Time{}, make([]float64, len(list))
	if today != "" {
		if last, err = time.Parse(time.DateOnly, today); err != nil {
			return nil, say.Error("study.date", "column", "today", "row", 0, "value", today)
		}
	}
	for row, text := range list {
		day, ok := parseDate(text)
		switch {
		case !ok && c.Kind == table.Number:
			at[row] = c.Number(row)
			continue
		case !ok:
			return nil, say.Error("study.date", "column", name, "row", row+1, "value", text)
		case !last.IsZero() && day.After(last.AddDate(0, 0, 1)): // a day more, for those east of here
			return nil, say.Error("study.future", "column", name, "row", row+1, "line", tbl.Line(row))
		}
		at[row] = float64(day.Unix()) / 86400
	}
	return at, nil
}

func parseDate(text string) (time.Time, bool) {
	for _, layout := range dates {
		if day, err := time.Parse(layout, text); err == nil {
			return day, true
		}
	}
	return time.Time{}, false
}
