package validate

import (
	"encoding/json"
	"reflect"
	"testing"

	"gradus/internal/modeltest"
	"gradus/model"
	"gradus/table"
)

// counted is a tally of a table, chunk rows at a time.
func counted(t *testing.T, m *model.Model, tbl *table.Table, chunk int) *Tally {
	t.Helper()
	tally, err := NewTally(m)
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.NewPredictor(tbl, m.Chunk(chunk))
	if err != nil {
		t.Fatal(err)
	}
	for start := 0; start < tbl.Rows; {
		end := min(start+min(chunk, m.Chunk(chunk)), tbl.Rows)
		values, _ := p.Predict(start, end)
		tally.Add(tbl, start, values)
		start = end
	}
	return tally
}

// What is counted row by row says the very figures of gradus drift, of every kind of model, hostile rows included; so do two tallies put
// together and counts in whole fives of five times the rows.
func TestTally(t *testing.T) {
	for _, name := range []string{"cohort", "iris", "lifetimes"} {
		m, own := modeltest.Trained(t, name)
		if err := m.Summarise(own); err != nil {
			t.Fatal(err)
		}
		for _, tbl := range []*table.Table{own, modeltest.Hostile(t, m, own, "1e9")} {
			want, err := Compare(m, tbl, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, chunk := range []int{1, 7, 128} {
				sameDrift(t, name, counted(t, m, tbl, chunk).Drift(), want)
			}
			five := counted(t, m, tbl, 50)
			for range 4 {
				five.Merge(counted(t, m, tbl, 50))
			}
			want.Rows *= 5
			sameDrift(t, name+" five times", five.Coarse(5).Drift(), want)
		}
		m.Card.Training = nil
		if _, err := NewTally(m); err == nil {
			t.Error("a model without a summary is counted for")
		}
	}
}

// sameDrift compares but for moments, and for what counts of other sizes make of chi-square.
func sameDrift(t *testing.T, what string, got, want *Drift) {
	t.Helper()
	none := Pair{unknown, unknown}
	bare := func(d *Drift) string {
		b := *d
		b.Columns = append([]Change{}, d.Columns...)
		for _, c := range append(pointers(b.Columns), &b.Predictions) {
			c.SMD, c.Mean, c.SD, c.ChiSquare = unknown, none, none, nil
		}
		out, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	if a, b := bare(got), bare(want); a != b {
		t.Errorf("%s:\n%s\nis not\n%s", what, a, b)
	}
}

func pointers(list []Change) (all []*Change) {
	for i := range list {
		all = append(all, &list[i])
	}
	return all
}

// Fewer rows than the cell leave no trace, and Coarse leaves the tally as it was.
func TestTallyCoarse(t *testing.T) {
	m, tbl := modeltest.Trained(t, "cohort")
	if err := m.Summarise(tbl); err != nil {
		t.Fatal(err)
	}
	few, err := NewTally(m)
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.NewPredictor(tbl, 4)
	if err != nil {
		t.Fatal(err)
	}
	values, _ := p.Predict(0, 4)
	few.Add(tbl, 0, values)
	empty, err := NewTally(m)
	if err != nil {
		t.Fatal(err)
	}
	coarse := few.Coarse(5)
	coarse.slots, coarse.calls = empty.slots, empty.calls
	if !reflect.DeepEqual(coarse, empty) {
		t.Errorf("%+v", coarse)
	}
	if few.Rows != 4 {
		t.Error(few.Rows)
	}
}
