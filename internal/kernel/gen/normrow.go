package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rowsForward is, for each row, scale = 1/√(σ²+ε), b = (a−μ)·scale, c = γ·b + β with the row's own μ and σ² (÷n):
//
//	for rows
//	    for columns by 16: their sum
//	    for columns by 16: the squares of the differences
//	    for columns: b and c
//
// Registers: those of avx, and R8 γ, R9 β, R10 the row's scale.
func (s *direct) rowsForward() {
	s.eachRow(func() {
		sum := s.blockOf16(s.zeros)
		s.columns()
		s.each16("sum", func() {
			x := s.load(0)
			s.add(sum[s.part], sum[s.part], x)
			s.drop(x)
		})
		mean := s.mean(sum)
		squares := s.blockOf16(s.zeros)
		s.columns()
		s.each16("squares", func() {
			x := s.load(0)
			s.sub(x, x, mean)
			s.inside(x)
			s.mul(x, x, x)
			s.add(squares[s.part], squares[s.part], x)
			s.drop(x)
		})
		scale := s.mean(squares)
		s.inverseRoot(scale)
		s.putRow(5, scale)
		s.columns()
		s.each("affine", func() {
			x, gamma, beta := s.load(0), s.load(3), s.load(4)
			s.sub(x, x, mean)
			s.mul(x, x, scale)
			s.store(1, x)
			s.mul(x, x, gamma)
			s.add(x, x, beta)
			s.store(2, x)
			s.drop(beta, gamma, x)
		})
		s.drop(scale, mean)
	})
}

// eachRow is the loop over rows; body may use the vectors at R8, R9 and R10.
func (s *direct) eachRow(body func()) {
	s.stride()
	s.MOVQ(field(args, normTrained), pointers[3])
	s.MOVQ(field(args, normTrained2), pointers[4])
	s.MOVQ(field(args, normScale), pointers[5])
	s.MOVQ(field(args, atRows), rows)
	s.Label(s.label("row"))
	body()
	for m := range 3 {
		s.ADDQ(reg.R14, pointers[m])
	}
	s.DECQ(rows)
	s.JNZ(operand.LabelRef(s.label("row")))
}

func (s *direct) zeros() vec {
	v := s.take()
	s.zero(v)
	return v
}

// mean folds a sum of 16 lanes and divides it, in every lane of what it gives; the rest is dropped.
func (s *direct) mean(sum []vec) vec {
	s.fold(s.VADDPS, sum...)
	s.drop(sum[1:]...)
	s.div(sum[0], sum[0], normCount)
	return sum[0]
}

// rowsBack is c = (γa − mean(γa) − b·mean(γa·b))·scale by row, in the loops of rowsForward: both means first.
func (s *direct) rowsBack() {
	s.eachRow(func() {
		sum, along := s.blockOf16(s.zeros), s.blockOf16(s.zeros)
		s.columns()
		s.each16("sums", func() {
			d, x := s.slope(), s.load(1)
			s.add(sum[s.part], sum[s.part], d)
			s.mul(x, x, d)
			s.add(along[s.part], along[s.part], x)
			s.drop(x, d)
		})
		mean, share := s.mean(sum), s.mean(along)
		scale := s.take()
		s.VBROADCASTSS(operand.Mem{Base: pointers[5]}, scale)
		s.ADDQ(operand.U8(4), pointers[5])
		s.columns()
		s.each("back", func() {
			d, x := s.slope(), s.load(1)
			s.sub(d, d, mean)
			s.mul(x, x, share)
			s.sub(d, d, x)
			s.mul(d, d, scale)
			s.store(2, d)
			s.drop(x, d)
		})
		s.drop(scale, share, mean)
	})
}

// slope is γ·a.
func (s *direct) slope() vec {
	d, gamma := s.load(0), s.load(3)
	s.mul(d, d, gamma)
	s.drop(gamma)
	return d
}
