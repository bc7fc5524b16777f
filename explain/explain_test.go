package explain

import (
	"context"
	"math"
	"strings"
	"testing"

	"gradus/fit"
	"gradus/model"
	"gradus/table"
)

// plain is a model without hidden layer on two numbers and a category: its log odds are a sum over the features.
func plain(t *testing.T) (*model.Model, *table.Table, []float64) {
	t.Helper()
	var csv strings.Builder
	csv.WriteString("age,crp,sex,sick\n")
	for i := range 120 {
		age, crp, sex := 40+i%37, float64(i%11)/3, "F"
		if i%3 == 0 {
			sex = "M"
		}
		sick := "no"
		if float64(age)/10+crp+float64(i%2) > 8 {
			sick = "yes"
		}
		csv.WriteString(strings.Join([]string{table.Format(float64(age)), table.Format(crp), sex, sick}, ",") + "\n")
	}
	tbl, err := table.Read(strings.NewReader(csv.String()), "t.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	target, y, err := table.NewTarget(tbl, "sick", table.TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	run, err := fit.New(tbl, nil, target, y, model.Settings{Hidden: []int{}, Epochs: 40, Alpha: .02, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	m, err := run.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return m, tbl, y
}

// Where the log odds are a sum, a column's part is w·(x − mean), which is computed here from the weights.
func TestRowOfLinearModel(t *testing.T) {
	m, tbl, _ := plain(t)
	e, err := New(m, tbl)
	if err != nil {
		t.Fatal(err)
	}
	all, _, err := m.All(tbl)
	if err != nil {
		t.Fatal(err)
	}
	w := m.Network.Weights()
	features := m.Preparation.Features()
	for _, row := range []int{0, 17, 119} {
		x := e.Row(row, 9)
		if len(x.Columns) != 3 || math.Abs(x.Risk-all.At(row, m.EventIndex())) > 1e-6 {
			t.Fatalf("row %d: %+v, risk %v", row, x, all.Row(row))
		}
		for i, c := range x.Columns {
			part := 0.
			for k, f := range features {
				if f.Column == c.Column {
					part += float64(w[k]) * (float64(e.x.At(row, k)) - e.mean[k])
				}
			}
			if math.Abs(math.Log(c.Odds)-part) > 1e-4 {
				t.Errorf("row %d: %s changes the log odds by %v, want %v", row, c.Column, math.Log(c.Odds), part)
			}
			if i > 0 && math.Abs(math.Log(c.Odds)) > math.Abs(math.Log(x.Columns[i-1].Odds)) {
				t.Errorf("row %d: %s stands behind a weaker column", row, c.Column)
			}
			if c.Column == "sex" && (c.Usual != "" || c.Value != "M" && c.Value != "F") || c.Column == "age" && (c.Usual == "" || c.Value != table.Format(float64(40+row%37))) {
				t.Errorf("row %d: %+v", row, c)
			}
		}
	}
}

func TestPick(t *testing.T) {
	high, low, uncertain := Pick([]float64{.9, .1, .45, .99, .02, .7}, .5)
	if high != 0 || low != 1 || uncertain != 2 {
		t.Error(high, low, uncertain)
	}
	if high, low, uncertain = Pick([]float64{.9}, .5); high != 0 || low != -1 || uncertain != 0 {
		t.Error(high, low, uncertain)
	}
	if high, low, uncertain = Pick(nil, .5); high != -1 || low != -1 || uncertain != -1 {
		t.Error(high, low, uncertain)
	}
}

func TestThree(t *testing.T) {
	m, tbl, y := plain(t)
	e, err := New(m, tbl)
	if err != nil {
		t.Fatal(err)
	}
	risks := make([]float64, len(y))
	for i := range risks {
		risks[i] = float64(i) / 120
	}
	list := e.Three(y, risks, .5, 2)
	if len(list) != 3 || list[0].Kind != "high" || list[1].Kind != "low" || list[2].Kind != "uncertain" || list[2].OutOfFold != .5 ||
		list[0].OutOfFold != .75 || len(list[1].Columns) != 2 || list[1].Event != (y[30] == 1) {
		t.Errorf("%+v", list)
	}
}

func TestNewRefuses(t *testing.T) {
	m, tbl, _ := plain(t)
	if _, err := New(m, tbl.Drop("age")); err == nil {
		t.Error("a table without age was taken")
	}
}

func TestShort(t *testing.T) {
	for v, want := range map[float64]string{1234.5: "1230", 0.012345: "0.0123", -7: "-7", 0: "0", 1e-9: "1e-09", 12: "12", 99999.9: "100000"} {
		if got := short(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}
