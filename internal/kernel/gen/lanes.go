package main

import (
	"math"
	"slices"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// simd writes one routine for both instruction sets from one source, so that the order of operations, and with it every bit, is the
// same. A vec is one register of lanes: a ZMM of 16 under AVX-512, a YMM of 8 under AVX2. Where lanes are added up the unit is 16
// lanes in both: AVX2 goes through them in two halves.
//
// Registers of every routine: AX args (*pass), DI SI DX R8 R9 R10 the vectors in the order of the struct, CX elements left, BX the
// place reached in bytes, R11 scratch, R12 the mask of the tail in memory (AVX2), R13 rows left, K1 the mask of the tail (AVX-512).
// Vector registers are handed out from 0 upward as the formula takes them and are free again once it drops them; what is held
// through the loop stays in the highest. K2 … K7 are handed out the same way.
type simd struct {
	*asm
	table  *table
	wide   bool // AVX-512
	half   int  // which 8 of 16 lanes AVX2 is at
	masked bool // in the tail
	free   []vec
	kfree  []reg.OpmaskPhysical
}

// vec is a register of lanes.
type vec = reg.VecPhysical

// con is a constant, the same in each lane, by its bits; float makes one.
type con uint32

// coef is k[i] of the struct pass.
type coef int

// mask says which lanes: an opmask, or a vec whose lanes are all ones or zeros (the sign bit is what counts).
type mask struct {
	k reg.OpmaskPhysical
	v vec
}

var (
	pointers = []reg.GPPhysical{reg.RDI, reg.RSI, reg.RDX, reg.R8, reg.R9, reg.R10}
	args     = reg.RAX
	left     = reg.RCX
	place    = reg.RBX
	scratch  = reg.R11
	tail     = reg.R12
	rows     = reg.R13
)

// What stands where in struct pass.
const (
	atCount = 48
	atRows  = 56
	atSum   = 64
	atCoef  = 72
)

// avx512 is what the variable isa of package kernel holds where AVX-512 is in use.
const avx512 = 3

func float(x float64) con { return con(math.Float32bits(float32(x))) }

// table holds the constants of a file, each 32 bytes wide, and in front the window that tail masks are cut from.
type table struct {
	name string
	of   string // the struct of Go that the file's routines get: pass, or one that begins like it
	list []con
}

func (t *table) at(c con) operand.Mem {
	i := slices.Index(t.list, c)
	if i < 0 {
		i, t.list = len(t.list), append(t.list, c)
	}
	return operand.NewDataAddr(operand.NewStaticSymbol(t.name), 128+32*i)
}

// write gives the table out, after the routines that filled it: 16 times −1, 16 times 0, the constants.
func (t *table) write(a *asm) {
	a.StaticGlobal(t.name)
	a.DataAttributes(build.RODATA | build.NOPTR)
	for range 16 {
		a.AppendDatum(operand.U32(math.MaxUint32))
	}
	for range 16 {
		a.AppendDatum(operand.U32(0))
	}
	for _, c := range t.list {
		for range 8 {
			a.AppendDatum(operand.U32(c))
		}
	}
}

// routine writes name: it loads the first vectors of the struct and then runs body's AVX-512 or AVX2 form, by isa.
func (a *asm) routine(t *table, name, generator string, vectors int, body func(s *simd)) {
	a.begin(name, t.of, generator, args)
	for i := range vectors {
		a.MOVQ(field(args, 8*i), pointers[i])
	}
	a.CMPQ(operand.NewDataAddr(operand.Symbol{Name: "·isa"}, 0), operand.I8(avx512))
	a.JNE(operand.LabelRef("narrow"))
	a.form(t, true, body)
	a.Label("narrow")
	a.form(t, false, body)
}

func (a *asm) form(t *table, wide bool, body func(s *simd)) {
	s := &simd{asm: a, table: t, wide: wide}
	spec, count := reg.S256, 16
	if wide {
		spec, count = reg.S512, 32
	}
	for i := range count {
		s.free = append(s.free, reg.Vector.Lookup(reg.Index(i), spec).(vec))
	}
	s.kfree = []reg.OpmaskPhysical{reg.K2, reg.K3, reg.K4, reg.K5, reg.K6, reg.K7}
	body(s)
	a.VZEROUPPER()
	a.RET()
}

// lanes is how many fit in a vec, halves how many vecs make 16.
func (s *simd) lanes() int { return 16 / s.halves() }

func (s *simd) halves() int {
	if s.wide {
		return 1
	}
	return 2
}

func (s *simd) take() vec {
	v := s.free[0]
	s.free = s.free[1:]
	return v
}

func (s *simd) drop(list ...vec) {
	s.free = slices.Insert(s.free, 0, list...)
}

// keep is a register for as long as the routine runs.
func (s *simd) keep() vec {
	last := len(s.free) - 1
	v := s.free[last]
	s.free = s.free[:last]
	return v
}

// hold is a constant kept in a register, for the places where an instruction takes no memory.
func (s *simd) hold(c con) vec {
	v := s.keep()
	s.set(v, c)
	return v
}

func (c coef) at() operand.Mem { return field(args, atCoef+4*int(c)) }

type instruction func(...operand.Op)

// two is d = x op y, y a vec, a con or a coef; AVX2 spreads a coef over a register first.
func (s *simd) two(op, broadcast instruction, d, x vec, y any) {
	if k, ok := y.(coef); ok && !s.wide {
		v := s.take()
		s.set(v, k)
		op(v, x, d)
		s.drop(v)
		return
	}
	o, b := s.operand(y)
	if b {
		op = broadcast
	}
	op(o, x, d)
}

// operand finds y and says whether it is one number in memory.
func (s *simd) operand(y any) (op operand.Op, broadcast bool) {
	switch y := y.(type) {
	case con:
		return s.table.at(y), s.wide
	case coef:
		return y.at(), true
	}
	return y.(operand.Op), false
}

func (s *simd) add(d, x vec, y any) { s.two(s.VADDPS, s.VADDPS_BCST, d, x, y) }
func (s *simd) sub(d, x vec, y any) { s.two(s.VSUBPS, s.VSUBPS_BCST, d, x, y) }
func (s *simd) mul(d, x vec, y any) { s.two(s.VMULPS, s.VMULPS_BCST, d, x, y) }
func (s *simd) div(d, x vec, y any) { s.two(s.VDIVPS, s.VDIVPS_BCST, d, x, y) }
func (s *simd) min(d, x vec, y any) { s.two(s.VMINPS, s.VMINPS_BCST, d, x, y) } // y where one is NaN
func (s *simd) max(d, x vec, y any) { s.two(s.VMAXPS, s.VMAXPS_BCST, d, x, y) } // y where one is NaN or both are 0
func (s *simd) and(d, x vec, y any) { s.two(s.VANDPS, s.VANDPS_BCST, d, x, y) }
func (s *simd) or(d, x vec, y any)  { s.two(s.VORPS, s.VORPS_BCST, d, x, y) }
func (s *simd) xor(d, x vec, y any) { s.two(s.VXORPS, s.VXORPS_BCST, d, x, y) }

// fma is d = x·d + y, fms is d = x·d − y, fmaTo is d = d + x·y, fnmaTo is d = d − x·y, each rounded once.
func (s *simd) fma(d, x vec, y any)    { s.two(s.VFMADD213PS, s.VFMADD213PS_BCST, d, x, y) }
func (s *simd) fms(d, x vec, y any)    { s.two(s.VFMSUB213PS, s.VFMSUB213PS_BCST, d, x, y) }
func (s *simd) fmaTo(d, x vec, y any)  { s.two(s.VFMADD231PS, s.VFMADD231PS_BCST, d, x, y) }
func (s *simd) fnmaTo(d, x vec, y any) { s.two(s.VFNMADD231PS, s.VFNMADD231PS_BCST, d, x, y) }

// addInt, subInt, left and right work on the lanes as integers.
func (s *simd) addInt(d, x vec, y any)        { s.two(s.VPADDD, s.VPADDD_BCST, d, x, y) }
func (s *simd) subInt(d, x vec, y any)        { s.two(s.VPSUBD, s.VPSUBD_BCST, d, x, y) }
func (s *simd) shiftLeft(d, x vec, by uint8)  { s.VPSLLD(operand.U8(by), x, d) }
func (s *simd) shiftRight(d, x vec, by uint8) { s.VPSRAD(operand.U8(by), x, d) }
func (s *simd) sqrt(d, x vec)                 { s.VSQRTPS(x, d) }

// set is d = y.
func (s *simd) set(d vec, y any) {
	switch y := y.(type) {
	case con:
		s.VBROADCASTSS(s.table.at(y), d)
	case coef:
		s.VBROADCASTSS(y.at(), d)
	default:
		s.VMOVAPS(y.(operand.Op), d)
	}
}

func (s *simd) zero(d vec) { s.xor(d, d, d) }

func (s *simd) copyOf(x vec) vec {
	d := s.take()
	s.set(d, x)
	return d
}

// The comparisons, false where one side is NaN, but for the last three.
const (
	equal     = operand.U8(0x00)
	less      = operand.U8(0x11)
	atLeast   = operand.U8(0x1d)
	above     = operand.U8(0x1e)
	unordered = operand.U8(0x03)
	notEqual  = operand.U8(0x04)
	notLess   = operand.U8(0x15)
)

// compare is the mask of x ∘ y.
func (s *simd) compare(how operand.U8, x vec, y any) mask {
	o, b := s.operand(y)
	m := s.takeMask()
	switch {
	case b:
		s.VCMPPS_BCST(how, o, x, m.k)
	case s.wide:
		s.VCMPPS(how, o, x, m.k)
	default:
		s.VCMPPS(how, o, x, m.v)
	}
	return m
}

// signOf is the mask of the lanes of x with the sign bit set.
func (s *simd) signOf(x vec) mask {
	m := s.takeMask()
	if s.wide {
		s.VPMOVD2M(x, m.k)
	} else {
		s.set(m.v, x)
	}
	return m
}

func (s *simd) takeMask() mask {
	if s.wide {
		k := s.kfree[0]
		s.kfree = s.kfree[1:]
		return mask{k: k}
	}
	return mask{v: s.take()}
}

func (s *simd) dropMask(m mask) {
	if s.wide {
		s.kfree = slices.Insert(s.kfree, 0, m.k)
	} else {
		s.drop(m.v)
	}
}

// choose is d = y where m, else x.
func (s *simd) choose(d, x, y vec, m mask) {
	if s.wide {
		s.VBLENDMPS(y, x, m.k, d)
	} else {
		s.VBLENDVPS(m.v, y, x, d)
	}
}

// only is d = x where m, else 0; m comes from a comparison or from inTail.
func (s *simd) only(d, x vec, m mask) {
	if s.wide {
		s.VMOVAPS_Z(x, m.k, d)
	} else {
		s.VANDPS(m.v, x, d)
	}
}
