package main

import (
	"strconv"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func (s *avx) columns() { s.MOVQ(field(args, atCount), left) }

// at is the place of the running block of a vector.
func (s *avx) at(vector int) operand.Mem {
	return operand.Mem{Base: pointers[vector], Index: place, Scale: 1, Disp: 32 * s.part}
}

func (s *avx) load(vector int) vec { return s.loadFrom(s.at(vector)) }

func (s *avx) loadFrom(m operand.Mem) vec {
	d := s.take()
	switch {
	case !s.masked:
		s.VMOVUPS(m, d)
	case s.wide:
		s.VMOVUPS_Z(m, reg.K1, d)
	default:
		s.VMOVUPS(s.window(), d)
		s.VMASKMOVPS(m, d, d)
	}
	return d
}

func (s *avx) store(vector int, x vec) { s.storeTo(s.at(vector), x) }

func (s *avx) storeTo(m operand.Mem, x vec) {
	switch {
	case !s.masked:
		s.VMOVUPS(x, m)
	case s.wide:
		s.VMOVUPS(x, reg.K1, m)
	default:
		t := s.take()
		s.VMOVUPS(s.window(), t)
		s.VMASKMOVPS(x, t, m)
		s.drop(t)
	}
}

func (s *avx) window() operand.Mem { return operand.Mem{Base: tail, Disp: 32 * s.part} }

func (s *avx) inTail() mask {
	if s.wide {
		return mask{k: reg.K1}
	}
	m := s.takeMask()
	s.VMOVUPS(s.window(), m.v)
	return m
}

func (s *avx) dropTail(m mask) {
	if !s.wide {
		s.drop(m.v)
	}
}

// cut makes the mask of the tail from CX, 1 … 16 elements; it spends CX.
func (s *avx) cut() {
	if s.wide {
		s.MOVL(operand.U32(1), scratch.As32())
		s.SHLL(reg.CL, scratch.As32())
		s.DECL(scratch.As32())
		s.KMOVW(scratch.As32(), reg.K1)
		return
	}
	s.LEAQ(operand.NewDataAddr(operand.NewStaticSymbol(s.table.name), 64), tail)
	s.NEGQ(left)
	s.LEAQ(operand.Mem{Base: tail, Index: left, Scale: 4}, tail)
}

// loop counts in BX, the place, in bytes.
func (s *avx) loop(label string, step int, body func()) {
	label = s.label(label)
	s.XORL(place.As32(), place.As32())
	s.SUBQ(operand.U32(step), left)
	s.JLT(operand.LabelRef(label + "tail"))
	s.Label(label)
	body()
	s.ADDQ(operand.U32(4*step), place)
	s.SUBQ(operand.U32(step), left)
	s.JGE(operand.LabelRef(label))
	s.Label(label + "tail")
	s.ADDQ(operand.U32(step), left)
	s.JEQ(operand.LabelRef(label + "done"))
	s.cut()
	s.masked = true
	body()
	s.masked = false
	s.Label(label + "done")
}

// label is a name of this form's own.
func (s *avx) label(name string) string { return name + strconv.Itoa(16/s.parts()) }

func (s *avx) eachRow(label string, vectors []int, body func()) {
	s.MOVQ(field(args, atRows), rows)
	s.Label(s.label(label))
	body()
	s.columns()
	for _, v := range vectors {
		s.LEAQ(operand.Mem{Base: pointers[v], Index: left, Scale: 4}, pointers[v])
	}
	s.DECQ(rows)
	s.JNE(operand.LabelRef(s.label(label)))
}

// eachShort goes from row to row by the place; R10 is the bytes of a row.
func (s *avx) eachShort(label string, body func()) {
	s.MOVQ(field(args, atRows), rows)
	s.columns()
	s.MOVQ(left, reg.R10)
	s.SHLQ(operand.U8(2), reg.R10)
	s.cut()
	s.XORL(place.As32(), place.As32())
	s.Label(s.label(label))
	s.masked = true
	body()
	s.masked = false
	s.ADDQ(reg.R10, place)
	s.DECQ(rows)
	s.JNE(operand.LabelRef(s.label(label)))
}

func (s *avx) ifRows(otherwise string, body func()) {
	s.CMPQ(field(args, atRows), operand.I8(0))
	s.JEQ(operand.LabelRef(s.label(otherwise)))
	body()
	s.finish()
	s.Label(s.label(otherwise))
}

func (s *avx) putRow(vector int, v vec) {
	s.VMOVSS(v.AsX(), operand.Mem{Base: pointers[vector]})
	s.ADDQ(operand.U8(4), pointers[vector])
}

func (s *avx) foldSum(list ...vec) { s.fold(s.VADDPS, list...) }
func (s *avx) foldMax(list ...vec) { s.fold(s.VMAXPS, list...) }

// fold is op over the 16 lanes.
func (s *avx) fold(op instruction, list ...vec) {
	d := list[0]
	y, x := d.AsY(), d.AsX()
	t := s.take()
	if s.wide {
		s.VEXTRACTF64X4(operand.U8(1), d, t.AsY())
		op(t.AsY(), y, y)
	} else {
		op(list[1], y, y)
	}
	s.VEXTRACTF128(operand.U8(1), y, t.AsX())
	op(t.AsX(), x, x)
	s.VPERMILPS(operand.U8(0x4e), x, t.AsX())
	op(t.AsX(), x, x)
	s.VPERMILPS(operand.U8(0xb1), x, t.AsX())
	op(t.AsX(), x, x)
	s.VBROADCASTSS(x, d)
	s.drop(t)
}

func (s *avx) pair(x vec) (low, high vec) {
	low, high = s.take(), s.take()
	if s.wide {
		s.VEXTRACTF64X4(operand.U8(1), x, high.AsY())
		s.VCVTPS2PD(x.AsY(), low)
		s.VCVTPS2PD(high.AsY(), high)
		return low, high
	}
	s.VEXTRACTF128(operand.U8(1), x, high.AsX())
	s.VCVTPS2PD(x.AsX(), low)
	s.VCVTPS2PD(high.AsX(), high)
	return low, high
}

func (s *avx) zeroWide(d vec)         { s.xor(d, d, d) }
func (s *avx) addWide(d, x vec)       { s.VADDPD(x, d, d) }
func (s *avx) addSquareWide(d, x vec) { s.VFMADD231PD(x, x, d) }

func (s *avx) factor() vec {
	v := s.keep()
	s.VBROADCASTSD(field(args, atSum), v)
	return v
}

func (s *avx) timesWide(x, low, high, factor vec) {
	s.VMULPD(low, factor, low)
	s.VMULPD(high, factor, high)
	if s.wide {
		s.VCVTPD2PS(low, x.AsY())
		s.VCVTPD2PS(high, high.AsY())
		s.VINSERTF64X4(operand.U8(1), high.AsY(), x, x)
	} else {
		s.VCVTPD2PSY(low, x.AsX())
		s.VCVTPD2PSY(high, high.AsX())
		s.VINSERTF128(operand.U8(1), high.AsX(), x, x)
	}
}

func (s *avx) writeTotal(t total) {
	d, other := s.take(), s.take() // from the lowest, which every instruction reaches
	x, y := d.AsX(), d.AsY()
	if s.wide {
		s.VADDPD(t[1], t[0], d)
		s.VEXTRACTF64X4(operand.U8(1), d, other.AsY())
		s.VADDPD(other.AsY(), y, y)
	} else {
		s.VADDPD(t[2], t[0], t[0])
		s.VADDPD(t[3], t[1], t[1])
		s.VADDPD(t[1], t[0], d)
	}
	s.VEXTRACTF128(operand.U8(1), y, other.AsX())
	s.VADDPD(other.AsX(), x, x)
	s.VPERMILPD(operand.U8(1), x, other.AsX())
	s.VADDSD(other.AsX(), x, x)
	s.VMOVSD(x, field(args, atSum))
	s.drop(other, d)
}
