package blend

import (
	"math"
	"strings"
	"testing"

	"gradus/data"
	"gradus/model"
	"gradus/table"
)

// value is a term's feature of row in the units of the table.
func value(c *table.Column, term model.Term, named map[string]bool, row int) float64 {
	is := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	switch term.Kind {
	case "number":
		if c.Missing(row) {
			return term.Median
		}
		return min(max(c.Number(row), term.Low), term.High)
	case "missing":
		return is(c.Missing(row))
	case "other":
		return is(!c.Missing(row) && !named[c.Text(row)])
	}
	return is(c.Text(row) == term.Part)
}

// The formula, put in by hand on the table's own values, gives what the regression beside the network predicts.
func TestFormula(t *testing.T) {
	for _, name := range []string{"cohort", "diabetes", "wine"} {
		set, err := data.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		tbl, err := table.Read(strings.NewReader(string(set.CSV())), name+".csv", table.Options{})
		if err != nil {
			t.Fatal(err)
		}
		target, y, err := table.NewTarget(tbl, set.Target, table.TaskAuto, "")
		if err != nil {
			t.Fatal(err)
		}
		rows := make([]int, tbl.Rows)
		for i := range rows {
			rows[i] = i
		}
		s, err := model.Settings{Hidden: []int{}, Task: target.Task}.Complete(tbl.Rows)
		if err != nil {
			t.Fatal(err)
		}
		if name == "cohort" {
			s.Leave = []string{"patient_id", "visit_date"}
		}
		m, err := model.New(tbl, rows, target, y, s)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Formula(m, tbl, y)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Beside(m, tbl, rows, rows, y)
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Equations) != m.Logits() || f.Rows != tbl.Rows || f.Ridge != 1 {
			t.Fatalf("%s: %d equations", name, len(f.Equations))
		}
		for row := range 300 % (tbl.Rows + 1) {
			got := predicted(m, tbl, f, row)
			for k := range got {
				if math.Abs(got[k]-want[row][k]) > 1e-5*max(1, math.Abs(want[row][k])) { // the prepared features are of float32
					t.Fatalf("%s, row %d: %v, want %v", name, row, got, want[row])
				}
			}
		}
	}
}

// predicted is what the equations give, as a prediction.
func predicted(m *model.Model, tbl *table.Table, f *model.Formula, row int) (p []float64) {
	sum := 0.
	for _, e := range f.Equations {
		named, o := map[string]bool{}, e.Intercept
		for _, term := range e.Terms {
			named[term.Part] = true
			o += term.Coefficient * value(tbl.Column(term.Column), term, named, row)
		}
		switch m.Target.Task {
		case table.TaskNumber:
			return []float64{o}
		case table.TaskBinary:
			p = make([]float64, 2)
			p[m.EventIndex()], p[1-m.EventIndex()] = 1/(1+math.Exp(-o)), 1/(1+math.Exp(o))
			return p
		}
		p = append(p, math.Exp(o))
		sum += math.Exp(o)
	}
	for k := range p {
		p[k] /= sum
	}
	return p
}
