// Package export writes a trained model in the words of others: one source file of Go or C that needs nothing else, JSON, and bare weights
// as safetensors. ONNX stands in package onnx.
package export

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"gradus/internal/safetensors"
	"gradus/model"
	"gradus/network"
	"gradus/table"
)

// about is what every file says of itself.
type about struct {
	Target      table.Target       `json:"target"`
	Preparation *table.Preparation `json:"preparation"`
	Scale       *table.Scale       `json:"scale,omitempty"`
	Survival    *model.Survival    `json:"survival,omitempty"`
	Inputs      int                `json:"inputs"`
	Layers      []network.Spec     `json:"layers"`
	Gradus      string             `json:"gradus"`
	Disclaimer  string             `json:"disclaimer"`
}

func aboutOf(m *model.Model) about {
	a := about{m.Target, m.Preparation, nil, m.Survival, m.Network.In(), m.Network.Specs(), m.Card.Gradus, model.Disclaimer}
	if m.Target.Task == table.TaskNumber {
		a.Scale = &m.Scale
	}
	return a
}

// JSON writes everything that a prediction needs as one JSON object: the head of the model file and, under arrays, each array as rows of
// numbers in the shortest form that reads back as the same float32.
func JSON(w io.Writer, m *model.Model) error {
	out := struct {
		about
		Arrays map[string]any `json:"arrays"`
	}{aboutOf(m), map[string]any{}}
	for name, v := range m.Network.Named() {
		rows := make([][]float32, v.Rows)
		for r := range rows {
			rows[r] = v.Row(r)
		}
		if out.Arrays["layers."+name] = any(rows); v.Rows == 1 && !strings.HasSuffix(name, "weights") {
			out.Arrays["layers."+name] = rows[0]
		}
	}
	for i, b := range m.Network.Buffers() {
		out.Arrays[fmt.Sprintf("buffers.%d.%s", i, b.Name)] = b.Values
	}
	return json.NewEncoder(w).Encode(out)
}

// torch are the names that PyTorch has for our arrays.
var torch = map[string]string{"weights": "weight", "biases": "bias", "gamma": "weight", "beta": "bias"}

// Safetensors writes the bare network by PyTorch's names and shapes, layers.0.weight (out,in) and layers.0.bias (out), so that a Sequential of the
// same layers takes them with load_state_dict; the metadata describe the layers and the preparation.
func Safetensors(w io.Writer, m *model.Model) error {
	head, err := json.Marshal(aboutOf(m))
	if err != nil {
		return err
	}
	f := safetensors.File{Metadata: map[string]string{"format": "pt", "gradus": string(head)}}
	for _, s := range m.Network.Spans() {
		at := strings.LastIndexByte(s.Name, '.') + 1
		name := "layers." + strconv.Itoa(s.Layer) + "." + s.Name[:at] + torch[s.Name[at:]]
		shape := []int{s.Rows, s.Cols}
		if s.Name[at:] != "weights" {
			shape = shape[1:]
		}
		f.Tensors = append(f.Tensors, safetensors.Floats(name, m.Network.Weights()[s.Start:s.End], shape...))
	}
	buffers := m.Network.Buffers()
	for i, layer := range batchNorms(m.Network.Specs(), "layers.") {
		for j, name := range []string{"running_mean", "running_var"} {
			b := buffers[2*i+j]
			f.Tensors = append(f.Tensors, safetensors.Floats(layer+name, b.Values, len(b.Values)))
		}
	}
	return f.Write(w)
}

// batchNorms are the places of the batch normalisations, in the order of their buffers.
func batchNorms(specs []network.Spec, prefix string) (list []string) {
	for i, s := range specs {
		at := prefix + strconv.Itoa(i) + "."
		if s.Kind == "batch-norm" {
			list = append(list, at)
		}
		for c, chain := range s.Chains {
			list = append(list, batchNorms(chain, at+strconv.Itoa(c)+".")...)
		}
	}
	return list
}
