package scene

import (
	"slices"
	"strings"
	"testing"
)

// The second channel holds every picture's values in the order of the page, where each picture says, however often it is asked.
func TestApart(t *testing.T) {
	plane := &Lattice{Cols: 2, Rows: 1, Values: []float32{1, -1}, Full: 1}
	cell := &Lattice{Cols: 1, Rows: 1, Values: []float32{.5}, Full: 1}
	cases := &Cases{X: []float32{3}, Y: []float32{4}, Class: []float32{1}}
	s := &Scene{Figures: []Figure{
		{Net: &Net{Columns: [][]Node{{{ID: "a", Map: cell}, {ID: "b"}}}}},
		{Plot: &Plot{Lattice: plane, Cases: cases}},
	}}
	whole := string(Append(nil, s))
	for _, part := range []string{`"values":[1,-1]`, `"values":[0.5]`, `"x":[3]`} {
		if !strings.Contains(whole, part) || strings.Contains(whole, "apart") {
			t.Errorf("no %s in %s", part, whole)
		}
	}
	for range 2 {
		list := s.Apart(nil)
		if !slices.Equal(list, []float32{.5, 1, -1, 3, 4, 1}) || cell.Apart != 1 || plane.Apart != 2 || cases.Apart != 4 {
			t.Errorf("%v at %d %d %d", list, cell.Apart, plane.Apart, cases.Apart)
		}
		if s := string(Append(nil, s)); strings.Contains(s, "0.5") || !strings.Contains(s, `"apart":2`) {
			t.Errorf("still there: %s", s)
		}
	}
}
