package fit

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"gradus/cost"
	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/model"
	"gradus/network"
	"gradus/optimizer"
	"gradus/table"
	"gradus/train"
)

// with runs f with a set of instructions of its own.
func with(t *testing.T, name string, f func()) {
	t.Helper()
	before := kernel.ISA()
	defer func() { _ = kernel.Use(before) }()
	if err := kernel.Use(name); err != nil {
		t.Fatal(err)
	}
	f()
}

func weightsOf(t *testing.T, name string, s model.Settings) []float32 {
	t.Helper()
	tbl, target := bundled(t, name)
	m, err := begin(t, tbl, target, nil, s).Train(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(m.Network.Weights())
}

// exactly are the weights that the plain Go source of float64 ends with, put together here from its parts.
func exactly(t *testing.T, name string, s model.Settings) []float64 {
	t.Helper()
	tbl, target := bundled(t, name)
	goal, y, err := table.NewTarget(tbl, target, table.TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	s, err = s.Complete(tbl.Rows)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]int, tbl.Rows)
	for i := range rows {
		rows[i] = i
	}
	m, err := model.New(tbl, rows, goal, y, s)
	if err != nil {
		t.Fatal(err)
	}
	x, ty, err := model.Matrices[float64](m, tbl, rows, y)
	if err != nil {
		t.Fatal(err)
	}
	net, err := network.Build[float64](m.Network.In(), m.Network.Specs())
	if err != nil {
		t.Fatal(err)
	}
	net.Init(s.Seed)
	c := train.Config[float64]{Cost: cost.BinaryCrossEntropy[float64]{On: cost.Logits}, Epochs: s.Epochs, Batch: s.Batch, Seed: s.Seed}
	c.Rule, c.Penalty, err = optimizer.NewPenalised[float64](s.Optimizer, len(net.Weights()), optimizer.Reference,
		map[string]float64{"weight_decay": *s.WeightDecay}, net.Decaying())
	if err != nil {
		t.Fatal(err)
	}
	if c.Schedule, err = schedule(tbl.Rows, s); err != nil {
		t.Fatal(err)
	}
	for _, err := range train.Run(t.Context(), net, x, ty, c) {
		if err != nil {
			t.Fatal(err)
		}
	}
	return net.Weights()
}

// A model trained in float64 has the weights of the exact path, rounded to float32: bit for bit in plain Go, elsewhere but for the
// roundings of the products, which AVX-512 and AVX2 do alike.
func TestDouble(t *testing.T) {
	s := quick(0)
	s.Precision = model.Float64
	want := exactly(t, "breast_cancer", s)
	with(t, "go", func() {
		for i, w := range weightsOf(t, "breast_cancer", s) {
			if w != float32(want[i]) {
				t.Fatalf("weight %d is %v, not %v", i, w, want[i])
			}
		}
	})
	var fast [][]float32
	for _, name := range []string{"avx512", "avx2"} {
		with(t, name, func() { fast = append(fast, weightsOf(t, "breast_cancer", s)) })
	}
	for i, w := range fast[0] {
		if math.Abs(float64(w)-want[i]) > 1e-7*max(1, math.Abs(want[i])) {
			t.Fatalf("weight %d is %v, not %v", i, w, want[i])
		}
	}
	if kernel.ISA() != "neon" && !slices.Equal(fast[0], fast[1]) {
		t.Error("AVX-512 and AVX2 end apart")
	}
	if s.Precision = model.Float32; slices.Equal(weightsOf(t, "breast_cancer", s), fast[0]) {
		t.Error("trained in float32 it is the same")
	}
}

// The precision is named where it is float64 alone; a model of float32 has the bytes that it had before there was a choice.
func TestPrecisionInTheCard(t *testing.T) {
	tbl, target := bundled(t, "iris")
	var files [][]byte
	for _, p := range []string{"", model.Float32, model.Float64} {
		s := quick(.2)
		s.Precision = p
		files = append(files, bytesOf(t, begin(t, tbl, target, nil, s)))
	}
	if !bytes.Equal(files[0], files[1]) || bytes.Contains(files[0], []byte("precision")) || !bytes.Contains(files[2], []byte(`precision\":\"float64\"`)) {
		t.Error("the card does not say what the model was trained in")
	}
	m, err := model.Read(files[2], "m.gradus")
	if err != nil || m.Card.Settings.Precision != model.Float64 {
		t.Errorf("read back: %v", err)
	}
}

// A weight that only float64 can hold is told at the end of the training, not written.
func TestWeightTooLarge(t *testing.T) {
	tbl, target := bundled(t, "diabetes")
	s := model.Settings{Hidden: []int{2}, Optimizer: "descent", Alpha: 1e60, Epochs: 1, Batch: tbl.Rows, WeightDecay: share(0), Validation: share(0), Precision: model.Float64}
	_, err := begin(t, tbl, target, nil, s).Train(t.Context())
	if e, ok := err.(*say.Err); !ok || e.Key != "model.weight_size" {
		t.Errorf("%v", err)
	}
}
