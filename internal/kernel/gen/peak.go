package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// peak writes drill512 and drill256: nothing but multiply-adds whose operands stand in registers, enough of them under way that
// none waits for the one before it. What they reach is what the processor can do at all.
func peak(a *asm) {
	a.drill("drill512", 24, zmm[:])
	a.drill("drill256", 12, ymm[:])
}

// drill writes one of them; every number is 0, so that no sum overflows.
//
//	for rounds: accumulators[v] += last · last, all v
//
// Registers: DI args, CX rounds left; vectors 0 … chains−1 the accumulators, the next the factor.
func (a *asm) drill(name string, chains int, vectors []reg.VecPhysical) {
	a.begin(name, "drill", "(*asm).drill", reg.RDI)
	a.MOVQ(field(reg.RDI, 0), reg.RCX) // drill has this one field
	for v := range chains + 1 {
		if v < 16 {
			a.VXORPS(ymm[v], ymm[v], ymm[v]) // clears the whole register
		} else {
			a.VPXORD(vectors[v], vectors[v], vectors[v])
		}
	}
	factor := vectors[chains]
	a.Label("round")
	for v := range chains {
		a.VFMADD231PS(factor, factor, vectors[v])
	}
	a.DECQ(reg.RCX)
	a.JG(operand.LabelRef("round"))
	a.VZEROUPPER()
	a.RET()
}
