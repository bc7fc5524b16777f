// Package export writes a trained model in the words of others: one source file of Go or C that needs nothing else, JSON, and bare weights
// as safetensors. ONNX stands in package onnx.
package export

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"gradus/model"
	"gradus/network"
	"gradus/table"
	"gradus/weights"
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

// Safetensors writes the bare network by PyTorch's names and shapes, layers.0.weight (out,in) and layers.0.bias (out), so that a Sequential of the
// same layers takes them with load_state_dict, and weights.Load; the metadata describe the layers and the preparation.
func Safetensors(w io.Writer, m *model.Model) error {
	head, err := json.Marshal(aboutOf(m))
	if err != nil {
		return err
	}
	return weights.SaveWith(w, m.Network, map[string]string{"gradus": string(head)})
}
