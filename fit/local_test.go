package fit

import (
	"context"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gradus/data"
	"gradus/model"
	"gradus/table"
)

// local is an untrained model of the bundled tumours, and their table.
func local(t *testing.T, s model.Settings) (*model.Model, *table.Table, []float64) {
	t.Helper()
	set, err := data.Get("breast_cancer")
	if err != nil {
		t.Fatal(err)
	}
	tbl, err := table.Read(strings.NewReader(string(set.CSV())), "tumours.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	target, y, err := table.NewTarget(tbl, set.Target, table.TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	s.Task = target.Task
	if s, err = s.Complete(tbl.Rows); err != nil {
		t.Fatal(err)
	}
	p, err := table.Fit(tbl, nil, target.Column, table.PrepareOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.Plain(*target, p, table.Scale{}, s)
	if err != nil {
		t.Fatal(err)
	}
	return m, tbl, y
}

// One step of plain descent on every patient, nothing cut and no noise, is one step on the mean gradient.
func TestPrivateStepWithoutPrivacyIsDescent(t *testing.T) {
	zero := 0.
	s := model.Settings{Hidden: []int{5}, Optimizer: "descent", Alpha: .5, Epochs: 1, Batch: 569, WeightDecay: &zero}
	l := Local{Round: 1, Rounds: 1, Seed: 3, Mu: .1}
	plain, tbl, y := local(t, s)
	if _, err := Continue(context.Background(), plain, tbl, y, l); err != nil {
		t.Fatal(err)
	}
	private, _, _ := local(t, s)
	if err := ContinuePrivately(context.Background(), private, tbl, y, l, open(tbl)); err != nil {
		t.Fatal(err)
	}
	for i, w := range private.Network.Weights() {
		if v := plain.Network.Weights()[i]; math.Abs(float64(w-v)) > 1e-6 {
			t.Fatalf("weight %d: %v, want %v", i, w, v)
		}
	}
}

// open hides nothing: each row a patient, any gradient let through, no noise, everybody taken.
func open(tbl *table.Table) Private {
	p := Private{Clip: 1e9, Random: still{}}
	for r := range tbl.Rows {
		p.Patients = append(p.Patients, []int{r})
	}
	return p
}

// still is chance that takes everybody and adds nothing.
type still struct{}

func (still) Float64() float64 { return 0 }
func (still) Normal() float64  { return 0 }

// Leaving any one patient out moves a step of descent by α·C/batch at most, whatever the patient's rows are.
func TestOnePatientMovesAStepByTheClip(t *testing.T) {
	zero := 0.
	s := model.Settings{Hidden: []int{5}, Optimizer: "descent", Alpha: 1, Epochs: 1, Batch: 569, WeightDecay: &zero}
	step := func(patients [][]int) []float32 {
		m, tbl, y := local(t, s)
		p := open(tbl)
		p.Clip, p.Patients = .01, patients
		if err := ContinuePrivately(context.Background(), m, tbl, y, Local{Round: 1, Rounds: 1}, p); err != nil {
			t.Fatal(err)
		}
		return m.Network.Weights()
	}
	var patients [][]int
	for r := 0; r < 569; r += 2 {
		patients = append(patients, []int{r, min(r+1, 568)})
	}
	all, most := step(patients), 0.
	for k := range 20 {
		d := 0.
		for i, w := range step(slices.Concat(patients[:k*10], patients[k*10+1:])) {
			d += math.Pow(float64(w)-float64(all[i]), 2)
		}
		most = max(most, math.Sqrt(d))
	}
	if limit := .01 / 569; most > limit*1.01 || most < limit/2 {
		t.Errorf("one patient moves the weights by %v, the limit is %v", most, limit)
	}
}

func TestGradientThatIsNotFiniteCountsAsNone(t *testing.T) {
	sum := []float64{1, 2}
	for _, bad := range []float32{float32(math.NaN()), float32(math.Inf(1))} {
		addClipped(sum, []float32{1, bad}, 1)
	}
	if addClipped(sum, []float32{3, 4}, 1); sum[0] != 1.6 || sum[1] != 2.8 {
		t.Error(sum)
	}
}

// The same bits on one core and on several.
func TestContinueOnAnyCores(t *testing.T) {
	weights := func(cores int) []float32 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		m, tbl, y := local(t, model.Settings{Hidden: []int{64, 32}, Epochs: 2, Batch: 128, Dropout: .2})
		if _, err := Continue(context.Background(), m, tbl, y, Local{Round: 2, Rounds: 5, Seed: 9, Mu: .01}); err != nil {
			t.Fatal(err)
		}
		return m.Network.Weights()
	}
	if !slices.Equal(weights(1), weights(4)) {
		t.Error("the number of cores changes the weights")
	}
}
