package main

import (
	"strconv"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// What stands where in the Go struct normPass: three matrices of rows × n first, their rows apart by stride bytes, then vectors.
const (
	normBeta  = 24 + 8*iota // dβ going back, the sums and then the means going forward
	normGamma               // dγ going back, the squares and then the variances going forward
	normScale               // 1/√(σ²+ε)
)

// The rest of normPass.
const (
	normStride   = 64
	normCount    = coef(0) // what a mean divides by
	normEpsilon  = coef(1)
	normOld      = coef(2)
	normNew      = coef(3)
	normLess     = coef(4) // rows − 1
	normTrained  = 96      // γ, of a running statistic the mean
	normTrained2 = 104     // β, of a running statistic the variance
)

// norm writes the parts of batch and layer normalisation. Nothing is fused and a column's sum goes from the first row to the last, so
// batch normalisation has the bits of Go; a row's sum has 16 accumulators, element i in number i mod 16, folded as everywhere.
func norm(a *asm) {
	t := &table{name: "normTable", of: "normPass"}
	a.routine(t, "normSums", "(*direct).columnSums within (*direct).strips", 3, onAVX((*direct).columnSums))
	a.routine(t, "normSquares", "(*direct).columnSquares within (*direct).strips", 3, onAVX((*direct).columnSquares))
	a.routine(t, "normMeans", "(*direct).means within (*direct).strips", 3, onAVX((*direct).means))
	a.routine(t, "normScales", "(*direct).scales within (*direct).strips", 3, onAVX((*direct).scales))
	a.routine(t, "normAffine", "(*direct).affine within (*direct).strips", 3, onAVX((*direct).affine))
	a.routine(t, "normGradients", "(*direct).normGradients within (*direct).strips", 3, onAVX((*direct).normGradients))
	a.routine(t, "normBack", "(*direct).columnsBack within (*direct).strips", 3, onAVX((*direct).columnsBack))
	a.routine(t, "normSettle", "(*direct).settle within (*direct).strips", 3, onAVX((*direct).settle))
	a.routine(t, "normRows", "(*direct).rowsForward", 3, onAVX((*direct).rowsForward))
	a.routine(t, "normRowsBack", "(*direct).rowsBack within (*direct).rowsForward", 3, onAVX((*direct).rowsBack))
	a.constants(t)
}

// strips runs body over the columns, most vecs at a time, then one, then the tail by mask:
//
//	for strips of columns: for rows, where the body goes down: a step of each sum, or one element of the result
//
// Registers: those of avx, BX the place of the strip; where rows are gone through (down), R8 R9 R10 the row of each matrix and R14
// the bytes from a row to the next; R11 a vector by column (column).
func (s *direct) strips(most int, body func(vecs int)) {
	s.columns()
	s.XORL(place.As32(), place.As32())
	for vecs := most; vecs > 0; vecs /= most {
		step, label := vecs*s.lanes(), s.label("by"+strconv.Itoa(vecs)+"x")
		s.Label(label)
		s.CMPQ(left, operand.I32(step))
		s.JLT(operand.LabelRef(label + "end"))
		body(vecs)
		s.ADDQ(operand.I32(4*step), place)
		s.SUBQ(operand.I32(step), left)
		s.JMP(operand.LabelRef(label))
		s.Label(label + "end")
	}
	end := s.label("done")
	s.TESTQ(left, left)
	s.JZ(operand.LabelRef(end))
	s.cut()
	s.masked = true
	body(1)
	s.masked = false
	s.Label(end)
}

// vecs is body for each vec of a strip; it moves half, which finds them in memory.
func (s *direct) vecs(n int, body func(i int)) {
	for i := range n {
		s.part = 2 * i / s.parts()
		body(i)
	}
	s.part = 0
}

// column is the place of the strip in the vector at offset off of the struct.
func (s *direct) column(off int) operand.Mem {
	s.MOVQ(field(args, off), scratch)
	return operand.Mem{Base: scratch, Index: place, Scale: 1, Disp: 32 * s.part}
}

// ofColumns loads a strip of the vector at off; putColumns writes it.
func (s *direct) ofColumns(n, off int) (list []vec) {
	s.vecs(n, func(int) { list = append(list, s.loadFrom(s.column(off))) })
	return list
}

func (s *direct) putColumns(off int, list []vec) {
	s.vecs(len(list), func(i int) { s.storeTo(s.column(off), list[i]) })
}

// down runs body for each row of a strip, the first matrices at R8, R9, R10.
func (s *direct) down(matrices, vecs int, body func(i int)) {
	label := s.label("row")
	if s.masked {
		label += "tail"
	} else if vecs > 1 {
		label += "wide"
	}
	for m := range matrices {
		s.MOVQ(pointers[m], pointers[3+m])
	}
	s.MOVQ(field(args, atRows), rows)
	s.Label(label)
	s.vecs(vecs, body)
	for m := range matrices {
		s.ADDQ(reg.R14, pointers[3+m])
	}
	s.DECQ(rows)
	s.JNZ(operand.LabelRef(label))
}

func (s *direct) stride() { s.MOVQ(field(args, normStride), reg.R14) }

// columnSums is sums += Σ a by column:
//
//	for columns by strips: for rows
func (s *direct) columnSums() {
	s.stride()
	s.strips(4, func(n int) {
		sum := s.ofColumns(n, normBeta)
		s.down(1, n, func(i int) {
			x := s.load(3)
			s.add(sum[i], sum[i], x)
			s.drop(x)
		})
		s.putColumns(normBeta, sum)
		s.drop(sum...)
	})
}

// columnSquares is squares += Σ (a−mean)² by column, in the loops of columnSums.
func (s *direct) columnSquares() {
	s.stride()
	s.strips(4, func(n int) {
		mean, sum := s.ofColumns(n, normBeta), s.ofColumns(n, normGamma)
		s.down(1, n, func(i int) {
			x := s.load(3)
			s.sub(x, x, mean[i])
			s.mul(x, x, x)
			s.add(sum[i], sum[i], x)
			s.drop(x)
		})
		s.putColumns(normGamma, sum)
		s.drop(sum...)
		s.drop(mean...)
	})
}

// means turns the sums into means.
func (s *direct) means() {
	s.strips(4, func(n int) {
		v := s.ofColumns(n, normBeta)
		for _, x := range v {
			s.div(x, x, normCount)
		}
		s.putColumns(normBeta, v)
		s.drop(v...)
	})
}

// scales turns the squares into variances and writes 1/√(variance+ε).
func (s *direct) scales() {
	s.strips(4, func(n int) {
		v := s.ofColumns(n, normGamma)
		for _, x := range v {
			s.div(x, x, normCount)
		}
		s.putColumns(normGamma, v)
		for _, x := range v {
			s.inverseRoot(x)
		}
		s.putColumns(normScale, v)
		s.drop(v...)
	})
}

// inverseRoot turns x into 1/√(x+ε).
func (s *direct) inverseRoot(x vec) {
	s.add(x, x, normEpsilon)
	s.sqrt(x, x)
	t := s.take()
	s.set(t, one)
	s.div(x, t, x)
	s.drop(t)
}

// affine is b = (a−mean)·scale, c = γ·b + β, in the loops of columnSums.
func (s *direct) affine() {
	s.stride()
	s.strips(4/s.parts(), func(n int) {
		mean, scale := s.ofColumns(n, normBeta), s.ofColumns(n, normScale)
		gamma, beta := s.ofColumns(n, normTrained), s.ofColumns(n, normTrained2)
		s.down(3, n, func(i int) {
			x := s.load(3)
			s.sub(x, x, mean[i])
			s.mul(x, x, scale[i])
			s.store(4, x)
			s.mul(x, x, gamma[i])
			s.add(x, x, beta[i])
			s.store(5, x)
			s.drop(x)
		})
		for _, v := range [][]vec{beta, gamma, scale, mean} {
			s.drop(v...)
		}
	})
}

// normGradients is dβ += Σ a, dγ += Σ a·b by column, in the loops of columnSums.
func (s *direct) normGradients() {
	s.stride()
	s.strips(4, func(n int) {
		beta, gamma := s.ofColumns(n, normBeta), s.ofColumns(n, normGamma)
		s.down(2, n, func(i int) {
			d, x := s.load(3), s.load(4)
			s.add(beta[i], beta[i], d)
			s.mul(x, x, d)
			s.add(gamma[i], gamma[i], x)
			s.drop(x, d)
		})
		s.putColumns(normBeta, beta)
		s.putColumns(normGamma, gamma)
		s.drop(gamma...)
		s.drop(beta...)
	})
}

// columnsBack is c = γ·scale·(a − dβ/n − b·(dγ/n)), in the loops of columnSums.
func (s *direct) columnsBack() {
	s.stride()
	s.strips(4/s.parts(), func(n int) {
		mean, along := s.ofColumns(n, normBeta), s.ofColumns(n, normGamma)
		slope, scale := s.ofColumns(n, normTrained), s.ofColumns(n, normScale)
		for i := range n {
			s.div(mean[i], mean[i], normCount)
			s.div(along[i], along[i], normCount)
			s.mul(slope[i], slope[i], scale[i])
		}
		s.drop(scale...)
		s.down(3, n, func(i int) {
			d, x := s.load(3), s.load(4)
			s.sub(d, d, mean[i])
			s.mul(x, x, along[i])
			s.sub(d, d, x)
			s.mul(d, slope[i], d)
			s.store(5, d)
			s.drop(x, d)
		})
		for _, v := range [][]vec{slope, along, mean} {
			s.drop(v...)
		}
	})
}

// settle moves the running mean and variance: r := old·r + new·x, x the batch's mean, or its variance·n/(n−1).
func (s *direct) settle() {
	s.strips(2, func(n int) {
		s.blend(normTrained, s.ofColumns(n, normBeta))
		v := s.ofColumns(n, normGamma)
		for _, x := range v {
			s.mul(x, x, normCount)
			s.div(x, x, normLess)
		}
		s.blend(normTrained2, v)
	})
}

// blend is r := old·r + new·x for the vector at off; it drops x.
func (s *direct) blend(off int, x []vec) {
	r := s.ofColumns(len(x), off)
	for i := range r {
		s.mul(r[i], r[i], normOld)
		s.mul(x[i], x[i], normNew)
		s.add(r[i], r[i], x[i])
	}
	s.putColumns(off, r)
	s.drop(r...)
	s.drop(x...)
}
