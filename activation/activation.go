// Package activation is deck section 4-2: what turns a neuron's weighted sum o into its output h = f(o).
//
// One file per function, its derivative beside it; All lists them. Every file states f and f′, works in float32 and float64 from
// one source, and keeps NaN, ±Inf and −0 as its comment says. NaN gives NaN unless a file says otherwise. float32 is computed in
// float64 and rounded once, or by the kernel's lanes (kernel.Formula tells their errors, 3 units in the last place for most); float64
// lies within 4 units in the last place of the exact value, the far tails included.
package activation

import (
	"math"

	"gradus/internal/kernel"
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

// New returns the activation called name with its slope, which only leaky-relu has: 0 leaves the default.
func New[T mat.Float](name string, slope float64) (Func[T], error) {
	f, err := ByName[T](name)
	if err != nil || slope == 0 {
		return f, err
	}
	if _, ok := f.(LeakyReLU[T]); !ok {
		return nil, say.Error("activation.no_slope", "name", name, "slope", slope)
	}
	if math.IsNaN(slope) || math.IsInf(slope, 0) {
		return nil, say.Error("activation.slope", "slope", slope)
	}
	return LeakyReLU[T]{Slope: slope}, nil
}

// At returns h = f(o) and dh/do = f′(o) of one number. Softmax of one number is 1, its derivative 0.
func At[T mat.Float](f Func[T], o T) (h, dh T) {
	in, out, d := mat.From([]T{o}), mat.New[T](1, 1), mat.From([]T{1})
	f.Forward(out, in)
	f.Backward(d, d, in, out)
	return out.Data[0], d.Data[0]
}

// eachBy is each for an f that the kernel knows as formula: in float32 it takes the kernel's, where the machine has it.
func eachBy[T mat.Float](formula kernel.Formula, dst, src []T, f func(float64) float64) {
	if !kernel.Apply(formula, dst, src) {
		each(dst, src, f)
	}
}

// chainBy is chain for a slope that the kernel knows, like eachBy.
func chainBy[T mat.Float](formula kernel.Formula, do, dh, o []T, slope func(float64) float64) {
	if !kernel.ApplySlope(formula, do, dh, o) {
		chain(do, dh, o, slope)
	}
}

// each writes dst = f(src), element by element.
func each[T mat.Float](dst, src []T, f func(float64) float64) {
	dst = dst[:len(src)]
	for i, x := range src {
		dst[i] = T(f(float64(x)))
	}
}

// chain writes do = dh · slope(o), element by element.
func chain[T mat.Float](do, dh, o []T, slope func(float64) float64) {
	do, dh = do[:len(o)], dh[:len(o)]
	for i, x := range o {
		do[i] = T(float64(dh[i]) * slope(float64(x)))
	}
}
