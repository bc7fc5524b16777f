package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gemm writes the products of matrices: the panels (gemm.go), what packs their B (pack.go) and the sums of columns
// (sum.go).
func gemm(a *asm) {
	for _, s := range shapes {
		a.panel(s)
	}
	a.transpose8("transpose8", false)
	a.copy32()
	a.sumRows()
}

// gemm64 writes the panels of float64, which are as many bytes wide, and what packs their B: copy32 serves them too.
func gemm64(a *asm) {
	for _, s := range shapes {
		s.double = true
		a.panel(s)
	}
	a.transpose8("transpose8d", true)
}

// shape is one panel routine: C (m, vectors·lanes) = A (m,k) · B (k, vectors·lanes), in tiles of rows × (vectors·lanes). A lane is
// four bytes; an element of float64 takes two.
type shape struct {
	rows    int  // of a full tile
	vectors int  // of a row
	lanes   int  // of a vector: 16 (ZMM) or 8 (YMM)
	evex    bool // AVX-512 encodings: k-masks, 32 registers, broadcasts inside the FMA; else AVX2 with FMA
	masked  bool // the last vector of each row is ragged
	double  bool // float64
}

var shapes = []shape{
	{14, 2, 16, true, false, false},
	{14, 2, 16, true, true, false},
	{16, 1, 16, true, false, false},
	{16, 1, 16, true, true, false},
	{16, 1, 8, true, true, false},
	{6, 2, 8, false, false, false},
	{6, 2, 8, false, true, false},
	{12, 1, 8, false, false, false},
	{12, 1, 8, false, true, false},
}

// name says rows and columns: tile14x32m is masked, tile14x16d of float64.
func (s shape) name() string {
	name := fmt.Sprintf("tile%dx%d", s.rows, s.vectors*s.lanes)
	if s.double {
		name = fmt.Sprintf("tile%dx%dd", s.rows, s.vectors*s.lanes/2)
	}
	if s.masked {
		name += "m"
	}
	return name
}

// of is the one of two instructions that computes in the elements of s.
func of[instruction any](s shape, single, double instruction) instruction {
	if s.double {
		return double
	}
	return single
}

// The fields of the Go struct panel and the bits of its flags.
const (
	panelA     = 8 * iota
	panelB     // rows of B, ldb bytes apart
	panelC     // rows of C, ldc bytes apart
	panelM     // rows of A and C
	panelK     // columns of A, rows of B
	panelRS    // bytes from a row of A to the next
	panelCS    // bytes from a column of A to the next
	panelLDB   //
	panelLDC   //
	panelMask  // k-mask of the lanes of the last vector
	panelLanes // the same as 8 lanes of 0 or −1, for VMASKMOVPS
	panelBias  // what the sums of a row start from
	panelGate  // h, laid out as C: C = h > 0 ? C : h; nil: none
	panelFlags

	flagAdd  = 1 // the sums start from C, not from the bias
	flagReLU = 2 // C = max(C, 0)
)

// panel writes one routine, the rows of a whole column panel:
//
//	for the rows of A in tiles of s.rows, the last 1 … 2·s.rows−1 rows in one or two tiles of a height of their own:
//	    accumulators = bias, or C
//	    for k ascending: accumulators[r][v] += A[r][k] · B[k][v]   one chain of FMAs for each element: the bits do not depend on the tiling
//	    accumulators = max(accumulators, 0), = h > 0 ? accumulators : h, where asked
//	    C = accumulators
//
// Registers: DI args, SI A of this tile, DX C of this tile, CX rows left, R8 R9 R10 R11 = 1 3 5 7 row strides of A, R12 column stride,
// R13 ldb; in the k loop AX and BX = column k of rows 0…7 and 8…15, R14 row k of B, R15 the steps left; elsewhere these four are free.
// Vectors: the accumulators from 0 upward, then see (shape).free: B, broadcasts, mask.
func (a *asm) panel(s shape) {
	a.begin(s.name(), "panel", "(*asm).panel", reg.RDI)
	a.MOVQ(field(reg.RDI, panelA), reg.RSI)
	a.MOVQ(field(reg.RDI, panelC), reg.RDX)
	a.MOVQ(field(reg.RDI, panelM), reg.RCX)
	a.MOVQ(field(reg.RDI, panelRS), reg.R8)
	a.MOVQ(field(reg.RDI, panelCS), reg.R12)
	a.MOVQ(field(reg.RDI, panelLDB), reg.R13)
	a.LEAQ(operand.Mem{Base: reg.R8, Index: reg.R8, Scale: 2}, reg.R9)
	a.LEAQ(operand.Mem{Base: reg.R8, Index: reg.R8, Scale: 4}, reg.R10)
	a.LEAQ(operand.Mem{Base: reg.R9, Index: reg.R8, Scale: 4}, reg.R11)
	if s.masked {
		a.loadMask(s)
	}
	a.Label("next")
	a.CMPQ(reg.RCX, operand.I32(2*s.rows))
	a.JGE(label("tile", s.rows))
	a.TESTQ(reg.RCX, reg.RCX)
	a.JLE(operand.LabelRef("end"))
	a.MOVQ(reg.RCX, reg.RAX)
	a.CMPQ(reg.RCX, operand.I32(s.rows))
	a.JLE(operand.LabelRef("choose"))
	a.INCQ(reg.RAX)
	a.SHRQ(operand.U8(1), reg.RAX)
	a.Label("choose")
	a.choose(1, s.rows)
	for rows := s.rows; rows > 0; rows-- {
		a.tile(s, rows)
	}
	a.Label("end")
	a.VZEROUPPER()
	a.RET()
}

func label(name string, n int) operand.LabelRef { return operand.LabelRef(fmt.Sprint(name, n)) }

// choose jumps to the tile of AX rows, low ≤ AX ≤ high, by halving.
func (a *asm) choose(low, high int) {
	if low == high {
		a.JMP(label("tile", low))
		return
	}
	middle := (low + high) / 2
	above := fmt.Sprintf("above%d_%d", low, high)
	a.CMPQ(reg.RAX, operand.I32(middle))
	a.JG(operand.LabelRef(above))
	a.choose(low, middle)
	a.Label(above)
	a.choose(middle+1, high)
}

// tile writes the rows of one tile, from the accumulators' first value to C.
func (a *asm) tile(s shape, rows int) {
	a.Label(fmt.Sprint("tile", rows))
	a.start(s, rows)
	a.MOVQ(reg.RSI, reg.RAX)
	if rows > 8 {
		a.LEAQ(operand.Mem{Base: reg.RSI, Index: reg.R8, Scale: 8}, reg.RBX)
	}
	a.MOVQ(field(reg.RDI, panelB), reg.R14)
	a.MOVQ(field(reg.RDI, panelK), reg.R15)
	a.TESTQ(reg.R15, reg.R15)
	a.JZ(label("done", rows))
	a.Label(fmt.Sprint("k", rows))
	a.step(s, rows)
	a.DECQ(reg.R15)
	a.JNZ(label("k", rows))
	a.Label(fmt.Sprint("done", rows))
	a.finish(s, rows)
	a.IMUL3Q(operand.I32(rows), reg.R8, reg.RAX)
	a.ADDQ(reg.RAX, reg.RSI)
	a.SUBQ(operand.I32(rows), reg.RCX)
	a.JMP(operand.LabelRef("next"))
}

// start gives the accumulators their first value: the bias in every row, or C.
func (a *asm) start(s shape, rows int) {
	a.MOVQ(field(reg.RDI, panelFlags), reg.R15)
	a.TESTQ(operand.I32(flagAdd), reg.R15)
	a.JNZ(label("add", rows))
	a.MOVQ(field(reg.RDI, panelBias), reg.RAX)
	for v := range s.vectors {
		a.load(s, reg.RAX, v, s.acc(0, v))
	}
	for r := 1; r < rows; r++ {
		for v := range s.vectors {
			a.VMOVAPS(s.acc(0, v), s.acc(r, v))
		}
	}
	a.JMP(label("begin", rows))
	a.Label(fmt.Sprint("add", rows))
	a.MOVQ(reg.RDX, reg.RAX)
	a.MOVQ(field(reg.RDI, panelLDC), reg.RBX)
	for r := range rows {
		for v := range s.vectors {
			a.load(s, reg.RAX, v, s.acc(r, v))
		}
		a.ADDQ(reg.RBX, reg.RAX)
	}
	a.Label(fmt.Sprint("begin", rows))
}

// step adds column k of A times row k of B and moves on to k+1.
func (a *asm) step(s shape, rows int) {
	for v := range s.vectors {
		a.load(s, reg.R14, v, s.free(v))
	}
	for r := range rows {
		if s.evex && s.vectors == 1 { // used once: the broadcast costs nothing inside the FMA
			of(s, a.VFMADD231PS_BCST, a.VFMADD231PD_BCST)(s.element(r), s.free(0), s.acc(r, 0))
			continue
		}
		x := s.free(s.vectors + r%2)
		if s.masked && !s.evex {
			x = s.free(s.vectors)
		}
		of(s, a.VBROADCASTSS, a.VBROADCASTSD)(s.element(r), x)
		for v := range s.vectors {
			of(s, a.VFMADD231PS, a.VFMADD231PD)(s.free(v), x, s.acc(r, v))
		}
	}
	a.ADDQ(reg.R12, reg.RAX)
	if rows > 8 {
		a.ADDQ(reg.R12, reg.RBX)
	}
	a.ADDQ(reg.R13, reg.R14)
}

// finish applies what is asked to the accumulators and writes them to C; DX moves on to the next tile.
func (a *asm) finish(s shape, rows int) {
	a.MOVQ(field(reg.RDI, panelFlags), reg.R15)
	a.TESTQ(operand.I32(flagReLU), reg.R15)
	a.JZ(label("linear", rows))
	zero := s.free(0)
	a.VXORPS(zero, zero, zero)
	a.each(s, rows, func(r, v int) {
		of(s, a.VMAXPS, a.VMAXPD)(s.acc(r, v), zero, s.acc(r, v)) // the second source, the sum, wins at NaN and at ±0
		of(s, a.VADDPS, a.VADDPD)(s.acc(r, v), zero, s.acc(r, v)) // +0 at −0
	})
	a.Label(fmt.Sprint("linear", rows))
	a.MOVQ(field(reg.RDI, panelGate), reg.R14)
	a.TESTQ(reg.R14, reg.R14)
	a.JZ(label("store", rows))
	a.SUBQ(field(reg.RDI, panelC), reg.R14)
	a.ADDQ(reg.RDX, reg.R14)
	a.MOVQ(field(reg.RDI, panelLDC), reg.RAX)
	a.VXORPS(zero, zero, zero)
	for r := range rows {
		for v := range s.vectors {
			a.gate(s, r, v, zero)
		}
		a.ADDQ(reg.RAX, reg.R14)
	}
	a.Label(fmt.Sprint("store", rows))
	a.MOVQ(field(reg.RDI, panelLDC), reg.RAX)
	for r := range rows {
		for v := range s.vectors {
			a.save(s, s.acc(r, v), reg.RDX, v)
		}
		a.ADDQ(reg.RAX, reg.RDX)
	}
}

// gate keeps the sum where h (at R14) > 0 and takes h, +0 or NaN, elsewhere.
func (a *asm) gate(s shape, r, v int, zero reg.VecPhysical) {
	h, acc := s.free(1), s.acc(r, v)
	a.load(s, reg.R14, v, h)
	if s.evex {
		of(s, a.VCMPPS, a.VCMPPD)(operand.U8(0x1e), zero, h, reg.K2)
		of(s, a.VBLENDMPS, a.VBLENDMPD)(acc, h, reg.K2, acc)
		return
	}
	positive := s.free(2)
	of(s, a.VCMPPS, a.VCMPPD)(operand.U8(0x1e), zero, h, positive)
	of(s, a.VBLENDVPS, a.VBLENDVPD)(positive, acc, h, acc)
}

func (a *asm) each(s shape, rows int, f func(r, v int)) {
	for r := range rows {
		for v := range s.vectors {
			f(r, v)
		}
	}
}

// loadMask puts the mask of the last vector into K1, or Y15.
func (a *asm) loadMask(s shape) {
	if s.evex {
		a.KMOVW(field(reg.RDI, panelMask), reg.K1)
		return
	}
	a.MOVQ(field(reg.RDI, panelLanes), reg.RAX)
	a.VMOVUPS(field(reg.RAX, 0), reg.Y15)
}

// load reads vector v of the row at base, zeros where the mask is off.
func (a *asm) load(s shape, base reg.Register, v int, to reg.VecPhysical) {
	from := field(base, v*s.lanes*4)
	switch {
	case !s.masked || v < s.vectors-1:
		a.VMOVUPS(from, to)
	case s.evex:
		a.VMOVUPS_Z(from, reg.K1, to)
	default:
		a.VMASKMOVPS(from, reg.Y15, to)
	}
}

// save writes vector v of the row at base, nothing where the mask is off.
func (a *asm) save(s shape, from reg.VecPhysical, base reg.Register, v int) {
	to := field(base, v*s.lanes*4)
	switch {
	case !s.masked || v < s.vectors-1:
		a.VMOVUPS(from, to)
	case s.evex:
		a.VMOVUPS(from, reg.K1, to)
	default:
		a.VMASKMOVPS(from, reg.Y15, to)
	}
}

// acc is the accumulator of vector v of row r.
func (s shape) acc(r, v int) reg.VecPhysical { return s.vector(r*s.vectors + v) }

// free are the registers that no accumulator takes: the vectors of B first, then the broadcasts; 28 … 31 with AVX-512, else 12 … 15.
func (s shape) free(i int) reg.VecPhysical {
	if s.evex {
		return s.vector(28 + i)
	}
	return s.vector(12 + i)
}

func (s shape) vector(i int) reg.VecPhysical {
	if s.lanes == 16 {
		return zmm[i]
	}
	return ymm[i]
}

// element is A[r][k] by the registers of the k loop.
func (s shape) element(r int) operand.Mem {
	base := reg.RAX
	if r >= 8 {
		base = reg.RBX
	}
	m := operand.Mem{Base: base}
	switch r % 8 {
	case 1, 2, 4:
		m.Index, m.Scale = reg.R8, uint8(r%8)
	case 3, 6:
		m.Index, m.Scale = reg.R9, uint8(r%8/3)
	case 5:
		m.Index, m.Scale = reg.R10, 1
	case 7:
		m.Index, m.Scale = reg.R11, 1
	}
	return m
}

var zmm = [32]reg.VecPhysical{
	reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7, reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
	reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23, reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
}

var ymm = [32]reg.VecPhysical{
	reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7, reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15,
	reg.Y16, reg.Y17, reg.Y18, reg.Y19, reg.Y20, reg.Y21, reg.Y22, reg.Y23, reg.Y24, reg.Y25, reg.Y26, reg.Y27, reg.Y28, reg.Y29, reg.Y30, reg.Y31,
}
