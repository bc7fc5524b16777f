package cost

import (
	"gradus/internal/kernel"
	"gradus/mat"
)

// OnePass computes E and do = ∂E/∂o together from the last layer's weighted sums o, without its h, and reports whether it did: for
// float32 and the pairs below, weights and smoothing left aside. do, o (n,out), y as in Forward; do may be o.
//
//	softmax and cross-entropy (or linear and cross-entropy on logits), y of class indices or one-hot rows
//	sigmoid and binary cross-entropy (or linear and binary cross-entropy on logits)
//	linear and MSE, linear and half-SSE
//
// E is what the logarithm of a rounded h would only come near: it stays finite where h rounds to 0 or 1.
func OnePass[T mat.Float](f Func[T], activation string, do, o, y mat.Matrix[T]) (e float64, done bool) {
	to, from, truth, ok := singles(do, o, y)
	if !ok {
		return 0, false
	}
	n := float64(o.Rows)
	switch f := f.(type) {
	case CrossEntropy[T]:
		return f.onePass(activation, to, from, truth, o.Rows, o.Cols, y.Cols)
	case BinaryCrossEntropy[T]:
		if f.weight() != 1 || !(f.On == Logits && activation == "linear" || f.Through(activation)) {
			return 0, false
		}
		same("BinaryCrossEntropy", o, y)
		count := float64(len(from))
		return kernel.BinaryLogits(to, from, truth, float32(1/count)) / count, true
	case MSE[T]:
		if activation == "linear" {
			same("MSE", o, y)
			count := float64(len(from))
			return kernel.SquaredError(to, from, truth, float32(2/count)) / count, true
		}
	case HalfSSE[T]:
		if activation == "linear" {
			same("HalfSSE", o, y)
			return kernel.SquaredError(to, from, truth, float32(1/n)) / 2 / n, true
		}
	}
	return 0, false
}

// singles are the numbers of three matrices of float32.
func singles[T mat.Float](a, b, c mat.Matrix[T]) (x, y, z []float32, ok bool) {
	x, ok = any(a.Data).([]float32)
	if ok {
		y, _ = any(b.Data).([]float32)
		z, _ = any(c.Data).([]float32)
	}
	return x, y, z, ok
}

// group is how many rows are looked at together.
const group = 64

func (f CrossEntropy[T]) onePass(activation string, do, o, y []float32, n, out, columns int) (e float64, done bool) {
	fits := f.On == Logits && activation == "linear" || f.Through(activation)
	if !fits || len(f.ClassWeights) > 0 || f.LabelSmoothing != 0 || out == 1 || columns != 1 && columns != out {
		return 0, false
	}
	var room [group]float32
	scale := float32(1 / float64(n))
	if columns != 1 && !oneHot(y, out) {
		return 0, false
	}
	for at := 0; at < n; at += group {
		end := min(at+group, n)
		class := y[at*columns : end*columns]
		if columns != 1 {
			class = classes(room[:end-at], class, out)
		}
		e += kernel.CrossEntropyLogits(do[at*out:end*out], o[at*out:end*out], class, out, scale)
	}
	return e / float64(n), true
}

// oneHot reports whether every row of y holds one 1 and zeros.
func oneHot(y []float32, out int) bool {
	for at := 0; at < len(y); at += out {
		ones := 0
		for _, v := range y[at : at+out] {
			switch v {
			case 1:
				ones++
			case 0:
			default:
				return false
			}
		}
		if ones != 1 {
			return false
		}
	}
	return true
}

// classes writes the place of the 1 of each row of y.
func classes(dst, y []float32, out int) []float32 {
	for r := range dst {
		for c, v := range y[r*out : (r+1)*out] {
			if v == 1 {
				dst[r] = float32(c)
			}
		}
	}
	return dst
}
