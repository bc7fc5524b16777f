package table

import (
	"math"
	"slices"
	"strings"

	"gradus/internal/say"
)

// TaskSurvival asks for the time until an event that not every row was followed to. It is never inferred: NewSurvival makes its target.
const TaskSurvival Task = "survival"

// NewSurvival settles a target of survival and returns the targets of all rows: the time of a row with the event, less than 0 and as far
// from 0 where the row was censored. The times stand in column, or are given where column only names them. The status is 0 or 1,
// 1 the event, or any levels of which event names one: all others are then censorings.
func NewSurvival(tbl *Table, column string, time []float64, status, event string) (*Target, []float64, error) {
	if time == nil {
		var err error
		if time, err = timesOf(tbl, column); err != nil {
			return nil, nil, err
		}
	}
	t := &Target{Column: column, Kind: Number, Task: TaskSurvival, Status: status, Event: event}
	happened, err := t.statuses(tbl)
	if err != nil {
		return nil, nil, err
	}
	y, events := make([]float64, tbl.Rows), 0
	for r, v := range time {
		switch {
		case v < 0:
			return nil, nil, say.Error("table.time_negative", "file", tbl.Name, "column", shown(column), "row", r+1, "line", tbl.Line(r), "value", v)
		case v == 0:
			return nil, nil, say.Error("table.time_zero", "file", tbl.Name, "column", shown(column), "row", r+1, "line", tbl.Line(r), "count", zeros(time))
		}
		if y[r] = -v; happened[r] {
			y[r] = v
			events++
		}
	}
	if events == 0 {
		return nil, nil, say.Error("table.no_events", "file", tbl.Name, "column", shown(status), "rows", tbl.Rows)
	}
	if at, same := oneTime(y); same && events > 1 {
		return nil, nil, say.Error("table.one_event_time", "file", tbl.Name, "column", shown(column), "events", events, "time", at)
	}
	t.notes.text("table.note_survival", "column", shown(column), "status", shown(status), "event", shown(t.Event), "count", events, "rows", tbl.Rows)
	return t, y, nil
}

// Survived parts targets of survival into times and events.
func Survived(y []float64) (time []float64, event []bool) {
	time, event = make([]float64, len(y)), make([]bool, len(y))
	for i, v := range y {
		time[i], event[i] = math.Abs(v), v > 0
	}
	return time, event
}

// timesOf reads a column of times, all there and numbers.
func timesOf(tbl *Table, column string) ([]float64, error) {
	c, err := tbl.Need(column)
	if err != nil {
		return nil, err
	}
	if first, n := firstMissing(tbl, c); n > 0 {
		return nil, say.Error("table.time_missing", "file", tbl.Name, "column", shown(column), "row", first+1, "line", tbl.Line(first), "count", n)
	}
	switch c.Kind {
	case Date:
		return nil, say.Error("table.time_date", "file", tbl.Name, "column", shown(column), "value", shown(c.Text(0)))
	case Category:
		r := 0
		for r < tbl.Rows-1 && isNumberText(c.Text(r)) {
			r++
		}
		return nil, say.Error("table.time_text", "file", tbl.Name, "column", shown(column), "row", r+1, "line", tbl.Line(r), "value", shown(c.Text(r)))
	}
	return c.Numbers(nil), nil
}

func isNumberText(text string) bool {
	_, f := number([]byte(text))
	return f == isNumber
}

// firstMissing is the first row where c is missing, and how many there are.
func firstMissing(tbl *Table, c *Column) (first, n int) {
	first = -1
	for r := range tbl.Rows {
		if c.Missing(r) {
			if n++; first < 0 {
				first = r
			}
		}
	}
	return first, n
}

// statuses tells of each row whether it had the event, and settles which level that is.
func (t *Target) statuses(tbl *Table) ([]bool, error) {
	c, err := tbl.Need(t.Status)
	if err != nil {
		return nil, err
	}
	if first, n := firstMissing(tbl, c); n > 0 {
		return nil, say.Error("table.status_missing", "file", tbl.Name, "column", shown(t.Status), "row", first+1, "line", tbl.Line(first), "count", n)
	}
	levels, _, _ := tally(c, tbl.Rows)
	asked := strings.TrimSpace(t.Event)
	if asked == "" {
		for _, l := range levels {
			if l != "0" && l != "1" {
				return nil, say.Error("table.status_levels", "file", tbl.Name, "column", shown(t.Status), "value", shown(l), "levels", brief(levels))
			}
		}
		asked = "1"
	} else if !slices.Contains(levels, asked) {
		return nil, say.Error("table.status_unknown", "event", shown(asked), "column", shown(t.Status), "levels", brief(levels), "nearest", say.Nearest(asked, levels))
	}
	if t.Event = asked; len(levels) > 2 {
		t.notes.text("table.note_competing", "column", shown(t.Status), "event", shown(asked),
			"others", brief(slices.DeleteFunc(slices.Clone(levels), func(l string) bool { return l == asked })))
	}
	happened := make([]bool, tbl.Rows)
	for r := range happened {
		happened[r] = c.Text(r) == asked
	}
	return happened, nil
}

func zeros(time []float64) (n int) {
	for _, v := range time {
		if v == 0 {
			n++
		}
	}
	return n
}

// oneTime reports whether all events are at one time.
func oneTime(y []float64) (at float64, same bool) {
	for _, v := range y {
		switch {
		case v <= 0:
		case at == 0:
			at = v
		case v != at:
			return 0, false
		}
	}
	return at, true
}
