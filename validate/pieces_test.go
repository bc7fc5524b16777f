package validate

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"gradus/internal/shard"
	"gradus/model"
)

// made is a nested validation and its final model, as bytes.
func made(t *testing.T, n *Nesting) []byte {
	t.Helper()
	v, nested, study, err := n.Nest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m, curves, err := n.Final(t.Context(), nested)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := m.Write(&file); err != nil {
		t.Fatal(err)
	}
	return slices.Concat(encoded(t, v), encoded(t, nested), encoded(t, study), encoded(t, curves), file.Bytes())
}

// What was made unit by unit, each by a run of its own, is what one run makes, and nothing is trained where it is put together.
func TestUnits(t *testing.T) {
	none := 0.
	hot := model.Settings{Hidden: []int{40}, Epochs: 60, Alpha: .01, WeightDecay: &none, Validation: &none, Seed: 3, Leave: []string{"patient_id", "visit_date", "site"}}
	for _, c := range []struct {
		name, table string
		s           model.Settings
		d           Design
		units       int
	}{
		{"one trial", "breast_cancer", small, Design{Parting: Parting{Folds: 3, Repeats: 2, Seed: 5}, Inner: 3, Draws: 25}, 2*3*4 + 1 + 3},
		{"cooled", "cohort", hot, Design{Parting: Parting{Folds: 2, Seed: 1}, Inner: 2}, 2*3 + 1},
		{"several trials", "iris", small, Design{Parting: Parting{Folds: 3, Seed: 5}, Inner: 2, Trials: 4, Draws: 20}, 3 + 1},
		{"a number", "diabetes", small, Design{Parting: Parting{Folds: 2, Seed: 5}, Inner: 2}, 2*3 + 1},
		{"ensemble", "wine", model.Settings{Members: 3, Epochs: 4, Seed: 2}, Design{Parting: Parting{Folds: 2, Seed: 5}, Inner: 2}, 2*3 + 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			tbl, target, y := bundled(t, c.table)
			c.d.Scheme = CrossValidation
			start := func(d Design) *Nesting {
				n, err := NewNesting(tbl, target, y, c.s, d, nil)
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
			want := made(t, start(c.d))
			untold := c.d
			untold.Epoch = func(fold int, _ bool, _, _ float64) { t.Errorf("something is trained for fold %d", fold) }
			all := start(untold)
			units := all.Units()
			if len(units) != c.units {
				t.Errorf("%d units, want %d", len(units), c.units)
			}
			slices.Reverse(units)
			for _, u := range units {
				record, err := start(c.d).Do(t.Context(), u.Name)
				if err != nil {
					t.Fatal(u.Name, err)
				}
				if err := all.Take(u.Name, encoded(t, record)); err != nil {
					t.Fatal(u.Name, err)
				}
			}
			if c.name == "cooled" && all.last[0].Settings.Temperature != 0 {
				t.Error("a unit knows the temperature of others")
			}
			if got := made(t, all); !bytes.Equal(got, want) {
				t.Error("other bytes")
			}
			for _, u := range units {
				for _, bad := range []string{`{}`, `[1]`, `{"network":[[1]],"regression":[[1]]}`, `"x"`} {
					if err := all.Take(u.Name, json.RawMessage(bad)); err == nil {
						t.Errorf("%s takes %s", u.Name, bad)
					}
				}
			}
		})
	}
}

// The units of survival too.
func TestSurvivalUnits(t *testing.T) {
	tbl, target, y, group := law(t, 200, 4, even)
	s, d := model.Settings{Hidden: []int{3}, Members: 3, Epochs: 4}, plan(group)
	start := func(d Survival) *Survivals {
		v, err := NewSurvivals(tbl, target, y, s, d, nil)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	finished := func(v *Survivals) []byte {
		study, err := v.Survive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		m, err := v.Final(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := m.Write(&file); err != nil {
			t.Fatal(err)
		}
		return slices.Concat(encoded(t, study), file.Bytes())
	}
	want := finished(start(d))
	untold := d
	untold.Epoch = func(fold int, _ bool, _, _ float64) { t.Errorf("something is trained for fold %d", fold) }
	all := start(untold)
	for _, u := range all.Units() {
		record, err := start(d).Do(t.Context(), u.Name)
		if err != nil {
			t.Fatal(err)
		}
		if err := all.Take(u.Name, encoded(t, record)); err != nil {
			t.Fatal(u.Name, err)
		}
		if err := start(d).Take(u.Name, json.RawMessage(`{"chance":[[[1]],[]],"score":[[1],[1]]}`)); err == nil {
			t.Errorf("%s takes anything", u.Name)
		}
	}
	if !bytes.Equal(finished(all), want) {
		t.Error("other bytes")
	}
	other := d
	other.Seed++
	a, err := start(d).Identity()
	b, bad := start(other).Identity()
	if err != nil || bad != nil || a == b {
		t.Errorf("another seed is the same work: %v, %v", err, bad)
	}
}

// No part has more to do than 4/3 of a fair share and one unit, whatever the number of parts.
func TestDealt(t *testing.T) {
	tbl, target, y := bundled(t, "breast_cancer")
	n, err := NewNesting(tbl, target, y, small, Design{Parting: Parting{Scheme: CrossValidation, Folds: 10, Seed: 5}, Inner: 5, Draws: 1000}, nil)
	if err != nil {
		t.Fatal(err)
	}
	units := n.Units()
	for _, parts := range []int{1, 2, 7, 10, 40} {
		load, sum, most := make([]float64, parts), 0., 0.
		for i, part := range shard.Deal(units, parts) {
			load[part] += units[i].Cost
			sum += units[i].Cost
			most = max(most, units[i].Cost)
		}
		if got, fair := slices.Max(load), max(sum/float64(parts), most); got > 4./3*fair {
			t.Errorf("%d parts: %v of %v in one", parts, got, sum)
		}
	}
	if got := trainings(9, 5) / (1 - 1./5); got != 9*1+3*2+1*2 {
		t.Errorf("%v trainings", got)
	}
}
