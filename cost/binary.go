package cost

import (
	"math"

	"gradus/internal/kernel"
	"gradus/mat"
)

// On says what a cross-entropy is computed on.
type On string

// What the network's last layer gives: probabilities (the zero value) or logits, whose sigmoid or softmax the cost holds.
const (
	Probabilities On = "probabilities"
	Logits        On = "logits"
)

// BinaryCrossEntropy is E = −1/N·Σ[w·y·log p + (1 − y)·log(1 − p)], N = n·out, ∂E/∂p = ((1−y)p − w·y(1−p))/(p(1−p))/N,
// deck 4-3-4 for two classes (the deck leaves out the minus sign).
//
// w is PositiveWeight, 0 means 1. On probabilities p = h, as PyTorch has it: a log is held at −100 and p(1−p) at 1e-12.
// On logits p is the sigmoid of h and nothing is held: E is exact up to ±Inf.
type BinaryCrossEntropy[T mat.Float] struct {
	On             On
	PositiveWeight float64
}

// leastVariance is where p(1−p) is held: 1e-12 in single precision, because that is the constant PyTorch divides by.
const leastVariance = float64(float32(1e-12))

// Name is "binary-cross-entropy".
func (BinaryCrossEntropy[T]) Name() string { return "binary-cross-entropy" }

func (f BinaryCrossEntropy[T]) weight() float64 {
	if f.PositiveWeight == 0 {
		return 1
	}
	return f.PositiveWeight
}

// Forward returns E for h (n,out) and y (n,out) in 0…1. A probability outside 0…1 gives NaN.
func (f BinaryCrossEntropy[T]) Forward(h, y mat.Matrix[T]) float64 {
	same("BinaryCrossEntropy", h, y)
	w, sum := f.weight(), 0.0
	for i, v := range h.Data {
		var yes, no float64 // −log p, −log(1−p)
		if f.On == Logits {
			yes, no = softplus(-float64(v)), softplus(float64(v))
		} else {
			yes, no = -max(kernel.Log(float64(v)), -100), -max(kernel.Log1p(-float64(v)), -100)
		}
		t := float64(y.Data[i])
		sum += part(float64(w*t), yes) + part(1-t, no)
	}
	return sum / float64(len(h.Data))
}

// Backward writes dh (n,out) for h (n,out) and y (n,out).
func (f BinaryCrossEntropy[T]) Backward(dh, h, y mat.Matrix[T]) {
	same("BinaryCrossEntropy", h, y)
	same("BinaryCrossEntropy gradient", dh, h)
	w, n := f.weight(), float64(len(h.Data))
	for i, v := range h.Data {
		x, t := float64(v), float64(y.Data[i])
		if f.On == Logits {
			p, q := kernel.Sigmoid(x), kernel.Sigmoid(-x) // q is 1 − p, exact however small
			dh.Data[i] = T((float64((1-t)*p) - float64(w*t*q)) / n)
		} else {
			dh.Data[i] = T(pull(x, t, w) / max(float64(x*(1-x)), leastVariance) / n)
		}
	}
}

// Through knows the sigmoid, on probabilities.
func (f BinaryCrossEntropy[T]) Through(activation string) bool {
	return f.On != Logits && activation == "sigmoid"
}

// BackwardThrough writes do = ((1−y)h − w·y(1−h))/N, which is (h − y)/N where w is 1: the p(1−p) of cost and sigmoid cancel,
// so a saturated output still learns. All (n,out).
func (f BinaryCrossEntropy[T]) BackwardThrough(do, h, y mat.Matrix[T]) {
	same("BinaryCrossEntropy", h, y)
	same("BinaryCrossEntropy gradient", do, h)
	w, n := f.weight(), float64(len(h.Data))
	for i, v := range h.Data {
		do.Data[i] = T(pull(float64(v), float64(y.Data[i]), w) / n)
	}
}

// pull is (1−y)p − w·y(1−p), written so that it is p − y to the last bit where w is 1.
func pull(p, y, w float64) float64 {
	return (p - y) - float64((w-1)*y*(1-p))
}

// part is share·amount, where a share of 0 leaves out even an infinite amount, but never hides a NaN.
func part(share, amount float64) float64 {
	if share == 0 && math.IsInf(amount, 0) {
		return 0
	}
	return float64(share * amount)
}

// softplus is log(1 + eᶻ) without overflow.
func softplus(z float64) float64 {
	return max(z, 0) + kernel.Log1p(kernel.Exp(-math.Abs(z)))
}
