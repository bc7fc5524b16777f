package table

import (
	"math"
	"slices"

	"gradus/internal/say"
	"gradus/mat"
)

// Doubt is what makes a value unlike the training part.
type Doubt string

// The doubts a row can raise; it is prepared all the same.
const (
	WasMissing   Doubt = "missing"       // the median, or no level, stands in
	UnknownLevel Doubt = "unknown_level" // a level that training did not know by name
	OutOfRange   Doubt = "out_of_range"  // below or above every training value
)

// Warning is one doubt about one value.
type Warning struct {
	Row    int // counted from 0
	Column string
	Doubt  Doubt
	Level  string  // of UnknownLevel
	Value  float64 // of OutOfRange, with the training range
	Low    float64
	High   float64
}

// In is the warning's sentence in lang, without the row.
func (w Warning) In(lang say.Lang) string {
	switch w.Doubt {
	case UnknownLevel:
		return say.Text(lang, "table.warn_unknown_level", "column", shown(w.Column), "value", shown(w.Level))
	case OutOfRange:
		return say.Text(lang, "table.warn_out_of_range", "column", shown(w.Column), "value", w.Value, "low", w.Low, "high", w.High)
	}
	return say.Text(lang, "table.warn_missing", "column", shown(w.Column))
}

// Bound is a Preparation laid over the columns of one table; it is read-only and can be shared.
type Bound struct {
	p       *Preparation
	inputs  []boundInput
	width   int
	ignored []string
}

type boundInput struct {
	*Input
	column *Column
	at     int            // place of the first feature
	slots  []int          // of a column of text: place of the indicator by code, -1 for none
	places map[string]int // of a category that the table holds as numbers: place by level
}

// Bind checks that tbl fits and finds its columns. A column that is not there is an error that names it and the nearest one
// of the table; text where a number is expected is one that names row, column and value.
func (p *Preparation) Bind(tbl *Table) (*Bound, error) {
	b := &Bound{p: p, inputs: make([]boundInput, len(p.Inputs))}
	for i := range p.Inputs {
		in := &p.Inputs[i]
		c := tbl.Column(in.Name)
		if c == nil {
			return nil, p.lacks(tbl, in.Name)
		}
		bi := boundInput{Input: in, column: c, at: b.width}
		if in.Kind == Number && c.Kind != Number && c.Kind != Empty {
			return nil, notNumbers(tbl, c)
		}
		if in.Kind == Category {
			bi.place()
		}
		b.inputs[i] = bi
		b.width += in.width()
	}
	for _, name := range append(tbl.Names(), tbl.Ignored...) {
		if name != p.Target && !p.knows(name) {
			b.ignored = append(b.ignored, name)
		}
	}
	return b, nil
}

func (p *Preparation) knows(name string) bool {
	return slices.ContainsFunc(p.Inputs, func(in Input) bool { return in.Name == name }) ||
		slices.ContainsFunc(p.Left, func(l Left) bool { return l.Name == name })
}

// lacks words the error of a missing column; the nearest name is sought among those the preparation does not know.
func (p *Preparation) lacks(tbl *Table, name string) error {
	var free []string
	for _, n := range append(tbl.Names(), tbl.Ignored...) {
		if !p.knows(n) && n != p.Target {
			free = append(free, n)
		}
	}
	if len(free) == 0 {
		return say.Error("table.lacks_column", "file", tbl.Name, "column", shown(name))
	}
	return say.Error("table.renamed_column", "file", tbl.Name, "column", shown(name), "nearest", shown(say.Nearest(name, free)))
}

// notNumbers words the error of the first text in a column that should hold numbers.
func notNumbers(tbl *Table, c *Column) error {
	for r := range tbl.Rows {
		text := c.Text(r)
		if text == "" {
			continue
		}
		if _, f := number([]byte(text)); f != isNumber {
			return say.Error("table.text_in_number", "file", tbl.Name, "row", r+1, "line", tbl.Line(r), "column", shown(c.Name), "value", shown(text))
		}
	}
	return say.Error("table.read_as_text", "file", tbl.Name, "column", shown(c.Name))
}

// place finds the indicator of each level.
func (bi *boundInput) place() {
	places := make(map[string]int, len(bi.Levels))
	for i, l := range bi.Levels {
		places[l] = bi.at + i
	}
	if bi.column.Kind == Number {
		bi.places = places
		return
	}
	bi.slots = make([]int, len(bi.column.levels))
	for code, l := range bi.column.levels {
		if at, known := places[l]; known {
			bi.slots[code] = at
		} else {
			bi.slots[code] = -1
		}
	}
}

// Check reports whether tbl can be prepared, as Bind does; the notes name its extra columns.
func (p *Preparation) Check(tbl *Table) ([]Note, error) {
	b, err := p.Bind(tbl)
	if err != nil {
		return nil, err
	}
	return b.Notes(), nil
}

// Notes says which columns of the table are extra and ignored.
func (b *Bound) Notes() []Note {
	var n notes
	if len(b.ignored) > 0 {
		n.text("table.note_extra", "columns", brief(b.ignored))
	}
	return n
}

// Width is how many features a row becomes.
func (b *Bound) Width() int { return b.width }

// Fill writes the features of the rows from start on to x (n,Width) and appends their doubts to warnings, by row and column,
// which it returns. It allocates nothing while warnings has room.
func (b *Bound) Fill(x mat.Matrix[float32], start int, warnings []Warning) []Warning {
	if x.Cols != b.width {
		panic("table: Fill: x is not Width wide")
	}
	clear(x.Data)
	old, sorted := len(warnings), true
	for i := range b.inputs {
		n := len(warnings)
		if bi := &b.inputs[i]; bi.Kind == Number {
			warnings = b.numbers(bi, x, start, warnings)
		} else {
			for r := range x.Rows {
				warnings = bi.category(x.Row(r), start+r, warnings)
			}
		}
		sorted = sorted && (n == old || len(warnings) == n)
	}
	if !sorted {
		slices.SortStableFunc(warnings[old:], func(a, b Warning) int { return a.Row - b.Row })
	}
	return warnings
}

// numbers fills in the features of one column of numbers.
func (b *Bound) numbers(bi *boundInput, x mat.Matrix[float32], start int, warnings []Warning) []Warning {
	if bi.column.Kind != Number {
		for r := range x.Rows {
			warnings = bi.doubt(x.Row(r), start+r, math.NaN(), warnings)
			b.standardise(bi, x.Data[r*x.Cols:], bi.Median)
		}
		return warnings
	}
	for done := 0; done < x.Rows; {
		values := bi.column.numbers.from(start + done)
		values = values[:min(len(values), x.Rows-done)]
		for r, v := range values {
			dst := x.Data[(done+r)*x.Cols:]
			if !(v >= bi.Low && v <= bi.High) {
				warnings = bi.doubt(dst, start+done+r, v, warnings)
				if v != v {
					v = bi.Median
				}
			}
			b.standardise(bi, dst, v)
		}
		done += len(values)
	}
	return warnings
}

// standardise writes v's feature to its place in the row dst.
func (b *Bound) standardise(bi *boundInput, dst []float32, v float64) {
	if bi.SD > 0 {
		z := bi.Z(v)
		if b.p.Clip > 0 {
			z = min(max(z, -b.p.Clip), b.p.Clip)
		}
		dst[bi.at] = float32(min(max(z, -math.MaxFloat32), math.MaxFloat32))
	}
}

// doubt notes that v is missing or out of the training range, and fills in the indicator of the former.
func (bi *boundInput) doubt(dst []float32, row int, v float64, warnings []Warning) []Warning {
	if v == v {
		return append(warnings, Warning{Row: row, Column: bi.Name, Doubt: OutOfRange, Value: v, Low: bi.Low, High: bi.High})
	}
	if bi.Missing {
		dst[bi.at+bi.width()-1] = 1
	}
	return append(warnings, Warning{Row: row, Column: bi.Name, Doubt: WasMissing})
}

func (bi *boundInput) category(dst []float32, row int, warnings []Warning) []Warning {
	if bi.column.Missing(row) {
		if bi.Missing {
			dst[bi.at+bi.width()-1] = 1
		}
		return append(warnings, Warning{Row: row, Column: bi.Name, Doubt: WasMissing})
	}
	at := -1
	if bi.places == nil {
		if code := bi.column.Code(row); code < len(bi.slots) { // a sheet learns levels after it was bound
			at = bi.slots[code]
		}
	} else if place, known := bi.places[bi.column.Text(row)]; known {
		at = place
	}
	if at >= 0 {
		dst[at] = 1
		return warnings
	}
	if bi.Other {
		dst[bi.at+len(bi.Levels)] = 1
	}
	return append(warnings, Warning{Row: row, Column: bi.Name, Doubt: UnknownLevel, Level: bi.column.Text(row)})
}

// Apply prepares the given rows of tbl, all where rows is nil: a matrix (rows, Width) and the doubts in row order.
func (p *Preparation) Apply(tbl *Table, rows []int) (mat.Matrix[float32], []Warning, error) {
	b, err := p.Bind(tbl)
	if err != nil {
		return mat.Matrix[float32]{}, nil, err
	}
	n := tbl.Rows
	if rows != nil {
		n = len(rows)
	}
	m := mat.New[float32](n, b.width)
	if rows == nil {
		return m, b.Fill(m, 0, nil), nil
	}
	var warnings []Warning
	for i, row := range rows {
		warnings = b.Fill(mat.Matrix[float32]{Rows: 1, Cols: m.Cols, Data: m.Row(i)}, row, warnings)
	}
	return m, warnings, nil
}
