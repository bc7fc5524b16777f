package perceptron

import (
	"math/bits"
	"strings"

	"gradus/internal/say"
)

// MaxInputs is the most inputs a truth table may have.
const MaxInputs = 4

// Table is a truth table: what is wanted for every row of inputs 0 and 1. Row r has the binary digits of r as its inputs, the
// first input the highest: 00, 01, 10, 11. Make one with ParseTable, Parity or TableOf.
type Table struct {
	inputs  int
	outputs uint16 // bit r is the output of row r
}

// ParseTable reads AND, OR, NAND or XOR, of two inputs or of as many as a digit behind it says (XOR3 is the parity of three), or
// the outputs of all rows as zeros and ones: 0110 is XOR.
func ParseTable(text string) (Table, error) {
	word := strings.ToUpper(strings.TrimSpace(text))
	if strings.Trim(word, "01") == "" {
		return parseOutputs(text, word)
	}
	name, inputs := word, 2
	if last := word[len(word)-1]; last >= '1' && last <= '0'+MaxInputs {
		name, inputs = word[:len(word)-1], int(last-'0')
	}
	all := uint16(1)<<(1<<inputs) - 1
	top := uint16(1) << (1<<inputs - 1)
	switch name {
	case "AND":
		return Table{inputs, top}, nil
	case "OR":
		return Table{inputs, all - 1}, nil
	case "NAND":
		return Table{inputs, all - top}, nil
	case "XOR":
		return Parity(inputs), nil
	}
	known := append(Gates(), "XOR")
	return Table{}, say.Error("perceptron.table", "text", text, "nearest", say.Nearest(text, known))
}

func parseOutputs(text, digits string) (Table, error) {
	inputs := bits.Len(uint(len(digits))) - 1
	if inputs < 1 || inputs > MaxInputs || len(digits) != 1<<inputs {
		return Table{}, say.Error("perceptron.rows", "text", text, "rows", len(digits))
	}
	t := Table{inputs: inputs}
	for r, d := range digits {
		t.outputs |= uint16(d-'0') << r
	}
	return t, nil
}

// TableOf is the table of 1 to MaxInputs inputs whose row r has bit r of outputs.
func TableOf(inputs int, outputs uint16) Table {
	inputs = min(max(inputs, 1), MaxInputs)
	return Table{inputs, outputs & (uint16(1)<<(1<<inputs) - 1)}
}

// Parity is the XOR of all inputs: 1 where an odd number of them is 1.
func Parity(inputs int) Table {
	var outputs uint16
	for r := range 1 << min(inputs, MaxInputs) {
		outputs |= uint16(bits.OnesCount(uint(r))&1) << r
	}
	return TableOf(inputs, outputs)
}

// Inputs is the number of inputs.
func (t Table) Inputs() int { return t.inputs }

// Rows is the number of rows, 2 to the number of inputs.
func (t Table) Rows() int { return 1 << t.inputs }

// Output is what is wanted for row r, 0 or 1.
func (t Table) Output(r int) int { return int(t.outputs >> r & 1) }

// X is the inputs of row r.
func (t Table) X(r int) []float64 {
	x := make([]float64, t.inputs)
	for i := range x {
		x[i] = float64(t.bit(r, i))
	}
	return x
}

// bit is input i of row r.
func (t Table) bit(r, i int) int { return r >> (t.inputs - 1 - i) & 1 }

// String is the outputs of all rows, such as 0110.
func (t Table) String() string {
	var b strings.Builder
	for r := range t.Rows() {
		b.WriteByte('0' + byte(t.Output(r)))
	}
	return b.String()
}
