package network

import (
	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/mat"
)

// Collapse is w = wₖ⋯w₂w₁, b = wₖ(⋯w₂b₁ + b₂⋯) + bₖ: any chain of linear dense layers does the work of one, deck 4-2-1.
// w is (out,in), b (out). An activation other than linear anywhere, the last layer's included, is refused with the reason.
func Collapse[T mat.Float](net *Network[T]) (w mat.Matrix[T], b []T, err error) {
	for i, l := range net.layers {
		d, err := linearDense(l, i, len(net.layers))
		if err != nil {
			return mat.Matrix[T]{}, nil, err
		}
		if i == 0 {
			w, b = d.Weights().Clone(), make([]T, d.Units)
			copy(b, d.Biases())
			continue
		}
		product := mat.New[T](d.Units, w.Cols)
		mat.Mul(product, d.Weights(), w)
		shift := make([]T, d.Units)
		for j := range shift {
			shift[j] = kernel.Dot(d.Weights().Row(j), b)
			if !d.NoBias {
				shift[j] += d.Biases()[j]
			}
		}
		w, b = product, shift
	}
	return w, b, nil
}

func linearDense[T mat.Float](l Layer[T], i, layers int) (*Dense[T], error) {
	d, ok := l.(*Dense[T])
	if !ok {
		return nil, say.Error("network.collapse_kind", "layer", i+1, "kind", l.Spec().Kind)
	}
	switch name := d.activation().Name(); {
	case name == "linear":
	case i == layers-1:
		return nil, say.Error("network.collapse_last", "layer", i+1, "activation", name)
	default:
		return nil, say.Error("network.collapse_activation", "layer", i+1, "next", i+2, "activation", name)
	}
	return d, nil
}
