package table

import (
	"math"
	"slices"

	"gradus/internal/say"
)

// settleAfter is how many cells that are not missing decide whether a column is of numbers; until then they are kept as
// text. Text that turns up later in a column of numbers is an error.
const settleAfter = 10_000

// builder types records.
type builder struct {
	table   *Table
	columns []columnBuilder
}

// columnBuilder fills one column; undecided and text columns intern their levels.
type columnBuilder struct {
	Column
	forced Kind // the kind that Options.Kinds gave, "" where it is inferred
	skip   bool // not read
	keep   int  // place in Table.kept, -1 where not kept
	full   int  // cells that are not missing
	index  map[string]uint32
}

func newBuilder(file string, header [][]byte, opt Options) (*builder, error) {
	names, err := readHeader(file, header)
	if err != nil {
		return nil, err
	}
	b := &builder{table: &Table{Name: file}, columns: make([]columnBuilder, len(names))}
	for i, name := range names {
		c := &b.columns[i]
		c.Name, c.keep, c.index = name, -1, map[string]uint32{}
		c.forced = opt.Kinds[name]
		c.skip = opt.Kinds != nil && c.forced == ""
		if c.forced == Number {
			c.Kind = Number
		}
		if slices.Contains(opt.Keep, name) {
			c.keep = len(b.table.kept)
			b.table.kept = append(b.table.kept, Column{Name: name, Kind: Category})
		}
	}
	for _, name := range opt.Keep {
		if !slices.Contains(names, name) {
			return nil, say.Error("table.no_column", "file", file, "column", shown(name), "nearest", say.Nearest(name, names), "known", brief(names))
		}
	}
	return b, nil
}

// add types one record that begins on line.
func (b *builder) add(cells [][]byte, line int) error {
	t := b.table
	if len(cells) != len(b.columns) {
		return say.Error("table.ragged", "file", t.Name, "row", t.Rows+1, "line", line, "found", len(cells), "expected", len(b.columns))
	}
	t.mark(t.Rows, line)
	for i := range b.columns {
		if err := b.cell(&b.columns[i], cells[i]); err != nil {
			return err
		}
	}
	t.Rows++
	return nil
}

func (b *builder) cell(c *columnBuilder, raw []byte) error {
	if c.keep >= 0 {
		if !isUTF8(raw) {
			return b.bad(c, b.table.Rows, nil, isText)
		}
		kept := &b.table.kept[c.keep]
		kept.levels = append(kept.levels, string(raw))
		kept.codes.add(uint32(len(kept.levels)))
	}
	cell := trim(raw)
	switch {
	case c.skip:
		if !isUTF8(cell) {
			return b.bad(c, b.table.Rows, nil, isText)
		}
	case c.Kind == Number:
		v := math.NaN()
		if !missing(cell) {
			var f form
			if v, f = number(cell); f != isNumber {
				return b.bad(c, b.table.Rows, cell, f)
			}
		}
		c.numbers.add(v)
	case missing(cell):
		c.codes.add(0)
	default:
		return b.intern(c, cell)
	}
	return nil
}

// intern adds the code of a level to a column of text or one that is not decided yet.
func (b *builder) intern(c *columnBuilder, cell []byte) error {
	code, known := c.index[string(cell)]
	if !known {
		if !isUTF8(cell) {
			return b.bad(c, b.table.Rows, nil, isText)
		}
		code = c.code(string(cell))
	}
	c.codes.add(code)
	if c.full++; c.full == settleAfter && c.Kind == "" {
		return b.settle(c)
	}
	return nil
}

// code is the code of a level, a new one where it is not known.
func (c *columnBuilder) code(level string) uint32 {
	code, known := c.index[level]
	if !known {
		c.levels = append(c.levels, level)
		code = uint32(len(c.levels))
		c.index[level] = code
	}
	return code
}

// bad words the error of a cell: text or not finite in a column of numbers, or (nil cell) not UTF-8.
func (b *builder) bad(c *columnBuilder, row int, cell []byte, f form) error {
	t := b.table
	line, value := t.Line(row), shown(string(cell))
	switch {
	case cell == nil || !isUTF8(cell):
		return say.Error("table.encoding", "file", t.Name, "row", row+1, "line", line, "column", shown(c.Name))
	case f == notFinite:
		return say.Error("table.not_finite", "file", t.Name, "row", row+1, "line", line, "column", shown(c.Name), "value", value)
	}
	return say.Error("table.text_in_number", "file", t.Name, "row", row+1, "line", line, "column", shown(c.Name), "value", value)
}

// settle decides the kind from the cells so far: numbers only → Number; more than half numbers → the first other cell is
// an error; else text.
func (b *builder) settle(c *columnBuilder) error {
	if c.forced != "" {
		c.Kind = c.forced
		return nil
	}
	values, forms := make([]float64, len(c.levels)+1), make([]form, len(c.levels)+1)
	values[0] = math.NaN()
	for i, level := range c.levels {
		values[i+1], forms[i+1] = number([]byte(level))
	}
	numeric, other, first := 0, 0, -1
	for row := range c.codes.n {
		code := c.codes.at(row)
		if code == 0 {
			continue
		}
		if forms[code] != isText {
			numeric++
		}
		if forms[code] != isNumber {
			if other++; first < 0 {
				first = row
			}
		}
	}
	switch {
	case other == 0 && numeric == 0:
		c.Kind = Empty
	case other == 0:
		c.toNumbers(values)
	case 2*numeric > c.full:
		code := c.codes.at(first)
		return b.bad(c, first, []byte(c.levels[code-1]), forms[code])
	default:
		c.Kind = Category
	}
	return nil
}

// toNumbers turns interned text into its values.
func (c *columnBuilder) toNumbers(values []float64) {
	for row := range c.codes.n {
		c.numbers.add(values[c.codes.at(row)])
	}
	c.Kind, c.codes, c.levels, c.index = Number, chunks[uint32]{}, nil, nil
}

// finish settles what is left and hands the table over.
func (b *builder) finish() (*Table, error) {
	t := b.table
	if t.Rows == 0 {
		return nil, say.Error("table.header_only", "file", t.Name)
	}
	for i := range b.columns {
		c := &b.columns[i]
		if c.skip {
			t.Ignored = append(t.Ignored, c.Name)
			continue
		}
		if c.Kind == "" {
			if err := b.settle(c); err != nil {
				return nil, err
			}
		}
		if c.Kind == Category && c.forced == "" && !slices.ContainsFunc(c.levels, func(s string) bool { return !date(s) }) {
			c.Kind = Date
		}
		t.Columns = append(t.Columns, c.Column)
	}
	return t, nil
}
