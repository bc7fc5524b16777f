package model_test

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gradus/data"
	"gradus/fit"
	"gradus/model"
	"gradus/table"
)

var shapes = []struct {
	csv, target string
	s           model.Settings
}{
	{binaryCSV, "died", model.Settings{Hidden: []int{7, 3}, Dropout: .5}},
	{classCSV, "kind", model.Settings{Hidden: []int{5}}},
	{numberCSV, "y", model.Settings{Hidden: []int{}}},
}

// Rows predicted together and one by one are the same to the bit, whatever was predicted before.
func TestBatchIsItsRows(t *testing.T) {
	for _, c := range shapes {
		m, tbl := untrained(t, c.csv, c.target, c.s)
		all, warnings, err := m.All(tbl)
		if err != nil {
			t.Fatal(err)
		}
		p, err := m.NewPredictor(tbl, 3)
		if err != nil {
			t.Fatal(err)
		}
		p.Predict(0, 3)
		var single []table.Warning
		for r := range tbl.Rows {
			out, w := p.Predict(r, r+1)
			if !slices.Equal(out.Data, all.Row(r)) {
				t.Errorf("%s row %d: %v, want %v", c.target, r, out.Data, all.Row(r))
			}
			single = append(single, w...)
		}
		if !slices.Equal(single, warnings) {
			t.Errorf("%s: warnings %v, want %v", c.target, single, warnings)
		}
	}
}

func TestPredictionsAreProbabilities(t *testing.T) {
	for _, c := range shapes[:2] {
		m, tbl := untrained(t, c.csv, c.target, c.s)
		for i := range m.Network.Weights() {
			m.Network.Weights()[i] *= 40 // saturated
		}
		all, _, err := m.All(tbl)
		if err != nil {
			t.Fatal(err)
		}
		for r := range all.Rows {
			sum := 0.
			for _, v := range all.Row(r) {
				sum += v
				if !(v >= 0 && v <= 1) {
					t.Errorf("%s: p = %v", c.target, v)
				}
			}
			if math.Abs(sum-1) > 1e-12 {
				t.Errorf("%s: row %d sums to %v", c.target, r, sum)
			}
		}
	}
}

func TestPredictorAllocatesNothing(t *testing.T) {
	for _, c := range shapes {
		m, tbl := untrained(t, c.csv, c.target, c.s)
		p, err := m.NewPredictor(tbl, tbl.Rows)
		if err != nil {
			t.Fatal(err)
		}
		p.Predict(0, tbl.Rows) // makes room for the warnings
		if n := testing.AllocsPerRun(20, func() { p.Predict(0, tbl.Rows); p.Predict(1, 2) }); n != 0 {
			t.Errorf("%s: %v allocations", c.target, n)
		}
	}
}

func TestCall(t *testing.T) {
	binary, _ := untrained(t, binaryCSV, "died", shapes[0].s) // levels no, yes; event yes
	classes, _ := untrained(t, classCSV, "kind", shapes[1].s)
	for _, c := range []struct {
		m      *model.Model
		values []float64
		want   string
	}{
		{binary, []float64{.5, .5}, "yes"},
		{binary, []float64{.500001, .499999}, "no"},
		{binary, []float64{0, 1}, "yes"},
		{classes, []float64{.3, .3, .4}, "z"},
		{classes, []float64{.4, .4, .2}, "x"},
		{tiny(t), []float64{2.5}, "2.5"},
		{tiny(t), []float64{-1e21}, "-1e+21"},
	} {
		if got := c.m.Call(c.values); got != c.want {
			t.Errorf("%v: %q, want %q", c.values, got, c.want)
		}
	}
}

// A wide network is predicted in few rows at a time.
func TestChunk(t *testing.T) {
	narrow := tiny(t)
	wide, _ := untrained(t, numberCSV, "y", model.Settings{Hidden: []int{1 << 18}})
	for rows, want := range map[int]int{0: 1, 1: 1, 500: 500, 5000: 1024} {
		if got := narrow.Chunk(rows); got != want {
			t.Errorf("%d rows: %d, want %d", rows, got, want)
		}
	}
	if got := wide.Chunk(5000); got < 1 || got > 100 {
		t.Errorf("wide: %d rows at once", got)
	}
}

func TestNewPredictorRefuses(t *testing.T) {
	m, _ := untrained(t, binaryCSV, "died", shapes[0].s)
	for _, csv := range []string{"age\n1\n", "age,Sex\n1,F\n", "age,sex\nold,F\n"} {
		tbl, err := table.Read(strings.NewReader(csv), "m.gradus.csv", table.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.NewPredictor(tbl, 1)
		sentence(t, csv, err, "table.lacks_column", "table.renamed_column", "table.text_in_number")
		_, _, err = m.All(tbl)
		sentence(t, csv, err)
	}
}

func TestSettings(t *testing.T) {
	s, err := model.Settings{}.Complete(300)
	if err != nil || !slices.Equal(s.Hidden, model.DefaultHidden()) || !(s.Alpha > 0) || !(*s.WeightDecay > 0) || *s.Validation != 1/float64(s.Members) || s.Members < 2 || s.Bins != 3 || s.Activation == "" || s.Optimizer == "" || s.Epochs < 1 || s.Batch < 1 || s.Patience < 1 {
		t.Errorf("%+v %v", s, err)
	}
	if s, err := (model.Settings{}).Complete(1000); err != nil || !(*s.Validation > 0) {
		t.Errorf("%+v %v", s, err)
	}
	if again, err := s.Complete(5000); err != nil || !reflect.DeepEqual(again, s) {
		t.Errorf("complete settings change: %+v %v", again, err)
	}
	if s, err := (model.Settings{Hidden: []int{9}, Members: 1}).Complete(300); err != nil || s.Members != 0 || s.Bins != 0 || *s.Validation != 0 || s.Batch != model.DefaultBatch {
		t.Errorf("explicit layers are one network: %+v %v", s, err)
	}
	if s, err := (model.Settings{}).Complete(100000); err != nil || s.Bins != model.DefaultBins || s.Batch <= model.DefaultBatch {
		t.Errorf("%+v %v", s, err)
	}
	if s, err := (model.Settings{Hidden: []int{}}).Complete(0); err != nil || len(s.Hidden) != 0 {
		t.Errorf("%+v %v", s, err)
	}
	nan, inf, minus := math.NaN(), math.Inf(1), -.1
	for name, bad := range map[string]model.Settings{
		"hidden":        {Hidden: []int{4, 0}},
		"hidden 2^20+1": {Hidden: []int{1<<20 + 1}},
		"alpha":         {Alpha: -1},
		"alpha NaN":     {Alpha: nan},
		"alpha Inf":     {Alpha: inf},
		"epochs":        {Epochs: -1},
		"epochs 10^7":   {Epochs: 1e7},
		"batch":         {Batch: -1},
		"patience":      {Patience: -1},
		"weight-decay":  {WeightDecay: &minus},
		"decay NaN":     {WeightDecay: &nan},
		"decay Inf":     {WeightDecay: &inf},
		"dropout":       {Dropout: 1},
		"dropout NaN":   {Dropout: nan},
		"validation":    {Validation: &nan},
		"validation -":  {Validation: &minus},
		"step":          {Activation: "step"},
		"softmax":       {Activation: "softmax"},
	} {
		if s, err := bad.Complete(100); err == nil {
			t.Errorf("%s passes: %+v", name, s)
		}
	}
}

// What a file must not tell: whose rows it learnt from, where they lay, when.
func TestTheFileTellsNoRow(t *testing.T) {
	set, err := data.Get("cohort")
	if err != nil {
		t.Fatal(err)
	}
	csvText := string(set.CSV())
	tbl := read(t, csvText)
	goal, y, err := table.NewTarget(tbl, set.Target, table.TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	run, err := fit.New(tbl, nil, goal, y, model.Settings{Epochs: 1})
	if err != nil {
		t.Fatal(err)
	}
	m, err := run.Train(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := written(t, m)
	rows, err := csv.NewReader(strings.NewReader(csvText)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	here, _ := os.Getwd()
	user, _ := os.Hostname()
	secrets := []string{here, "t.csv", user + "\"", "/home", "/root"}
	for _, row := range rows[1:] {
		secrets = append(secrets, row[slices.Index(rows[0], "patient_id")], row[slices.Index(rows[0], "visit_date")],
			strings.Join(row[3:6], ","), strings.Join(row[4:7], ",")) // cells side by side
	}
	for _, secret := range secrets {
		if bytes.Contains(b, []byte(secret)) {
			t.Errorf("the file holds %q", secret)
		}
	}
	if !bytes.Contains(b, []byte(`died_30d`)) || len(rows) != 2401 {
		t.Error("the search looks at the wrong thing")
	}
}
