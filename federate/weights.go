package federate

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/model"
)

// Weights are the arrays of a network as they travel, and what is said of them.
type Weights struct {
	Said
	File *safetensors.File
}

// Said is all that stands beside the arrays of a weights file.
type Said struct {
	Plan  string   `json:"plan"`  // Plan.Hash
	Round int      `json:"round"` // the weights are those after this round
	Rows  int      `json:"rows"`  // they stand for
	Sites int      `json:"sites"` // they stand for: 1 of a site's own, more of a mean made elsewhere
	Cost  *float64 `json:"cost,omitempty"`
}

const weightsFormat = "gradus-weights-1"

// WriteWeights writes the network of m as a weights file.
func WriteWeights(w io.Writer, m *model.Model, said Said) error {
	b, err := json.Marshal(said)
	if err != nil {
		return err
	}
	f := safetensors.File{Metadata: map[string]string{"format": weightsFormat, "said": string(b)}}
	each(m, func(name string, v []float32, shape []int) {
		f.Tensors = append(f.Tensors, safetensors.Floats(name, v, shape...))
	})
	return f.Write(w)
}

// each hands over the live arrays of the network, by the names of the model file.
func each(m *model.Model, visit func(name string, v []float32, shape []int)) {
	for _, s := range m.Network.Spans() {
		shape := []int{s.Rows, s.Cols}
		if s.Rows == 1 && s.Name != "weights" {
			shape = shape[1:]
		}
		visit(fmt.Sprintf("layers.%d.%s", s.Layer, s.Name), m.Network.Weights()[s.Start:s.End], shape)
	}
}

// ReadWeights reads a weights file of the same plan; name is the file's in messages.
func ReadWeights(b []byte, name, plan string) (*Weights, error) {
	f, err := safetensors.Read(b)
	if err != nil {
		return nil, say.Error("federate.weights_damaged", "file", name, "cause", err)
	}
	if f.Metadata["format"] != weightsFormat {
		return nil, say.Error("federate.format", "file", name, "found", f.Metadata["format"], "want", weightsFormat)
	}
	w := &Weights{File: f}
	if err := strict([]byte(f.Metadata["said"]), &w.Said, name); err != nil {
		return nil, err
	}
	switch {
	case w.Plan != plan:
		return nil, say.Error("federate.other_plan", "file", name, "found", brief(w.Plan), "want", brief(plan))
	case w.Round < 0 || w.Round > mostRounds || w.Rows < 1 || w.Rows > mostRows || w.Sites < 1 || w.Sites > w.Rows:
		return nil, say.Error("federate.weights_said", "file", name, "round", w.Round, "rows", w.Rows, "sites", w.Sites)
	}
	return w, nil
}

// Into makes the arrays those of m's network. All must be there, no other, each of its shape and finite; the first that is not is named.
func (w *Weights) Into(m *model.Model, name string) (err error) {
	seen := 0
	each(m, func(array string, v []float32, shape []int) {
		if err != nil {
			return
		}
		t, ok := w.File.Get(array)
		seen++
		switch {
		case !ok:
			err = say.Error("federate.array_missing", "file", name, "array", array)
		case !slices.Equal(t.Shape, shape) || safetensors.Into(v, t) != nil:
			err = say.Error("federate.array_shape", "file", name, "array", array, "found", t.DType+fmt.Sprint(t.Shape), "want", "F32"+fmt.Sprint(shape))
		}
		for i, x := range v {
			if f := float64(x); err == nil && !(math.Abs(f) <= math.MaxFloat32) {
				err = say.Error("federate.array_value", "file", name, "array", array, "place", i, "value", x)
			}
		}
	})
	if err == nil && seen != len(w.File.Tensors) {
		err = say.Error("federate.arrays", "file", name, "found", len(w.File.Tensors), "want", seen)
	}
	return err
}
