package main

import "slices"

// neon is the machine of arm64. A vec is four lanes; its number says which register it is only at first, see at.
//
// Registers of every routine: R0 args (*pass), R1 … R6 the vectors in the order of the struct, R7 elements left, R8 the place reached
// in bytes, R9 rows left, R10 and R15 scratch, R11 the mask of the tail in memory, R12 and R13 the bytes to the second and third
// element of a part that is not full, R14 the table, R19 the bytes of a row.
type neon struct {
	*arm
	*state
	table  *table
	at     [32]int     // the register that each vec is in
	known  map[any]vec // constants in registers
	wanted []any       // constants that were read from memory, in the order of their use
	step   int         // elements that a turn of the loop takes
	marks  int         // labels given out
}

// routine writes name twice: the first time into nothing, to learn which constants it reads and how many registers it leaves free for
// them.
func (a *arm) routine(t *table, name, generator string, vectors int, body func(s *simd)) {
	first := a.form(new(arm), t, nil, body)
	a.begin(name, t.of, generator)
	for i := range vectors {
		a.op("MOVD %d(R0), R%d", 8*i, 1+i)
	}
	a.op("MOVD $%s<>(SB), R14", t.name)
	a.form(a, t, first.wanted[:min(len(first.wanted), first.fewest)], body)
}

func (a *arm) form(to *arm, t *table, constants []any, body func(s *simd)) *neon {
	n := &neon{arm: to, state: newState(32, reg128), table: t, known: map[any]vec{}}
	for i := range n.at {
		n.at[i] = i
	}
	for _, c := range constants {
		n.known[c] = n.filled(c)
	}
	body(&simd{machine: n, state: n.state})
	n.finish()
	return n
}

// filled is a register kept for c.
func (n *neon) filled(c any) vec {
	v := n.keep()
	n.set(v, c)
	return v
}

func (n *neon) hold(c con) vec {
	if v, ok := n.known[c]; ok {
		return v
	}
	n.known[c] = n.filled(c)
	return n.known[c]
}

func (n *neon) finish() { n.op("RET") }

func (n *neon) parts() int { return 4 }

// v is the register of x.
func (n *neon) v(x vec) int { return n.at[x.PhysicalIndex()] }

// with runs use with the register of y.
func (n *neon) with(y any, use func(m int)) {
	if v, ok := y.(vec); ok {
		use(n.v(v))
		return
	}
	if v, ok := n.known[y]; ok {
		use(n.v(v))
		return
	}
	if !slices.Contains(n.wanted, y) {
		n.wanted = append(n.wanted, y)
	}
	v := n.take()
	n.set(v, y)
	use(n.v(v))
	n.drop(v)
}

func (n *neon) set(d vec, y any) {
	switch y := y.(type) {
	case vec:
		n.move(n.v(d), n.v(y))
		return
	case con, coef:
		if v, ok := n.known[y]; ok {
			n.move(n.v(d), n.v(v))
			return
		}
	}
	switch y := y.(type) {
	case con:
		n.op("FMOVQ %d(R14), F%d", 128+16*n.table.index(y), n.v(d))
	case coef:
		n.op("FMOVS %d(R0), F%d", atCoef+4*int(y), n.v(d))
		n.op("VDUP V%d.S[0], V%d.S4", n.v(d), n.v(d))
	}
}

func (n *neon) move(d, x int) {
	if d != x {
		n.op("VMOV V%d.B16, V%d.B16", x, d)
	}
}

// two is d = x op y.
func (n *neon) two(op opcode, d, x vec, y any) {
	n.with(y, func(m int) { n.three(op, n.v(d), n.v(x), m) })
}

func (n *neon) add(d, x vec, y any)    { n.two(fadd, d, x, y) }
func (n *neon) sub(d, x vec, y any)    { n.two(fsub, d, x, y) }
func (n *neon) mul(d, x vec, y any)    { n.two(fmul, d, x, y) }
func (n *neon) div(d, x vec, y any)    { n.two(fdiv, d, x, y) }
func (n *neon) and(d, x vec, y any)    { n.two(bitAnd, d, x, y) }
func (n *neon) or(d, x vec, y any)     { n.two(bitOr, d, x, y) }
func (n *neon) xor(d, x vec, y any)    { n.two(bitXor, d, x, y) }
func (n *neon) addInt(d, x vec, y any) { n.two(addInt, d, x, y) }
func (n *neon) subInt(d, x vec, y any) { n.two(subInt, d, x, y) }
func (n *neon) fmaTo(d, x vec, y any)  { n.two(fmla, d, x, y) }
func (n *neon) fnmaTo(d, x vec, y any) { n.two(fmls, d, x, y) }
func (n *neon) sqrt(d, x vec)          { n.one(fsqrt, n.v(d), n.v(x)) }
func (n *neon) ofInt(d, x vec)         { n.one(scvtf, n.v(d), n.v(x)) }

func (n *neon) power(x, number, low vec) { powerByHalves(n, x, number, low) }

// NEON's own minimum and maximum treat NaN and zeros another way than AVX's: here they are a comparison and a choice.
func (n *neon) max(d, x vec, y any) { n.with(y, func(m int) { n.pick(n.v(d), n.v(x), m, n.v(x), m) }) }

func (n *neon) min(d, x vec, y any) { n.with(y, func(m int) { n.pick(n.v(d), n.v(x), m, m, n.v(x)) }) }

// pick is d = x where a > b, else y.
func (n *neon) pick(d, x, y, a, b int) {
	t := n.take()
	n.three(fcmgt, n.v(t), a, b)
	n.blend(d, y, x, n.v(t))
	n.drop(t)
}

// blend is d = y where m, else x.
func (n *neon) blend(d, x, y, m int) {
	if d == y {
		n.three(bif, d, x, m)
		return
	}
	n.move(d, x)
	n.three(bit, d, y, m)
}

// fma is fmaTo onto a copy of y, which then is d: the registers change places and nothing is copied back.
func (n *neon) fma(d, x vec, y any) {
	t := n.take()
	n.set(t, y)
	n.addInPlace(d, x, t)
}

func (n *neon) fms(d, x vec, y any) {
	t := n.take()
	n.with(y, func(m int) { n.one(fneg, n.v(t), m) })
	n.addInPlace(d, x, t)
}

// addInPlace is d = x·d + t, and t is free.
func (n *neon) addInPlace(d, x, t vec) {
	n.three(fmla, n.v(t), n.v(x), n.v(d))
	i, k := d.PhysicalIndex(), t.PhysicalIndex()
	n.at[i], n.at[k] = n.at[k], n.at[i]
	n.drop(t)
}

func (n *neon) shiftLeft(d, x vec, by uint8) {
	n.word(uint32(0x4f005400|(32+int(by))<<16|n.v(x)<<5|n.v(d)), "shl v%d.4s, v%d.4s, #%d", n.v(d), n.v(x), by)
}

func (n *neon) shiftRight(d, x vec, by uint8) {
	n.word(uint32(0x4f000400|(64-int(by))<<16|n.v(x)<<5|n.v(d)), "sshr v%d.4s, v%d.4s, #%d", n.v(d), n.v(x), by)
}

func (n *neon) compare(how comparison, x vec, y any) mask {
	m := mask{v: n.take()}
	d, a := n.v(m.v), n.v(x)
	n.with(y, func(b int) {
		switch how {
		case equal, notEqual:
			n.three(fcmeq, d, a, b)
		case less, notLess:
			n.three(fcmgt, d, b, a)
		case above:
			n.three(fcmgt, d, a, b)
		case atLeast:
			n.three(fcmge, d, a, b)
		case unordered:
			if a != b {
				panic("two numbers are asked for NaN one by one")
			}
			n.three(fcmeq, d, a, a)
		}
	})
	if how == notEqual || how == notLess || how == unordered {
		n.one(bitNot, d, d)
	}
	return m
}

func (n *neon) signOf(x vec) mask {
	m := mask{v: n.take()}
	n.negative(n.v(m.v), n.v(x))
	return m
}

func (n *neon) dropMask(m mask) { n.drop(m.v) }

func (n *neon) choose(d, x, y vec, m mask) { n.blend(n.v(d), n.v(x), n.v(y), n.v(m.v)) }

func (n *neon) only(d, x vec, m mask) { n.three(bitAnd, n.v(d), n.v(x), n.v(m.v)) }
