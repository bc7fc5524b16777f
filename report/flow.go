package report

import (
	"strconv"

	"gradus/internal/picture"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// paper is a sentence of the parts that a study adds.
func (r *writer) paper(name string, args ...any) string { return r.text("paper."+name, args...) }

func left(f *model.Flow) (n int) {
	for _, e := range f.Excluded {
		n += e.N
	}
	return n
}

// flow is the way of the records to the rows that were judged.
func (r *writer) flow() section {
	s := section{ID: "flow", Title: r.paper("flow")}
	st := r.in.Study
	if st == nil || st.Flow == nil {
		return s
	}
	f := st.Flow
	first := picture.Step{Box: picture.Box{Name: r.paper("records"), Count: strconv.Itoa(f.Records)}}
	if left(f) > 0 {
		out := picture.Box{Name: r.paper("left"), Count: strconv.Itoa(left(f))}
		for _, e := range f.Excluded {
			if e.N > 0 {
				out.Lines = append(out.Lines, picture.Reason{Text: r.paper("reason_" + e.Reason), Count: strconv.Itoa(e.N)})
			}
		}
		first.Out = []picture.Box{out}
	}
	last := picture.Step{Box: picture.Box{Name: r.paper("analysed"), Count: strconv.Itoa(f.Rows), Lines: r.sizes(model.FlowSize{Rows: f.Rows, Patients: f.Patients, Events: f.Events})}}
	body := picture.Flow{Steps: []picture.Step{first, last}}
	for i, p := range f.Parts {
		body.Parts = append(body.Parts, r.flowPart(i, p))
	}
	s.Blocks = []block{{SVG: r.draw(picture.Figure{
		ID: "flow-figure", Description: r.paper("flow_description"), Panels: []picture.Panel{{Body: body}},
	})}}
	if f.Repeats > 1 {
		s.Blocks = append(s.Blocks, block{Note: r.paper("flow_note", "repeats", f.Repeats)})
	}
	return s
}

// sizes are the patients, where they are not the rows, and the events.
func (r *writer) sizes(n model.FlowSize) (list []picture.Reason) {
	if n.Patients != n.Rows {
		list = append(list, picture.Reason{Text: r.paper("patients_n", "n", n.Patients)})
	}
	if r.v.Target.Task == table.TaskBinary {
		list = append(list, picture.Reason{Text: r.paper("events_n", "n", n.Events)})
	}
	return list
}

// most is how many parts have room for what they learnt from.
const mostParts = 6

func (r *writer) flowPart(i int, p model.FlowPart) picture.Box {
	b := picture.Box{Name: r.partName(p.Name, i+1), Count: r.paper("rows_n", "n", p.Test.Rows), Lines: r.sizes(p.Test)}
	if len(r.in.Study.Flow.Parts) <= mostParts {
		b.Lines = append(b.Lines, picture.Reason{Text: r.paper("learnt") + " " + r.paper("rows_n", "n", p.Train.Rows)})
	}
	return b
}

// partName is the site, the later period, or the number of the fold.
func (r *writer) partName(name string, n int) string {
	switch {
	case name != "":
		return name
	case r.in.Nested != nil && r.in.Nested.Scheme == "temporal":
		return r.paper("period")
	}
	return r.paper("fold_n", "n", n)
}

// tableOne describes the rows by outcome.
func (r *writer) tableOne() section {
	s := section{ID: "table-one", Title: r.paper("table_one")}
	if r.in.Study == nil || r.in.Study.TableOne == nil {
		return s
	}
	t := r.in.Study.TableOne
	g := &grid{Plain: true, Caption: r.tableOneCaption(), Head: []string{r.paper("column")}, Text: 1}
	for _, c := range t.Groups {
		name := c.Level
		if name == "" {
			name = r.paper("all")
		} else {
			name = r.v.Target.Column + " = " + name
		}
		g.Head = append(g.Head, name+", n = "+strconv.Itoa(c.N))
	}
	two := len(t.Groups) > 1
	if two {
		g.Head = append(g.Head, r.paper("smd"))
	}
	for _, row := range t.Columns {
		g.Rows = append(g.Rows, r.describe(t, row, two)...)
	}
	s.Blocks = []block{{Table: g}}
	if t.Hidden > 0 {
		s.Blocks = append(s.Blocks, block{Note: r.paper("table_one_note", "least", t.Least)})
	}
	return s
}

// describe is the lines of one column of the table: one of a number, one a level of a category.
func (r *writer) describe(t *model.TableOne, row model.TableRow, two bool) [][]string {
	name := row.Column
	if !row.Feature {
		name += " (" + r.paper("no_feature") + ")"
	}
	line := []string{name}
	for i := range t.Groups {
		text := ""
		if i < len(row.Numbers) {
			n := row.Numbers[i]
			text = short(n.Median) + " (" + short(n.Q1) + "–" + short(n.Q3) + ")"
		}
		line = append(line, text)
	}
	if two {
		line = append(line, fixed(row.SMD, 2))
	}
	lines := [][]string{line}
	for _, l := range row.Levels {
		name := l.Level
		if l.Other {
			name = r.paper("other")
		}
		line := []string{indent + name}
		for _, c := range l.Cells {
			line = append(line, r.cell(c, t.Least))
		}
		if two {
			line = append(line, "")
		}
		lines = append(lines, line)
	}
	return lines
}

// indent sets a level under its column.
const indent = "\u2003"

func (r *writer) cell(c model.Cell, least int) string {
	if c.Hidden {
		return r.paper("hidden", "least", least)
	}
	return strconv.Itoa(c.N) + " (" + fixed(100*c.Share, 1) + " %)"
}

// short writes a measured value with the digits that matter: three.
func short(v metric.Number) string {
	if !v.Defined() {
		return "–"
	}
	return picture.Number(float64(v))
}

// missing counts what is not there.
func (r *writer) missing() section {
	s := section{ID: "missing", Title: r.paper("missing")}
	if r.in.Study == nil || r.in.Study.TableOne == nil {
		return s
	}
	t := r.in.Study.TableOne
	g := &grid{Plain: true, Caption: r.paper("missing_caption"), Head: []string{r.paper("column"), r.paper("all")}, Text: 1}
	two := len(t.Groups) > 1
	if two {
		for _, c := range t.Groups {
			g.Head = append(g.Head, r.v.Target.Column+" = "+c.Level)
		}
	}
	for _, row := range t.Columns {
		if row.Total.N == 0 && !row.Total.Hidden {
			continue
		}
		line := []string{row.Column, r.cell(row.Total, t.Least)}
		if two {
			for _, c := range row.Missing {
				line = append(line, r.cell(c, t.Least))
			}
		}
		g.Rows = append(g.Rows, line)
	}
	if g.Rows == nil {
		s.Blocks = []block{{Text: r.paper("missing_none")}}
		return s
	}
	s.Blocks = []block{{Table: g}, {Note: r.paper("missing_note")}}
	return s
}
