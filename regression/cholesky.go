package regression

import (
	"math"

	"gradus/mat"
)

const strip = 512 // rows weighted at a time

// gram is zᵀ·diag(weights)·z (d,d) of z (n,d); nil weights are ones.
func gram(z mat.Matrix[float64], weights []float64) mat.Matrix[float64] {
	sum, part := mat.New[float64](z.Cols, z.Cols), mat.New[float64](z.Cols, z.Cols)
	scratch := mat.New[float64](min(strip, z.Rows), z.Cols)
	for from := 0; from < z.Rows; from += strip {
		to := min(from+strip, z.Rows)
		b := mat.View(to-from, z.Cols, z.Data[from*z.Cols:to*z.Cols])
		a := b
		if weights != nil {
			a = scratch.Top(b.Rows)
			for r := range b.Rows {
				for j, v := range b.Row(r) {
					a.Row(r)[j] = weights[from+r] * v
				}
			}
		}
		mat.MulTA(part, a, b)
		for i, v := range part.Data {
			sum.Data[i] += v
		}
	}
	return sum
}

// factor is Cholesky's lower triangle of a (d,d), a = l·lᵀ, and the rows that are sums of rows before them: their pivot is at
// most rounding of their diagonal. An infinite pivot takes them out, so that solve answers 0 there.
func factor(a mat.Matrix[float64], rounding float64) (l mat.Matrix[float64], dependent []int) {
	l = mat.New[float64](a.Rows, a.Rows)
	for i := range a.Rows {
		row := l.Row(i)
		for j := range i {
			row[j] = (a.At(i, j) - dot(row[:j], l.Row(j)[:j])) / l.At(j, j)
		}
		pivot := a.At(i, i) - dot(row[:i], row[:i])
		if !(pivot > rounding*a.At(i, i)) {
			clear(row)
			pivot = math.Inf(1)
			dependent = append(dependent, i)
		}
		row[i] = math.Sqrt(pivot)
	}
	return l, dependent
}

// solve replaces b by (l·lᵀ)⁻¹·b.
func solve(l mat.Matrix[float64], b []float64) {
	for i := range b {
		b[i] = (b[i] - dot(l.Row(i)[:i], b[:i])) / l.At(i, i)
	}
	for i := len(b) - 1; i >= 0; i-- {
		b[i] /= l.At(i, i)
		for j, v := range l.Row(i)[:i] {
			b[j] -= float64(v * b[i])
		}
	}
}
