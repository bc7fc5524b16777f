package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gather writes the copying of rows in a given order.
func gather(a *asm) {
	t := &table{name: "gatherTable", of: "gatherPass"}
	a.routine(t, "lanesGather", "(*direct).gatherRows", 3, onAVX((*direct).gatherRows))
	a.constants(t)
}

// gatherRows copies row order[i] of src, of n elements, to row i of dst:
//
//	for rows: for columns
//
// Registers: those of avx, and DI the row of dst, SI src, DX the place in the order, R8 the row of src, R14 bytes of a row.
func (s *direct) gatherRows() {
	s.MOVQ(field(args, atRows), rows)
	s.columns()
	s.MOVQ(left, reg.R14)
	s.SHLQ(operand.U8(2), reg.R14)
	s.Label(s.label("row"))
	s.MOVQ(operand.Mem{Base: reg.RDX}, reg.R8)
	s.IMULQ(reg.R14, reg.R8)
	s.ADDQ(reg.RSI, reg.R8)
	s.copyRow()
	s.ADDQ(operand.U8(8), reg.RDX)
	s.ADDQ(reg.R14, reg.RDI)
	s.DECQ(rows)
	s.JNZ(operand.LabelRef(s.label("row")))
}

// copyRow copies n elements from R8 to DI. A masked store costs AVX2 as much as ten plain ones: its last block of a row lies over the
// block before, where there is one.
func (s *direct) copyRow() {
	block := func() {
		x := s.load(3)
		s.store(0, x)
		s.drop(x)
	}
	if s.columns(); s.wide {
		s.each("column", block)
		return
	}
	full, short, done := s.label("full"), s.label("short"), s.label("done")
	s.XORL(place.As32(), place.As32())
	s.SUBQ(operand.I8(s.lanes()), left)
	s.JLT(operand.LabelRef(short))
	s.Label(full)
	block()
	s.ADDQ(operand.I8(4*s.lanes()), place)
	s.SUBQ(operand.I8(s.lanes()), left)
	s.JGE(operand.LabelRef(full))
	s.CMPQ(left, operand.I8(-s.lanes()))
	s.JEQ(operand.LabelRef(done))
	s.LEAQ(operand.Mem{Base: place, Index: left, Scale: 4}, place)
	block()
	s.JMP(operand.LabelRef(done))
	s.Label(short)
	s.ADDQ(operand.I8(s.lanes()), left)
	s.cut()
	s.masked = true
	block()
	s.masked = false
	s.Label(done)
}
