package pipe

import (
	"encoding/binary"
	"math"

	"gradus/internal/say"
	"gradus/table"
)

// named is what messages call a table that has no file.
const named = "data"

// rowsMost and columnsMost bound what a head may claim.
const (
	rowsMost    = 1 << 31
	columnsMost = 1 << 16
)

// columns describes a table; its cells are the body: the matrix of the columns of numbers, then the codes (int32) of each column of text in
// order, then the target's numbers (float64) or codes.
type columns struct {
	Rows    int      `json:"rows"`
	Columns []column `json:"columns"`
	DType   string   `json:"dtype"` // of the matrix: float64 or float32
	Order   string   `json:"order"` // of the matrix: C (row by row) or F
	Target  *column  `json:"target"`
}

// column is one column; levels make it one of text.
type column struct {
	Name     string   `json:"name"`
	Levels   []string `json:"levels"`
	Category bool     `json:"category"` // its levels are no numbers and no dates, whatever they look like
}

// table takes the cells of the body; of kinds see table.Options.
func (c *columns) table(body []byte, kinds map[string]table.Kind) (*table.Table, error) {
	numbers, err := c.check(len(body))
	if err != nil {
		return nil, err
	}
	wide := 8
	if c.DType == "float32" {
		wide = 4
	}
	matrix, rest := body[:c.Rows*numbers*wide], body[c.Rows*numbers*wide:]
	list := make([]table.Cells, 0, len(c.Columns)+1)
	for i, at := 0, 0; i < len(c.Columns); i++ {
		cells := table.Cells{Name: c.Columns[i].Name, Levels: c.Columns[i].Levels, Category: c.Columns[i].Category}
		if cells.Levels == nil {
			cells.Numbers = c.numbers(matrix, wide, at, numbers)
			at++
		} else {
			cells.Codes, rest = codes(rest, c.Rows)
		}
		list = append(list, cells)
	}
	if t := c.Target; t != nil {
		cells := table.Cells{Name: t.Name, Levels: t.Levels, Category: true, Exact: true}
		if t.Levels == nil {
			cells.Numbers = (&columns{Rows: c.Rows, DType: "float64"}).numbers(rest, 8, 0, 1)
		} else {
			cells.Codes, _ = codes(rest, c.Rows)
		}
		list = append(list, cells)
	}
	return table.FromCells(named, c.Rows, list, table.Options{Kinds: kinds})
}

// check compares what the head claims with the bytes that are there, and counts the columns of numbers.
func (c *columns) check(have int) (numbers int, err error) {
	wide := map[string]int{"float64": 8, "float32": 4}[c.DType]
	switch {
	case c.Rows < 1 || c.Rows > rowsMost:
		return 0, say.Error("pipe.value", "part", "rows", "value", c.Rows, "allowed", "1 … 2147483648")
	case len(c.Columns) > columnsMost:
		return 0, say.Error("pipe.value", "part", "columns", "value", len(c.Columns), "allowed", "0 … 65536")
	case wide == 0:
		return 0, say.Error("pipe.value", "part", "dtype", "value", c.DType, "allowed", "float64, float32")
	case c.Order != "C" && c.Order != "F":
		return 0, say.Error("pipe.value", "part", "order", "value", c.Order, "allowed", "C, F")
	}
	cells := 0 // bytes of a row
	for _, l := range c.Columns {
		if l.Levels == nil {
			numbers++
			cells += wide
		} else {
			cells += 4
		}
	}
	if t := c.Target; t != nil {
		cells += 4
		if t.Levels == nil {
			cells += 4
		}
	}
	if want := c.Rows * cells; want != have { // at most 2³¹·(2¹⁶+1)·8
		return 0, say.Error("pipe.bytes", "found", have, "want", want)
	}
	return numbers, nil
}

// numbers is column at of the matrix of so many columns.
func (c *columns) numbers(matrix []byte, wide, at, columns int) []float64 {
	step := wide
	start := at * c.Rows * wide
	if c.Order == "C" {
		start, step = at*wide, columns*wide
	}
	out := make([]float64, c.Rows)
	for r := range out {
		b := matrix[start+r*step:]
		if wide == 8 {
			out[r] = math.Float64frombits(binary.LittleEndian.Uint64(b))
		} else {
			out[r] = float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
		}
	}
	return out
}

// codes cuts rows codes off the front.
func codes(b []byte, rows int) (list []int32, rest []byte) {
	list = make([]int32, rows)
	for r := range list {
		list[r] = int32(binary.LittleEndian.Uint32(b[4*r:]))
	}
	return list, b[4*rows:]
}

// bytesOf are numbers as the body of an answer.
func bytesOf(b []byte, v []float64) []byte {
	for _, x := range v {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}
