package main

import (
	"math"
	"slices"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// avx is the machine of AVX-512 (wide) and AVX2.
//
// Registers of every routine: AX args (*pass), DI SI DX R8 R9 R10 the vectors in the order of the struct, CX elements left, BX the
// place reached in bytes, R11 scratch, R12 the mask of the tail in memory (AVX2), R13 rows left, K1 the mask of the tail (AVX-512).
// K2 … K7 are handed out like the vector registers.
type avx struct {
	*asm
	*state
	table *table
	wide  bool // AVX-512
	kfree []reg.OpmaskPhysical
}

// con is a constant, the same in each lane, by its bits; float makes one.
type con uint32

// coef is k[i] of the struct pass.
type coef int

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

// index is the place of c in the list, where it is put if it is new.
func (t *table) index(c con) int {
	i := slices.Index(t.list, c)
	if i < 0 {
		i, t.list = len(t.list), append(t.list, c)
	}
	return i
}

func (t *table) at(c con) operand.Mem {
	return operand.NewDataAddr(operand.NewStaticSymbol(t.name), 128+32*t.index(c))
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
	spec, count := reg.S256, 16
	if wide {
		spec, count = reg.S512, 32
	}
	s := newState(count, spec)
	m := &avx{asm: a, state: s, table: t, wide: wide, kfree: []reg.OpmaskPhysical{reg.K2, reg.K3, reg.K4, reg.K5, reg.K6, reg.K7}}
	body(&simd{machine: m, state: s})
	m.finish()
}

func (s *avx) finish() {
	s.VZEROUPPER()
	s.RET()
}

func (s *avx) parts() int {
	if s.wide {
		return 1
	}
	return 2
}

func (s *avx) hold(c con) vec {
	v := s.keep()
	s.set(v, c)
	return v
}

func (c coef) at() operand.Mem { return field(args, atCoef+4*int(c)) }

type instruction func(...operand.Op)

// two is d = x op y, y a vec, a con or a coef; AVX2 spreads a coef over a register first.
func (s *avx) two(op, broadcast instruction, d, x vec, y any) {
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
func (s *avx) operand(y any) (op operand.Op, broadcast bool) {
	switch y := y.(type) {
	case con:
		return s.table.at(y), s.wide
	case coef:
		return y.at(), true
	}
	return y.(operand.Op), false
}

func (s *avx) add(d, x vec, y any) { s.two(s.VADDPS, s.VADDPS_BCST, d, x, y) }
func (s *avx) sub(d, x vec, y any) { s.two(s.VSUBPS, s.VSUBPS_BCST, d, x, y) }
func (s *avx) mul(d, x vec, y any) { s.two(s.VMULPS, s.VMULPS_BCST, d, x, y) }
func (s *avx) div(d, x vec, y any) { s.two(s.VDIVPS, s.VDIVPS_BCST, d, x, y) }
func (s *avx) min(d, x vec, y any) { s.two(s.VMINPS, s.VMINPS_BCST, d, x, y) }
func (s *avx) max(d, x vec, y any) { s.two(s.VMAXPS, s.VMAXPS_BCST, d, x, y) }
func (s *avx) and(d, x vec, y any) { s.two(s.VANDPS, s.VANDPS_BCST, d, x, y) }
func (s *avx) or(d, x vec, y any)  { s.two(s.VORPS, s.VORPS_BCST, d, x, y) }
func (s *avx) xor(d, x vec, y any) { s.two(s.VXORPS, s.VXORPS_BCST, d, x, y) }

func (s *avx) fma(d, x vec, y any)    { s.two(s.VFMADD213PS, s.VFMADD213PS_BCST, d, x, y) }
func (s *avx) fms(d, x vec, y any)    { s.two(s.VFMSUB213PS, s.VFMSUB213PS_BCST, d, x, y) }
func (s *avx) fmaTo(d, x vec, y any)  { s.two(s.VFMADD231PS, s.VFMADD231PS_BCST, d, x, y) }
func (s *avx) fnmaTo(d, x vec, y any) { s.two(s.VFNMADD231PS, s.VFNMADD231PS_BCST, d, x, y) }

func (s *avx) addInt(d, x vec, y any)        { s.two(s.VPADDD, s.VPADDD_BCST, d, x, y) }
func (s *avx) subInt(d, x vec, y any)        { s.two(s.VPSUBD, s.VPSUBD_BCST, d, x, y) }
func (s *avx) shiftLeft(d, x vec, by uint8)  { s.VPSLLD(operand.U8(by), x, d) }
func (s *avx) shiftRight(d, x vec, by uint8) { s.VPSRAD(operand.U8(by), x, d) }
func (s *avx) sqrt(d, x vec)                 { s.VSQRTPS(x, d) }
func (s *avx) ofInt(d, x vec)                { s.VCVTDQ2PS(x, d) }

// power multiplies with one rounding, also where the result is subnormal: AVX-512 has an instruction for it, AVX2 takes two steps.
func (s *avx) power(x, number, low vec) {
	if s.wide {
		s.VSCALEFPS(number, x, x)
	} else {
		powerByHalves(s, x, number, low)
	}
}

// powerByHalves makes 2ⁿ of two factors, of which the first multiplies exactly; h and t are spent.
func powerByHalves(s machine, x, h, t vec) {
	s.shiftRight(h, t, 1)
	s.subInt(t, t, h)
	s.shiftLeft(h, h, 23)
	s.shiftLeft(t, t, 23)
	s.addInt(h, h, one)
	s.addInt(t, t, one)
	s.mul(x, x, h)
	s.mul(x, x, t)
}

func (s *avx) set(d vec, y any) {
	switch y := y.(type) {
	case con:
		s.VBROADCASTSS(s.table.at(y), d)
	case coef:
		s.VBROADCASTSS(y.at(), d)
	default:
		s.VMOVAPS(y.(operand.Op), d)
	}
}

func (s *avx) compare(by comparison, x vec, y any) mask {
	how := operand.U8(by)
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

func (s *avx) signOf(x vec) mask {
	m := s.takeMask()
	if s.wide {
		s.VPMOVD2M(x, m.k)
	} else {
		s.set(m.v, x)
	}
	return m
}

func (s *avx) takeMask() mask {
	if s.wide {
		k := s.kfree[0]
		s.kfree = s.kfree[1:]
		return mask{k: k}
	}
	return mask{v: s.take()}
}

func (s *avx) dropMask(m mask) {
	if s.wide {
		s.kfree = slices.Insert(s.kfree, 0, m.k)
	} else {
		s.drop(m.v)
	}
}

func (s *avx) choose(d, x, y vec, m mask) {
	if s.wide {
		s.VBLENDMPS(y, x, m.k, d)
	} else {
		s.VBLENDVPS(m.v, y, x, d)
	}
}

func (s *avx) only(d, x vec, m mask) {
	if s.wide {
		s.VMOVAPS_Z(x, m.k, d)
	} else {
		s.VANDPS(m.v, x, d)
	}
}
