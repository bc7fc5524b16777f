// Package kernel holds the inner loops: products of matrices and the elementary functions, in plain Go.
//
// Two promises hold for every routine. An element's sum runs in one fixed order (ascending index, one accumulator), however
// the loops around it are blocked. And every product that is added is written T(x*y)+z, which forbids the compiler to fuse it:
// the same bits on amd64, arm64 and in the page. In float32, which trains, assembly takes over where the machine has it (ISA): there
// a product and its sum are one instruction that rounds once, so the bits differ from plain Go's; the order of every sum stays. In
// float64 that happens only where Products.Fused asks for it.
// Subnormal numbers are kept everywhere, never flushed to 0.
package kernel

import "unsafe"

// Float is what the kernels compute in.
type Float interface{ float32 | float64 }

// inSingle reports whether assembly computes in T.
func inSingle[T Float]() bool { return isa != plainGo && unsafe.Sizeof(T(0)) == 4 }

// assembled reports whether assembly has products in T; those of float64 are taken only where Products.Fused asks for them.
func assembled[T Float]() bool { return isa != plainGo && (doubles || unsafe.Sizeof(T(0)) == 4) }

// single is s, whose T is float32.
func single[T Float](s []T) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}

// MulT is c = a · bᵀ: c (n,out), a (n,in), b (out,in), row-major and contiguous.
func MulT[T Float](c, a, b []T, n, out, in int) {
	if inSingle[T]() {
		p := Forward(single(c), single(a), single(b), nil, n, out, in, false)
		p.Run(nil)
		return
	}
	i := 0
	for ; i+2 <= n; i += 2 {
		mulTRow2(c[i*out:(i+2)*out], a[i*in:(i+2)*in], b, out, in)
	}
	if i < n {
		for j := range out {
			c[i*out+j] = Dot(a[i*in:(i+1)*in], b[j*in:(j+1)*in])
		}
	}
}

// mulTRow2 computes two rows of c against four rows of b at a time: eight accumulators, each summed from first to last.
func mulTRow2[T Float](c, a, b []T, out, in int) {
	a0, a1 := a[:in], a[in:2*in]
	j := 0
	for ; j+4 <= out; j += 4 {
		b0, b1, b2, b3 := b[j*in:][:in], b[(j+1)*in:][:in], b[(j+2)*in:][:in], b[(j+3)*in:][:in]
		var s00, s01, s02, s03, s10, s11, s12, s13 T
		for k, x := range a0 {
			y := a1[k]
			s00 += T(x * b0[k])
			s01 += T(x * b1[k])
			s02 += T(x * b2[k])
			s03 += T(x * b3[k])
			s10 += T(y * b0[k])
			s11 += T(y * b1[k])
			s12 += T(y * b2[k])
			s13 += T(y * b3[k])
		}
		c[j], c[j+1], c[j+2], c[j+3] = s00, s01, s02, s03
		c[out+j], c[out+j+1], c[out+j+2], c[out+j+3] = s10, s11, s12, s13
	}
	for ; j < out; j++ {
		row := b[j*in : (j+1)*in]
		c[j], c[out+j] = Dot(a0, row), Dot(a1, row)
	}
}

// Dot is Σ aᵢbᵢ, from first to last.
func Dot[T Float](a, b []T) T {
	var s T
	b = b[:len(a)]
	for i, x := range a {
		s += T(x * b[i])
	}
	return s
}

// Mul is c = a · b: c (n,in), a (n,out), b (out,in), row-major and contiguous.
func Mul[T Float](c, a, b []T, n, out, in int) {
	if inSingle[T]() {
		p := Backward(single(c), single(a), single(b), nil, n, out, in)
		p.Run(nil)
		return
	}
	for i := range n {
		row := c[i*in : (i+1)*in]
		clear(row)
		k := 0
		for ; k+4 <= out; k += 4 {
			axpy4(row, b[k*in:(k+4)*in], a[i*out+k], a[i*out+k+1], a[i*out+k+2], a[i*out+k+3])
		}
		for ; k < out; k++ {
			axpy(row, b[k*in:(k+1)*in], a[i*out+k])
		}
	}
}

// MulTA is c = aᵀ · b: c (out,in), a (n,out), b (n,in), row-major and contiguous.
func MulTA[T Float](c, a, b []T, n, out, in int) {
	if inSingle[T]() {
		p := Gradient(single(c), single(a), single(b), n, out, in)
		p.Run(nil)
		return
	}
	for j := range out {
		row := c[j*in : (j+1)*in]
		clear(row)
		k := 0
		for ; k+4 <= n; k += 4 {
			axpy4(row, b[k*in:(k+4)*in], a[k*out+j], a[(k+1)*out+j], a[(k+2)*out+j], a[(k+3)*out+j])
		}
		for ; k < n; k++ {
			axpy(row, b[k*in:(k+1)*in], a[k*out+j])
		}
	}
}

// axpy is y += x·s.
func axpy[T Float](y, x []T, s T) {
	x = x[:len(y)]
	for i := range y {
		y[i] += T(x[i] * s)
	}
}

// axpy4 adds four rows of x, one after the other, reading and writing y once.
func axpy4[T Float](y, x []T, s0, s1, s2, s3 T) {
	n := len(y)
	x0, x1, x2, x3 := x[:n], x[n:][:n], x[2*n:][:n], x[3*n:][:n]
	for i, v := range y {
		v += T(x0[i] * s0)
		v += T(x1[i] * s1)
		v += T(x2[i] * s2)
		v += T(x3[i] * s3)
		y[i] = v
	}
}

// AddRow adds row (cols) to every row of m (rows, cols); they are apart.
func AddRow[T Float](m, row []T) {
	cols := len(row)
	if inLanes[T]() && cols > 0 {
		addRow(single(m), single(row))
		return
	}
	for start := 0; start < len(m); start += cols {
		part := m[start : start+cols]
		for i, b := range row {
			part[i] += b
		}
	}
}

// SumRows is dst (cols) = the sum of the rows of m (rows, cols), from first to last; they are apart.
func SumRows[T Float](dst, m []T) {
	if inSingle[T]() && len(m) > 0 && len(dst) > 0 {
		fastSumRows(single(dst), single(m))
		return
	}
	clear(dst)
	cols := len(dst)
	for start := 0; start < len(m); start += cols {
		part := m[start : start+cols]
		for i, v := range part {
			dst[i] += v
		}
	}
}
