package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/network"
	"gradus/table"
)

// The words a model file begins with, and the newest version of the format that this gradus reads and the one it writes.
const (
	format        = "gradus-model"
	formatVersion = 1
)

// head is the part of a model file that is no array.
type head struct {
	Target      table.Target       `json:"target"`
	Preparation *table.Preparation `json:"preparation"`
	Scale       *table.Scale       `json:"scale,omitempty"`
	Inputs      int                `json:"inputs"`
	Layers      []network.Spec     `json:"layers"`
	Card        Card               `json:"card"`
}

// Write writes the model as one file, docs/model-format.md. The same model gives the same bytes.
func (m *Model) Write(w io.Writer) error {
	h := head{m.Target, m.Preparation, nil, m.Network.In(), m.Network.Specs(), m.Card}
	if m.Target.Task == table.TaskNumber {
		h.Scale = &m.Scale
	}
	b, err := json.Marshal(h)
	if err != nil {
		return err
	}
	f := safetensors.File{Metadata: map[string]string{
		"format": format, "version": strconv.Itoa(formatVersion), "model": string(b),
	}}
	m.arrays(func(name string, v []float32, shape ...int) {
		f.Tensors = append(f.Tensors, safetensors.Floats(name, v, shape...))
	})
	return f.Write(w)
}

// arrays hands over the live arrays of the network: layers.0.weights (out,in), layers.0.biases (out) …
func (m *Model) arrays(visit func(name string, v []float32, shape ...int)) {
	for _, s := range m.Network.Spans() {
		shape := []int{s.Rows, s.Cols}
		if s.Rows == 1 && s.Name != "weights" {
			shape = shape[1:]
		}
		visit(fmt.Sprintf("layers.%d.%s", s.Layer, s.Name), m.Network.Weights()[s.Start:s.End], shape...)
	}
	for i, b := range m.Network.Buffers() {
		visit(fmt.Sprintf("buffers.%d.%s", i, b.Name), b.Values, len(b.Values))
	}
}

// Read reads a model file; name is the file's name in messages. A file of a newer format, a truncated or changed one is refused.
func Read(b []byte, name string) (*Model, error) {
	f, err := safetensors.Read(b)
	switch {
	case errors.Is(err, safetensors.ErrFormat):
		return nil, say.Error("model.not_model", "name", name, "found", err)
	case err != nil:
		return nil, say.Error("model.damaged", "name", name, "cause", err)
	case f.Metadata["format"] != format:
		return nil, say.Error("model.not_model", "name", name, "found", strconv.Quote(f.Metadata["format"]))
	}
	version, err := strconv.Atoi(f.Metadata["version"])
	if err != nil || version < 1 {
		return nil, say.Error("model.not_model", "name", name, "found", "version "+strconv.Quote(f.Metadata["version"]))
	}
	if version > formatVersion {
		return nil, say.Error("model.newer", "name", name, "version", version, "known", formatVersion)
	}
	var h head
	if err := json.Unmarshal([]byte(f.Metadata["model"]), &h); err != nil {
		return nil, say.Error("model.damaged", "name", name, "cause", err)
	}
	m, err := h.model(f)
	if err != nil {
		return nil, say.Error("model.damaged", "name", name, "cause", err)
	}
	return m, nil
}

// model checks every part of the head and takes the arrays.
func (h head) model(f *safetensors.File) (*Model, error) {
	if h.Preparation == nil {
		return nil, errors.New("there is no preparation")
	}
	if err := errors.Join(h.Preparation.Valid(), h.Target.Valid()); err != nil {
		return nil, err
	}
	m := &Model{Target: h.Target, Preparation: h.Preparation, Card: h.Card}
	if (h.Scale != nil) != (h.Target.Task == table.TaskNumber) {
		return nil, errors.New("scale and task do not fit")
	}
	if h.Scale != nil {
		m.Scale = *h.Scale
	}
	if h.Inputs != m.Preparation.Width() {
		return nil, fmt.Errorf("the preparation gives %d inputs, the network takes %d", m.Preparation.Width(), h.Inputs)
	}
	if err := h.fits(f); err != nil {
		return nil, err
	}
	var err error
	if m.Network, err = network.Build[float32](h.Inputs, h.Layers); err != nil {
		return nil, err
	}
	if m.Network.Out() != m.logits() {
		return nil, fmt.Errorf("%d outputs for %d levels", m.Network.Out(), len(m.Target.Levels))
	}
	return m, m.take(f)
}

// fits checks, before anything is allocated, that no layer asks for more weights than the file holds.
func (h head) fits(f *safetensors.File) error {
	numbers, width := 0, h.Inputs
	for _, t := range f.Tensors {
		numbers += len(t.Data) / 4
	}
	for i, l := range h.Layers {
		if l.Kind != "dense" {
			continue
		}
		if l.Units < 1 || width < 1 || l.Units > numbers/width {
			return fmt.Errorf("layer %d asks for %d × %d weights, the file holds %d numbers", i+1, l.Units, width, numbers)
		}
		width = l.Units
	}
	return nil
}

// take copies every array; all must be there, of the right size and finite, and no other.
func (m *Model) take(f *safetensors.File) error {
	var err error
	seen := 0
	m.arrays(func(name string, v []float32, _ ...int) {
		t, _ := f.Get(name)
		seen++
		if bad := safetensors.Into(v, t); bad != nil {
			err = errors.Join(err, fmt.Errorf("array %q: %w", name, bad))
			return
		}
		for _, x := range v {
			if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
				err = errors.Join(err, fmt.Errorf("array %q holds %v", name, x))
				return
			}
		}
	})
	if err == nil && seen != len(f.Tensors) {
		err = fmt.Errorf("%d arrays, expected %d", len(f.Tensors), seen)
	}
	return err
}
