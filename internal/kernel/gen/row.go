package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// row writes the product of one row: C (1, panels·32) = A (1,k) · B, packed in panels of 32 columns, several panels at once, because
// one alone would wait for its own sums; m counts such groups. Fields as in panel, but ldb is the bytes from a panel to the next
// and ldc those from a group's bias to the next (0 where all start from the same zeros).
//
//	for groups of panels:
//	    accumulators = bias
//	    for k ascending: accumulators[v] += A[k] · B[k][v]
//	    accumulators = max(accumulators, 0) where asked
//	    C = accumulators
//
// Registers: DI args, DX C, CX groups left, SI bias, R8…R11 row k of each panel, R13 a panel's bytes, AX A[k], R15 steps left.
// Vectors 0 upward: the accumulators; then (AVX-512: 31, AVX2: 15) the broadcast, later zero.
func (a *asm) row(name string, lanes, panels int) {
	s := shape{lanes: lanes, evex: lanes == 16}
	each := 32 / lanes
	a.begin(name, "panel", "(*asm).row", reg.RDI)
	a.MOVQ(field(reg.RDI, panelC), reg.RDX)
	a.MOVQ(field(reg.RDI, panelM), reg.RCX)
	a.MOVQ(field(reg.RDI, panelBias), reg.RSI)
	a.MOVQ(field(reg.RDI, panelLDB), reg.R13)
	a.MOVQ(field(reg.RDI, panelB), reg.R8)
	pointers := []reg.GPPhysical{reg.R8, reg.R9, reg.R10, reg.R11}[:panels]
	a.Label("group")
	for p := 1; p < panels; p++ {
		a.LEAQ(operand.Mem{Base: pointers[p-1], Index: reg.R13, Scale: 1}, pointers[p])
	}
	for v := range panels * each {
		a.VMOVUPS(field(reg.RSI, v*lanes*4), s.vector(v))
	}
	a.MOVQ(field(reg.RDI, panelA), reg.RAX)
	a.MOVQ(field(reg.RDI, panelK), reg.R15)
	a.TESTQ(reg.R15, reg.R15)
	a.JZ(operand.LabelRef("done"))
	a.Label("k")
	x := s.free(3)
	a.VBROADCASTSS(field(reg.RAX, 0), x)
	for v := range panels * each {
		a.VFMADD231PS(field(pointers[v/each], v%each*lanes*4), x, s.vector(v))
	}
	a.ADDQ(operand.I32(4), reg.RAX)
	for _, p := range pointers {
		a.ADDQ(operand.I32(128), p)
	}
	a.DECQ(reg.R15)
	a.JNZ(operand.LabelRef("k"))
	a.Label("done")
	a.MOVQ(field(reg.RDI, panelFlags), reg.R15)
	a.TESTQ(operand.I32(flagReLU), reg.R15)
	a.JZ(operand.LabelRef("store"))
	a.VXORPS(x, x, x)
	for v := range panels * each {
		a.VMAXPS(s.vector(v), x, s.vector(v))
		a.VADDPS(s.vector(v), x, s.vector(v))
	}
	a.Label("store")
	for v := range panels * each {
		a.VMOVUPS(s.vector(v), field(reg.RDX, v*lanes*4))
	}
	a.ADDQ(operand.I32(panels*128), reg.RDX)
	a.ADDQ(field(reg.RDI, panelLDC), reg.RSI)
	a.MOVQ(pointers[panels-1], reg.R8) // it stands at the end of its panel, where the next begins
	a.DECQ(reg.RCX)
	a.JG(operand.LabelRef("group"))
	a.VZEROUPPER()
	a.RET()
}
