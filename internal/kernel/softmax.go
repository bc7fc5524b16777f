package kernel

// SoftmaxRow is dst = e^(srcᵢ−m)/Σ e^(srcⱼ−m), m the largest of src, deck 4-2-7: subtracting m changes nothing and cannot overflow.
// dst and src have one length and may be the same memory. NaN in src, +Inf, or nothing above −Inf gives a row of NaN.
func SoftmaxRow[T Float](dst, src []T) {
	if len(src) == 0 {
		return
	}
	dst = dst[:len(src)]
	if inLanes[T]() {
		softmaxRows(single(dst), single(src), len(src), 1, nil, nil)
		return
	}
	m := float64(src[Largest(src)])
	sum := 0.0
	for i, x := range src {
		e := Exp(float64(x) - m)
		dst[i] = T(e)
		sum += e
	}
	for i, e := range dst {
		dst[i] = T(float64(e) / sum)
	}
}

// packed is a softmax of short rows, 16 at a time, which leave no lane idle where an element is what counts: the bits of a row alone.
func (p pass) packed() {
	var spread [16 * 16]float32 // the largest of a row, or its sum, in each place of it
	p.d = &spread[0]
	switch {
	case p.n <= 4:
		lanesSoftmax4(&p)
	case p.n <= 8:
		lanesSoftmax8(&p)
	default:
		lanesSoftmax16(&p)
	}
}

// LogSoftmaxRow is dst = (src − m) − log Σ e^(srcⱼ−m); the sum leaves out the largest, so that log1p keeps what lies below 1.
// dst and src as in SoftmaxRow.
func LogSoftmaxRow[T Float](dst, src []T) {
	if len(src) == 0 {
		return
	}
	dst = dst[:len(src)]
	m, rest := restOfSum(src)
	l := Log1p(rest)
	for i, x := range src {
		dst[i] = T((float64(x) - m) - l)
	}
}

// restOfSum is the largest element m of a row and Σ e^(xⱼ−m) over the others.
func restOfSum[T Float](x []T) (m, rest float64) {
	top := Largest(x)
	m = float64(x[top])
	for i, v := range x {
		if i != top {
			rest += Exp(float64(v) - m)
		} else {
			rest += m - m // 0, or the NaN of an infinite or undefined largest
		}
	}
	return m, rest
}

// Largest is the place of the first largest element of a row that is not empty; NaN counts as the largest.
func Largest[T Float](x []T) int {
	top := 0
	for i, v := range x {
		if v > x[top] || v != v && x[top] == x[top] {
			top = i
		}
	}
	return top
}
