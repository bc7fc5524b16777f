package fit

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/cost"
	"gradus/data"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// On rows not learnt from, the risks of a network whose events weighed ten times as much are right on average all the same: calibration in
// the large stays near 0, where weights alone would move it below −2.
func TestClassWeights(t *testing.T) {
	set, err := data.Get("cohort")
	if err != nil {
		t.Fatal(err)
	}
	tbl, err := table.Read(strings.NewReader(string(set.CSV())), "cohort.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	target, y, err := table.NewTarget(tbl, set.Target, table.TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	var fit, judge []int
	var events []bool
	for row := range tbl.Rows {
		if row%3 == 0 {
			judge, events = append(judge, row), append(events, y[row] == 1)
		} else {
			fit = append(fit, row)
		}
	}
	leave := []string{"patient_id", "visit_date"}
	for name, s := range map[string]model.Settings{
		"one": {Hidden: []int{8}, Epochs: 30}, "members": {Epochs: 20, Members: 3}, "float64": {Hidden: []int{8}, Epochs: 15, Precision: model.Float64},
	} {
		var losses [2]float64
		for i, weights := range []bool{false, true} {
			s.Leave, s.ClassWeights = leave, weights
			run, err := New(tbl, fit, target, y, s)
			if err != nil {
				t.Fatal(err)
			}
			m, err := run.Train(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			all, _, err := m.All(tbl.Select(judge))
			if err != nil {
				t.Fatal(err)
			}
			p := make([]float64, all.Rows)
			for r := range p {
				p[r] = all.At(r, m.EventIndex())
			}
			c, err := metric.CalibrateLine(events, p)
			if err != nil || math.Abs(float64(c.InTheLarge)) > .35 {
				t.Errorf("%s, weights %v: calibration in the large %v, %v", name, weights, c.InTheLarge, err)
			}
			losses[i], _ = metric.LogLoss(events, p)
			if weights != m.Card.Settings.ClassWeights {
				t.Errorf("the card does not say: %+v", m.Card.Settings)
			}
		}
		if losses[0] == losses[1] || math.Abs(losses[0]-losses[1]) > .05 {
			t.Errorf("%s: log loss %v", name, losses)
		}
		t.Logf("%s: log loss %v", name, losses)
	}
	number := model.Settings{Task: table.TaskNumber, ClassWeights: true}
	if _, err := number.Complete(100); err == nil {
		t.Error("the weights of classes are taken for a number")
	}
}

// Each of three classes comes to a third of the weight.
func TestWeighed(t *testing.T) {
	y := []float32{0, 0, 0, 0, 1, 1, 2, 0}
	c := weighed[float32](nil, model.Settings{ClassWeights: true}, y, 3)
	want := []float64{math.Log(8. / 15), math.Log(8. / 6), math.Log(8. / 3)}
	got := c.(*cost.Shifted[float32]).By
	if !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-15 }) {
		t.Errorf("%v, want %v", got, want)
	}
}
