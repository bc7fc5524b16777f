package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The fields of the Go struct link: some columns of one layer for one row, or an activation.
const (
	linkA      = 8 * iota // the row (1,k); nil: the x of the call
	linkFrom              // bytes into A where the sum begins or goes on
	linkB                 // packed: columns lie in panels of 32, the last as narrow as a multiple of 8 can be
	linkC                 // the result, or what an activation changes, with room for whole panels
	linkBias              // what the sums start from
	linkK                 // columns of A; of an activation, how many numbers
	linkStride            // bytes from a step of B to the next
	linkNext              // bytes from a panel of B to the next
	linkMask              // k-mask of the last vector of the bias
	linkLanes             // the same as 8 lanes of 0 or −1, for VMASKMOVPS
	linkKind              // place in cascadeKinds
	linkReLU              // 1: C = max(C, 0)
	linkSize
)

// The fields of the Go struct cascadeCall.
const (
	cascadeLinks = 8 * iota
	cascadeCount
	cascadeX
)

// cascadeKinds are what a link can be: so many columns, or an activation in place.
var cascadeKinds = []struct {
	name    string
	columns int
	formula func(s *simd) func(x vec)
}{
	{"c8_", 8, nil},
	{"c16_", 16, nil},
	{"c32_", 32, nil},
	{"c64_", 64, nil},
	{"c128_", 128, nil}, // AVX-512 only
	{"sigmoid_", 0, (*simd).sigmoid},
	{"tanh_", 0, (*simd).tanh},
}

// cascade writes the one routine of its file.
func cascade(a *asm) {
	t := &table{name: "cascadeTable", of: "cascadeCall"}
	a.routine(t, "cascade", "(*direct).cascade", 0, onAVX((*direct).cascade))
	a.constants(t)
}

// cascade writes the forward pass of one row through layers that follow one another, without leaving assembly between them:
//
//	for links:
//	    accumulators = bias
//	    for k ascending: accumulators[v] += A[k] · B[k][v]    one chain of FMAs for each element, as in panel
//	    accumulators = max(accumulators, 0) where asked
//	    C = accumulators
//	or  for 16 or 8 numbers of C: C = f(C)
//
// Registers: AX args, DI the link, CX links left, SI A, DX C, R8…R11 step k of each panel, R12 the stride, R13 steps left, BX the
// kind, the bias, then three strides. Vectors: the accumulators and the broadcast from 0 upward; the constants of the activations highest.
func (s *direct) cascade() {
	formulas := make([]func(vec), len(cascadeKinds))
	for i, k := range cascadeKinds {
		if k.formula != nil {
			formulas[i] = k.formula(s.simd)
		}
	}
	s.MOVQ(field(args, cascadeLinks), reg.RDI)
	s.MOVQ(field(args, cascadeCount), left)
	s.Label(s.label("link"))
	s.MOVQ(field(reg.RDI, linkA), reg.RSI)
	s.TESTQ(reg.RSI, reg.RSI)
	s.CMOVQEQ(field(args, cascadeX), reg.RSI)
	s.ADDQ(field(reg.RDI, linkFrom), reg.RSI)
	s.MOVQ(field(reg.RDI, linkC), reg.RDX)
	s.MOVQ(field(reg.RDI, linkK), rows)
	s.MOVQ(field(reg.RDI, linkKind), reg.RBX)
	for i, k := range cascadeKinds {
		s.CMPQ(reg.RBX, operand.U8(i))
		s.JEQ(operand.LabelRef(s.label(k.name)))
	}
	for i, k := range cascadeKinds {
		s.Label(s.label(k.name))
		switch {
		case k.formula != nil:
			s.linkFunction(k.name, formulas[i])
		case k.columns <= 8*s.lanes():
			s.linkColumns(k.name, k.columns)
		}
		s.ADDQ(operand.I32(linkSize), reg.RDI)
		s.DECQ(left)
		s.JNE(operand.LabelRef(s.label("link")))
		if i < len(cascadeKinds)-1 {
			s.VZEROUPPER()
			s.RET()
		}
	}
}

// linkFunction is C = f(C), whole vectors of it.
func (s *direct) linkFunction(name string, f func(x vec)) {
	s.Label(s.label(name + "loop"))
	x := s.take()
	s.VMOVUPS(field(reg.RDX, 0), x)
	f(x)
	s.VMOVUPS(x, field(reg.RDX, 0))
	s.drop(x)
	s.ADDQ(operand.U8(4*s.lanes()), reg.RDX)
	s.SUBQ(operand.U8(s.lanes()), rows)
	s.JGT(operand.LabelRef(s.label(name + "loop")))
}

// columns is what one kind of link works with.
type columns struct {
	name   string
	panels []reg.GPPhysical // step k of each
	acc    []vec
	lanes  int // of each
	x      vec // the broadcast, later 0
}

// linkColumns computes so many columns, which lie in vectors of their own in B.
func (s *direct) linkColumns(name string, cols int) {
	c := columns{name: name, lanes: min(cols, s.lanes())}
	c.panels = []reg.GPPhysical{reg.R8, reg.R9, reg.R10, reg.R11}[:(cols+31)/32]
	var taken []vec
	for range cols/c.lanes + 1 {
		taken = append(taken, s.take())
	}
	c.acc = append(c.acc, taken...)
	if c.lanes < s.lanes() {
		for i, v := range c.acc {
			c.acc[i] = v.AsY().(vec)
		}
	}
	c.acc, c.x = c.acc[1:], c.acc[0]
	s.linkStart(c)
	if cols <= 32 {
		s.linkLoop(c, "fours", 4)
	}
	s.linkLoop(c, "ones", 1)
	s.linkEnd(c)
	s.drop(taken...)
}

// linkStart gives the accumulators their first value, the last of them by mask, finds the panels of B and makes BX three strides.
func (s *direct) linkStart(c columns) {
	if s.wide {
		s.KMOVW(field(reg.RDI, linkMask), reg.K1)
	} else {
		s.MOVQ(field(reg.RDI, linkLanes), reg.RBX)
		s.VMOVUPS(field(reg.RBX, 0), c.x)
	}
	s.MOVQ(field(reg.RDI, linkBias), reg.RBX)
	for v, to := range c.acc {
		from := field(reg.RBX, v*4*c.lanes)
		switch {
		case v < len(c.acc)-1:
			s.VMOVUPS(from, to)
		case s.wide:
			s.VMOVUPS_Z(from, reg.K1, to)
		default:
			s.VMASKMOVPS(from, c.x, to)
		}
	}
	s.MOVQ(field(reg.RDI, linkB), c.panels[0])
	if len(c.panels) > 1 {
		s.MOVQ(field(reg.RDI, linkNext), reg.R12)
	}
	for i := range c.panels[1:] {
		s.LEAQ(operand.Mem{Base: c.panels[i], Index: reg.R12, Scale: 1}, c.panels[i+1])
	}
	s.MOVQ(field(reg.RDI, linkStride), reg.R12)
	s.LEAQ(operand.Mem{Base: reg.R12, Index: reg.R12, Scale: 2}, reg.RBX)
}

// linkLoop goes through steps of k, so many at once, while that many are left.
func (s *direct) linkLoop(c columns, name string, steps int) {
	again, done := s.label(c.name+name), s.label(c.name+name+"_done")
	s.SUBQ(operand.U8(steps), rows)
	s.JLT(operand.LabelRef(done))
	s.Label(again)
	for step := range steps {
		s.linkStep(c, step)
	}
	s.ADDQ(operand.U8(4*steps), reg.RSI)
	for _, p := range c.panels {
		s.LEAQ(operand.Mem{Base: p, Index: reg.R12, Scale: uint8(steps)}, p)
	}
	s.SUBQ(operand.U8(steps), rows)
	s.JGE(operand.LabelRef(again))
	s.Label(done)
	s.ADDQ(operand.U8(steps), rows)
}

// linkStep adds A[k+step] · B[k+step].
func (s *direct) linkStep(c columns, step int) {
	s.VBROADCASTSS(field(reg.RSI, 4*step), c.x)
	each := 32 / c.lanes // vectors of a panel
	for v, to := range c.acc {
		from := operand.Mem{Base: c.panels[v/each], Disp: v % each * 4 * c.lanes}
		switch step {
		case 1, 2:
			from.Index, from.Scale = reg.R12, uint8(step)
		case 3:
			from.Index, from.Scale = reg.RBX, 1
		}
		s.VFMADD231PS(from, c.x, to)
	}
}

// linkEnd applies ReLU where asked and writes C.
func (s *direct) linkEnd(c columns) {
	s.CMPQ(field(reg.RDI, linkReLU), operand.U8(0))
	s.JEQ(operand.LabelRef(s.label(c.name + "store")))
	s.zero(c.x)
	for _, sum := range c.acc {
		s.max(sum, c.x, sum) // the sum wins at NaN and at ±0
		s.add(sum, sum, c.x) // +0 at −0
	}
	s.Label(s.label(c.name + "store"))
	for v, sum := range c.acc {
		s.VMOVUPS(sum, field(reg.RDX, v*4*c.lanes))
	}
}
