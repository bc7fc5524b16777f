// Package mat is the matrix the deck's formulas are written in: row-major, and the three products training needs.
package mat

import (
	"math"

	"gradus/internal/kernel"
)

// Float is float32 (trains) or float64 (shows and checks).
type Float = kernel.Float

// Matrix is a (Rows, Cols) view of Data: element (r,c) is Data[r*Cols+c].
type Matrix[T Float] struct {
	Rows, Cols int
	Data       []T
}

// New returns a (rows, cols) matrix of zeros; it panics where no memory could hold it.
func New[T Float](rows, cols int) Matrix[T] {
	if rows < 0 || cols < 0 || rows > 0 && cols > math.MaxInt/rows {
		panic("mat: New " + size(rows, cols) + " is no size of a matrix")
	}
	return Matrix[T]{rows, cols, make([]T, rows*cols)}
}

// From copies rows of equal length into a matrix; it panics on a ragged one.
func From[T Float](rows ...[]T) Matrix[T] {
	if len(rows) == 0 {
		return Matrix[T]{}
	}
	m := New[T](len(rows), len(rows[0]))
	for r, row := range rows {
		if len(row) != m.Cols {
			panic(shape2("From", r, len(row), len(rows), m.Cols))
		}
		copy(m.Row(r), row)
	}
	return m
}

// View lays a (rows, cols) matrix over data, which must hold exactly rows*cols values.
func View[T Float](rows, cols int, data []T) Matrix[T] {
	if rows < 0 || cols < 0 || rows > 0 && cols > math.MaxInt/rows || len(data) != rows*cols {
		panic(shape2("View", rows, cols, 1, len(data)))
	}
	return Matrix[T]{rows, cols, data}
}

// Row is the live row r.
func (m Matrix[T]) Row(r int) []T { return m.Data[r*m.Cols : (r+1)*m.Cols : (r+1)*m.Cols] }

// At is the element (r,c).
func (m Matrix[T]) At(r, c int) T { return m.Data[r*m.Cols+c] }

// Top is the live matrix of the first rows rows.
func (m Matrix[T]) Top(rows int) Matrix[T] {
	return Matrix[T]{rows, m.Cols, m.Data[:rows*m.Cols]}
}

// Clone is a copy with its own data.
func (m Matrix[T]) Clone() Matrix[T] {
	return Matrix[T]{m.Rows, m.Cols, append([]T(nil), m.Data...)}
}

// Slices returns the rows as new slices.
func (m Matrix[T]) Slices() [][]T {
	rows := make([][]T, m.Rows)
	for r := range rows {
		rows[r] = append([]T(nil), m.Row(r)...)
	}
	return rows
}

// MulT is dst = a · bᵀ: dst (n,out), a (n,in), b (out,in). The forward pass, x·wᵀ.
// Each element sums over in from first to last, so its bits do not depend on how the work is split.
func MulT[T Float](dst, a, b Matrix[T]) {
	if a.Cols != b.Cols || dst.Rows != a.Rows || dst.Cols != b.Rows {
		panic(shape("MulT", dst, a, b, "ᵀ", ""))
	}
	kernel.MulT(dst.Data, a.Data, b.Data, a.Rows, b.Rows, a.Cols)
}

// Mul is dst = a · b: dst (n,in), a (n,out), b (out,in). The error handed to the layer before, do·w.
func Mul[T Float](dst, a, b Matrix[T]) {
	if a.Cols != b.Rows || dst.Rows != a.Rows || dst.Cols != b.Cols {
		panic(shape("Mul", dst, a, b, "", ""))
	}
	kernel.Mul(dst.Data, a.Data, b.Data, a.Rows, a.Cols, b.Cols)
}

// MulTA is dst = aᵀ · b: dst (out,in), a (n,out), b (n,in). The gradient of the weights, doᵀ·x.
func MulTA[T Float](dst, a, b Matrix[T]) {
	if a.Rows != b.Rows || dst.Rows != a.Cols || dst.Cols != b.Cols {
		panic(shape("MulTA", dst, a, b, "", "ᵀ"))
	}
	kernel.MulTA(dst.Data, a.Data, b.Data, a.Rows, a.Cols, b.Cols)
}
