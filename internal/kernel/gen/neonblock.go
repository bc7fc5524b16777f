package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/reg"
)

// reg128 counts as arm64's vector registers here.
const reg128 = reg.S128

// fresh is a label that no other has.
func (n *neon) fresh(name string) string {
	n.marks++
	return fmt.Sprint(name, n.marks)
}

func (n *neon) columns() { n.op("MOVD %d(R0), R7", atCount) }

// loop takes step elements at a time; what fma did to the registers must not reach the next turn.
func (n *neon) loop(label string, step int, body func()) {
	label, n.step = n.fresh(label), step
	n.op("MOVD $0, R8")
	n.op("SUBS $%d, R7, R7", step)
	n.op("BLT %s_tail", label)
	n.mark("%s", label)
	n.turn(body)
	n.op("ADD $%d, R8, R8", 4*step)
	n.op("SUBS $%d, R7, R7", step)
	n.op("BGE %s", label)
	n.mark("%s_tail", label)
	n.op("ADDS $%d, R7, R7", step)
	n.op("BEQ %s_done", label)
	n.cut()
	n.masked = true
	n.turn(body)
	n.masked = false
	n.mark("%s_done", label)
}

// turn runs body and makes sure that what lives on stands where it stood.
func (n *neon) turn(body func()) {
	before := n.at
	body()
	gone := map[reg.Index]bool{}
	for _, v := range n.free {
		gone[v.PhysicalIndex()] = true
	}
	for i, r := range before {
		if n.at[i] != r && !gone[reg.Index(i)] {
			panic("a number that lives through the loop was moved: fma and fms are not for it")
		}
	}
}

// cut readies what the tail needs of R7, its 1 … 16 elements.
func (n *neon) cut() {
	n.op("ADD $64, R14, R11")
	n.op("SUB R7<<2, R11, R11")
	n.op("AND $2, R7, R12") // of 1, 2, 3 elements beyond a multiple of four: 0, 4, 4 bytes
	n.op("LSL $1, R12, R12")
	n.op("AND $3, R7, R13") // and 0, 4, 8
	n.op("SUB $1, R13, R13")
	n.op("LSL $2, R13, R13")
}

func (n *neon) load(vector int) vec {
	v := n.take()
	d, base := n.v(v), 1+vector
	if n.masked {
		n.ragged(base, func() { n.op("FMOVQ (R10), F%d", d) }, func() { n.loadSome(d) }, func() { n.arm.zero(d) })
	} else {
		n.loadAt(d, base, n.reach())
	}
	return v
}

func (n *neon) store(vector int, x vec) {
	d, base := n.v(x), 1+vector
	if n.masked {
		n.ragged(base, func() { n.op("FMOVQ F%d, (R10)", d) }, func() { n.storeSome(d) }, func() {})
	} else {
		n.storeAt(d, base, n.reach())
	}
}

// reach is the register with the bytes to the running block.
func (n *neon) reach() int {
	if n.part == 0 {
		return 8
	}
	n.op("ADD $%d, R8, R10", 16*n.part)
	return 10
}

// ragged branches by how many elements of the tail fall on this part: four, fewer, or none. R10 is where they are.
func (n *neon) ragged(base int, full, some, none func()) {
	here, first, single := n.fresh("part"), n.part == 0, n.step == 4
	n.op("ADD R8, R%d, R10", base)
	if !first {
		n.op("ADD $%d, R10, R10", 16*n.part)
	}
	if !single {
		n.op("CMP $%d, R7", 4*n.part+4)
		n.op("BGE %s_full", here)
	}
	if !first {
		n.op("CMP $%d, R7", 4*n.part)
		n.op("BLE %s_none", here)
	}
	some()
	if single {
		return
	}
	n.op("B %s_end", here)
	n.mark("%s_full", here)
	full()
	if !first {
		n.op("B %s_end", here)
		n.mark("%s_none", here)
		none()
	}
	n.mark("%s_end", here)
}

// loadSome reads 1 … 3 elements: each from its place or, beyond the last, from that of the last, to be cleared.
func (n *neon) loadSome(d int) {
	n.op("FMOVS (R10), F%d", d)
	for lane := 1; lane <= 2; lane++ {
		n.op("ADD R%d, R10, R15", 11+lane)
		n.op("VLD1 (R15), V%d.S[%d]", d, lane)
	}
	m := n.inTail()
	n.three(bitAnd, d, d, n.v(m.v))
	n.dropTail(m)
}

// storeSome writes 1 … 3 elements from the last to the first, so that the right one comes last to each place.
func (n *neon) storeSome(d int) {
	for lane := 2; lane >= 1; lane-- {
		n.op("ADD R%d, R10, R15", 11+lane)
		n.op("VST1 V%d.S[%d], (R15)", d, lane)
	}
	n.op("FMOVS F%d, (R10)", d)
}

func (n *neon) inTail() mask {
	m := mask{v: n.take()}
	n.op("FMOVQ %d(R11), F%d", 16*n.part, n.v(m.v))
	return m
}

func (n *neon) dropTail(m mask) { n.drop(m.v) }

func (n *neon) eachRow(label string, vectors []int, body func()) {
	label = n.fresh(label)
	n.op("MOVD %d(R0), R9", atRows)
	n.mark("%s", label)
	n.turn(body)
	n.columns()
	for _, v := range vectors {
		n.op("ADD R7<<2, R%d, R%d", 1+v, 1+v)
	}
	n.op("SUBS $1, R9, R9")
	n.op("BNE %s", label)
}

func (n *neon) eachShort(label string, body func()) {
	label, n.step = n.fresh(label), 16
	n.op("MOVD %d(R0), R9", atRows)
	n.columns()
	n.op("LSL $2, R7, R19")
	n.cut()
	n.op("MOVD $0, R8")
	n.mark("%s", label)
	n.masked = true
	n.turn(body)
	n.masked = false
	n.op("ADD R19, R8, R8")
	n.op("SUBS $1, R9, R9")
	n.op("BNE %s", label)
}

func (n *neon) ifRows(otherwise string, body func()) {
	otherwise = n.fresh(otherwise)
	n.op("MOVD %d(R0), R9", atRows)
	n.op("CBZ R9, %s", otherwise)
	n.turn(body)
	n.finish()
	n.mark("%s", otherwise)
}

func (n *neon) putRow(vector int, v vec) {
	n.op("FMOVS F%d, (R%d)", n.v(v), 1+vector)
	n.op("ADD $4, R%d, R%d", 1+vector, 1+vector)
}

func (n *neon) foldSum(list ...vec) { n.fold(func(d, x vec) { n.add(d, d, x) }, list) }
func (n *neon) foldMax(list ...vec) { n.fold(func(d, x vec) { n.max(d, d, x) }, list) }

// fold is op over the 16 lanes.
func (n *neon) fold(op func(d, x vec), list []vec) {
	op(list[0], list[2])
	op(list[1], list[3])
	op(list[0], list[1])
	t := n.take()
	d := n.v(list[0])
	n.swapHalves(n.v(t), d)
	op(list[0], t)
	n.one(rev64, n.v(t), d)
	op(list[0], t)
	n.op("VDUP V%d.S[0], V%d.S4", d, d)
	n.drop(t)
}

func (n *neon) zeroWide(d vec)         { n.arm.zero(n.v(d)) }
func (n *neon) addWide(d, x vec)       { n.three(faddWide, n.v(d), n.v(d), n.v(x)) }
func (n *neon) addSquareWide(d, x vec) { n.three(fmlaWide, n.v(d), n.v(x), n.v(x)) }

func (n *neon) pair(x vec) (low, high vec) {
	low, high = n.take(), n.take()
	n.widen(n.v(low), n.v(x), 0)
	n.widen(n.v(high), n.v(x), 1)
	return low, high
}

func (n *neon) factor() vec {
	v := n.keep()
	n.op("FMOVD %d(R0), F%d", atSum, n.v(v))
	n.op("VDUP V%d.D[0], V%d.D2", n.v(v), n.v(v))
	return v
}

func (n *neon) timesWide(x, low, high, factor vec) {
	for i, v := range []vec{low, high} {
		n.three(fmulWide, n.v(v), n.v(v), n.v(factor))
		n.narrow(n.v(x), n.v(v), i)
	}
}

func (n *neon) writeTotal(t total) {
	for far := len(t) / 2; far > 0; far /= 2 {
		for i := range far {
			n.addWide(t[i], t[i+far])
		}
	}
	n.sumPair(n.v(t[0]), n.v(t[0]))
	n.op("FMOVD F%d, %d(R0)", n.v(t[0]), atSum)
}

// constants writes the table: 16 times −1, 16 times 0, then each constant four times.
func (a *arm) constants(t *table) {
	a.WriteString("\n")
	at := 0
	put := func(bits uint32, times int) {
		for range times {
			fmt.Fprintf(a, "DATA %s<>+%d(SB)/4, $0x%08x\n", t.name, at, bits)
			at += 4
		}
	}
	put(1<<32-1, 16)
	put(0, 16)
	for _, c := range t.list {
		put(uint32(c), 4)
	}
	fmt.Fprintf(a, "GLOBL %s<>(SB), RODATA|NOPTR, $%d\n", t.name, at)
}
