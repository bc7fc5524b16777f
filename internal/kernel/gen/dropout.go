package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// What stands where in the Go struct dropPass, besides dst, mask and src at 0 … 16.
const (
	dropLanes   = 96 // the first block's number and the 15 after it
	dropBlocks  = coef(0)
	dropCounter = coef(1) // words 1 … 3 of the counter
	dropLeast   = coef(4) // a word below it drops its element
	dropKeep    = coef(5) // 1/(1−p)
	dropKeys    = 160     // 10 rounds of two words
)

// The multipliers of Philox, in the low half of 64 bits.
const (
	philoxM0 = 0xD2511F53
	philoxM1 = 0xCD9E8D57
)

// dropout writes the drawing of a mask together with the product.
func dropout(a *asm) {
	t := &table{name: "dropoutTable", of: "dropPass"}
	a.routine(t, "lanesDrop", "(*direct).dropOut", 3, onAVX((*direct).dropOut))
	a.constants(t)
}

// dropOut is mask = 0 or keep, dst = src·mask, 64 elements at a time, of which block number i of Philox4x32-10 gives elements i, i+16,
// i+32 and i+48:
//
//	for groups of 64
//	    for the halves of 16 lanes: ten rounds, each lane its block; then for words: the comparison, the mask, the product
//
// The blocks of even lanes and those of odd ones are mixed apart, each in the low half of 64 bits, where a multiplication wants them.
//
// Registers: those of avx, CX groups left. Vectors: the four words of the even and of the odd lanes' blocks, what is multiplied up, and
// the two multipliers highest.
func (s *direct) dropOut() {
	m0, m1 := s.hold(con(philoxM0)), s.hold(con(philoxM1))
	var odd reg.OpmaskPhysical
	if s.wide {
		odd = s.takeMask().k
		s.MOVL(operand.U32(0xAAAA), scratch.As32())
		s.KMOVW(scratch.As32(), odd)
	}
	s.columns()
	s.XORL(place.As32(), place.As32())
	s.Label(s.label("group"))
	for half := range s.parts() {
		even, other := s.counters(half)
		for round := range 10 {
			s.round(&even, round, m0, m1)
			s.round(&other, round, m0, m1)
		}
		for word := range 4 {
			s.part = 2*word + half
			s.weave(even[word], other[word], odd)
			s.drop(other[word])
			s.keepOrDrop(even[word])
		}
	}
	s.part = 0
	s.ADDL(operand.U8(16), dropBlocks.at())
	s.ADDQ(operand.U32(256), place)
	s.DECQ(left)
	s.JNZ(operand.LabelRef(s.label("group")))
}

// counters are the four words of the counters of even and odd lanes.
func (s *direct) counters(half int) (even, odd [4]vec) {
	even[0], odd[0] = s.take(), s.take()
	s.VMOVUPS(field(args, dropLanes+32*half), even[0])
	s.addInt(even[0], even[0], dropBlocks)
	s.VPSRLQ(operand.U8(32), even[0], odd[0])
	for i := 1; i < 4; i++ {
		even[i], odd[i] = s.take(), s.take()
		s.set(even[i], dropCounter+coef(i-1))
		s.set(odd[i], even[i])
	}
	return even, odd
}

// round is one round on x: (x0, x1, x2, x3) := (high M1·x2 ⊕ x1 ⊕ k0, low M1·x2, high M0·x0 ⊕ x3 ⊕ k1, low M0·x0). What stands in the
// upper halves does not count.
func (s *direct) round(x *[4]vec, round int, m0, m1 vec) {
	key := coef((dropKeys-atCoef)/4 + 2*round)
	s.VPMULUDQ(m0, x[0], x[0])
	s.VPMULUDQ(m1, x[2], x[2])
	high := s.take()
	s.VPSRLQ(operand.U8(32), x[2], high)
	s.mix(x[1], high, key)
	s.VPSRLQ(operand.U8(32), x[0], high)
	s.mix(x[3], high, key+1)
	s.drop(high)
	x[0], x[1], x[2], x[3] = x[1], x[2], x[3], x[0]
}

// mix is d := d ⊕ x ⊕ key.
func (s *direct) mix(d, x vec, key coef) {
	if s.wide {
		s.VPTERNLOGD_BCST(operand.U8(0x96), key.at(), x, d)
		return
	}
	s.xor(d, d, x)
	s.xor(d, d, key)
}

// weave puts the low halves of odd into the odd lanes of even.
func (s *direct) weave(even, odd vec, lanes reg.OpmaskPhysical) {
	if s.wide {
		s.VMOVSLDUP(odd, lanes, even)
		return
	}
	s.VMOVSLDUP(odd, odd)
	s.VPBLENDD(operand.U8(0xAA), odd, even, even)
}

// keepOrDrop writes the mask of the words in x and the product at the place of half; it drops x.
func (s *direct) keepOrDrop(x vec) {
	m := s.takeMask()
	if s.wide {
		s.VPCMPUD_BCST(operand.U8(5), dropLeast.at(), x, m.k)
	} else {
		s.set(m.v, dropLeast)
		s.VPMAXUD(m.v, x, m.v)
		s.VPCMPEQD(m.v, x, m.v)
	}
	s.set(x, dropKeep)
	s.only(x, x, m)
	s.dropMask(m)
	s.store(1, x)
	y := s.load(2)
	s.mul(x, x, y)
	s.store(0, x)
	s.drop(y, x)
}
