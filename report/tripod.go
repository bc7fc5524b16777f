package report

import (
	"slices"
	"strings"

	"gradus/model"
	"gradus/table"
)

// items are the parts of TRIPOD+AI in order (Collins and others, BMJ 2024;385:e078378).
var items = strings.Fields("1 2 3a 3b 3c 4 5a 5b 6a 6b 6c 7 8a 8b 8c 9a 9b 9c 10 11 12a 12b 12c 12d 12e 12f 12g 13 14 15 16 17 " +
	"18a 18b 18c 18d 18e 18f 19 20a 20b 20c 21 22 23a 23b 24 25 26 27a 27b 27c")

// development and evaluation are the parts that TRIPOD+AI asks of the one kind of study only; all others it asks of both.
var (
	development = strings.Fields("9a 12a 12b 12c 15 22 27a 27b")
	evaluation  = strings.Fields("12f 12g 20c 24")
)

// asksOf is D (development), E (evaluation) or D;E.
func asksOf(id string) string {
	switch {
	case slices.Contains(development, id):
		return "D"
	case slices.Contains(evaluation, id):
		return "E"
	}
	return "D;E"
}

// Item is one part of the checklist: what is asked and what this run says to it; Filled is empty where a person has to write it.
type Item struct {
	ID     string `json:"item"`
	Of     string `json:"of"` // D, E or D;E: development, evaluation, both
	Asked  string `json:"asked"`
	Filled string `json:"filled"`
}

// Checklist is every part of TRIPOD+AI, filled as far as a run can.
func (r *writer) checklist() []Item {
	fill := r.fills()
	list := make([]Item, len(items))
	for i, id := range items {
		list[i] = Item{ID: id, Of: asksOf(id), Asked: r.paper("i" + id), Filled: fill[id]}
	}
	return list
}

// weighed is what was done about classes of unlike size.
var weighed = map[bool]string{false: "f13", true: "f13_weights"}

// fills are the parts that the run answers. A part that rests on data which are not there is left to a person.
func (r *writer) fills() map[string]string {
	f := map[string]string{
		"1": r.paper("f1", "column", r.v.Target.Column, "rows", r.v.Rows), "4": r.paper("f4", "scheme", r.scheme()),
		"8a": r.paper("f8a", "column", r.v.Target.Column, "event", r.eventIs()), "11": r.paper("f11"),
		"12a": r.paper("f12a", "scheme", r.scheme(), "folds", r.v.Folds, "repeats", r.v.Repeats), "12b": r.paper("f12b"), "12c": r.paper("f12c"), "12e": r.paper("f12e_other"), "12g": r.paper("f12g"),
		"15": r.output(), "18f": r.paper("f18f", "version", r.v.Gradus), "23a": r.paper("f23a_other"), "26": r.paper("f26"), "27a": r.paper("f27a"),
	}
	if r.v.Target.Task == table.TaskBinary {
		f["12e"], f["23a"] = r.paper("f12e"), r.paper("f23a")
	}
	if r.v.Target.Task != table.TaskNumber {
		f["13"] = r.paper(weighed[r.v.Settings.ClassWeights])
	}
	if r.in.Card != nil {
		f["22"] = r.paper("f22_network", "file", r.in.File)
	}
	if s := r.in.Study; s != nil {
		r.studyFills(s, f)
	}
	return f
}

func (r *writer) studyFills(s *model.Study, f map[string]string) {
	f["7"], f["18c"] = r.paper("f7"), r.paper("f18c")
	if s.Flow != nil {
		f["20a"], f["21"] = r.paper("f20a"), r.paper("f21")
		if out := left(s.Flow); out > 0 || s.Flow.Records > 0 {
			f["6b"] = r.paper("f6b", "excluded", out, "records", s.Flow.Records)
		}
	}
	if s.Formula != nil && r.in.Card != nil {
		f["22"] = r.paper("f22", "file", r.in.File)
	}
	if s.TableOne != nil {
		f["11"], f["9b"], f["20b"] = r.paper("f11_counts"), r.paper("f9b", "n", len(s.TableOne.Columns)), r.paper("f20b")
	}
	if s.SampleSize != nil {
		f["10"] = r.paper("f10")
	}
	if len(s.Subgroups) > 0 {
		f["14"] = r.paper("f14")
	}
	if s.Recalibration != nil {
		f["12f"], f["24"] = r.paper("f12f"), r.paper("f24")
	}
	if r.byPart() {
		f["12d"], f["16"], f["20c"], f["23b"] = r.paper("f12d"), r.paper("f16"), r.paper("f16"), r.paper("f12d")
	}
	if n := sites(s); n > 1 {
		f["6a"] = r.paper("f6a", "n", n)
	}
}

// sites counts the places that were judged one by one.
func sites(s *model.Study) int {
	for _, g := range s.Subgroups {
		if g.Kind == "site" {
			return len(g.Groups)
		}
	}
	n := 0
	for _, p := range s.Parts {
		if p.Name != "" {
			n++
		}
	}
	return n
}

func (r *writer) eventIs() string {
	if r.v.Target.Event == "" {
		return ""
	}
	return " = " + r.v.Target.Event
}

func (r *writer) output() string {
	switch r.v.Target.Task {
	case table.TaskBinary:
		return r.paper("f15b", "event", r.event())
	case table.TaskClasses:
		return r.paper("f15c")
	}
	return r.paper("f15n")
}

func (r *writer) scheme() string {
	if n := r.in.Nested; n != nil {
		return r.paper("scheme_" + strings.ReplaceAll(n.Scheme, "-", "_"))
	}
	return r.paper("scheme_cross_validation")
}

// tripod is the checklist as a section.
func (r *writer) tripod() section {
	g := &grid{Head: []string{r.paper("item"), r.paper("asked"), r.paper("filled")}, Text: 3}
	filled := 0
	for _, i := range r.checklist() {
		said := i.Filled
		if said == "" {
			said = r.paper("todo")
		} else {
			filled++
		}
		g.Rows = append(g.Rows, []string{i.ID + " " + i.Of, i.Asked, said})
	}
	g.Caption = r.paper("tripod_caption", "filled", filled, "all", len(items))
	return section{ID: "tripod", Title: r.paper("tripod"), Blocks: []block{{Table: g}, {Note: r.paper("tripod_note")}}}
}
