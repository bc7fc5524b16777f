package table

import (
	"math"
	"slices"
)

// Kind is what a column holds.
type Kind string

// The kinds of column.
const (
	Number   Kind = "number"   // every cell that is not missing is a finite number
	Category Kind = "category" // text, each different one a level
	Date     Kind = "date"     // text, every level a date
	Empty    Kind = "empty"    // no cell holds anything
)

// chunkRows is how many rows share one piece of memory: a column never doubles and is never copied to grow.
const chunkRows = 8192

// chunks is a list that grows without moving what it holds.
type chunks[T any] struct {
	list [][]T
	n    int
}

func (c *chunks[T]) add(v T) {
	last := len(c.list) - 1
	if c.n%chunkRows == 0 {
		var piece []T
		if c.n > 0 {
			piece = make([]T, 0, chunkRows) // the first piece grows, so a small table stays small
		}
		c.list = append(c.list, piece)
		last++
	}
	c.list[last] = append(c.list[last], v)
	c.n++
}

// extend adds all of values.
func (c *chunks[T]) extend(values []T) {
	for len(values) > 0 {
		if c.n%chunkRows == 0 {
			c.add(values[0])
			values = values[1:]
			continue
		}
		last := &c.list[len(c.list)-1]
		n := min(len(values), chunkRows-len(*last))
		*last = append(*last, values[:n]...)
		c.n += n
		values = values[n:]
	}
}

// over is a list that looks at values, without a copy.
func over[T any](values []T) chunks[T] {
	return chunks[T]{slices.Collect(slices.Chunk(values, chunkRows)), len(values)}
}

func (c *chunks[T]) at(i int) T { return c.list[i/chunkRows][i%chunkRows] }

// from is the values from i on that lie in one piece.
func (c *chunks[T]) from(i int) []T { return c.list[i/chunkRows][i%chunkRows:] }

// Column is one typed column of a Table.
type Column struct {
	Name    string
	Kind    Kind
	numbers chunks[float64] // Number: NaN where missing
	codes   chunks[uint32]  // the other kinds: 0 where missing, else the level's place counted from 1
	levels  []string        // in order of appearance
}

// Number is the value at row, NaN where it is missing or the column is not of numbers.
func (c *Column) Number(row int) float64 {
	if c.Kind != Number {
		return math.NaN()
	}
	return c.numbers.at(row)
}

// Span is the values of a column of numbers from row on, NaN where missing, as many as lie in one piece. They are the column's own, to
// be read only.
func (c *Column) Span(row int) []float64 { return c.numbers.from(row) }

// Code is the place in Levels of the level at row, -1 where it is missing or the column is of numbers.
func (c *Column) Code(row int) int {
	if c.Kind == Number {
		return -1
	}
	return int(c.codes.at(row)) - 1
}

// Missing reports whether the cell at row is missing.
func (c *Column) Missing(row int) bool {
	if c.Kind == Number {
		return math.IsNaN(c.numbers.at(row))
	}
	return c.codes.at(row) == 0
}

// Text is the cell at row as it is written out: a number in its shortest form, "" where missing.
func (c *Column) Text(row int) string {
	switch {
	case c.Missing(row):
		return ""
	case c.Kind == Number:
		return Format(c.numbers.at(row))
	}
	return c.levels[c.codes.at(row)-1]
}

// Levels lists the different texts of a column in order of appearance; it is empty for numbers.
func (c *Column) Levels() []string { return slices.Clone(c.levels) }

// Numbers copies the values of the given rows, of all where rows is nil.
func (c *Column) Numbers(rows []int) []float64 {
	if rows == nil {
		out := make([]float64, 0, c.numbers.n)
		for _, piece := range c.numbers.list {
			out = append(out, piece...)
		}
		return out
	}
	out := make([]float64, len(rows))
	for i, r := range rows {
		out[i] = c.Number(r)
	}
	return out
}

// pick copies the given rows; levels that none of them has are kept.
func (c *Column) pick(rows []int) Column {
	out := Column{Name: c.Name, Kind: c.Kind, levels: c.levels}
	for _, r := range rows {
		if c.Kind == Number {
			out.numbers.add(c.numbers.at(r))
		} else {
			out.codes.add(c.codes.at(r))
		}
	}
	return out
}

// Format writes a number in the shortest form that reads back the same.
func Format(v float64) string { return string(AppendNumber(nil, v)) }
