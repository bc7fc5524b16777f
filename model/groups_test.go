package model

import (
	"testing"

	"gradus/mat"
)

// Two columns that move against each other are one group more; one that does not, and a constant, are none.
func TestCorrelated(t *testing.T) {
	x := mat.New[float64](50, 4)
	for r := range x.Rows {
		v := float64(r%7) - 3
		copy(x.Row(r), []float64{v, -2*v + float64(r%2)/4, float64(r * r % 11), 1})
	}
	var groups []Group
	for i, name := range []string{"a", "b", "c", "d"} {
		groups = append(groups, Group{Name: name, Spans: [][2]int{{i, i + 1}}})
	}
	pairs, joined := Correlated(groups, x)
	if len(pairs) != 1 || pairs[0].A != "a" || pairs[0].B != "b" || pairs[0].R > -.99 || len(joined) != 1 || joined[0].Name != "a + b" || len(joined[0].Spans) != 2 {
		t.Errorf("%+v %+v", pairs, joined)
	}
}
