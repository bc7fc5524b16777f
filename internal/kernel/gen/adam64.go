package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The fields of the Go struct adamPass64: w, g, m, v, the weights and eight numbers.
const (
	adamCount   = 32
	adamNumbers = 40
)

// adam64 writes Adam over weights of float64, with ZMM and with YMM. Nothing is fused: the bits are those of Go.
func adam64(a *asm) {
	a.adamDouble("adam64wide", 64, zmm[:])
	a.adamDouble("adam64narrow", 32, ymm[:16])
}

// adamDouble writes
//
//	for vectors of w, g, m, v, their number a multiple of the lanes:
//	    m := β1·m + (1−β1)·g
//	    v := β2·v + (1−β2)·g·g
//	    w := keep·w − α·m / (√v/root + ε)
//
// Registers: AX args, DI SI DX R8 = w g m v, CX weights left, BX the place reached in bytes; vectors 0 g, 1 m, 2 v, 3 and 4 what is
// added, 5 w; the highest eight β1, 1−β1, β2, 1−β2, keep, α, root, ε.
func (a *asm) adamDouble(name string, width int, all []reg.VecPhysical) {
	a.begin(name, "adamPass64", "(*asm).adamDouble", reg.RAX)
	for i, to := range []reg.GPPhysical{reg.RDI, reg.RSI, reg.RDX, reg.R8} {
		a.MOVQ(field(reg.RAX, 8*i), to)
	}
	a.MOVQ(field(reg.RAX, adamCount), reg.RCX)
	k := all[len(all)-8:]
	for i, to := range k {
		a.VBROADCASTSD(field(reg.RAX, adamNumbers+8*i), to)
	}
	at := func(base reg.Register) operand.Mem { return operand.Mem{Base: base, Index: reg.RBX, Scale: 1} }
	g, m, v, s, t, w := all[0], all[1], all[2], all[3], all[4], all[5]
	a.XORQ(reg.RBX, reg.RBX)
	a.Label("loop")
	a.VMOVUPS(at(reg.RSI), g)
	a.VMULPD(at(reg.RDX), k[0], m)
	a.VMULPD(g, k[1], s)
	a.VADDPD(s, m, m)
	a.VMOVUPS(m, at(reg.RDX))
	a.VMULPD(at(reg.R8), k[2], v)
	a.VMULPD(g, k[3], t)
	a.VMULPD(g, t, t)
	a.VADDPD(t, v, v)
	a.VMOVUPS(v, at(reg.R8))
	a.VMULPD(at(reg.RDI), k[4], w)
	a.VMULPD(m, k[5], m)
	a.VSQRTPD(v, v)
	a.VDIVPD(k[6], v, v)
	a.VADDPD(k[7], v, v)
	a.VDIVPD(v, m, m)
	a.VSUBPD(m, w, w)
	a.VMOVUPS(w, at(reg.RDI))
	a.ADDQ(operand.I32(width), reg.RBX)
	a.SUBQ(operand.I32(width/8), reg.RCX)
	a.JG(operand.LabelRef("loop"))
	a.VZEROUPPER()
	a.RET()
}
