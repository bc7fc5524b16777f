package table

import (
	"math"

	"gradus/internal/say"
)

// Cells are those of one column as another program holds them: numbers, NaN where one is missing, or text, the place of each row's level
// in Levels, below 0 where it is missing.
type Cells struct {
	Name    string
	Numbers []float64
	Levels  []string
	Codes   []int32
	// Category says that the levels are no numbers and no dates, whatever they look like; Exact also that none is a code for missing and
	// that each is its own, spaces and all.
	Category, Exact bool
}

// FromCells makes a table of columns of rows cells. Text is typed as the cells of a file are; Numbers must be finite or NaN. Of the options
// only Kinds counts, as in Read.
func FromCells(name string, rows int, list []Cells, opt Options) (*Table, error) {
	header := make([][]byte, len(list))
	for i := range list {
		header[i] = []byte(list[i].Name)
	}
	b, err := newBuilder(name, header, Options{Kinds: opt.Kinds})
	if err != nil {
		return nil, err
	}
	for i := range list {
		c := &b.columns[i]
		b.table.Rows = 0
		if err := b.known(c, &list[i]); err != nil {
			return nil, err
		}
		switch {
		case c.skip:
		case list[i].Codes == nil:
			err = b.numbers(c, list[i].Numbers)
		case list[i].Exact:
			c.Kind, c.forced, c.levels = Category, Category, list[i].Levels
			for _, code := range list[i].Codes {
				c.codes.add(uint32(code + 1))
			}
		default:
			err = b.texts(c, &list[i])
		}
		if err != nil {
			return nil, err
		}
	}
	b.table.Rows = rows
	return b.finish()
}

// known refuses a code that names no level.
func (b *builder) known(c *columnBuilder, cells *Cells) error {
	for row, code := range cells.Codes {
		if code < -1 || int(code) >= len(cells.Levels) {
			return say.Error("table.cell_code", "file", b.table.Name, "row", row+1, "column", shown(c.Name), "value", int(code), "levels", len(cells.Levels))
		}
	}
	return nil
}

// numbers fills a column; a column of numbers stays one where a category is looked for, which knows its levels by their shortest form.
func (b *builder) numbers(c *columnBuilder, values []float64) error {
	for row, v := range values {
		if math.IsInf(v, 0) {
			return b.bad(c, row, []byte(Format(v)), notFinite)
		}
	}
	c.Kind, c.forced, c.numbers = Number, Number, over(values)
	return nil
}

// texts fills a column cell by cell, as if they came from a file.
func (b *builder) texts(c *columnBuilder, cells *Cells) error {
	if cells.Category && c.forced == "" {
		c.forced = Category
	}
	levels := make([][]byte, len(cells.Levels)+1) // 0: missing
	for i, l := range cells.Levels {
		levels[i+1] = []byte(l)
	}
	for row, code := range cells.Codes {
		b.table.Rows = row
		if err := b.cell(c, levels[code+1]); err != nil {
			return err
		}
	}
	return nil
}
