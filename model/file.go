package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/network"
	"gradus/table"
)

// The words a model file begins with, and the newest version of the format that this gradus reads and the one it writes.
const (
	format        = "gradus-model"
	formatVersion = 3 // of survival or with layers of kind first; without these, but with ramps or sum, a file is of version 2, else of version 1
)

// head is the part of a model file that is no array.
type head struct {
	Target      table.Target       `json:"target"`
	Preparation *table.Preparation `json:"preparation"`
	Scale       *table.Scale       `json:"scale,omitempty"`
	Survival    *Survival          `json:"survival,omitempty"`
	Inputs      int                `json:"inputs"`
	Layers      []network.Spec     `json:"layers"`
	Card        Card               `json:"card"`
}

// Write writes the model as one file, docs/model-format.md. The same model gives the same bytes.
func (m *Model) Write(w io.Writer) error {
	h := head{m.Target, m.Preparation, nil, m.Survival, m.Network.In(), m.Network.Specs(), m.Card}
	if m.Target.Task == table.TaskNumber {
		h.Scale = &m.Scale
	}
	b, err := json.Marshal(h)
	if err != nil {
		return err
	}
	f := safetensors.File{Metadata: map[string]string{
		"format": format, "version": strconv.Itoa(h.version()), "model": string(b),
	}}
	m.arrays(func(name string, v []float32, shape ...int) {
		f.Tensors = append(f.Tensors, safetensors.Floats(name, v, shape...))
	})
	return f.Write(w)
}

// version is the oldest whose readers read the file right.
func (h head) version() int {
	if h.Survival != nil {
		return formatVersion
	}
	return versionOf(h.Layers)
}

func versionOf(layers []network.Spec) int {
	v := 1
	for _, l := range layers {
		switch l.Kind {
		case "first":
			return formatVersion
		case "ramps", "sum":
			v = max(v, 2)
		}
		for _, chain := range l.Chains {
			v = max(v, versionOf(chain))
		}
	}
	return v
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
		return nil, say.Error("model.not_model", "name", name, "found", safetensors.ErrFormat)
	case err != nil:
		return nil, say.Error("model.damaged", "name", name, "cause", err)
	case f.Metadata["format"] != format:
		return nil, say.Error("model.not_model", "name", name, "found", strconv.Quote(f.Metadata["format"]))
	}
	if err := known(f.Metadata["version"], name); err != nil {
		return nil, err
	}
	var h head
	if err := json.Unmarshal([]byte(f.Metadata["model"]), &h); err != nil {
		return nil, say.Error("model.damaged", "name", name, "cause", say.Error("model.head_json", "cause", err))
	}
	m, err := h.model(f)
	if err != nil {
		return nil, say.Error("model.damaged", "name", name, "cause", err)
	}
	return m, nil
}

// known refuses a version of the format that is newer than this reader, also one beyond any int, and a word that is no version.
func known(version, name string) error {
	digits := strings.TrimLeft(version, "0123456789") == "" && version != "" && version[0] != '0'
	switch n, err := strconv.Atoi(version); {
	case !digits:
		return say.Error("model.not_model", "name", name, "found", "version "+strconv.Quote(version))
	case err != nil || n > formatVersion:
		return say.Error("model.newer", "name", name, "version", version, "known", formatVersion)
	}
	return nil
}

// model checks every part of the head and takes the arrays.
func (h head) model(f *safetensors.File) (*Model, error) {
	if err := h.check(f); err != nil {
		return nil, err
	}
	m := &Model{Target: h.Target, Preparation: h.Preparation, Survival: h.Survival, Card: h.Card}
	if h.Scale != nil {
		m.Scale = *h.Scale
	}
	var err error
	if m.Network, err = network.Build[float32](h.Inputs, h.Layers); err != nil {
		return nil, err
	}
	if m.Network.Out() != m.Logits() {
		return nil, say.Error("model.head_outputs", "found", m.Network.Out(), "want", m.Logits())
	}
	return m, m.take(f)
}

// take copies every array; all must be there, of the right shape and finite, and no other.
func (m *Model) take(f *safetensors.File) (err error) {
	seen := 0
	m.arrays(func(name string, v []float32, shape ...int) {
		if err != nil {
			return
		}
		t, ok := f.Get(name)
		seen++
		switch {
		case !ok:
			err = say.Error("model.array_missing", "array", name)
		case !slices.Equal(t.Shape, shape) || safetensors.Into(v, t) != nil:
			err = say.Error("model.array_shape", "array", name, "found", t.DType+fmt.Sprint(t.Shape), "want", "F32"+fmt.Sprint(shape))
		default:
			err = finite(name, v)
		}
	})
	if err == nil && seen != len(f.Tensors) {
		err = say.Error("model.arrays", "found", len(f.Tensors), "want", seen)
	}
	return err
}

func finite(array string, v []float32) error {
	for i, x := range v {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return say.Error("model.array_value", "array", array, "place", i, "value", x)
		}
	}
	return nil
}
