package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The fields of the Go struct pile.
const (
	pileTo = 8 * iota
	pileFrom
	pileRows
	pileCols
	pileLanes // of the last cols%8 columns, as 8 lanes of 0 or −1
)

// sumRows writes the sums of the columns of a matrix (rows,cols), contiguous, each from the first row to the last:
//
//	for columns by 32, then by 8, then the last cols%8 under a mask:
//	    for rows: sum[v] += row[v]
//
// Registers: DI args, DX to, SI the columns' first row, CX columns left, R8 bytes of a row, AX the row, BX rows left.
// Y0…Y3 the sums, Y4 the row under the mask, Y5 the mask.
func (a *asm) sumRows() {
	a.begin("sumRows", "pile", "(*asm).sumRows", reg.RDI)
	a.MOVQ(field(reg.RDI, pileTo), reg.RDX)
	a.MOVQ(field(reg.RDI, pileFrom), reg.RSI)
	a.MOVQ(field(reg.RDI, pileCols), reg.RCX)
	a.MOVQ(reg.RCX, reg.R8)
	a.SHLQ(operand.U8(2), reg.R8)
	a.sumColumns("by32", 4)
	a.sumColumns("by8", 1)
	a.TESTQ(reg.RCX, reg.RCX)
	a.JZ(operand.LabelRef("end"))
	a.MOVQ(field(reg.RDI, pileLanes), reg.RAX)
	a.VMOVUPS(field(reg.RAX, 0), reg.Y5)
	a.sum("tail", 1, true)
	a.VMASKMOVPS(reg.Y0, reg.Y5, field(reg.RDX, 0))
	a.Label("end")
	a.VZEROUPPER()
	a.RET()
}

// sumColumns sums 8·vectors columns at a time, as long as there are as many.
func (a *asm) sumColumns(name string, vectors int) {
	a.Label(name)
	a.CMPQ(reg.RCX, operand.I32(8*vectors))
	a.JL(operand.LabelRef(name + "_end"))
	a.sum(name, vectors, false)
	for v := range vectors {
		a.VMOVUPS(ymm[v], field(reg.RDX, 32*v))
	}
	a.ADDQ(operand.I32(32*vectors), reg.RDX)
	a.ADDQ(operand.I32(32*vectors), reg.RSI)
	a.SUBQ(operand.I32(8*vectors), reg.RCX)
	a.JMP(operand.LabelRef(name))
	a.Label(name + "_end")
}

// sum adds up the rows of 8·vectors columns.
func (a *asm) sum(name string, vectors int, masked bool) {
	for v := range vectors {
		a.VXORPS(ymm[v], ymm[v], ymm[v])
	}
	a.MOVQ(reg.RSI, reg.RAX)
	a.MOVQ(field(reg.RDI, pileRows), reg.RBX)
	a.TESTQ(reg.RBX, reg.RBX)
	a.JZ(operand.LabelRef(name + "_sum"))
	a.Label(name + "_row")
	if masked {
		a.VMASKMOVPS(field(reg.RAX, 0), reg.Y5, reg.Y4)
		a.VADDPS(reg.Y4, reg.Y0, reg.Y0)
	} else {
		for v := range vectors {
			a.VADDPS(field(reg.RAX, 32*v), ymm[v], ymm[v])
		}
	}
	a.ADDQ(reg.R8, reg.RAX)
	a.DECQ(reg.RBX)
	a.JNZ(operand.LabelRef(name + "_row"))
	a.Label(name + "_sum")
}
