package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The fields of the Go struct strip.
const (
	stripTo     = 0
	stripRows   = 8  // eight pointers
	stripStride = 72 // bytes from a row of the result to the next
	stripBlocks = 80 // of eight columns
	stripBack   = 88 // columns that one more block lies before the end; 0: no such block
)

// transpose8 writes eight columns of a panel from eight rows, which need not lie evenly: to[k][r] = rows[r][k].
//
//	for blocks of eight k: two 4×4 transpositions side by side in the halves of four registers, for k…k+3 and for k+4…k+7
//	one more block, stepped back to end with the last k: what it shares with the block before is written twice
//
// In float64 a block is four times two k, for each of them two transpositions of 4×2.
//
// Registers: DI args, R8…R15 the rows, SI the bytes read of each, DX to, CX its stride, BX blocks left.
// Y0…Y3 the rows as loaded, Y4…Y7 pairs of rows interleaved, Y8 a finished row of the result; in float64 Y0…Y3 and Y4…Y7.
func (a *asm) transpose8(name string, double bool) {
	a.begin(name, "strip", "(*asm).transpose8", reg.RDI)
	for r, to := range stripPointers {
		a.MOVQ(field(reg.RDI, stripRows+8*r), to)
	}
	a.MOVQ(field(reg.RDI, stripTo), reg.RDX)
	a.MOVQ(field(reg.RDI, stripStride), reg.RCX)
	a.MOVQ(field(reg.RDI, stripBlocks), reg.RBX)
	a.XORQ(reg.RSI, reg.RSI)
	a.Label("block")
	size, shift := 4, uint64(2)
	if double {
		size, shift = 8, 3
	}
	for at := 0; at < 8*size; at += 16 {
		if double {
			a.transposePair(at)
		} else {
			a.transposeHalf(at)
		}
	}
	a.ADDQ(operand.I32(8*size), reg.RSI)
	a.DECQ(reg.RBX)
	a.JG(operand.LabelRef("block"))
	a.JL(operand.LabelRef("end")) // the block stepped back was the last
	a.MOVQ(field(reg.RDI, stripBack), reg.RBX)
	a.TESTQ(reg.RBX, reg.RBX)
	a.JZ(operand.LabelRef("end"))
	a.MOVQ(reg.RBX, reg.RDI)
	a.IMULQ(reg.RCX, reg.RDI)
	a.SUBQ(reg.RDI, reg.RDX)
	a.SHLQ(operand.U8(shift), reg.RBX)
	a.SUBQ(reg.RBX, reg.RSI)
	a.XORQ(reg.RBX, reg.RBX)
	a.JMP(operand.LabelRef("block"))
	a.Label("end")
	a.VZEROUPPER()
	a.RET()
}

var stripPointers = []reg.GPPhysical{reg.R8, reg.R9, reg.R10, reg.R11, reg.R12, reg.R13, reg.R14, reg.R15}

// transposeHalf writes four rows of the result from the four columns that lie half bytes into the block.
func (a *asm) transposeHalf(half int) {
	x := []reg.VecPhysical{reg.X0, reg.X1, reg.X2, reg.X3}
	for r := range 4 {
		a.VMOVUPS(operand.Mem{Base: stripPointers[r], Index: reg.RSI, Scale: 1, Disp: half}, x[r])
		a.VINSERTF128(operand.U8(1), operand.Mem{Base: stripPointers[r+4], Index: reg.RSI, Scale: 1, Disp: half}, ymm[r], ymm[r])
	}
	a.VUNPCKLPS(reg.Y1, reg.Y0, reg.Y4) // r0k0 r1k0 r0k1 r1k1
	a.VUNPCKHPS(reg.Y1, reg.Y0, reg.Y5) // r0k2 r1k2 r0k3 r1k3
	a.VUNPCKLPS(reg.Y3, reg.Y2, reg.Y6)
	a.VUNPCKHPS(reg.Y3, reg.Y2, reg.Y7)
	for k := range 4 {
		low, high := ymm[4+k/2], ymm[6+k/2]
		if k%2 == 0 {
			a.VUNPCKLPD(high, low, reg.Y8)
		} else {
			a.VUNPCKHPD(high, low, reg.Y8)
		}
		a.VMOVUPS(reg.Y8, field(reg.RDX, 0))
		a.ADDQ(reg.RCX, reg.RDX)
	}
}

// transposePair writes two rows of float64 of the result from the two columns that lie at bytes into the block.
func (a *asm) transposePair(at int) {
	x := []reg.VecPhysical{reg.X0, reg.X1, reg.X2, reg.X3}
	for i := range x {
		r := i + i/2*2 // rows 0, 1, 4, 5, beside each the row two further
		a.VMOVUPS(operand.Mem{Base: stripPointers[r], Index: reg.RSI, Scale: 1, Disp: at}, x[i])
		a.VINSERTF128(operand.U8(1), operand.Mem{Base: stripPointers[r+2], Index: reg.RSI, Scale: 1, Disp: at}, ymm[i], ymm[i])
	}
	a.VUNPCKLPD(reg.Y1, reg.Y0, reg.Y4) // r0k0 r1k0 r2k0 r3k0
	a.VUNPCKLPD(reg.Y3, reg.Y2, reg.Y5) // r4k0 …
	a.VUNPCKHPD(reg.Y1, reg.Y0, reg.Y6) // r0k1 …
	a.VUNPCKHPD(reg.Y3, reg.Y2, reg.Y7)
	for k := range 2 {
		a.VMOVUPS(ymm[4+2*k], field(reg.RDX, 0))
		a.VMOVUPS(ymm[5+2*k], field(reg.RDX, 32))
		a.ADDQ(reg.RCX, reg.RDX)
	}
}

// The fields of the Go struct lift.
const (
	liftTo     = 0
	liftFrom   = 8
	liftStride = 16 // bytes from a row to the next in from
	liftRows   = 24
)

// copy32 gathers rows of 32 floats, stride bytes apart, into a panel where they follow one another.
//
//	for rows: four loads, four stores
//
// Registers: DI args, SI from, DX to, CX stride, AX rows left; Y0…Y3 the row.
func (a *asm) copy32() {
	a.begin("copy32", "lift", "(*asm).copy32", reg.RDI)
	a.MOVQ(field(reg.RDI, liftTo), reg.RDX)
	a.MOVQ(field(reg.RDI, liftFrom), reg.RSI)
	a.MOVQ(field(reg.RDI, liftStride), reg.RCX)
	a.MOVQ(field(reg.RDI, liftRows), reg.RAX)
	a.Label("row")
	for v := range 4 {
		a.VMOVUPS(field(reg.RSI, 32*v), ymm[v])
	}
	for v := range 4 {
		a.VMOVUPS(ymm[v], field(reg.RDX, 32*v))
	}
	a.ADDQ(reg.RCX, reg.RSI)
	a.ADDQ(operand.I32(128), reg.RDX)
	a.DECQ(reg.RAX)
	a.JG(operand.LabelRef("row"))
	a.VZEROUPPER()
	a.RET()
}
