package table

import (
	"slices"
	"testing"
)

// Each thing that keeps times and events from being learnt from has its own sentence.
func TestSurvivalRefuses(t *testing.T) {
	for key, c := range map[string]struct{ csv, event string }{
		"table.time_negative":  {"t,d\n3,1\n-2,0\n5,1\n", ""},
		"table.time_zero":      {"t,d\n3,1\n0,0\n5,1\n", ""},
		"table.no_events":      {"t,d\n3,0\n2,0\n5,0\n", ""},
		"table.one_event_time": {"t,d\n3,1\n2,0\n3,1\n", ""},
		"table.time_missing":   {"t,d\n3,1\n,0\n5,1\n", ""},
		"table.time_date":      {"t,d\n2024-01-02,1\n2024-03-04,0\n2024-02-02,1\n", ""},
		"table.time_text":      {"t,d\n3 years,1\n4 years,0\n5,1\n", ""},
		"table.status_missing": {"t,d\n3,1\n4,\n5,1\n", ""},
		"table.status_levels":  {"t,d\n3,1\n4,2\n5,1\n", ""},
		"table.status_unknown": {"t,d\n3,dead\n4,alive\n5,alive\n", "died"},
	} {
		_, _, err := NewSurvival(read(t, c.csv), "t", nil, "d", c.event)
		wantError(t, key, err, key)
	}
	tbl := read(t, "t,d\n3,1\n4,0\n")
	_, _, err := NewSurvival(tbl, "time", nil, "d", "")
	wantError(t, "a column that is not there", err, "table.no_column")
	_, _, err = NewSurvival(tbl, "t", nil, "died", "")
	wantError(t, "a column that is not there", err, "table.no_column")
}

func TestNewSurvival(t *testing.T) {
	target, y, err := NewSurvival(read(t, "t,d\n3.5,dead\n4,alive\n5,moved\n"), "t", nil, "d", "dead")
	if err != nil || !slices.Equal(y, []float64{3.5, -4, -5}) {
		t.Fatal(y, err)
	}
	if n := target.Notes(); len(n) != 2 || n[0].Key != "table.note_competing" || target.Valid() != nil {
		t.Errorf("%+v %v", n, target.Valid())
	}
	time, event := Survived(y)
	if !slices.Equal(time, []float64{3.5, 4, 5}) || !slices.Equal(event, []bool{true, false, false}) {
		t.Error(time, event)
	}
	given, y, err := NewSurvival(read(t, "d\n1\n0\n1\n"), "days", []float64{1, 2, 3}, "d", "")
	if err != nil || !slices.Equal(y, []float64{1, -2, 3}) || given.Event != "1" {
		t.Error(y, err, given)
	}
	broken := *target
	if broken.Status = ""; broken.Valid() == nil {
		t.Error("a target of survival without a status is taken")
	}
	broken = Target{Column: "a", Kind: Number, Task: TaskNumber, Status: "d"}
	if broken.Valid() == nil {
		t.Error("a number with a status is taken")
	}
}
