package validate

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"gradus/data"
	"gradus/fit"
	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// bundled reads one of the tables that come with gradus.
func bundled(t *testing.T, name string) (*table.Table, *table.Target, []float64) {
	t.Helper()
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
	return tbl, target, y
}

var small = model.Settings{Hidden: []int{4}, Epochs: 8, Seed: 3}

func trained(t *testing.T, name string) (*model.Model, *table.Table, []float64) {
	t.Helper()
	tbl, target, y := bundled(t, name)
	run, err := fit.New(tbl, nil, target, y, small)
	if err != nil {
		t.Fatal(err)
	}
	m, err := run.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return m, tbl, y
}

// Each task gets its figures, and they are those of the predictions themselves.
func TestEvaluate(t *testing.T) {
	m, tbl, y := trained(t, "breast_cancer")
	cut := .3
	got, err := Evaluate(m, tbl, &cut)
	if err != nil {
		t.Fatal(err)
	}
	b := got.(metric.BinaryResult)
	all, _, _ := m.All(tbl)
	brier, tp := 0., 0
	for i, v := range y {
		p := all.At(i, 1) // levels: benign, malignant
		brier += (p - v) * (p - v) / float64(len(y))
		if v == 1 && p >= cut {
			tp++
		}
	}
	if b.N != 569 || b.Events != 212 || b.Confusion.TP != tp || math.Abs(float64(b.Brier)-brier) > 1e-12 || b.AUROC.Value < .9 {
		t.Errorf("%+v, want Brier %v and %d true positives", b, brier, tp)
	}
	m, tbl, _ = trained(t, "iris")
	if got, err = Evaluate(m, tbl, nil); err != nil || got.(metric.ClassesResult).N != 150 || got.(metric.ClassesResult).AUROC < .5 {
		t.Errorf("iris: %+v, %v", got, err)
	}
	m, tbl, _ = trained(t, "diabetes")
	if got, err = Evaluate(m, tbl, nil); err != nil || got.(metric.NumberResult).N != 442 || got.(metric.NumberResult).MAE > 1e3 {
		t.Errorf("diabetes: %+v, %v", got, err)
	}
}

func key(err error) string {
	if e, ok := errors.AsType[*say.Err](err); ok {
		return e.Key
	}
	return "no sentence"
}

func TestEvaluateRefuses(t *testing.T) {
	m, tbl, y := trained(t, "breast_cancer")
	for _, bad := range []float64{-.1, 1.1, math.NaN()} {
		if _, err := Evaluate(m, tbl, &bad); key(err) != "validate.threshold" {
			t.Errorf("threshold %v: %v", bad, err)
		}
	}
	var benign []int
	for i, v := range y {
		if v == 0 {
			benign = append(benign, i)
		}
	}
	one, err := Evaluate(m, tbl.Select(benign), nil) // one class: what it defines is shown
	if b, _ := one.(metric.BinaryResult); err != nil || b.N != 357 || b.AUROC.Value.Defined() || !b.Confusion.Specificity.Value.Defined() {
		t.Errorf("one class: %+v, %v", one, err)
	}
	for name, c := range map[string]struct {
		tbl  *table.Table
		want string
	}{
		"no row":    {tbl.Select([]int{}), "validate.empty"},
		"no target": {tbl.Drop("diagnosis"), "table.no_column"},
		"no input":  {tbl.Drop("mean_radius"), "table.lacks_column"},
	} {
		if _, err := Evaluate(m, c.tbl, nil); key(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// Every error of package metric becomes a sentence of the catalogue.
func TestSentence(t *testing.T) {
	if sentence(nil) != nil {
		t.Error("no error became one")
	}
	for err, want := range map[error]string{
		metric.ErrOneClass: "validate.one_class", metric.ErrEmpty: "validate.empty", metric.ErrLength: "validate.failed",
		&metric.RowError{Row: 3, Value: math.NaN(), Err: metric.ErrProbability}: "validate.not_finite",
	} {
		if key(sentence(err)) != want {
			t.Errorf("%v became %v, want %s", err, sentence(err), want)
		}
	}
}
