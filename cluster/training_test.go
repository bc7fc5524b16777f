package cluster

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gradus/cost"
	"gradus/data"
	"gradus/fit"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/model"
	"gradus/network"
	"gradus/optimizer"
	"gradus/table"
	"gradus/train"
)

// begun is the run of a bundled table that belongs to j.
func begun(t *testing.T, j *Job, name string, s model.Settings) *fit.Run {
	t.Helper()
	r := single(t, name, s)
	if err := r.Share(j); err != nil {
		t.Fatal(err)
	}
	return r
}

// single is that run on one machine.
func single(t *testing.T, name string, s model.Settings) *fit.Run {
	t.Helper()
	set, err := data.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	tbl, err := table.Read(strings.NewReader(string(set.CSV())), "t.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	goal, y, err := table.NewTarget(tbl, set.Target, table.TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	r, err := fit.New(tbl, nil, goal, y, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func written(t *testing.T, r *fit.Run) []byte {
	var b bytes.Buffer
	if err := r.Model().Write(&b); err != nil {
		t.Error(err)
	}
	return b.Bytes()
}

// on runs f on every rank and returns what rank 0 made; every rank must have made the same.
func on(t *testing.T, ranks int, f func(j *Job) []byte) (first []byte) {
	t.Helper()
	var lock sync.Mutex
	all := make([][]byte, ranks)
	everywhere(t, ranks, func(j *Job) {
		b := f(j)
		lock.Lock()
		defer lock.Unlock()
		rank, _ := j.Place()
		all[rank] = b
	})
	for _, b := range all[1:] {
		if !bytes.Equal(b, all[0]) {
			t.Errorf("%d ranks made different things", ranks)
		}
	}
	return all[0]
}

func share(v float64) *float64 { return &v }

// A model has the same bytes for any number of ranks: of an event, classes, a number; with dropout, early stopping, a last batch of few
// rows, more ranks than blocks; one network and an ensemble of networks with ramps.
func TestSameModel(t *testing.T) {
	for name, c := range map[string]struct {
		set string
		s   model.Settings
	}{
		"event":    {"breast_cancer", model.Settings{Hidden: []int{9, 7}, Dropout: .3, Epochs: 6, Validation: share(.3), Patience: 2, Blocks: 5, Seed: 3}},
		"classes":  {"wine", model.Settings{Hidden: []int{8}, Activation: "relu", Epochs: 8, Batch: 50, Blocks: 8, ClassWeights: true}},
		"number":   {"diabetes", model.Settings{Hidden: []int{6}, Optimizer: "nesterov", Epochs: 4, Batch: 33, Blocks: 4}},
		"ensemble": {"iris", model.Settings{Members: 2, Epochs: 3, Blocks: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			f := func(j *Job) []byte {
				r := begun(t, j, c.set, c.s)
				if _, err := r.Train(t.Context()); err != nil {
					t.Error(err)
				}
				return written(t, r)
			}
			want := on(t, 1, f)
			for _, ranks := range []int{2, 3, 6} {
				if got := on(t, ranks, f); !bytes.Equal(got, want) {
					t.Errorf("%d ranks: another model", ranks)
				}
			}
		})
	}
}

// One rank that is asked to stop stops all of them at the same step; the checkpoint goes on, on another number of ranks, to the same model.
func TestStopAndResume(t *testing.T) {
	s := model.Settings{Hidden: []int{9}, Dropout: .2, Optimizer: "nesterov", Epochs: 5, Validation: share(.2), Blocks: 6}
	want := on(t, 1, func(j *Job) []byte {
		r := begun(t, j, "breast_cancer", s)
		if _, err := r.Train(t.Context()); err != nil {
			t.Error(err)
		}
		return written(t, r)
	})
	saved := on(t, 3, func(j *Job) []byte {
		r := begun(t, j, "breast_cancer", s)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		rank, _ := j.Place()
		steps := 0
		for _, err := range r.Steps(ctx) {
			if err != nil {
				if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				break
			}
			if steps++; steps == 17 && rank == 1 {
				stop()
			}
		}
		if steps != 18 {
			t.Errorf("rank %d stopped after %d steps", rank, steps)
		}
		var b bytes.Buffer
		if err := r.Save(&b); err != nil {
			t.Error(err)
		}
		return b.Bytes()
	})
	for _, ranks := range []int{1, 2, 5} {
		got := on(t, ranks, func(j *Job) []byte {
			r := begun(t, j, "breast_cancer", s)
			if err := r.Load(saved); err != nil {
				t.Error(err)
			}
			if _, err := r.Train(t.Context()); err != nil {
				t.Error(err)
			}
			return written(t, r)
		})
		if !bytes.Equal(got, want) {
			t.Errorf("resumed on %d ranks: another model", ranks)
		}
	}
	s.Blocks = 7
	if err := begun(t, Join(Alone{}, time.Minute), "breast_cancer", s).Load(saved); err == nil {
		t.Error("a run of other blocks took the checkpoint")
	}
}

// small trains a network of its own on rows whose last target is what is asked for.
func small(t *testing.T, layers []network.Spec, f cost.Func[float32], y func(i int) float32, columns int, alpha float64) (*train.Trainer[float32], error) {
	t.Helper()
	net, err := network.Build[float32](2, layers)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	x, truth := mat.New[float32](16, 2), mat.New[float32](16, columns)
	for i := range x.Data {
		x.Data[i] = float32(i%5) - 2
	}
	for i := range truth.Data {
		truth.Data[i] = y(i)
	}
	rule, _, err := optimizer.NewPenalised[float32]("descent", len(net.Weights()), optimizer.Reference, nil, net.Decaying())
	if err != nil {
		t.Fatal(err)
	}
	return train.New(net, x, truth, train.Config[float32]{Cost: f, Rule: rule, Schedule: optimizer.Constant{Base: alpha}, Epochs: 60, Batch: 16, Seed: 1})
}

// A run that diverges says so in the same words on every rank, those of a run on one machine.
func TestDivergence(t *testing.T) {
	layers := []network.Spec{{Kind: "dense", Units: 4, Activation: "relu"}, {Kind: "dense", Units: 1}}
	words := func(with func(*train.Trainer[float32])) string {
		tr, err := small(t, layers, cost.MSE[float32]{}, func(i int) float32 { return float32(i) * 1e6 }, 1, 3)
		if err != nil {
			t.Fatal(err)
		}
		with(tr)
		for _, err := range tr.Steps(t.Context()) {
			if err != nil {
				e, _ := errors.AsType[*say.Err](err)
				return e.Key + " " + err.Error()
			}
		}
		return "it did not diverge"
	}
	want := words(func(*train.Trainer[float32]) {})
	if !strings.HasPrefix(want, "train.diverged") {
		t.Fatal(want)
	}
	for _, ranks := range []int{1, 2, 3} {
		got := string(on(t, ranks, func(j *Job) []byte {
			return []byte(words(func(tr *train.Trainer[float32]) {
				if err := tr.Share(j, 4); err != nil {
					t.Error(err)
				}
			}))
		}))
		at := func(s string) string { return s[:strings.Index(s, "epoch")] }
		if at(got) != at(want) {
			t.Errorf("%d ranks: %s\nnot %s", ranks, got, want)
		}
	}
}

// What cannot be parted is refused in words.
func TestRefused(t *testing.T) {
	dense := network.Spec{Kind: "dense", Units: 1}
	zero := func(int) float32 { return 0 }
	for key, c := range map[string]struct {
		layers  []network.Spec
		cost    cost.Func[float32]
		columns int
		blocks  int
	}{
		"cluster.layer":  {[]network.Spec{{Kind: "batch-norm"}, dense}, cost.MSE[float32]{}, 1, 4},
		"cluster.cost":   {[]network.Spec{dense}, &cost.Cox[float32]{}, 2, 4},
		"cluster.blocks": {[]network.Spec{dense}, cost.MSE[float32]{}, 1, 0},
	} {
		tr, err := small(t, c.layers, c.cost, zero, c.columns, .1)
		if err != nil {
			t.Fatal(err)
		}
		err = tr.Share(Join(Alone{}, time.Minute), c.blocks)
		if e, ok := errors.AsType[*say.Err](err); !ok || e.Key != key || e.Fault {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// With one block the exact sum is the gradient itself but for its last bits, so a job learns what one machine learns.
func TestNearOneMachine(t *testing.T) {
	s := model.Settings{Hidden: []int{9, 7}, Dropout: .3, Epochs: 3, Blocks: 8}
	alone := single(t, "breast_cancer", s)
	if _, err := alone.Train(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := slices.Clone(alone.Model().Network.Weights())
	everywhere(t, 2, func(j *Job) {
		r := begun(t, j, "breast_cancer", s)
		if _, err := r.Train(t.Context()); err != nil {
			t.Error(err)
			return
		}
		for i, w := range r.Model().Network.Weights() {
			if math.Abs(float64(w-want[i])) > 1e-4 {
				t.Errorf("weight %d is %v, on one machine %v", i, w, want[i])
				return
			}
		}
	})
}
