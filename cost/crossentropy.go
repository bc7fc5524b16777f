package cost

import (
	"math"

	"gradus/internal/kernel"
	"gradus/mat"
)

// Reduction says what a cross-entropy divides its sum over the rows by.
type Reduction string

// The reductions.
const (
	Rows    Reduction = "rows"    // by n, the default: PyTorch's mean for probability targets
	Weights Reduction = "weights" // by Σ over the rows of Σ_c w_c·y_c: PyTorch's mean for class indices
)

// CrossEntropy is E = −1/n·Σ_rows Σ_c w_c·y_c·log p_c, ∂E/∂p_c = −w_c·y_c/p_c/n, deck 4-3-4 (which leaves out the minus sign).
//
// The truth y is (n,out) of probabilities or one-hot rows, or (n,1) of class indices from 0; with one output, (n,1) is a
// probability. On probabilities p = h; on logits p is the softmax of h and E is exact at any size of logit. ClassWeights w is
// one weight per output, none means 1 each. LabelSmoothing s puts (1−s)·y + s/out in the place of y.
type CrossEntropy[T mat.Float] struct {
	On             On
	ClassWeights   []float64
	LabelSmoothing float64
	Reduction      Reduction // "" is Rows
}

// Name is "cross-entropy".
func (CrossEntropy[T]) Name() string { return "cross-entropy" }

// Forward returns E for h (n,out) and y (n,out) or (n,1). A class index that does not exist gives NaN.
func (f CrossEntropy[T]) Forward(h, y mat.Matrix[T]) float64 {
	f.fit(h, y)
	var sum float64
	for r := range h.Rows {
		p, t := h.Row(r), y.Row(r)
		var top, log float64
		if f.On == Logits {
			at, others := peak(p)
			top, log = float64(p[at]), kernel.Log1p(others)
		}
		for c, v := range p {
			switch a := f.target(t, c, len(p)); {
			case f.On == Logits:
				sum += part(a, (top-float64(v))+log)
			case a != 0 || !(v >= 0): // 0·log 0 is 0
				sum -= float64(a * kernel.Log(float64(v)))
			}
		}
	}
	return sum / f.divisor(y, h.Cols)
}

// Backward writes dh (n,out) for h (n,out) and y (n,out) or (n,1).
func (f CrossEntropy[T]) Backward(dh, h, y mat.Matrix[T]) {
	f.fit(h, y)
	same("CrossEntropy gradient", dh, h)
	n := f.divisor(y, h.Cols)
	for r := range h.Rows {
		if f.On == Logits {
			f.rowOfLogits(dh.Row(r), h.Row(r), y.Row(r), n)
			continue
		}
		p, t, d := h.Row(r), y.Row(r), dh.Row(r)
		for c, v := range p {
			a := f.target(t, c, len(p))
			if a == 0 && v >= 0 {
				d[c] = 0 // also at p = 0, where the quotient would be 0/0
				continue
			}
			d[c] = T(-a / float64(v) / n)
		}
	}
}

// rowOfLogits writes p_c·(Σ_{k≠c} w_k·y_k) − w_c·y_c·(1 − p_c), over n: no difference of two nearly equal numbers.
func (f CrossEntropy[T]) rowOfLogits(d, z, t []T, n float64) {
	at, others := peak(z)
	top, total := float64(z[at]), f.total(t, len(z))
	for c, v := range z {
		p := kernel.Exp(float64(v)-top) / (1 + others)
		q := 1 - p
		if c == at {
			q = others / (1 + others)
		}
		a := f.target(t, c, len(z))
		d[c] = T((float64(p*(total-a)) - float64(a*q)) / n)
	}
}

// Through knows the softmax, on probabilities.
func (f CrossEntropy[T]) Through(activation string) bool {
	return f.On != Logits && activation == "softmax"
}

// BackwardThrough writes do_c = (h_c·Σ_k w_k·y_k − w_c·y_c)/n, which is (h − y)/n where weights are 1 and y sums to 1:
// do, h (n,out), y (n,out) or (n,1).
func (f CrossEntropy[T]) BackwardThrough(do, h, y mat.Matrix[T]) {
	f.fit(h, y)
	same("CrossEntropy gradient", do, h)
	n := f.divisor(y, h.Cols)
	for r := range h.Rows {
		p, t, d := h.Row(r), y.Row(r), do.Row(r)
		total := f.total(t, len(p))
		for c, v := range p {
			d[c] = T((float64(float64(v)*total) - f.target(t, c, len(p))) / n)
		}
	}
}

// peak returns the place of the largest logit z of a row and Σe^(z_c−z) over all the others, so that log Σe^(z_c−z) over all is
// log1p of it. A row with an infinite largest or a NaN gives NaN.
func peak[T mat.Float](z []T) (at int, others float64) {
	at = kernel.Largest(z)
	top := float64(z[at])
	others = top - top // 0, or NaN
	for c, v := range z {
		if c != at {
			others += kernel.Exp(float64(v) - top)
		}
	}
	return at, others
}

// target is w_c·((1−s)·y_c + s/out) of a row y, (out) or (1).
func (f CrossEntropy[T]) target(y []T, c, out int) float64 {
	a := truth(y, c, out)
	if f.LabelSmoothing != 0 {
		a = float64((1-f.LabelSmoothing)*a) + f.LabelSmoothing/float64(out)
	}
	return float64(f.weight(c) * a)
}

// total is the sum of a row's targets, from first to last.
func (f CrossEntropy[T]) total(y []T, out int) float64 {
	var sum float64
	for c := range out {
		sum += f.target(y, c, out)
	}
	return sum
}

func (f CrossEntropy[T]) weight(c int) float64 {
	if len(f.ClassWeights) == 0 {
		return 1
	}
	return f.ClassWeights[c]
}

// divisor is what the sum over the rows is divided by. Smoothing moves no row's weight: PyTorch's meaning.
func (f CrossEntropy[T]) divisor(y mat.Matrix[T], out int) float64 {
	if f.Reduction != Weights {
		return float64(y.Rows)
	}
	var sum float64
	for r := range y.Rows {
		for c := range out {
			sum += float64(f.weight(c) * truth(y.Row(r), c, out))
		}
	}
	return sum
}

// truth is y_c of a row: a probability, or 1 and 0 of a class index, or NaN where no class has that index.
func truth[T mat.Float](y []T, c, out int) float64 {
	if len(y) == out {
		return float64(y[c])
	}
	switch index := float64(y[0]); {
	case !isIndex(index, out):
		return math.NaN()
	case int(index) == c:
		return 1
	}
	return 0
}

// isIndex reports whether v is one of 0 … out−1.
func isIndex(v float64, out int) bool {
	return v >= 0 && v < float64(out) && v == math.Floor(v)
}

// fit panics unless y is (n,out) or (n,1) for h (n,out) and every output has its class weight.
func (f CrossEntropy[T]) fit(h, y mat.Matrix[T]) {
	if h.Rows != y.Rows || (y.Cols != h.Cols && y.Cols != 1) {
		panic("cost: CrossEntropy " + size(h) + " against " + size(y) + ": shapes do not fit")
	}
	if len(f.ClassWeights) != 0 && len(f.ClassWeights) != h.Cols {
		panic("cost: CrossEntropy " + size(h) + ": one class weight per output is needed")
	}
}
