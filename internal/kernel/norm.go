package kernel

import (
	"math"
	"unsafe"
)

// Norm is what a normalisation works on: o = γ·x̂ + β with x̂ = (x−μ)·scale, scale = 1/√(σ²+ε). Matrices are (rows,Width), row-major
// and contiguous, with the rows of the x or do at hand; none may be another.
//
// Every sum of a column goes from the first row to the last, so batch normalisation has the bits of Go on every machine. A sum of a
// row goes from the first element to the last in Go; lanes have 16 accumulators, element i in number i mod 16, of which j takes j+8,
// then j+4, j+2, j+1.
type Norm[T Float] struct {
	Width          int // at least 1
	Epsilon        T
	Gamma, Beta    []T // (Width)
	DGamma, DBeta  []T // (Width), written by the backward pass
	Mean, Variance []T // (Width), of batch normalisation alone
	Scale          []T // batch normalisation (Width), layer normalisation (rows)
	Xhat           []T // (rows,Width)
}

// ByColumn is the forward pass of batch normalisation. learn takes Mean and Variance (÷rows) from x by two passes, else they are those
// that stand there.
func (n *Norm[T]) ByColumn(o, x []T, learn bool) {
	o = o[:len(x)]
	if inWideLanes[T]() {
		n.lanes().byColumn(single(o), single(x), learn)
		return
	}
	if learn {
		n.moments(x)
	}
	for c, v := range n.Variance {
		n.Scale[c] = n.inverseRoot(v)
	}
	for at := 0; at < len(x); at += n.Width {
		xhat := n.Xhat[at : at+n.Width]
		for c, v := range x[at : at+n.Width] {
			xhat[c] = (v - n.Mean[c]) * n.Scale[c]
		}
		n.affine(o[at:at+n.Width], xhat)
	}
}

func (n *Norm[T]) inverseRoot(v T) T { return 1 / T(math.Sqrt(float64(v+n.Epsilon))) }

// affine is o = γ·x̂ + β of a row.
func (n *Norm[T]) affine(o, xhat []T) {
	for c, v := range xhat {
		o[c] = T(n.Gamma[c]*v) + n.Beta[c]
	}
}

// moments writes the mean and the variance (÷rows) of each column.
func (n *Norm[T]) moments(x []T) {
	rows := T(len(x) / n.Width)
	clear(n.Mean)
	clear(n.Variance)
	for at := 0; at < len(x); at += n.Width {
		for c, v := range x[at : at+n.Width] {
			n.Mean[c] += v
		}
	}
	for c := range n.Mean {
		n.Mean[c] /= rows
	}
	for at := 0; at < len(x); at += n.Width {
		for c, v := range x[at : at+n.Width] {
			d := v - n.Mean[c]
			n.Variance[c] += T(d * d)
		}
	}
	for c := range n.Variance {
		n.Variance[c] /= rows
	}
}

// ByRow is the forward pass of layer normalisation: μ and σ² (÷Width) of each row.
func (n *Norm[T]) ByRow(o, x []T) {
	o = o[:len(x)]
	if inWideLanes[T]() {
		n.lanes().byRow(single(o), single(x))
		return
	}
	width := T(n.Width)
	for r, at := 0, 0; at < len(x); r, at = r+1, at+n.Width {
		row, xhat := x[at:at+n.Width], n.Xhat[at:at+n.Width]
		var mean, variance T
		for _, v := range row {
			mean += v
		}
		mean /= width
		for _, v := range row {
			d := v - mean
			variance += T(d * d)
		}
		n.Scale[r] = n.inverseRoot(variance / width)
		for c, v := range row {
			xhat[c] = (v - mean) * n.Scale[r]
		}
		n.affine(o[at:at+n.Width], xhat)
	}
}

// BackByColumn is the backward pass of ByColumn: dγ = Σ do·x̂, dβ = Σ do, dx = γ·scale·(do − dβ/n − x̂·dγ/n) over n rows; no dx where
// dx is nil.
func (n *Norm[T]) BackByColumn(dx, do []T) {
	if dx != nil {
		dx = dx[:len(do)]
	}
	if inWideLanes[T]() {
		n.lanes().backByColumn(single(dx), single(do))
		return
	}
	n.gradients(do)
	if dx == nil {
		return
	}
	rows := T(len(do) / n.Width)
	for at := 0; at < len(do); at += n.Width {
		xhat, to := n.Xhat[at:at+n.Width], dx[at:at+n.Width]
		for c, d := range do[at : at+n.Width] {
			d -= n.DBeta[c] / rows
			d -= T(xhat[c] * (n.DGamma[c] / rows))
			to[c] = n.Gamma[c] * n.Scale[c] * d
		}
	}
}

// BackByRow is the backward pass of ByRow: dγ and dβ as in BackByColumn, dx = (γdo − mean(γdo) − x̂·mean(γdo·x̂))·scale by row; no dx
// where dx is nil.
func (n *Norm[T]) BackByRow(dx, do []T) {
	if dx != nil {
		dx = dx[:len(do)]
	}
	if inWideLanes[T]() {
		n.lanes().backByRow(single(dx), single(do))
		return
	}
	n.gradients(do)
	if dx == nil {
		return
	}
	width := T(n.Width)
	for r, at := 0, 0; at < len(do); r, at = r+1, at+n.Width {
		xhat, to := n.Xhat[at:at+n.Width], dx[at:at+n.Width]
		var sum, along T
		for c, d := range do[at : at+n.Width] {
			to[c] = T(d * n.Gamma[c])
			sum += to[c]
			along += T(to[c] * xhat[c])
		}
		for c := range to {
			to[c] = (to[c] - sum/width - T(xhat[c]*(along/width))) * n.Scale[r]
		}
	}
}

// gradients writes dγ = Σ do·x̂ and dβ = Σ do.
func (n *Norm[T]) gradients(do []T) {
	clear(n.DGamma)
	clear(n.DBeta)
	for at := 0; at < len(do); at += n.Width {
		xhat := n.Xhat[at : at+n.Width]
		for c, d := range do[at : at+n.Width] {
			n.DBeta[c] += d
			n.DGamma[c] += T(d * xhat[c])
		}
	}
}

// Settle moves running statistics towards those of a batch of so many rows: mean := (1−m)·mean + m·Mean, and the variance likewise, the
// batch's made unbiased, ·n/(n−1).
func (n *Norm[T]) Settle(mean, variance []T, m T, rows int) {
	if inWideLanes[T]() {
		n.lanes().settle(single(mean), single(variance), float32(m), rows)
		return
	}
	count := T(rows)
	for c := range mean {
		mean[c] = T((1-m)*mean[c]) + T(m*n.Mean[c])
		variance[c] = T((1-m)*variance[c]) + T(m*(n.Variance[c]*count/(count-1)))
	}
}

// lanes is n, whose T is float32.
func (n *Norm[T]) lanes() *normLanes { return (*normLanes)(unsafe.Pointer(n)) }
