package kernel

import "math"

// Costs with the gradient at the last layer's weighted sums in one pass, in float32: what a training step wants. Sums of cost are
// float64.

// SoftmaxRows is dst = scale·softmax(src) row by row of cols; see SoftmaxRow.
func SoftmaxRows[T Float](dst, src []T, cols int) {
	if inLanes[T]() {
		softmaxRows(single(dst[:len(src)]), single(src), cols, 1, nil, nil)
		return
	}
	for at := 0; at < len(src) && cols > 0; at += cols {
		SoftmaxRow(dst[at:at+cols], src[at:at+cols])
	}
}

// group is how many rows share a call of assembly at most.
const group = 64

// softmaxRows is dst = scale·e^(src−m)/Σ by rows, m the largest; it tells Σ and m of each row where there is room.
func softmaxRows(dst, src []float32, cols int, scale float32, sums, tops []float32) {
	var room [2 * group]float32
	for cols > 0 && len(src) > 0 {
		n := max(min(len(src)/cols, group, Chunk/cols), 1)
		p := pass{dst: &dst[0], a: &src[0], b: &room[0], c: &room[group], n: cols, rows: n, k: [2]float32{scale}}
		if sums != nil {
			p.b, p.c, sums, tops = &sums[0], &tops[0], sums[n:], tops[n:]
		}
		switch {
		case cols > 16:
			lanesSoftmaxLong(&p)
		case n < 3 || !inWideLanes[float32]():
			lanesSoftmaxShort(&p)
		default:
			p.packed()
		}
		dst, src = dst[n*cols:], src[n*cols:]
	}
}

// CrossEntropyLogits is do = scale·(softmax(o) − onehot(class)) by rows of cols, and returns Σ −log softmax(o)_class: with scale 1/n the
// gradient of the mean over n rows. A class that does not exist gives a row of NaN. do may be o.
func CrossEntropyLogits(do, o, class []float32, cols int, scale float32) (sum float64) {
	do = do[:len(o)]
	for at := 0; at < len(class); at += group {
		c := class[at:min(at+group, len(class))]
		from, to := at*cols, (at+len(c))*cols
		sum += crossEntropyRows(do[from:to], o[from:to], c, cols, scale)
	}
	return sum
}

func crossEntropyRows(do, o, class []float32, cols int, scale float32) (sum float64) {
	var sums, tops, picked [group]float32
	for r, c := range class {
		picked[r] = float32(math.NaN())
		if c >= 0 && c < float32(cols) && c == float32(int(c)) {
			picked[r] = o[r*cols+int(c)]
		}
	}
	if inLanes[float32]() {
		softmaxRows(do, o, cols, scale, sums[:], tops[:])
		p := pass{dst: &sums[0], a: &sums[0], n: len(class)} // Apply would send sums to the heap
		p.function(LogOf)
	} else {
		plainSoftmaxRows(do, o, cols, scale, sums[:], tops[:])
	}
	for r, c := range class {
		row := do[r*cols : (r+1)*cols]
		if picked[r] == picked[r] {
			row[int(c)] -= scale
		} else {
			fill(row, picked[r])
		}
		sum += float64(sums[r]) - (float64(picked[r]) - float64(tops[r]))
	}
	return sum
}

// plainSoftmaxRows is softmaxRows with log Σ in the place of Σ.
func plainSoftmaxRows(dst, src []float32, cols int, scale float32, logs, tops []float32) {
	for r := 0; (r+1)*cols <= len(src); r++ {
		x, y := src[r*cols:(r+1)*cols], dst[r*cols:(r+1)*cols]
		top, rest := restOfSum(x)
		tops[r], logs[r] = float32(top), float32(Log1p(rest))
		SoftmaxRow(y, x)
		for i := range y {
			y[i] *= scale
		}
	}
}

func fill(x []float32, v float32) {
	for i := range x {
		x[i] = v
	}
}

// BinaryLogits is do = scale·((1−y)·σ(o) − y·σ(−o)), which is scale·(σ(o) − y) without its rounding, and returns Σ y·softplus(−o) +
// (1−y)·softplus(o), for truths y in 0 … 1: binary cross-entropy of sigmoid outputs. do may be o.
func BinaryLogits(do, o, y []float32, scale float32) (sum float64) {
	do, y = do[:len(o)], y[:len(o)]
	if !inLanes[float32]() {
		return plainBinary(do, o, y, scale)
	}
	for len(o) > 0 {
		n := min(len(o), Chunk)
		p := pass{dst: &do[0], a: &o[0], b: &y[0], n: n, k: [2]float32{scale}}
		lanesBinary(&p)
		sum += p.sum
		do, o, y = do[n:], o[n:], y[n:]
	}
	return sum
}

func plainBinary(do, o, y []float32, scale float32) (sum float64) {
	for i, v := range o {
		z, t := float64(v), float64(y[i])
		sum += Log1p(Exp(-math.Abs(z)))
		if t != 1 {
			sum += float64((1 - t) * max(z, 0))
		}
		if t != 0 {
			sum += float64(t * max(-z, 0))
		}
		do[i] = float32((float64((1-t)*Sigmoid(z)) - float64(t*Sigmoid(-z))) * float64(scale))
	}
	return sum
}

// SquaredError is do = scale·(h − y) and returns Σ(h − y)². do may be h or y.
func SquaredError(do, h, y []float32, scale float32) (sum float64) {
	do, y = do[:len(h)], y[:len(h)]
	if !inLanes[float32]() {
		for i, v := range h {
			d := v - y[i]
			sum += float64(float64(d) * float64(d))
			do[i] = d * scale
		}
		return sum
	}
	for len(h) > 0 {
		n := min(len(h), Chunk)
		p := pass{dst: &do[0], a: &h[0], b: &y[0], n: n, k: [2]float32{scale}}
		lanesSquares(&p)
		sum += p.sum
		do, h, y = do[n:], h[n:], y[n:]
	}
	return sum
}

// Difference is do = scale·(h − y): the gradient at o where h is a softmax or sigmoid and the cost its cross-entropy. do may be h or y.
func Difference(do, h, y []float32, scale float32) {
	do, y = do[:len(h)], y[:len(h)]
	if !inLanes[float32]() {
		for i, v := range h {
			do[i] = (v - y[i]) * scale
		}
		return
	}
	for len(h) > 0 {
		n := min(len(h), Chunk)
		p := pass{dst: &do[0], a: &h[0], b: &y[0], n: n, k: [2]float32{scale}}
		lanesSubScaled(&p)
		do, h, y = do[n:], h[n:], y[n:]
	}
}

// AddScaled is dst := dst + c·x: the gradient of a penalty on x.
func AddScaled[T Float](dst, x []T, c T) {
	dst = dst[:len(x)]
	if !inLanes[T]() {
		for i, v := range x {
			dst[i] += T(c * v)
		}
		return
	}
	for to, from := single(dst), single(x); len(from) > 0; {
		n := min(len(from), Chunk)
		p := pass{dst: &to[0], a: &to[0], b: &from[0], n: n, k: [2]float32{float32(c)}}
		lanesAddScaled(&p)
		to, from = to[n:], from[n:]
	}
}

// SquareSum is Σ x² in float64, no square of which overflows, where the lanes compute in T, and reports whether it was done.
func SquareSum[T Float](x []T) (sum float64, done bool) {
	if !inLanes[T]() {
		return 0, false
	}
	for from := single(x); len(from) > 0; {
		n := min(len(from), Chunk)
		p := pass{a: &from[0], n: n}
		lanesNorm(&p)
		sum += p.sum
		from = from[n:]
	}
	return sum, true
}

// Scale is x := x·c, the product in float64 and rounded once.
func Scale[T Float](x []T, c float64) {
	if !inLanes[T]() {
		for i, v := range x {
			x[i] = T(float64(v) * c)
		}
		return
	}
	for to := single(x); len(to) > 0; {
		n := min(len(to), Chunk)
		p := pass{dst: &to[0], n: n, sum: c}
		lanesScale(&p)
		to = to[n:]
	}
}

// addRow is AddRow, the same bits.
func addRow(m, row []float32) {
	cols := len(row)
	for len(m) >= cols {
		n := max(min(len(m)/cols, Chunk/cols), 1)
		p := pass{dst: &m[0], a: &row[0], n: cols, rows: n}
		lanesAddRow(&p)
		m = m[n*cols:]
	}
}
