package scene

import "math"

// Distinct leaves out the mistakes that cannot be told apart: with some numbers a wrong way comes to the right answer, or to the
// answer of another wrong way that stands before it.
func (e Exercise) Distinct() Exercise {
	all := e.Mistakes
	e.Mistakes = nil
	for _, m := range all {
		values, right := make([]float64, len(e.Fields)), true
		for i, f := range e.Fields {
			values[i] = f.right()
			if !math.IsNaN(m.Values[i]) {
				values[i] = m.Values[i]
			}
			right = right && f.holds(values[i])
		}
		seen := false
		for _, k := range e.Mistakes {
			seen = seen || e.matches(k, values)
		}
		if !right && !seen {
			e.Mistakes = append(e.Mistakes, m)
		}
	}
	return e
}
