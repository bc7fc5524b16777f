package validate

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"gradus/model"
	"gradus/table"
)

// Logits made T times too large are found so, of two classes and of three; right ones and those of a number are let alone.
func TestTemperature(t *testing.T) {
	for _, levels := range [][]string{{"0", "1"}, {"a", "b", "c"}} {
		w := &work{target: &table.Target{Task: table.TaskBinary, Levels: levels, Event: "1"}}
		if len(levels) > 2 {
			w.target = &table.Target{Task: table.TaskClasses, Levels: levels}
		}
		r := rand.New(rand.NewPCG(6, 6))
		var y []float64
		var right, steep [][]float64
		var rows []int
		for i := range 3000 {
			p := make([]float64, len(levels))
			for c := range p {
				p[c] = math.Exp(1.5 * r.NormFloat64())
			}
			p = tempered(p, 1)
			at, u := 0, r.Float64()
			for ; at < len(p)-1 && u > p[at]; at++ {
				u -= p[at]
			}
			y, right, steep, rows = append(y, float64(at)), append(right, p), append(steep, tempered(p, 2.5)), append(rows, i)
		}
		folds, err := Parting{Scheme: CrossValidation, Folds: 5, Repeats: 1, Seed: 1}.Split(y, true)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.temperature(rows, y, steep, folds); math.Abs(got-2.5) > .25 {
			t.Errorf("%d levels: T is %v, want 2.5", len(levels), got)
		}
		if got := w.temperature(rows, y, right, folds); got != 0 && math.Abs(got-1) > .1 {
			t.Errorf("%d levels: T is %v where the risks are right", len(levels), got)
		}
		// at the least, what is said of the logits is what was: the slope of the loss is 0
		b, slope := w.sharpness(y, steep), 0.
		for _, d := range []float64{-1e-6, 1e-6} {
			for i := range y {
				slope += w.loss(y[i], tempered(steep[i], b+d)) * math.Copysign(1, d)
			}
		}
		if math.Abs(slope/2e-6)/3000 > 1e-6 {
			t.Errorf("%d levels: the loss still falls by %v", len(levels), slope/2e-6)
		}
	}
	w := &work{target: &table.Target{Task: table.TaskNumber}}
	if w.temperature(nil, nil, nil, nil) != 0 {
		t.Error("a number has a temperature")
	}
}

// Networks that learnt too much are cooled in every fold, and the risks judged are the better for it; the card of the fold says so.
func TestCooled(t *testing.T) {
	tbl, target, y := bundled(t, "cohort")
	none := 0.
	s := model.Settings{Hidden: []int{40}, Epochs: 60, Alpha: .01, WeightDecay: &none, Validation: &none, Seed: 3, Leave: []string{"patient_id", "visit_date", "site"}}
	d := Design{Parting: Parting{Scheme: CrossValidation, Folds: 3, Seed: 1}, Inner: 2}
	v, n, _, err := nested(context.Background(), tbl, target, y, s, d, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := Run(context.Background(), tbl, target, y, s, Plan{Folds: 3, Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range n.Folds {
		if f.Settings.Temperature < 1.2 {
			t.Errorf("a fold is cooled by %v", f.Settings.Temperature)
		}
	}
	cool, hot := v.Binary.Network.BinaryResult, plain.Binary.Network.BinaryResult
	if cool.LogLoss > hot.LogLoss-.01 || cool.Calibration.Slope < 1.3*hot.Calibration.Slope {
		t.Errorf("log loss %v, slope %v; before %v, %v", cool.LogLoss, cool.Calibration.Slope, hot.LogLoss, hot.Calibration.Slope)
	}
	product := 1.
	for _, f := range n.Folds {
		product *= f.Settings.Temperature
	}
	if got := Temperature(n); math.Abs(got-math.Cbrt(product)) > 1e-12 {
		t.Errorf("the final model is cooled by %v", got)
	}
}

// The logits of a tempered model, one network or several, of two classes or three, are those of the model over T.
func TestTempered(t *testing.T) {
	for name, s := range map[string]model.Settings{"breast_cancer": {Epochs: 3, Members: 3}, "wine": {Epochs: 3, Members: 2, Bins: -1}, "iris": {Hidden: []int{4}, Epochs: 3}} {
		tbl, target, y := bundled(t, name)
		rows := make([]int, tbl.Rows)
		for i := range rows {
			rows[i] = i
		}
		m, err := Learn(context.Background(), tbl, rows, nil, target, y, s)
		if err != nil {
			t.Fatal(err)
		}
		s.Temperature = 1.7
		cooled, err := Learn(context.Background(), tbl, rows, nil, target, y, s)
		if err != nil || cooled.Card.Settings.Temperature != 1.7 {
			t.Fatal(err)
		}
		p, _, err := m.All(tbl)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := cooled.Write(&file); err != nil {
			t.Fatal(err)
		}
		read, err := model.Read(file.Bytes(), "m")
		if err != nil {
			t.Fatal(err)
		}
		q, _, err := read.All(tbl)
		if err != nil {
			t.Fatal(err)
		}
		for r := range p.Rows {
			for c, v := range tempered(p.Row(r), 1/1.7) {
				if math.Abs(v-q.At(r, c)) > 2e-6 {
					t.Fatalf("%s, row %d: %v, want %v", name, r, q.Row(r), tempered(p.Row(r), 1/1.7))
				}
			}
		}
	}
}
