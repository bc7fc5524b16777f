package table

import (
	"math"
	"slices"
	"strings"

	"gradus/internal/say"
)

// Task is what is asked of the target.
type Task string

// The tasks; TaskAuto infers one of the others.
const (
	TaskAuto    Task = ""
	TaskBinary  Task = "binary"
	TaskClasses Task = "classes"
	TaskNumber  Task = "number"
)

const (
	maxIntegerLevels = 10   // different integers that still count as classes
	maxClasses       = 1000 // classes of a target
)

// Target is the column to predict and how its values become numbers. It holds no row.
type Target struct {
	Column string   `json:"column"`
	Kind   Kind     `json:"kind"` // Number or Category, to read another table by
	Task   Task     `json:"task"`
	Levels []string `json:"levels,omitempty"` // sorted; none for a number
	Event  string   `json:"event,omitempty"`  // of a binary task: the level whose probability is asked; of survival: the level of Status
	Status string   `json:"status,omitempty"` // of survival: the column that says who had the event; Column holds the times
	notes  notes
}

// Notes says what was inferred.
func (t *Target) Notes() []Note { return slices.Clone(t.notes) }

// ParseTask reads the name of a task; "" and "auto" infer it.
func ParseTask(name string) (Task, error) {
	switch task := Task(name); task {
	case TaskAuto, TaskBinary, TaskClasses, TaskNumber:
		return task, nil
	case "auto":
		return TaskAuto, nil
	}
	known := []string{string(TaskBinary), string(TaskClasses), string(TaskNumber)}
	return "", say.Error("table.unknown_task", "name", shown(name), "nearest", say.Nearest(name, known), "known", known)
}

// NewTarget settles the task of column and returns the targets of all rows: of a binary task 1 for the event and 0 else, of
// classes the place in Levels, of a number its value. Text or at most 10 different integers are classes, two levels are
// binary, all else is a number. The event is the given level, else one that is called 1, Y, yes, true, 예, 양성, malignant
// or died, else the rarer.
func NewTarget(tbl *Table, column string, task Task, event string) (*Target, []float64, error) {
	return newTarget(tbl, column, task, event, false)
}

// GivenTarget is NewTarget for a target that a program decides about, not a person: a level of one row is one too, and a number may be the
// same in every row.
func GivenTarget(tbl *Table, column string, task Task, event string) (*Target, []float64, error) {
	return newTarget(tbl, column, task, event, true)
}

func newTarget(tbl *Table, column string, task Task, event string, given bool) (*Target, []float64, error) {
	c, err := tbl.Need(column)
	if err != nil {
		return nil, nil, err
	}
	t := &Target{Column: column, Kind: c.Kind, Task: task}
	if c.Kind == Date {
		t.Kind = Category
	}
	if err := complete(tbl, c); err != nil {
		return nil, nil, err
	}
	levels, counts, integers := tally(c, tbl.Rows)
	if len(levels) == 1 && !(given && task == TaskNumber) {
		return nil, nil, say.Error("table.target_constant", "file", tbl.Name, "column", shown(column), "value", shown(levels[0]))
	}
	if task == TaskAuto {
		t.Task = infer(c.Kind, len(levels), integers)
	}
	if event != "" && t.Task != TaskBinary {
		return nil, nil, say.Error("table.event_not_binary", "event", shown(event), "column", shown(column), "task", string(t.Task))
	}
	if t.Task == TaskNumber {
		err = t.asNumber(tbl, c)
	} else {
		err = t.asLevels(tbl, levels, counts, event, given)
	}
	if err != nil {
		return nil, nil, err
	}
	y, err := t.Encode(tbl)
	return t, y, err
}

// complete refuses a target with missing values and names the first.
func complete(tbl *Table, c *Column) error {
	first, n := firstMissing(tbl, c)
	if n == 0 {
		return nil
	}
	return say.Error("table.target_missing", "file", tbl.Name, "column", shown(c.Name), "row", first+1, "line", tbl.Line(first), "count", n)
}

// tally lists the levels in sorted order with their counts; of a column of numbers with more than maxClasses levels it lists
// only some, which are enough to see that they are no classes.
func tally(c *Column, rows int) (levels []string, counts map[string]int, integers bool) {
	counts = map[string]int{}
	if c.Kind != Number {
		perCode := make([]int, len(c.levels))
		for r := range rows {
			perCode[c.Code(r)]++
		}
		for i, n := range perCode {
			if n > 0 {
				counts[c.levels[i]] = n
				levels = append(levels, c.levels[i])
			}
		}
		slices.Sort(levels)
		return levels, counts, false
	}
	values, integers := map[float64]int{}, true
	for r := range rows {
		v := c.Number(r)
		integers = integers && v == math.Trunc(v)
		if _, known := values[v]; known || len(values) <= maxClasses {
			values[v]++
		}
	}
	sorted := make([]float64, 0, len(values))
	for v := range values {
		sorted = append(sorted, v)
	}
	slices.Sort(sorted)
	for _, v := range sorted {
		levels = append(levels, level(v))
		counts[level(v)] = values[v]
	}
	return levels, counts, integers
}

// level is a number as a class is named; −0 is 0.
func level(v float64) string { return Format(v + 0) }

func infer(kind Kind, levels int, integers bool) Task {
	switch {
	case kind == Number && (!integers || levels > maxIntegerLevels):
		return TaskNumber
	case levels == 2:
		return TaskBinary
	}
	return TaskClasses
}

func (t *Target) asNumber(tbl *Table, c *Column) error {
	if c.Kind != Number {
		return say.Error("table.target_text", "file", tbl.Name, "column", shown(t.Column), "value", shown(c.Text(0)), "row", 1, "line", tbl.Line(0))
	}
	t.notes.text("table.note_number", "column", shown(t.Column))
	return nil
}

func (t *Target) asLevels(tbl *Table, levels []string, counts map[string]int, event string, given bool) error {
	if len(levels) > maxClasses {
		return say.Error("table.target_levels", "file", tbl.Name, "column", shown(t.Column), "limit", maxClasses)
	}
	for _, l := range levels {
		if counts[l] == 1 && !given {
			return say.Error("table.target_one_row", "file", tbl.Name, "column", shown(t.Column), "level", shown(l))
		}
	}
	t.Levels = levels
	if t.Task != TaskBinary {
		t.notes.text("table.note_classes", "column", shown(t.Column), "count", len(levels), "levels", brief(levels))
		return nil
	}
	if len(levels) != 2 {
		return say.Error("table.target_not_binary", "file", tbl.Name, "column", shown(t.Column), "found", len(levels), "levels", brief(levels))
	}
	var err error
	if t.Event, err = pickEvent(t, counts, event); err != nil {
		return err
	}
	t.notes.text("table.note_binary", "column", shown(t.Column), "event", shown(t.Event), "count", counts[t.Event], "rows", tbl.Rows)
	return nil
}

// eventNames are what an event is called where nobody says.
var eventNames = []string{"1", "Y", "yes", "true", "예", "양성", "malignant", "died"}

func pickEvent(t *Target, counts map[string]int, event string) (string, error) {
	if event != "" {
		if i := t.index(strings.TrimSpace(event)); i >= 0 {
			return t.Levels[i], nil
		}
		return "", say.Error("table.event_unknown", "event", shown(event), "column", shown(t.Column), "levels", t.Levels, "nearest", say.Nearest(event, t.Levels))
	}
	for _, name := range eventNames {
		for _, l := range t.Levels {
			if strings.EqualFold(name, l) {
				return l, nil
			}
		}
	}
	if counts[t.Levels[0]] < counts[t.Levels[1]] {
		return t.Levels[0], nil
	}
	return t.Levels[1], nil
}

// index is the place of a level, -1 where it is none; of a column of numbers 1.0 is 1.
func (t *Target) index(text string) int {
	if i := slices.Index(t.Levels, text); i >= 0 || t.Kind != Number || text == "" {
		return i
	}
	v, f := number([]byte(text))
	if f != isNumber {
		return -1
	}
	return slices.Index(t.Levels, level(v))
}

// Encode returns the targets of another table that has the column, in the coding of NewTarget.
func (t *Target) Encode(tbl *Table) ([]float64, error) {
	c, err := tbl.Need(t.Column)
	if err != nil {
		return nil, err
	}
	if err := complete(tbl, c); err != nil {
		return nil, err
	}
	y, cache := make([]float64, tbl.Rows), map[string]float64{}
	for r := range y {
		if t.Task == TaskNumber {
			if c.Kind != Number {
				return nil, say.Error("table.target_text", "file", tbl.Name, "column", shown(t.Column), "value", shown(c.Text(r)), "row", r+1, "line", tbl.Line(r))
			}
			y[r] = c.Number(r)
			continue
		}
		text := c.Text(r)
		v, known := cache[text]
		if !known {
			i := t.index(text)
			if i < 0 {
				return nil, say.Error("table.target_unknown_level", "file", tbl.Name, "column", shown(t.Column), "value", shown(text), "row", r+1, "line", tbl.Line(r), "levels", brief(t.Levels))
			}
			if v = float64(i); t.Task == TaskBinary {
				v = 0
				if t.Levels[i] == t.Event {
					v = 1
				}
			}
			cache[text] = v
		}
		y[r] = v
	}
	return y, nil
}

// Valid checks a target that was read from a file.
func (t *Target) Valid() error {
	ok := t.Column != "" && (t.Status == "" || t.Task == TaskSurvival) && (t.Kind == Number || t.Kind == Category) && len(t.Levels) <= maxClasses
	switch t.Task {
	case TaskNumber:
		ok = ok && t.Kind == Number && len(t.Levels) == 0 && t.Event == ""
	case TaskBinary:
		ok = ok && len(t.Levels) == 2 && slices.Contains(t.Levels, t.Event)
	case TaskClasses:
		ok = ok && len(t.Levels) >= 2 && t.Event == ""
	case TaskSurvival:
		ok = ok && t.Kind == Number && len(t.Levels) == 0 && t.Event != "" && t.Status != ""
	default:
		ok = false
	}
	for i := 1; ok && i < len(t.Levels); i++ {
		ok = !slices.Contains(t.Levels[:i], t.Levels[i])
	}
	if !ok {
		return say.Error("table.broken_target", "column", shown(t.Column))
	}
	return nil
}
