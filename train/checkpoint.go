//go:build !page

package train

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"

	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/optimizer"
)

// bestCost names the one array that is float64 in every checkpoint: JSON has no infinity, which it is until the first epoch ends.
const bestCost = "best_cost"

// saved is the part of a checkpoint that is no array.
type saved struct {
	place
	Memory *optimizer.PlateauMemory `json:"memory,omitempty"`
}

// Save writes everything that the rest of the run depends on: weights, running statistics, the rule's memory, the schedule's, the
// best epoch so far and the place in the run. identity names what the run is (data, configuration); Load refuses another one. A run
// that has diverged is not saved.
func (t *Trainer[T]) Save(w io.Writer, identity string) error {
	if t.failed != nil {
		return t.failed
	}
	place, err := json.Marshal(saved{t.place, t.memory()})
	if err != nil {
		return err
	}
	f := safetensors.File{Metadata: map[string]string{
		"format": "gradus-checkpoint", "version": "1", "identity": identity, "place": string(place),
	}}
	if n := t.cfg.Rule.State().T; n != nil {
		f.Metadata["t"] = strconv.Itoa(*n)
	}
	for _, v := range t.vectors() {
		f.Tensors = append(f.Tensors, safetensors.Floats(v.name, v.values, len(v.values)))
	}
	if t.best.w != nil {
		f.Tensors = append(f.Tensors, safetensors.Floats(bestCost, []float64{t.best.cost}, 1))
	}
	return f.Write(w)
}

// vector is a live vector of T that a checkpoint holds.
type vector[T mat.Float] struct {
	name   string
	values []T
}

func (t *Trainer[T]) vectors() []vector[T] {
	list := []vector[T]{{"weights", t.net.Weights()}}
	for i, b := range t.state {
		list = append(list, vector[T]{fmt.Sprintf("buffer.%d.%s", i, b.Name), b.Values})
	}
	for i, m := range t.cfg.Rule.State().Moments {
		list = append(list, vector[T]{fmt.Sprintf("moment.%d.%s", i, m.Name), m.Values})
	}
	if t.best.w != nil {
		list = append(list, vector[T]{"best.weights", t.best.w})
		for i, b := range t.best.buffers {
			list = append(list, vector[T]{fmt.Sprintf("best.buffer.%d", i), b})
		}
	}
	return list
}

// memory is the schedule's live memory; nil where it has none.
func (t *Trainer[T]) memory() *optimizer.PlateauMemory {
	if s, ok := t.cfg.Schedule.(*optimizer.Plateau); ok {
		return &s.Memory
	}
	return nil
}

// Load puts the trainer where Save left its run. A file that is damaged, or of another run, is refused and changes nothing.
func (t *Trainer[T]) Load(b []byte, identity string) error {
	f, err := safetensors.Read(b)
	if err != nil {
		return say.Error("train.checkpoint_damaged", "cause", err)
	}
	if f.Metadata["format"] != "gradus-checkpoint" || f.Metadata["version"] != "1" {
		return say.Error("train.checkpoint_format")
	}
	if f.Metadata["identity"] != identity {
		return say.Error("train.checkpoint_other")
	}
	if err := t.take(f); err != nil {
		return say.Error("train.checkpoint_damaged", "cause", err)
	}
	return nil
}

// take reads everything before it changes anything.
func (t *Trainer[T]) take(f *safetensors.File) error {
	at, err := t.readPlace(f.Metadata["place"])
	if err != nil {
		return err
	}
	n, counted, err := t.readCount(f.Metadata["t"])
	if err != nil {
		return err
	}
	read, cost, err := t.readVectors(f)
	if err != nil {
		return err
	}
	for i, v := range t.vectors() {
		copy(v.values, read[i])
	}
	if m := t.memory(); m != nil {
		*m = *at.Memory
	}
	if counted != nil {
		*counted = n
	}
	t.best.cost, t.place, t.failed = cost, at.place, nil
	if at.Done > 0 {
		t.order.shuffle(t.cfg.Seed, at.Epoch)
	}
	return nil
}

// readPlace is a place that this run can stand at.
func (t *Trainer[T]) readPlace(text string) (at saved, err error) {
	if err := json.Unmarshal([]byte(text), &at); err != nil {
		return at, fmt.Errorf("%w: place: %v", safetensors.ErrFormat, err)
	}
	inside := at.Epoch >= 1 && at.Epoch-1 <= t.cfg.Epochs && at.Done >= 0 && at.Done < t.counts.PerEpoch &&
		at.Iteration == (at.Epoch-1)*t.counts.PerEpoch+at.Done && at.Waited >= 0
	ended := at.Epoch > t.cfg.Epochs
	if !inside || ended && !at.Finished || at.Finished && at.Done > 0 || (at.Memory == nil) != (t.memory() == nil) {
		return at, say.Error("train.checkpoint_place", "epoch", at.Epoch, "iteration", at.Iteration)
	}
	return at, nil
}

// readCount is the rule's own count of iterations and where it lives, nil where the rule does not count.
func (t *Trainer[T]) readCount(text string) (n int, live *int, err error) {
	if live = t.cfg.Rule.State().T; live == nil {
		return 0, nil, nil
	}
	if n, err = strconv.Atoi(text); err != nil || n < 0 {
		return 0, nil, fmt.Errorf("%w: t is %q", safetensors.ErrFormat, text)
	}
	return n, live, nil
}

// readVectors are the file's numbers for each of vectors, and the cost of the best epoch.
func (t *Trainer[T]) readVectors(f *safetensors.File) (read [][]T, cost float64, err error) {
	for _, v := range t.vectors() {
		x, _ := f.Get(v.name)
		read = append(read, make([]T, len(v.values)))
		if err := safetensors.Into(read[len(read)-1], x); err != nil {
			return nil, 0, err
		}
	}
	want := len(read)
	if t.best.w != nil {
		x, _ := f.Get(bestCost)
		one := make([]float64, 1)
		if err := safetensors.Into(one, x); err != nil {
			return nil, 0, err
		}
		want, cost = want+1, one[0]
	}
	if len(f.Tensors) != want || math.IsNaN(cost) {
		return nil, 0, fmt.Errorf("%w: %d arrays, expected %d", safetensors.ErrFormat, len(f.Tensors), want)
	}
	return read, cost, nil
}
