package main

import (
	"strconv"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// at is the place of the running block of a vector.
func (s *simd) at(vector int) operand.Mem {
	return operand.Mem{Base: pointers[vector], Index: place, Scale: 1, Disp: 32 * s.half}
}

// load reads the block of a vector; beyond the tail it is 0.
func (s *simd) load(vector int) vec { return s.loadFrom(s.at(vector)) }

func (s *simd) loadFrom(m operand.Mem) vec {
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

// store writes the block of a vector, and nothing beyond the tail.
func (s *simd) store(vector int, x vec) { s.storeTo(s.at(vector), x) }

func (s *simd) storeTo(m operand.Mem, x vec) {
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

func (s *simd) window() operand.Mem { return operand.Mem{Base: tail, Disp: 32 * s.half} }

// inTail is the mask of the tail's lanes, for what must not count beyond them; dropTail gives it back.
func (s *simd) inTail() mask {
	if s.wide {
		return mask{k: reg.K1}
	}
	m := s.takeMask()
	s.VMOVUPS(s.window(), m.v)
	return m
}

func (s *simd) dropTail(m mask) {
	if !s.wide {
		s.drop(m.v)
	}
}

// inside clears what stands in the lanes beyond the tail.
func (s *simd) inside(x vec) {
	if s.masked {
		m := s.inTail()
		s.only(x, x, m)
		s.dropTail(m)
	}
}

// cut makes the mask of the tail from CX, 1 … 16 elements; it spends CX.
func (s *simd) cut() {
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

// each runs body over the blocks of the CX elements: full blocks, then the tail by mask. BX is the place.
func (s *simd) each(label string, body func()) { s.loop(label, s.lanes(), body) }

// each16 is each in blocks of 16 lanes in both forms: AVX2 runs body for one half after the other.
func (s *simd) each16(label string, body func()) {
	s.loop(label, 16, func() {
		for s.half = range s.halves() {
			body()
		}
		s.half = 0
	})
}

func (s *simd) loop(label string, step int, body func()) {
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
func (s *simd) label(name string) string { return name + strconv.Itoa(s.lanes()) }

// fold is op over the 16 lanes of a vec or of two halves, in every lane of the result: lane j with j+8, then j+4, j+2, j+1.
func (s *simd) fold(op instruction, list ...vec) {
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

// total is a sum of 16 lanes in float64: two registers under AVX-512, four under AVX2.
type total []vec

func (s *simd) newTotal() total {
	t := make(total, 2*s.halves())
	for i := range t {
		t[i] = s.keep()
		s.zero(t[i])
	}
	return t
}

// pair converts x to two registers of float64.
func (s *simd) pair(x vec) (low, high vec) {
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

// add adds x to t, addSquare its square.
func (s *simd) addTo(t total, x vec) {
	low, high := s.pair(x)
	s.VADDPD(low, t[2*s.half], t[2*s.half])
	s.VADDPD(high, t[2*s.half+1], t[2*s.half+1])
	s.drop(low, high)
}

func (s *simd) addSquare(t total, x vec) {
	low, high := s.pair(x)
	s.VFMADD231PD(low, low, t[2*s.half])
	s.VFMADD231PD(high, high, t[2*s.half+1])
	s.drop(low, high)
}

// writeTotal adds up the 16 lanes (j with j+8, j+4, j+2, j+1) and writes the sum into the struct.
func (s *simd) writeTotal(t total) {
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
