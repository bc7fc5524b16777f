package kernel

// Whole numbers in place of floats: sums of them have no order, so they are the same however they are put together. What is added is
// x·scale without its fraction, where scale is a power of two that a caller chooses so that no sum leaves int64.

// AddWhole is sum += ⌊x·scale⌋ towards 0.
func AddWhole(sum []int64, x []float32, scale float64) {
	sum = sum[:len(x)]
	for len(x) >= 4 {
		s, v := (*[4]int64)(sum), (*[4]float32)(x)
		s[0] += int64(float64(v[0]) * scale)
		s[1] += int64(float64(v[1]) * scale)
		s[2] += int64(float64(v[2]) * scale)
		s[3] += int64(float64(v[3]) * scale)
		sum, x = sum[4:], x[4:]
	}
	for i, v := range x {
		sum[i] += int64(float64(v) * scale)
	}
}

// FromWhole is dst = sum/scale, scale as its inverse.
func FromWhole(dst []float32, sum []int64, inverse float64) {
	dst = dst[:len(sum)]
	for i, v := range sum {
		dst[i] = float32(float64(v) * inverse)
	}
}
