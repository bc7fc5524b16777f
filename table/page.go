package table

import (
	"math"
	"slices"
)

// page is the records of one text, typed apart from those of the others, so that several can be at once. It knows the kinds
// settled so far. What is not plain (an error, above all) makes it give up: builder then types the text in its place.
type page struct {
	scanner scanner
	stops   stops
	columns []pageColumn
	rows    int
	lines   []lineStep // lines counted from 0 at the text's first
}

// pageColumn is one column of a page. Text is interned apart from the builder's, its levels in order of appearance.
type pageColumn struct {
	kind    Kind // Number, or "" for all that is kept as text
	skip    bool
	keep    bool
	plain   bool // numbers that are not kept as text
	numbers []float64
	codes   []uint32
	full    int // cells that are not missing
	levels  []string
	index   map[string]uint32
	kept    []byte // the kept cells one behind the other
	ends    []int  // of the kept cells
}

// reset empties the page for a text to be read as b stands.
func (p *page) reset(b *builder) {
	if p.columns == nil {
		p.columns = make([]pageColumn, len(b.columns))
	}
	p.scanner.file = b.table.Name
	for i := range p.columns {
		c, of := &p.columns[i], &b.columns[i]
		c.kind, c.skip, c.keep = "", of.skip, of.keep >= 0
		if of.Kind == Number {
			c.kind = Number
		}
		c.plain = c.kind == Number && !c.keep
		c.codes, c.full, c.levels = c.codes[:0], 0, nil
		c.kept, c.ends = c.kept[:0], c.ends[:0]
		clear(c.index)
	}
	p.rows, p.lines = 0, p.lines[:0]
}

// read types the records of t; false says that it gave up.
func (p *page) read(t *text) bool {
	if t.long {
		return false
	}
	s := &p.scanner
	s.over(t, 0)
	p.stops.seek(t.buf, 0)
	var step lineStep
	for from := 0; s.skipEmpty(); from = s.pos {
		if s.pos > from {
			p.stops.seek(t.buf, s.pos)
		}
		if p.rows == 0 || s.next != step.line+p.rows-step.row {
			step = lineStep{p.rows, s.next}
			p.lines = append(p.lines, step)
		}
		if p.rows%256 == 0 {
			p.room(p.rows + 256)
		}
		s.scratch = s.scratch[:0]
		if !p.record(t.buf) {
			return false
		}
		p.rows++
	}
	return true
}

// room makes every column of numbers take rows rows.
func (p *page) room(rows int) {
	for i := range p.columns {
		if c := &p.columns[i]; c.kind == Number && len(c.numbers) < rows {
			c.numbers = append(c.numbers, make([]float64, max(rows, 2*len(c.numbers))-len(c.numbers))...)
		}
	}
}

// record types the next record. A cell that ends at the next stop is read where it stands; the scanner cuts out another.
func (p *page) record(b []byte) bool {
	s, at, last := &p.scanner, p.scanner.pos, len(p.columns)-1
	for i := range p.columns {
		c, stop := &p.columns[i], p.stops.next(b)
		k := b[stop]
		if k != ',' && k != '\n' {
			s.pos = at
			cell, ends, err := s.cell()
			if err != nil || ends != (i == last) || !c.cell(cell, p.rows) {
				return false
			}
			at = s.pos
			p.stops.seek(b, at)
			continue
		}
		if (k == '\n') != (i == last) {
			return false
		}
		v, ok := 0.0, false
		if c.plain {
			v, ok = short(b, at, stop)
		}
		if ok {
			c.numbers[p.rows] = v
		} else if !c.longer(b, at, stop, p.rows) {
			return false
		}
		if at = stop + 1; k == '\n' {
			s.pos = at
			s.next++
		}
	}
	return true
}

// cell types one cell; false says that it is not as it should be.
func (c *pageColumn) cell(raw []byte, row int) bool {
	if c.keep {
		if !isUTF8(raw) {
			return false
		}
		c.kept = append(c.kept, raw...)
		c.ends = append(c.ends, len(c.kept))
	}
	cell := trim(raw)
	switch {
	case c.skip:
		return isUTF8(cell)
	case c.kind == Number:
		v, f := math.NaN(), isNumber
		if !missing(cell) {
			v, f = number(cell)
		}
		c.numbers[row] = v
		return f == isNumber
	case missing(cell):
		c.codes = append(c.codes, 0)
		return true
	}
	return c.intern(cell)
}

func (c *pageColumn) intern(cell []byte) bool {
	code, known := c.index[string(cell)]
	if !known {
		if !isUTF8(cell) {
			return false
		}
		if c.index == nil {
			c.index = map[string]uint32{}
		}
		level := string(cell)
		c.levels = append(c.levels, level)
		code = uint32(len(c.levels))
		c.index[level] = code
	}
	c.codes = append(c.codes, code)
	c.full++
	return true
}

// fits reports whether the page was read as b, which has come on since, would have read it.
func (b *builder) fits(p *page) bool {
	for i := range b.columns {
		c, of := &p.columns[i], &b.columns[i]
		if (c.kind == Number) != (of.Kind == Number) || of.Kind == "" && !of.skip && of.full+c.full >= settleAfter {
			return false
		}
	}
	return true
}

// absorb appends the page, whose text begins on line.
func (b *builder) absorb(p *page, line int) {
	t := b.table
	for _, step := range p.lines {
		t.mark(t.Rows+step.row, line+step.line)
	}
	for i := range b.columns {
		c, of := &p.columns[i], &b.columns[i]
		if of.keep >= 0 {
			t.kept[of.keep].keep(c)
		}
		switch {
		case of.skip:
		case of.Kind == Number:
			of.numbers.extend(c.numbers[:p.rows])
		default:
			of.take(c)
		}
	}
	t.Rows += p.rows
}

// take appends the codes of a page's column as those of the table's levels.
func (c *columnBuilder) take(p *pageColumn) {
	codes := make([]uint32, len(p.levels)+1)
	for i, level := range p.levels {
		codes[i+1] = c.code(level)
	}
	for i, code := range p.codes {
		p.codes[i] = codes[code]
	}
	c.codes.extend(p.codes)
	c.full += p.full
}

// keep appends the cells that p kept.
func (c *Column) keep(p *pageColumn) {
	c.levels = slices.Grow(c.levels, len(p.ends))
	all, start := string(p.kept), 0
	for _, end := range p.ends {
		c.levels = append(c.levels, all[start:end])
		c.codes.add(uint32(len(c.levels)))
		start = end
	}
}

// longer types the cell b[at:stop], which is no short number.
func (c *pageColumn) longer(b []byte, at, stop, row int) bool {
	if c.plain && stop-at > 8 {
		if v, ok := long(b, at, stop); ok {
			c.numbers[row] = v
			return true
		}
	}
	return c.cell(b[at:stop], row)
}
