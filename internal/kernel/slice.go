package kernel

// The vector forms: dst[i] = f(src[i]), in float32 by Apply where it can, else in float64 and rounded once. dst and src have one length
// and may be the same memory.

// TanhSlice is dst = tanh src.
func TanhSlice[T Float](dst, src []T) {
	if Apply(TanhOf, dst, src) {
		return
	}
	dst = dst[:len(src)]
	for i, x := range src {
		dst[i] = T(Tanh(float64(x)))
	}
}

// SigmoidSlice is dst = 1/(1+e^(−src)).
func SigmoidSlice[T Float](dst, src []T) {
	if Apply(SigmoidOf, dst, src) {
		return
	}
	dst = dst[:len(src)]
	for i, x := range src {
		dst[i] = T(Sigmoid(float64(x)))
	}
}
