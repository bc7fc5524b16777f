// Package activation is deck section 4-2: what turns a neuron's weighted sum o into its output h = f(o).
//
// One file per function, its derivative beside it; All lists them. Every file states f and f′, works in float32 and float64 from
// one source, and keeps NaN, ±Inf and −0 as its comment says.
package activation

import (
	"gradus/internal/say"
	"gradus/mat"
)

// Func is an activation function. All matrices have the shape (n,out) of the layer.
type Func[T mat.Float] interface {
	// Name is the word of command line, spec and model file, such as "leaky-relu".
	Name() string
	// Forward writes h = f(o); h and o may be the same memory.
	Forward(h, o mat.Matrix[T])
	// Backward writes do = dh · f′(o), given the o and h of the forward pass; do and dh may be the same memory.
	Backward(do, dh, o, h mat.Matrix[T])
}

// ByName returns the activation called name.
func ByName[T mat.Float](name string) (Func[T], error) {
	var known []string
	for _, f := range All[T]() {
		if f.Name() == name {
			return f, nil
		}
		known = append(known, f.Name())
	}
	return nil, say.Error("activation.unknown", "name", name, "nearest", say.Nearest(name, known), "known", known)
}

// each applies f to every element: dst and src have the same length.
func each[T mat.Float](dst, src []T, f func(T) T) {
	dst = dst[:len(src)]
	for i, x := range src {
		dst[i] = f(x)
	}
}
