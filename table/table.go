// Package table reads a CSV file into typed columns, names the target and fits the preparation that turns rows into the
// numbers a network takes.
//
// Reading is strict and goes in three steps, bytes → records → typed columns, for several parts of the file at once: what does
// not fit is an error that names the file, the row, the column and the value. Rows are counted from 0 in the code and from 1 in every sentence.
package table

import (
	"io"
	"slices"
	"sort"

	"gradus/internal/say"
)

// Table is a file in memory: named columns of equal length.
type Table struct {
	Name    string // of the file, for messages
	Rows    int
	Columns []Column
	Ignored []string // columns that Options.Kinds left unread
	kept    []Column
	lines   []lineStep
}

// lineStep says that from row on, a row's line is line plus the rows since.
type lineStep struct{ row, line int }

// Names lists the columns in order.
func (t *Table) Names() []string {
	names := make([]string, len(t.Columns))
	for i := range t.Columns {
		names[i] = t.Columns[i].Name
	}
	return names
}

// Column finds a column by name, nil where there is none.
func (t *Table) Column(name string) *Column { return find(t.Columns, name) }

// Kept is the text, byte for byte, of a column that Options.Keep named; nil for another.
func (t *Table) Kept(name string) *Column { return find(t.kept, name) }

func find(list []Column, name string) *Column {
	if i := slices.IndexFunc(list, func(c Column) bool { return c.Name == name }); i >= 0 {
		return &list[i]
	}
	return nil
}

// Need is Column with an error that suggests the nearest name.
func (t *Table) Need(name string) (*Column, error) {
	if c := t.Column(name); c != nil {
		return c, nil
	}
	known := append(t.Names(), t.Ignored...)
	return nil, say.Error("table.no_column", "file", t.Name, "column", shown(name), "nearest", say.Nearest(name, known), "known", brief(known))
}

// Line is the line of the file on which row begins, counted from 1.
func (t *Table) Line(row int) int {
	i := sort.Search(len(t.lines), func(i int) bool { return t.lines[i].row > row }) - 1
	if i < 0 {
		return row + 2
	}
	return t.lines[i].line + row - t.lines[i].row
}

// mark notes the line of row where it does not follow from the row before.
func (t *Table) mark(row, line int) {
	if t.Line(row) != line {
		t.lines = append(t.lines, lineStep{row, line})
	}
}

// Select copies the given rows, in their order, into a new table; the lines stay those of the file.
func (t *Table) Select(rows []int) *Table {
	out := &Table{Name: t.Name, Rows: len(rows), Ignored: t.Ignored}
	for i, r := range rows {
		out.mark(i, t.Line(r))
	}
	for i := range t.Columns {
		out.Columns = append(out.Columns, t.Columns[i].pick(rows))
	}
	for i := range t.kept {
		out.kept = append(out.kept, t.kept[i].pick(rows))
	}
	return out
}

// Drop is the table without the named columns; it shares the others. A name that is not there is no error.
func (t *Table) Drop(names ...string) *Table {
	out := *t
	out.Columns = slices.DeleteFunc(slices.Clone(t.Columns), func(c Column) bool { return slices.Contains(names, c.Name) })
	return &out
}

// WriteCSV writes the columns as UTF-8 CSV with a header line; a missing cell is empty.
func (t *Table) WriteCSV(w io.Writer) error {
	const full = 1 << 16 // bytes written at once
	out := make([]byte, 0, full+1<<12)
	for i, name := range t.Names() {
		out = AppendCell(comma(out, i), name)
	}
	out = append(out, '\n')
	for r := range t.Rows {
		start := len(out)
		for i := range t.Columns {
			out = t.Columns[i].append(comma(out, i), r)
		}
		if len(out) == start && len(t.Columns) == 1 {
			out = append(out, "NA"...) // an empty line would be skipped when read again
		}
		if out = append(out, '\n'); len(out) >= full {
			if _, err := w.Write(out); err != nil {
				return err
			}
			out = out[:0]
		}
	}
	_, err := w.Write(out)
	return err
}

// comma parts the cell i from the one before it.
func comma(dst []byte, i int) []byte {
	if i == 0 {
		return dst
	}
	return append(dst, ',')
}
