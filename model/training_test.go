package model

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gradus/table"
)

// lain is a table of n rows with a number, a rare extreme, a category with a rare level, and a target.
func lain(t *testing.T, n int) (*Model, *table.Table) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"age", "dose", "ward", "died"})
	for i := range n {
		age, dose, ward := fmt.Sprint(20+rng.IntN(60)), fmt.Sprint(rng.NormFloat64()), []string{"A", "B", "C"}[rng.IntN(3)]
		if i < 3 {
			age, ward = "117", "Rare"
		}
		if i%10 == 9 {
			dose = ""
		}
		_ = w.Write([]string{age, dose, ward, []string{"no", "yes"}[rng.IntN(2)]})
	}
	w.Flush()
	tbl, err := table.Read(strings.NewReader(b.String()), "lain.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	target, y, err := table.NewTarget(tbl, "died", "", "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Settings{Task: target.Task}.Complete(tbl.Rows)
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(tbl, allRows(n), target, y, s)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Summarise(tbl); err != nil {
		t.Fatal(err)
	}
	return m, tbl
}

func allRows(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// Every count of the summary is of no row or of five; the rare level has no name in it, and no extreme is in it.
func TestTrainingHoldsNoSmallCell(t *testing.T) {
	for _, n := range []int{12, 40, 60, 499, 500, 1200} {
		m, _ := lain(t, n)
		s := m.Card.Training
		for _, d := range append(slices.Clone(s.Columns), s.Predictions) {
			sum := d.Missing + d.Other
			for _, k := range append(slices.Clone(d.Counts), d.Other) {
				if k > 0 && k < smallCell {
					t.Errorf("%d rows: %+v", n, d)
				}
			}
			for _, k := range d.Counts {
				sum += k
			}
			if len(d.Counts) > 0 && sum != n {
				t.Errorf("%d rows: %+v counts %d", n, d, sum)
			}
			if (d.Low != nil) != (len(d.Edges) > 0 && n-d.Missing >= 500) {
				t.Errorf("%d rows: %+v", n, d)
			}
		}
		b, err := json.Marshal(s)
		if err != nil || regexp.MustCompile(`[[,:]117[],]`).Match(b) || bytes.Contains(b, []byte("Rare")) {
			t.Errorf("%d rows: %s %v", n, b, err)
		}
	}
}

// The summary is read back as it was written, and files without one are read; a summary that contradicts itself is refused.
func TestTrainingInAFile(t *testing.T) {
	m, _ := lain(t, 600)
	var first, second bytes.Buffer
	if err := m.Write(&first); err != nil {
		t.Fatal(err)
	}
	again, err := Read(first.Bytes(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Write(&second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("written again it differs", err)
	}
	if d := again.Card.Training.Columns[2]; !slices.Equal(d.Levels, []string{"B", "C"}) && d.Other < smallCell || math.IsNaN(float64(again.Card.Training.Predictions.Mean)) {
		t.Error(d)
	}
	for _, spoil := range []func(*Training){
		func(s *Training) { s.Columns = s.Columns[1:] },
		func(s *Training) { s.Columns[0].Counts[0] = -1 },
		func(s *Training) { s.Columns[0].Counts = s.Columns[0].Counts[1:] },
		func(s *Training) { s.Columns[1].Edges[0] = 1e9 },
		func(s *Training) { s.Columns[0].Name = "x" },
		func(s *Training) { s.Predictions.Missing = -1 },
	} {
		bad, _ := lain(t, 600)
		spoil(bad.Card.Training)
		var b bytes.Buffer
		if err := bad.Write(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(b.Bytes(), "a"); err == nil {
			t.Error("a summary that contradicts itself is read")
		}
	}
	m.Card.Training = nil
	var old bytes.Buffer
	if err := m.Write(&old); err != nil || bytes.Contains(old.Bytes(), []byte(`"training"`)) {
		t.Error(err)
	}
	if _, err := Read(old.Bytes(), "a"); err != nil {
		t.Error("a file of old", err)
	}
}

// A value so large that its variance overflows leaves the file readable.
func TestTrainingOfExtremes(t *testing.T) {
	values := make([]float64, 600)
	for i := range values {
		values[i] = math.MaxFloat64 * float64(1-2*(i%2))
	}
	if b, err := json.Marshal(numbersOf("x", values)); err != nil || bytes.Contains(b, []byte("edges")) {
		t.Error(string(b), err)
	}
}
