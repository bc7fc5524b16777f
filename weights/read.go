package weights

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"

	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
)

// Load makes the network that a file of Save describes and holds, or the bare network of gradus export --to safetensors. One that was
// kept in float32 loads exactly into float64 too; the other way round it is refused, because it would be rounded. No size that the file
// claims costs more memory than the file itself.
func Load[T mat.Float](r io.Reader) (*network.Network[T], error) {
	f, err := open(r)
	if err != nil {
		return nil, err
	}
	d, err := describe(f)
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, say.Error("weights.layers")
	}
	have := 0
	for _, t := range f.Tensors {
		have += len(t.Data) / 4
	}
	if err := network.Within(d.Inputs, d.Layers, have); err != nil {
		return nil, err
	}
	net, err := network.Build[T](d.Inputs, d.Layers)
	if err != nil {
		return nil, say.Error("weights.build", "cause", err)
	}
	return net, fill(net, f)
}

// LoadInto fills net with the arrays of a file. It is changed only where all of them fit.
//
// A file of Save must describe the same layers. Of a file of another program the modules that have arrays, in the order of the words and
// numbers in their names, are the layers that have weights: 0.weight and 2.weight of a PyTorch Sequential, fc1.weight and fc2.weight of a
// Module; the arrays of each are called as PyTorch calls them.
func LoadInto[T mat.Float](r io.Reader, net *network.Network[T]) error {
	f, err := open(r)
	if err != nil {
		return err
	}
	d, err := describe(f)
	if err != nil {
		return err
	}
	if d == nil {
		named, err := translated(f, net)
		if err != nil {
			return err
		}
		return fill(net, named)
	}
	if err := d.same(net.In(), net.Specs()); err != nil {
		return err
	}
	return fill(net, f)
}

func open(r io.Reader) (*safetensors.File, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return safetensors.ReadOpen(b)
}

// describe is what the file says of its layers, nil where it says nothing.
func describe(f *safetensors.File) (*described, error) {
	text, ok := f.Metadata[networkKey]
	if !ok {
		return nil, nil
	}
	var d described
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return nil, say.Error("weights.description", "cause", err)
	}
	if d.Version != version {
		return nil, say.Error("weights.version", "found", d.Version, "known", version)
	}
	return &d, nil
}

// same refuses to fill a network of other layers, whose arrays could fit all the same.
func (d *described) same(in int, specs []network.Spec) error {
	if d.Inputs != in || len(d.Layers) != len(specs) {
		return say.Error("weights.network", "found", fmt.Sprint(d.Inputs, " → ", len(d.Layers)), "want", fmt.Sprint(in, " → ", len(specs)))
	}
	for i, s := range specs {
		want, _ := json.Marshal(s)
		found, _ := json.Marshal(d.Layers[i])
		if !slices.Equal(found, want) {
			return say.Error("weights.layer", "layer", i+1, "found", string(found), "want", string(want))
		}
	}
	return nil
}

// fill copies every array, after all were looked at.
func fill[T mat.Float](net *network.Network[T], f *safetensors.File) error {
	list := arrays(net)
	read := make([][]T, len(list))
	for i, a := range list {
		t, ok := f.Get(a.name)
		switch {
		case !ok:
			return say.Error("weights.missing", "array", a.name)
		case !slices.Equal(t.Shape, a.shape):
			return say.Error("weights.shape", "array", a.name, "found", fmt.Sprint(t.Shape), "want", fmt.Sprint(a.shape))
		}
		read[i] = make([]T, len(a.values))
		if err := numbers(read[i], t); err != nil {
			return err
		}
	}
	if len(f.Tensors) != len(list) {
		i := slices.IndexFunc(f.Tensors, func(t safetensors.Tensor) bool {
			return !slices.ContainsFunc(list, func(a array[T]) bool { return a.name == t.Name })
		})
		return say.Error("weights.extra", "array", f.Tensors[i].Name)
	}
	for i, a := range list {
		copy(a.values, read[i])
	}
	return nil
}

// numbers reads t, float32 into float64 too.
func numbers[T mat.Float](dst []T, t safetensors.Tensor) error {
	wide := reflect.TypeFor[T]().Size() == 8
	switch {
	case t.DType == "F32" && wide:
		narrow := make([]float32, len(dst))
		if err := safetensors.Into(narrow, t); err != nil {
			return err
		}
		for i, v := range narrow {
			dst[i] = T(v)
		}
	case t.DType == "F64" && !wide:
		return say.Error("weights.precision", "array", t.Name)
	default:
		if err := safetensors.Into(dst, t); err != nil {
			return err
		}
	}
	return finite(t.Name, dst)
}
