package validate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"runtime"
	"strings"
	"testing"

	"gradus/internal/blend"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

func TestDeal(t *testing.T) {
	_, _, y := bundled(t, "breast_cancer")
	of := deal(y, true, 10, 1, 0)
	var rows, events [10]int
	for r, f := range of {
		rows[f]++
		events[f] += int(y[r])
	}
	for f := range rows { // 569 rows and 212 events over ten folds
		if rows[f] < 56 || rows[f] > 57 || events[f] < 21 || events[f] > 22 {
			t.Errorf("fold %d has %d rows, %d events", f, rows[f], events[f])
		}
	}
	same := func(a, b []int) bool {
		for i := range a {
			if a[i] != b[i] {
				return false
			}
		}
		return true
	}
	if !same(of, deal(y, true, 10, 1, 0)) || same(of, deal(y, true, 10, 2, 0)) || same(of, deal(y, true, 10, 1, 1)) {
		t.Error("folds do not follow seed and repeat")
	}
	if seedOf(1, 0) == seedOf(1, 1) || seedOf(1, 0) == seedOf(2, 0) {
		t.Error("two networks share a seed")
	}
}

// testdata/README.md says where the folds and figures come from.
func TestRegressionMeetsReference(t *testing.T) {
	tbl, target, y := bundled(t, "breast_cancer")
	b, err := os.ReadFile("testdata/breast_cancer_folds.txt")
	if err != nil {
		t.Fatal(err)
	}
	s, err := small.Complete(tbl.Rows)
	if err != nil {
		t.Fatal(err)
	}
	w := &work{target: target, y: y, plan: Plan{Folds: 10, Repeats: 1}, slots: make([]slot, 10)}
	of := make([]int, tbl.Rows)
	for i := range of {
		of[i] = int(b[i] - '0')
	}
	for f := range w.slots {
		train, test := split(of, f)
		m, err := model.New(tbl, train, target, y, s)
		if err != nil {
			t.Fatal(err)
		}
		w.slots[f].test = test
		if w.slots[f].regression, err = blend.Beside(m, tbl, train, test, y); err != nil {
			t.Fatal(err)
		}
	}
	side := func(s *slot) [][]float64 { return s.regression }
	spread := w.spread("auroc", side, func(y []float64, p [][]float64) metric.Number {
		a, _ := metric.AUROC(events(y), column(p, 1))
		return a.Value
	})
	pooled, _ := metric.AUROC(events(y), column(w.mean(side), 1))
	for _, c := range []struct{ got, want, tolerance float64 }{
		{float64(spread.Mean), 0.995280354566, 1e-5},
		{float64(spread.SD), 0.00823226294625, 1e-5},
		{float64(pooled.Value), 0.995216954706, 1e-4}, // a few of 75684 pairs across folds: scikit-learn stops its solver early
	} {
		if math.Abs(c.got-c.want) > c.tolerance {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Neither the number of workers nor of processors leaves a trace.
func TestSameBytes(t *testing.T) {
	tbl, target, y := bundled(t, "breast_cancer")
	run := func(workers, processors int) ([]byte, []float64) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		told := 0
		v, err := Run(context.Background(), tbl, target, y, small, Plan{Folds: 4, Repeats: 2, Seed: 7, Workers: workers}, func(done, total int) {
			if told++; done != told || total != 8 {
				t.Errorf("progress %d of %d at call %d", done, total, told)
			}
		})
		if err != nil || told != 8 {
			t.Fatal(told, err)
		}
		return encoded(t, v), v.Binary.Network.Risks
	}
	one, risks := run(1, 1)
	for _, c := range [][2]int{{0, 2}, {5, 2}, {3, 1}} {
		if other, again := run(c[0], c[1]); !bytes.Equal(one, other) || !bytes.Equal(encoded(t, risks), encoded(t, again)) {
			t.Errorf("%d workers on %d processors gave other bytes", c[0], c[1])
		}
	}
}

// What a row holds must not reach the model that judges it: the same value elsewhere gives the same figures.
func TestFoldsDoNotKnowTheirRows(t *testing.T) {
	tbl, target, y := bundled(t, "breast_cancer")
	s, plan := small, Plan{Folds: 5, Seed: 2}
	before, err := Run(context.Background(), tbl, target, y, s, plan, nil)
	if err != nil {
		t.Fatal(err)
	}
	of := deal(y, true, 5, 2, 0)
	var csv strings.Builder
	if err := tbl.WriteCSV(&csv); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(csv.String(), "\n")
	moved := 0
	for row, fold := range of {
		if fold == 0 && y[row] == 0 && moved == 0 {
			cells := strings.Split(lines[row+1], ",")
			cells[0] = "9999" // an outlandish radius in one row of fold 0
			lines[row+1] = strings.Join(cells, ",")
			moved = row
		}
	}
	other, err := table.Read(strings.NewReader(strings.Join(lines, "\n")), "b.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	after, err := Run(context.Background(), other, target, y, s, plan, nil)
	if err != nil {
		t.Fatal(err)
	}
	same, changed := 0, 0
	for row, fold := range of {
		switch {
		case before.Binary.Network.Risks[row] != after.Binary.Network.Risks[row]:
			if changed++; fold == 0 && row != moved {
				t.Fatalf("row %d of fold 0 is judged by a model that knew row %d", row, moved)
			}
		case fold == 0:
			same++
		}
	}
	if same < 100 || changed < 100 { // the other folds trained on the changed row
		t.Errorf("%d rows of the fold alike, %d rows changed", same, changed)
	}
}

func TestTasks(t *testing.T) {
	for _, c := range []struct {
		name  string
		check func(*model.Validation) bool
	}{
		{"breast_cancer", func(v *model.Validation) bool {
			b := v.Binary
			n, hist := 0, 0
			for i := range b.Network.Histogram.Events {
				n += b.Network.Histogram.Events[i]
				hist += b.Network.Histogram.Others[i]
			}
			return v.Columns == 30 && b.Events == 212 && v.Levels["malignant"] == 212 && v.Levels["benign"] == 357 && n == 212 && hist == 357 &&
				b.Threshold == .5 && b.Network.AUROC.Value > .7 && b.Regression.AUROC.Value > .98 && len(b.Network.DecisionCurve) == 99 &&
				b.Network.Spread.Folds == 3 && b.Difference.Difference == b.Network.AUROC.Value-b.Regression.AUROC.Value
		}},
		{"iris", func(v *model.Validation) bool {
			return v.Classes != nil && v.Binary == nil && v.Levels["setosa"] == 50 && v.Classes.Regression.Accuracy > .9 && v.Classes.NetworkSpread.Figure == "accuracy"
		}},
		{"diabetes", func(v *model.Validation) bool {
			return v.Number != nil && v.Levels == nil && v.Number.Regression.R2 > .4 && v.Number.Network.N == 442 && v.Number.NetworkSpread.Folds == 3
		}},
	} {
		tbl, target, y := bundled(t, c.name)
		v, err := Run(context.Background(), tbl, target, y, small, Plan{Folds: 3, Seed: 1}, nil)
		if err != nil || !c.check(v) {
			t.Errorf("%s: %.600s, %v", c.name, encoded(t, v), err)
		}
		if s := string(encoded(t, v)); strings.Contains(s, "risks") || strings.Contains(s, "Risks") {
			t.Error("the rows' risks are in the result")
		}
	}
}

func TestRunRefuses(t *testing.T) {
	tbl, target, y := bundled(t, "iris")
	bad := 2.
	for want, plan := range map[string]Plan{
		"validate.plan":      {Folds: 1},
		"validate.few":       {Folds: 51},
		"validate.threshold": {Threshold: &bad},
	} {
		if _, err := Run(context.Background(), tbl, target, y, small, plan, nil); key(err) != want {
			t.Errorf("%+v: %v, want %s", plan, err, want)
		}
	}
	s := small
	s.Alpha = -1
	if _, err := Run(context.Background(), tbl, target, y, s, Plan{Folds: 3}, nil); key(err) != "model.setting" {
		t.Errorf("α −1: %v", err)
	}
	broken := func(int, int) { panic("no screen") }
	if _, err := Run(context.Background(), tbl, target, y, small, Plan{Folds: 3}, broken); key(err) != "train.failed" {
		t.Errorf("a panic became %v", err)
	}
}

func TestRunStops(t *testing.T) {
	tbl, target, y := bundled(t, "breast_cancer")
	ctx, cancel := context.WithCancel(context.Background())
	s := small
	s.Epochs = 1e5
	first := true
	go cancel()
	if _, err := Run(ctx, tbl, target, y, s, Plan{}, func(int, int) { first = false }); !errors.Is(err, context.Canceled) || !first {
		t.Errorf("stopped with %v", err)
	}
}

// The interval and the verdict follow DeLong's test.
func TestDifference(t *testing.T) {
	y := make([]bool, 200)
	good, poor := make([]float64, 200), make([]float64, 200)
	for i := range y {
		y[i] = i%2 == 0
		good[i], poor[i] = float64(i%7)/10, float64(i%5)/10
		if y[i] {
			good[i] += .35
		}
	}
	sides := func(p []float64) model.BinarySide { return model.BinarySide{Risks: p} }
	for _, c := range []struct {
		a, b    []float64
		verdict string
	}{{good, poor, "network"}, {poor, good, "regression"}, {good, good, "none"}} {
		d, err := difference(y, sides(c.a), sides(c.b))
		if err != nil || d.Verdict != c.verdict || d.Low > d.Difference || d.High < d.Difference || (d.Low > 0 || d.High < 0) != (c.verdict != "none") {
			t.Errorf("%s: %+v, %v", c.verdict, d, err)
		}
	}
	flip := make([]float64, 200)
	for i := range y {
		if good[i] = 0; y[i] {
			good[i] = 1
		}
		flip[i] = 1 - good[i]
	}
	if d, _ := difference(y, sides(good), sides(flip)); d.Difference != 1 || d.Low.Defined() || d.Verdict != "none" {
		t.Errorf("a difference without variance has the interval %v to %v", d.Low, d.High)
	}
}
