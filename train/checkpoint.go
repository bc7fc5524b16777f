package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/optimizer"
)

// saved is the part of a checkpoint that is no array.
type saved struct {
	place
	Memory *optimizer.PlateauMemory `json:"memory,omitempty"`
}

// Save writes everything that the rest of the run depends on: weights, running statistics, the rule's memory, the schedule's, the
// best epoch so far and the place in the run. identity names what the run is (data, configuration); Load refuses another one.
func (t *Trainer[T]) Save(w io.Writer, identity string) error {
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
	t.each(func(name string, v []T) {
		f.Tensors = append(f.Tensors, safetensors.Floats(name, v, len(v)))
	})
	if t.best.w != nil {
		f.Tensors = append(f.Tensors, safetensors.Floats("best_cost", []float64{t.best.cost}, 1))
	}
	return f.Write(w)
}

// each hands over every live vector of T that a checkpoint holds.
func (t *Trainer[T]) each(visit func(name string, v []T)) {
	visit("weights", t.net.Weights())
	for i, b := range t.net.Buffers() {
		visit(fmt.Sprintf("buffer.%d.%s", i, b.Name), b.Values)
	}
	for i, m := range t.cfg.Rule.State().Moments {
		visit(fmt.Sprintf("moment.%d.%s", i, m.Name), m.Values)
	}
	if t.best.w != nil {
		visit("best.weights", t.best.w)
		for i, b := range t.best.buffers {
			visit(fmt.Sprintf("best.buffer.%d", i), b)
		}
	}
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
	var at saved
	if err := json.Unmarshal([]byte(f.Metadata["place"]), &at); err != nil {
		return say.Error("train.checkpoint_damaged", "cause", err)
	}
	if at.Epoch < 1 || at.Done < 0 || at.Done >= t.counts.PerEpoch || at.Iteration < 0 || (at.Memory == nil) != (t.memory() == nil) {
		return say.Error("train.checkpoint_damaged", "cause", errors.New("the place in the run is outside it"))
	}
	return t.take(f, at)
}

// take copies every vector after all of them were seen to fit.
func (t *Trainer[T]) take(f *safetensors.File, at saved) error {
	var err error
	t.each(func(name string, v []T) {
		x, _ := f.Get(name)
		err = errors.Join(err, safetensors.Into(make([]T, len(v)), x))
	})
	cost := make([]float64, 1)
	if t.best.w != nil {
		x, _ := f.Get("best_cost")
		err = errors.Join(err, safetensors.Into(cost, x))
	}
	var n int
	counted := t.cfg.Rule.State().T
	if counted != nil {
		var bad error
		n, bad = strconv.Atoi(f.Metadata["t"])
		err = errors.Join(err, bad)
	}
	if err != nil {
		return say.Error("train.checkpoint_damaged", "cause", err)
	}
	t.each(func(name string, v []T) {
		x, _ := f.Get(name)
		_ = safetensors.Into(v, x) // seen to fit above
	})
	if m := t.memory(); m != nil {
		*m = *at.Memory
	}
	if counted != nil {
		*counted = n
	}
	t.best.cost, t.place = cost[0], at.place
	if at.Done > 0 {
		Order(t.order, t.cfg.Seed, at.Epoch)
	}
	return nil
}
