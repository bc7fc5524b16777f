package table

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gradus/data"
	"gradus/internal/say"
)

// column is a table of one column y.
func column(t *testing.T, values ...string) *Table {
	t.Helper()
	return read(t, "y\n"+strings.Join(values, "\n")+"\n")
}

func TestInferredTasks(t *testing.T) {
	integers := func(n int) (values []string) {
		for i := range 2 * n {
			values = append(values, fmt.Sprint(i%n+5))
		}
		return values
	}
	for _, c := range []struct {
		values []string
		task   Task
		event  string
		levels []string
		y0     float64
	}{
		{[]string{"0", "1", "0", "1"}, TaskBinary, "1", []string{"0", "1"}, 0},
		{[]string{"1.0", "0", "1", "0.0"}, TaskBinary, "1", []string{"0", "1"}, 1},
		{[]string{"no", "Yes", "no", "Yes", "no"}, TaskBinary, "Yes", []string{"Yes", "no"}, 0},
		{[]string{"음성", "양성", "음성", "양성"}, TaskBinary, "양성", []string{"양성", "음성"}, 0},
		{[]string{"a", "a", "b", "b", "b"}, TaskBinary, "a", []string{"a", "b"}, 1},
		{[]string{"a", "a", "b", "b"}, TaskBinary, "b", []string{"a", "b"}, 0},
		{[]string{"x", "y", "z", "z", "y", "x"}, TaskClasses, "", []string{"x", "y", "z"}, 0},
		{[]string{"2", "10", "1", "1", "2", "10"}, TaskClasses, "", []string{"1", "2", "10"}, 1},
		{[]string{"-0", "1", "0", "1"}, TaskBinary, "1", []string{"0", "1"}, 0},
		{integers(10), TaskClasses, "", nil, 0},
		{integers(11), TaskNumber, "", nil, 5},
		{[]string{"0.5", "1.5", "0.5"}, TaskNumber, "", nil, .5},
	} {
		target, y, err := NewTarget(column(t, c.values...), "y", TaskAuto, "")
		if err != nil {
			t.Errorf("%v: %v", c.values, err)
			continue
		}
		if target.Task != c.task || target.Event != c.event || c.levels != nil && !slices.Equal(target.Levels, c.levels) || y[0] != c.y0 {
			t.Errorf("%v: %+v, y %v", c.values, target, y)
		}
		notes := target.Notes()
		if len(notes) != 1 || strings.Contains(notes[0].In(say.English), "{") || notes[0].In(say.Korean) == notes[0].In(say.English) {
			t.Errorf("%v: notes %v", c.values, notes)
		}
		if err := target.Valid(); err != nil {
			t.Error(err)
		}
	}
}

func TestChosenTasks(t *testing.T) {
	target, y, err := NewTarget(column(t, "0", "1", "0", "1"), "y", TaskNumber, "")
	if err != nil || target.Task != TaskNumber || y[1] != 1 || target.Levels != nil {
		t.Errorf("%+v %v", target, err)
	}
	target, y, err = NewTarget(column(t, "0", "1", "0", "1"), "y", TaskBinary, "0.0")
	if err != nil || target.Event != "0" || y[0] != 1 || y[1] != 0 {
		t.Errorf("%+v %v", target, err)
	}
	target, y, err = NewTarget(column(t, "0", "1", "0", "1"), "y", TaskClasses, "")
	if err != nil || target.Task != TaskClasses || y[1] != 1 {
		t.Errorf("%+v %v", target, err)
	}
	target, _, err = NewTarget(column(t, "2021-01-01", "2021-01-02", "2021-01-01", "2021-01-02"), "y", TaskAuto, "")
	if err != nil || target.Kind != Category || target.Task != TaskBinary {
		t.Errorf("%+v %v", target, err)
	}
}

func TestBadTargets(t *testing.T) {
	many := make([]string, 2*maxClasses+2)
	for i := range many {
		many[i] = fmt.Sprint("c", i/2)
	}
	for _, c := range []struct {
		name   string
		values []string
		task   Task
		event  string
		key    string
		parts  []string
	}{
		{"missing", []string{"1", "0", "NA", "1", "."}, TaskAuto, "", "table.target_missing", []string{"3", "4", "2", `"y"`}},
		{"constant", []string{"a", "a"}, TaskAuto, "", "table.target_constant", []string{`"a"`}},
		{"constant number", []string{"1.5", "1.5"}, TaskNumber, "", "table.target_constant", []string{`"1.5"`}},
		{"one row of a class", []string{"a", "b", "a"}, TaskAuto, "", "table.target_one_row", []string{`"b"`}},
		{"three levels for binary", []string{"a", "b", "c", "a", "b", "c"}, TaskBinary, "", "table.target_not_binary", []string{"3", "a, b, c"}},
		{"text for a number", []string{"a", "b", "a", "b"}, TaskNumber, "", "table.target_text", []string{`"a"`, "1", "2"}},
		{"unknown event", []string{"yes", "no", "yes", "no"}, TaskAuto, "yess", "table.event_unknown", []string{`"yes"`, "yess"}},
		{"event of classes", []string{"a", "b", "c", "a", "b", "c"}, TaskAuto, "a", "table.event_not_binary", []string{"classes"}},
		{"event of a number", []string{"1.5", "2.5", "3.5"}, TaskAuto, "1", "table.event_not_binary", []string{"number"}},
		{"too many classes", many, TaskAuto, "", "table.target_levels", []string{"1000"}},
	} {
		_, _, err := NewTarget(column(t, c.values...), "y", c.task, c.event)
		wantError(t, c.name, err, c.key, c.parts...)
	}
	_, _, err := NewTarget(read(t, "age,died\n1,2\n3,4\n"), "dead", TaskAuto, "")
	wantError(t, "unknown column", err, "table.no_column", `"dead"`, `"died"`)
}

func TestEncode(t *testing.T) {
	target, _, err := NewTarget(column(t, "1", "0", "1", "0"), "y", TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	y, err := target.Encode(column(t, "1.0", "0", "1"))
	if err != nil || !slices.Equal(y, []float64{1, 0, 1}) {
		t.Errorf("%v %v", y, err)
	}
	_, err = target.Encode(column(t, "1", "2"))
	wantError(t, "unknown level", err, "table.target_unknown_level", `"2"`, "3", "0, 1")
	_, err = target.Encode(column(t, "1", "NA"))
	wantError(t, "missing", err, "table.target_missing", "2", "3")
	_, err = target.Encode(read(t, "z\n1\n"))
	wantError(t, "no target", err, "table.no_column", `"y"`)
	number, _, err := NewTarget(column(t, "1.5", "2.5"), "y", TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = number.Encode(column(t, "a", "b"))
	wantError(t, "text", err, "table.target_text", `"a"`)
	if y, err := number.Encode(column(t, "7")); err != nil || y[0] != 7 {
		t.Error(y, err) // a constant is fine where nothing is learnt
	}
}

// The bundled sets have the tasks their list names; malignant and 1 are found to be the events.
func TestBundledTargets(t *testing.T) {
	for _, s := range data.All() {
		tbl := read(t, string(s.CSV()))
		target, y, err := NewTarget(tbl, s.Target, TaskAuto, "")
		if s.Task == "survival" {
			target, y, err = NewSurvival(tbl, "days", nil, s.Target, "")
		}
		if err != nil || string(target.Task) != s.Task || len(y) != s.Rows {
			t.Errorf("%s: %+v %v", s.Name, target, err)
			continue
		}
		events := 0
		for _, v := range y {
			if v == 1 {
				events++
			}
		}
		if s.Name == "breast_cancer" && (target.Event != "malignant" || events != 212) || s.Name == "cohort" && (target.Event != "1" || events != 224) {
			t.Errorf("%s: event %s, %d rows", s.Name, target.Event, events)
		}
	}
}

func TestTargetValid(t *testing.T) {
	for _, bad := range []Target{
		{},
		{Column: "y", Kind: Number, Task: "other"},
		{Column: "y", Kind: Category, Task: TaskNumber},
		{Column: "y", Kind: Category, Task: TaskBinary, Levels: []string{"a", "b"}},
		{Column: "y", Kind: Category, Task: TaskBinary, Levels: []string{"a", "a"}, Event: "a"},
		{Column: "y", Kind: Category, Task: TaskClasses, Levels: []string{"a"}},
		{Column: "", Kind: Category, Task: TaskClasses, Levels: []string{"a", "b"}},
		{Column: "y", Kind: Empty, Task: TaskClasses, Levels: []string{"a", "b"}},
	} {
		if key(bad.Valid()) != "table.broken_target" {
			t.Errorf("%+v passes", bad)
		}
	}
	good, _, _ := NewTarget(column(t, "a", "b", "a", "b"), "y", TaskAuto, "")
	b, _ := json.Marshal(good)
	var again Target
	if err := json.Unmarshal(b, &again); err != nil || again.Valid() != nil || again.Event != "b" {
		t.Errorf("%s: %+v", b, again)
	}
}

func TestParseTask(t *testing.T) {
	for name, want := range map[string]Task{"": TaskAuto, "auto": TaskAuto, "binary": TaskBinary, "classes": TaskClasses, "number": TaskNumber} {
		if got, err := ParseTask(name); err != nil || got != want {
			t.Errorf("%q: %v %v", name, got, err)
		}
	}
	_, err := ParseTask("class")
	wantError(t, "task", err, "table.unknown_task", `"class"`, `"classes"`)
}
