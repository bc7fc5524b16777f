package main

import (
	"strconv"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// softmax writes softmax for rows so short that they would leave lanes idle.
func softmax(a *asm) {
	t := &table{name: "softmaxTable", of: "pass"}
	for _, lanes := range []int{4, 8, 16} {
		a.routine(t, "lanesSoftmax"+strconv.Itoa(lanes), "(*direct).softmaxPacked", 5, onAVX(func(s *direct) { s.softmaxPacked(lanes) }))
	}
	a.constants(t)
}

// softmaxPacked is softmaxLong, to the bit, for rows of up to lanes, 16 rows at a time; only what needs a row goes by rows:
//
//	for groups of 16 rows
//	    for rows: the largest, to each place of the row in d
//	    for the elements of all rows: e^(x−largest)
//	    for rows: the sum, to each place of the row in d
//	    for the elements of all rows: the quotients
//
// Registers: those of avx, and R9 d, R10 rows left in the group, R14 bytes of a row, R15 rows of the group.
func (s *direct) softmaxPacked(lanes int) {
	low, minus := s.hold(float(leastExp)), s.hold(con(0xff800000))
	s.MOVQ(field(args, atRows), rows)
	s.MOVQ(field(args, atCount), reg.R14)
	s.SHLQ(operand.U8(2), reg.R14)
	s.Label(s.label("group"))
	s.MOVQ(operand.U32(16), reg.R15)
	s.CMPQ(rows, reg.R15)
	s.CMOVQLT(rows, reg.R15)
	s.rowsOfGroup("largest", 1, lanes, func(x []vec) {
		for s.part = range x {
			m := s.inTail()
			s.choose(x[s.part], minus, x[s.part], m)
			s.dropTail(m)
		}
		s.part = 0
		s.foldOf(lanes, s.VMAXPS, x)
		s.putRow(3, x[0])
	})
	s.elementsOfGroup("exp", func() {
		x, m := s.load(1), s.load(4)
		s.expOfDifference(x, m, low)
		s.store(0, x)
		s.drop(m, x)
	})
	s.rowsOfGroup("sum", 0, lanes, func(x []vec) {
		s.foldOf(lanes, s.VADDPS, x)
		s.putRow(2, x[0])
	})
	s.elementsOfGroup("quotient", func() {
		x, sum := s.load(0), s.load(4)
		s.div(x, x, sum)
		s.mul(x, x, coef(0))
		s.store(0, x)
		s.drop(sum, x)
	})
	s.MOVQ(reg.R15, reg.R10)
	s.IMULQ(reg.R14, reg.R10)
	s.ADDQ(reg.R10, pointers[0])
	s.ADDQ(reg.R10, pointers[1])
	s.SUBQ(reg.R15, rows)
	s.JNZ(operand.LabelRef(s.label("group")))
}

// rowsOfGroup runs body over the rows of a group, x the row of a vector; body leaves in x[0] what goes to the places of the row in d.
func (s *direct) rowsOfGroup(name string, vector, lanes int, body func(x []vec)) {
	s.columns()
	s.cut()
	s.XORL(place.As32(), place.As32())
	s.MOVQ(reg.R15, reg.R10)
	s.Label(s.label(name + "row"))
	s.masked = true
	var x []vec
	for s.part = range (lanes + s.lanes() - 1) / s.lanes() {
		x = append(x, s.load(vector))
	}
	s.part = 0
	body(x)
	s.masked = false
	switch {
	case lanes == 4:
		s.VMOVUPS(x[0].AsX(), s.at(4))
	case lanes == 8:
		s.VMOVUPS(x[0].AsY(), s.at(4))
	default:
		for s.part = range s.parts() {
			s.store(4, x[0])
		}
		s.part = 0
	}
	s.drop(x...)
	s.ADDQ(reg.R14, place)
	s.DECQ(reg.R10)
	s.JNZ(operand.LabelRef(s.label(name + "row")))
}

// elementsOfGroup runs body over the elements of a group.
func (s *direct) elementsOfGroup(name string, body func()) {
	s.columns()
	s.IMULQ(reg.R15, left)
	s.each(name, body)
}

// foldOf is fold where no more than lanes count.
func (s *direct) foldOf(lanes int, op instruction, list []vec) {
	if lanes == 16 {
		s.fold(op, list...)
		return
	}
	x, t := list[0].AsX(), s.take()
	if lanes == 8 {
		s.VEXTRACTF128(operand.U8(1), list[0].AsY(), t.AsX())
		op(t.AsX(), x, x)
	}
	s.VPERMILPS(operand.U8(0x4e), x, t.AsX())
	op(t.AsX(), x, x)
	s.VPERMILPS(operand.U8(0xb1), x, t.AsX())
	op(t.AsX(), x, x)
	s.VBROADCASTSS(x, list[0])
	s.drop(t)
}
