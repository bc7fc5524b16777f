package main

import (
	"slices"

	"github.com/mmcloughlin/avo/reg"
)

// simd writes one routine. The formulas are its methods and are said once; a machine turns each step into instructions, so that the
// order of operations, and with it every bit, is the same by AVX-512, AVX2 and NEON. A vec is one register of lanes: 16, 8 or 4 of
// them. Where lanes are added up the unit is 16 lanes in all: AVX2 goes through them in two parts, NEON in four.
type simd struct {
	machine
	*state
}

// machine is a set of instructions. d is where the result goes, y a vec, a con or a coef.
type machine interface {
	add(d, x vec, y any)
	sub(d, x vec, y any)
	mul(d, x vec, y any)
	div(d, x vec, y any)
	min(d, x vec, y any) // y where one is NaN or both are 0
	max(d, x vec, y any) // y where one is NaN or both are 0
	sqrt(d, x vec)

	// fma is d = x·d + y, fms is d = x·d − y, fmaTo is d = d + x·y, fnmaTo is d = d − x·y, each rounded once. NEON puts the d of
	// the first two in another register: they are not for a vec that lives from one turn of a loop to the next.
	fma(d, x vec, y any)
	fms(d, x vec, y any)
	fmaTo(d, x vec, y any)
	fnmaTo(d, x vec, y any)

	// These work on the bits, or on the lanes as integers.
	and(d, x vec, y any)
	or(d, x vec, y any)
	xor(d, x vec, y any)
	addInt(d, x vec, y any)
	subInt(d, x vec, y any)
	shiftLeft(d, x vec, by uint8)
	shiftRight(d, x vec, by uint8)
	ofInt(d, x vec)           // the integer as a float32
	power(x, number, low vec) // x = x·2ⁿ; number is n, and the low bits of low are

	set(d vec, y any)
	hold(c con) vec // a constant kept in a register, never written

	compare(how comparison, x vec, y any) mask
	signOf(x vec) mask // the lanes of x with the sign bit set
	dropMask(m mask)
	choose(d, x, y vec, m mask) // d = y where m, else x
	only(d, x vec, m mask)      // d = x where m, else 0; m comes from a comparison or from inTail

	load(vector int) vec     // the block of a vector; beyond the tail it is 0
	store(vector int, x vec) // and nothing beyond the tail
	inTail() mask            // the tail's lanes, for what must not count beyond them
	dropTail(m mask)
	putRow(vector int, v vec) // writes one lane as the next number of a vector that has one for each row
	parts() int               // how many vecs make 16 lanes

	columns()                                         // the elements left are those of a row
	loop(label string, step int, body func())         // body over the elements left, step at a time, the tail masked
	eachRow(label string, vectors []int, body func()) // body over the rows; vectors move by a row
	eachShort(label string, body func())              // body over rows of up to 16, each a tail
	ifRows(otherwise string, body func())             // body and the end of the routine, where rows of the struct is not 0
	finish()                                          // the end of the routine

	foldSum(list ...vec) // of the 16 lanes, in every lane of the first: lane j with j+8, then j+4, j+2, j+1
	foldMax(list ...vec)

	// Lanes of float64, of which a register holds half as many.
	zeroWide(d vec)
	addWide(d, x vec)                   // d = d + x
	addSquareWide(d, x vec)             // d = d + x², rounded once
	pair(x vec) (low, high vec)         // x in two registers
	factor() vec                        // sum of the struct in every lane
	timesWide(x, low, high, factor vec) // x = the two · factor, spending them
	writeTotal(t total)                 // adds up 16 lanes like foldSum and writes sum of the struct
}

// vec is a register of lanes. NEON, which avo does not know, goes by its number.
type vec = reg.VecPhysical

// mask says which lanes: an opmask, or a vec whose lanes are all ones or zeros (of AVX2 the sign bit is what counts).
type mask struct {
	k reg.OpmaskPhysical
	v vec
}

// comparison is false where one side is NaN, but for the last three. The numbers are AVX's.
type comparison uint8

const (
	equal     comparison = 0x00
	less      comparison = 0x11
	atLeast   comparison = 0x1d
	above     comparison = 0x1e
	unordered comparison = 0x03
	notEqual  comparison = 0x04
	notLess   comparison = 0x15
)

// state is where a routine stands, for the formulas and the machine alike. Registers are handed out from the lowest upward as the
// formula takes them and are free again once it drops them; what is held through the loop stays in the highest.
type state struct {
	free   []vec
	fewest int  // that were ever free
	part   int  // which of the vecs that make 16 lanes
	masked bool // in the tail
}

func newState(count int, spec reg.Spec) *state {
	s := &state{fewest: count}
	for i := range count {
		s.free = append(s.free, reg.Vector.Lookup(reg.Index(i), spec).(vec))
	}
	return s
}

func (s *state) take() vec {
	v := s.free[0]
	s.free = s.free[1:]
	s.fewest = min(s.fewest, len(s.free))
	return v
}

func (s *state) drop(list ...vec) {
	s.free = slices.Insert(s.free, 0, list...)
}

// keep is a register for as long as the routine runs.
func (s *state) keep() vec {
	last := len(s.free) - 1
	v := s.free[last]
	s.free = s.free[:last]
	s.fewest = min(s.fewest, last)
	return v
}

func (s *simd) zero(d vec) { s.xor(d, d, d) }

func (s *simd) copyOf(x vec) vec {
	d := s.take()
	s.set(d, x)
	return d
}

// replace is d = y where m.
func (s *simd) replace(d, y vec, m mask) {
	s.choose(d, d, y, m)
	s.dropMask(m)
}

// inside clears what stands in the lanes beyond the tail.
func (s *simd) inside(x vec) {
	if s.masked {
		m := s.inTail()
		s.only(x, x, m)
		s.dropTail(m)
	}
}

// lanes is how many fit in a vec.
func (s *simd) lanes() int { return 16 / s.parts() }

// each runs body over the blocks of the elements left: full blocks, then the tail by mask.
func (s *simd) each(label string, body func()) { s.loop(label, s.lanes(), body) }

// each16 is each in blocks of 16 lanes: body runs for one part after the other.
func (s *simd) each16(label string, body func()) {
	s.loop(label, 16, func() { s.eachPart(func(int) { body() }) })
}

// eachPart runs body for the parts of 16 lanes.
func (s *simd) eachPart(body func(part int)) {
	for s.part = range s.parts() {
		body(s.part)
	}
	s.part = 0
}

func (s *simd) blockOf16(load func() vec) (list []vec) {
	s.eachPart(func(int) { list = append(list, load()) })
	return list
}

// total is a sum of 16 lanes in float64: two registers under AVX-512, four under AVX2, eight under NEON.
type total []vec

func (s *simd) newTotal() total {
	t := make(total, 2*s.parts())
	for i := range t {
		t[i] = s.keep()
		s.zeroWide(t[i])
	}
	return t
}

// addTo adds x to t, addSquare its square.
func (s *simd) addTo(t total, x vec) {
	low, high := s.pair(x)
	s.addWide(t[2*s.part], low)
	s.addWide(t[2*s.part+1], high)
	s.drop(low, high)
}

func (s *simd) addSquare(t total, x vec) {
	low, high := s.pair(x)
	s.addSquareWide(t[2*s.part], low)
	s.addSquareWide(t[2*s.part+1], high)
	s.drop(low, high)
}
