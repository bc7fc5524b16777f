package table

import (
	"slices"
)

// Sheet is a table of the columns that a Preparation takes, for rows that a program holds already: cells are set in place, and the same
// memory serves again. A row in it is prepared as the same cells of a file are.
type Sheet struct {
	Table
	numbers [][]float64         // by input; nil of a category
	codes   [][]uint32          // by input; nil of a number
	known   []map[string]uint32 // by input: the code of a level of the preparation
	learnt  bool                // some column has levels beside those
}

// NewSheet makes room for up to rows rows of p's inputs.
func (p *Preparation) NewSheet(rows int) *Sheet {
	n := len(p.Inputs)
	s := &Sheet{Table: Table{Rows: rows, Columns: make([]Column, n)}, numbers: make([][]float64, n), codes: make([][]uint32, n), known: make([]map[string]uint32, n)}
	for i := range p.Inputs {
		in, c := &p.Inputs[i], &s.Columns[i]
		c.Name, c.Kind = in.Name, in.Kind
		if in.Kind == Number {
			s.numbers[i] = make([]float64, rows)
			c.numbers = over(s.numbers[i])
			continue
		}
		s.codes[i] = make([]uint32, rows)
		c.codes, c.levels = over(s.codes[i]), slices.Clone(in.Levels)
		s.known[i] = make(map[string]uint32, len(in.Levels))
		for code, l := range in.Levels {
			s.known[i][l] = uint32(code + 1)
		}
	}
	return s
}

// Begin makes the sheet one of rows rows, whose cells are yet to be set, and forgets the levels that only earlier rows had.
func (s *Sheet) Begin(rows int) {
	s.Rows = rows
	if !s.learnt {
		return
	}
	s.learnt = false
	for i := range s.Columns {
		c := &s.Columns[i]
		clear(c.levels[len(s.known[i]):])
		c.levels = c.levels[:len(s.known[i])]
	}
}

// Numbers are the live values of the input i, NaN where missing; nil of a category.
func (s *Sheet) Numbers(i int) []float64 { return s.numbers[i] }

// SetText sets a cell of the category i to what a file's cell would say: white space around it does not count, and a missing code is
// missing. It reports false of what no file may hold: bytes that are not UTF-8, or a zero.
func (s *Sheet) SetText(i, row int, cell []byte) bool {
	cell = trim(cell)
	if missing(cell) {
		s.codes[i][row] = 0
		return true
	}
	code, known := s.known[i][string(cell)]
	if !known {
		if !isUTF8(cell) {
			return false
		}
		c := &s.Columns[i]
		c.levels = append(c.levels, string(cell))
		code, s.learnt = uint32(len(c.levels)), true
	}
	s.codes[i][row] = code
	return true
}

// ParseNumber reads a number as a file's cell is read, with the bits of strconv.ParseFloat; false of what is no finite number.
func ParseNumber(b []byte) (float64, bool) {
	if len(b) == 0 {
		return 0, false
	}
	v, f := number(b)
	return v, f == isNumber
}
