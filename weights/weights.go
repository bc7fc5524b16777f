// Package weights keeps a bare network in a file, without a table or a target: what it has learnt in deck section 4-5, in the
// safetensors layout, its arrays by PyTorch's names and shapes.
//
// [Save] writes the layers too, so that [Load] makes the same network again, bit for bit. [LoadInto] fills a network that the caller
// has built: one with layers of the caller's own, or with the weights of another program. A whole model, which takes the rows of a
// table, is package model's.
package weights

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
)

// The metadata of a file: PyTorch's word for its own layout, and what the layers are.
const (
	formatKey  = "format"
	networkKey = "network"
	version    = 1
)

// described is what a file says of its network.
type described struct {
	Version int            `json:"version"`
	Inputs  int            `json:"inputs"`
	Layers  []network.Spec `json:"layers"`
}

// Save writes net, its layers and its arrays, sealed with a checksum. The same network gives the same bytes. A weight that is no finite
// number is refused: nothing could be computed with it.
func Save[T mat.Float](w io.Writer, net *network.Network[T]) error {
	return SaveWith(w, net, nil)
}

// SaveWith is Save with more metadata: what the file shall say of itself, by keys of the caller's own.
func SaveWith[T mat.Float](w io.Writer, net *network.Network[T], metadata map[string]string) error {
	layers, err := json.Marshal(described{version, net.In(), net.Specs()})
	if err != nil {
		return err
	}
	f := safetensors.File{Metadata: map[string]string{formatKey: "pt", networkKey: string(layers)}}
	for key, value := range metadata {
		if key == safetensors.SealKey || f.Metadata[key] != "" {
			return say.Error("weights.key", "key", key)
		}
		f.Metadata[key] = value
	}
	for _, a := range arrays(net) {
		if err := finite(a.name, a.values); err != nil {
			return err
		}
		f.Tensors = append(f.Tensors, safetensors.Floats(a.name, a.values, a.shape...))
	}
	return f.Write(w)
}

// Metadata are the keys and values that SaveWith, or the program that wrote the file, put into it.
func Metadata(r io.Reader) (map[string]string, error) {
	f, err := open(r)
	if err != nil {
		return nil, err
	}
	own := maps.Clone(f.Metadata)
	maps.DeleteFunc(own, func(key, _ string) bool { return key == formatKey || key == networkKey })
	return own, nil
}

// array is a live vector of a network and how a file calls it.
type array[T mat.Float] struct {
	name   string
	shape  []int
	values []T
}

// torch are the names that PyTorch has for ours; the arrays of other layers keep their names.
var torch = map[string]string{
	"weights": "weight", "biases": "bias", "gamma": "weight", "beta": "bias", "running_mean": "running_mean", "running_variance": "running_var",
}

// called is the name of an array in a file: layers.0.weight, or layers.2.1.0.weight in layer 0 of chain 1 of layer 2.
func called(place, name string) string {
	at := strings.LastIndexByte(name, '.') + 1
	if of, ok := torch[name[at:]]; ok {
		name = name[:at] + of
	}
	return place + name
}

// arrays are all of a network: weights first, then the statistics that no gradient trains.
func arrays[T mat.Float](net *network.Network[T]) (list []array[T]) {
	for _, s := range net.Spans() {
		shape := []int{s.Rows, s.Cols}
		if s.Rows == 1 && s.Name != "weights" && !strings.HasSuffix(s.Name, ".weights") {
			shape = shape[1:]
		}
		list = append(list, array[T]{called("layers."+strconv.Itoa(s.Layer)+".", s.Name), shape, net.Weights()[s.Start:s.End]})
	}
	return append(list, buffers("layers.", net.Layers())...)
}

func buffers[T mat.Float](place string, layers []network.Layer[T]) (list []array[T]) {
	for i, l := range layers {
		at := place + strconv.Itoa(i) + "."
		if sum, ok := l.(*network.Sum[T]); ok {
			for c, chain := range sum.Chains {
				list = append(list, buffers(at+strconv.Itoa(c)+".", chain)...)
			}
		} else if l, ok := l.(network.Buffered[T]); ok {
			for _, b := range l.Buffers() {
				list = append(list, array[T]{called(at, b.Name), []int{len(b.Values)}, b.Values})
			}
		}
	}
	return list
}

func finite[T mat.Float](name string, values []T) error {
	if i := slices.IndexFunc(values, func(v T) bool { return v-v != 0 }); i >= 0 {
		return say.Error("weights.finite", "array", name, "place", i, "value", fmt.Sprint(values[i]))
	}
	return nil
}
