package perceptron

import (
	"slices"
	"strings"
	"testing"
)

func TestParseTable(t *testing.T) {
	for text, want := range map[string]string{
		"AND": "0001", "or": "0111", "Nand": "1110", " XOR ": "0110", "0110": "0110", "01": "01", "AND1": "01", "XOR1": "01",
		"AND3": "00000001", "XOR3": "01101001", "NAND3": "11111110", "OR4": "0111111111111111",
		"XOR4": "0110100110010110", "1000000000000001": "1000000000000001",
	} {
		table, err := ParseTable(text)
		if err != nil || table.String() != want {
			t.Errorf("%q: %v, want %s (%v)", text, table, want, err)
		}
	}
}

func TestParseTableRefuses(t *testing.T) {
	for text, key := range map[string]string{
		"": "perceptron.rows", "0": "perceptron.rows", "011": "perceptron.rows", strings.Repeat("01", 16): "perceptron.rows",
		"XNOR": "perceptron.table", "XOR5": "perceptron.table", "0120": "perceptron.table", "AND 3": "perceptron.table",
		"논리곱": "perceptron.table", "\xff": "perceptron.table",
	} {
		_, err := ParseTable(text)
		wants(t, err, key)
	}
	if _, err := ParseTable("NADN"); !strings.Contains(err.Error(), "NAND") {
		t.Error(err)
	}
}

// The first input is the highest digit: row 1 of two inputs is x₁ = 0, x₂ = 1, as the deck lists them.
func TestRowsAreInTheDecksOrder(t *testing.T) {
	table := TableOf(2, 0b1000)
	for r, want := range [][]float64{{0, 0}, {0, 1}, {1, 0}, {1, 1}} {
		if !slices.Equal(table.X(r), want) {
			t.Errorf("row %d is %v, want %v", r, table.X(r), want)
		}
	}
	if table.String() != "0001" || table.Inputs() != 2 || table.Rows() != 4 {
		t.Error(table)
	}
}

func TestTableOfHoldsItsSize(t *testing.T) {
	for inputs, want := range map[int]string{-1: "11", 0: "11", 1: "11", 2: "1111", 9: strings.Repeat("1", 16)} {
		if got := TableOf(inputs, 0xffff).String(); got != want {
			t.Errorf("%d inputs: %s", inputs, got)
		}
	}
}

func FuzzParseTable(f *testing.F) {
	for _, s := range []string{"AND", "xor3", "0110", "01", "", "0120", "NAND9", "\xff\x00", "１０"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		table, err := ParseTable(text)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without a sentence")
			}
			return
		}
		again, err := ParseTable(table.String())
		if err != nil || again != table {
			t.Errorf("%q became %v, read again %v (%v)", text, table, again, err)
		}
	})
}
