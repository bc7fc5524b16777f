package perceptron

import (
	"iter"
	"math/bits"
)

// Proof says of a truth table whether a perceptron can make it, with the evidence: a line that makes it, or a weight on every row
// that no line can get round.
//
// The second kind: with the weights m, the rows that want 1 and the rows that want 0 have the same weighted sum of inputs and the
// same total, Σ₁ m·(x,1) = Σ₀ m·(x,1): their centres of gravity are one point, Meet. A line with w·x + b ≥ 0 on all the ones and < 0
// on all the zeros would be ≥ 0 and < 0 there.
type Proof struct {
	Table     Table
	Separable bool
	Line      Perceptron // where Separable: whole numbers
	Weights   []int      // where not: m (rows), ≥ 0, not all 0
	Meet      []float64  // where not: the point (inputs) in the hull of the ones and of the zeros
}

// Prove decides exactly, in whole numbers (α = 1), whether a line makes the table: Rosenblatt's rule run to its end. Where a line exists the
// rule finds one after finitely many mistakes (Novikoff 1962). Where none does, its weights stay bounded (Block and Levin 1970),
// so they return to where they were; the mistakes of that round add up to nothing, and their counts are the weights of the proof.
func Prove(t Table) Proof {
	var s state
	seen := map[state]bool{}
	for {
		seen[s] = true
		if !s.epoch(t, nil) {
			return Proof{Table: t, Separable: true, Line: s.perceptron(t)}
		}
		if !seen[s] {
			continue
		}
		m := make([]int, t.Rows())
		for start := s; s.epoch(t, m) && s != start; {
		}
		return Proof{Table: t, Weights: reduce(m), Meet: centre(t, m)}
	}
}

// epoch shows every row once, counts the mistakes of each row in m if there is one, and reports whether there were any.
func (s *state) epoch(t Table, m []int) (mistaken bool) {
	for r := range t.Rows() {
		if _, err := s.see(t, r, 1); err != 0 {
			mistaken = true
			if m != nil {
				m[r]++
			}
		}
	}
	return mistaken
}

// reduce divides by the greatest common divisor.
func reduce(m []int) []int {
	var g int
	for _, v := range m {
		for v != 0 {
			g, v = v, g%v
		}
	}
	for r := range m {
		m[r] /= g
	}
	return m
}

// centre is the centre of gravity of the rows that want 1.
func centre(t Table, m []int) []float64 {
	var total int
	sum := make([]int, t.inputs)
	for r, v := range m {
		if t.Output(r) == 1 {
			total += v
			for i := range sum {
				sum[i] += v * t.bit(r, i)
			}
		}
	}
	at := make([]float64, t.inputs)
	for i, v := range sum {
		at[i] = float64(v) / float64(total)
	}
	return at
}

// Holds checks the evidence by itself, in whole numbers, without looking at how it was found.
func (p Proof) Holds() bool {
	if p.Separable {
		return p.lineHolds()
	}
	var sum [MaxInputs + 1]int
	var total int
	for r, m := range p.Weights {
		if m < 0 {
			return false
		}
		total += m
		sign := 2*p.Table.Output(r) - 1
		for i := range p.Table.inputs {
			sum[i] += sign * m * p.Table.bit(r, i)
		}
		sum[MaxInputs] += sign * m
	}
	return len(p.Weights) == p.Table.Rows() && total > 0 && sum == [MaxInputs + 1]int{}
}

func (p Proof) lineHolds() bool {
	if len(p.Line.W) != p.Table.inputs {
		return false
	}
	for r := range p.Table.Rows() {
		o := p.Line.B
		for i, w := range p.Line.W {
			o += float64(w * float64(p.Table.bit(r, i))) // exact: small whole numbers
		}
		if (o >= 0) != (p.Table.Output(r) == 1) {
			return false
		}
	}
	return true
}

// Dichotomies yields a proof for every truth table of 1 to MaxInputs inputs: every sign pattern that a line can make, with a line,
// and every one that none can, with the reason. 14 of the 16 patterns of two inputs are lines.
func Dichotomies(inputs int) iter.Seq[Proof] {
	return func(yield func(Proof) bool) {
		rows := TableOf(inputs, 0).Rows()
		for outputs := range 1 << rows {
			if !yield(Prove(TableOf(inputs, uint16(outputs)))) {
				return
			}
		}
	}
}

// Best is the nearest a line comes to the table: the proof of the table with the fewest rows changed that a line makes, and how many
// those are. Of XOR's four rows a line gets three.
func Best(t Table) (nearest Proof, wrong int) {
	for wrong = 0; ; wrong++ { // ends: the table of zeros is a line's
		for flips := range 1 << t.Rows() {
			if bits.OnesCount(uint(flips)) != wrong {
				continue
			}
			if p := Prove(TableOf(t.inputs, t.outputs^uint16(flips))); p.Separable {
				return p, wrong
			}
		}
	}
}
