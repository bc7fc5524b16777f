package perceptron

import (
	"math"
	"testing"
)

// The tables a line makes, of all tables of n inputs: 4, 14, 104, 1882 (Muroga, Threshold Logic and Its Applications, 1971; OEIS
// A000609). Every single proof, of either kind, is checked in whole numbers.
func TestEveryTableIsProven(t *testing.T) {
	for inputs, want := range []int{1: 4, 14, 104, 1882} {
		if inputs == 0 {
			continue
		}
		lines, all := 0, 0
		for p := range Dichotomies(inputs) {
			all++
			if p.Separable {
				lines++
			}
			if !p.Holds() {
				t.Fatalf("the proof of %v does not hold: %+v", p.Table, p)
			}
		}
		if lines != want || all != 1<<(1<<inputs) {
			t.Errorf("%d inputs: %d of %d tables are lines, want %d", inputs, lines, all, want)
		}
	}
}

// XOR by hand: both ones (01, 10) and both zeros (00, 11) have the middle (½, ½), so a line that is ≥ 0 on the ones and < 0 on the
// zeros would be both there.
func TestXORHasNoLine(t *testing.T) {
	p := Prove(Parity(2))
	if p.Separable || !p.Holds() {
		t.Fatalf("%+v", p)
	}
	for r, m := range p.Weights {
		if m != 1 {
			t.Errorf("row %d weighs %d, want 1", r, m)
		}
	}
	if len(p.Meet) != 2 || p.Meet[0] != 0.5 || p.Meet[1] != 0.5 {
		t.Errorf("the hulls meet at %v, want (½, ½)", p.Meet)
	}
	for p := range Dichotomies(2) {
		if text := p.Table.String(); p.Separable == (text == "0110" || text == "1001") {
			t.Errorf("%s: separable %v", text, p.Separable)
		}
	}
}

// The meeting point is the centre of the zeros too.
func TestHullsMeetInOnePoint(t *testing.T) {
	for p := range Dichotomies(3) {
		if p.Separable {
			continue
		}
		at, total := make([]float64, 3), 0.0
		for r, m := range p.Weights {
			if p.Table.Output(r) == 0 {
				total += float64(m)
				for i, x := range p.Table.X(r) {
					at[i] += float64(m) * x
				}
			}
		}
		for i := range at {
			if math.Abs(at[i]/total-p.Meet[i]) > 1e-15 {
				t.Errorf("%v: %v against %v", p.Table, at, p.Meet)
			}
		}
	}
}

// Holds refuses evidence that was tampered with.
func TestHoldsRefuses(t *testing.T) {
	xor, and := Prove(Parity(2)), Prove(Table{2, 0b1000})
	for name, p := range map[string]Proof{
		"no weights":      {Table: xor.Table},
		"weights of 0":    {Table: xor.Table, Weights: []int{0, 0, 0, 0}},
		"unequal weights": {Table: xor.Table, Weights: []int{1, 1, 2, 1}},
		"negative weight": {Table: xor.Table, Weights: []int{-1, -1, -1, -1}},
		"other table":     {Table: and.Table, Weights: xor.Weights},
		"wrong line":      {Table: xor.Table, Separable: true, Line: and.Line},
		"no line":         {Table: and.Table, Separable: true},
	} {
		if p.Holds() {
			t.Error(name, "holds")
		}
	}
}

// XOR: a line gets 3 of 4 (4-1-11). Parity of three: not 7 of 8, since one changed row leaves three faces of the cube that are XOR or
// its opposite; 6. A table of a line is its own best.
func TestBest(t *testing.T) {
	for text, want := range map[string]int{"XOR": 1, "1001": 1, "AND": 0, "0000": 0, "XOR3": 2} {
		table, err := ParseTable(text)
		if err != nil {
			t.Fatal(err)
		}
		p, wrong := Best(table)
		if wrong != want || !p.Separable || !p.Holds() {
			t.Errorf("%s: %d rows wrong, want %d", text, wrong, want)
		}
	}
}
