package fit

import (
	"testing"

	"gradus/model"
	"gradus/table"
)

// Pixels have one measure; the columns of a patient do not, and a few pixels that are always 0 change nothing.
func TestEvenIsOfOneMeasure(t *testing.T) {
	for _, c := range []struct {
		set, target string
		want        bool
	}{{"digits", "digit", true}, {"breast_cancer", "diagnosis", false}, {"wine", "cultivar", false}} {
		tbl, _ := bundled(t, c.set)
		rows := make([]int, tbl.Rows)
		for i := range rows {
			rows[i] = i
		}
		if got := even(tbl, rows, &table.Target{Column: c.target}, model.Settings{}); got != c.want {
			t.Errorf("%s: %v", c.set, got)
		}
	}
}
