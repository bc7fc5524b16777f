package main

import "fmt"

// neonGemm writes the products for NEON: the panels, what packs their operands, and the sums of columns.
func neonGemm(a *arm) {
	for _, s := range []armShape{{"tile12x8", 12, 2}, {"tile12x4", 12, 1}, {"tile1x32", 1, 8}} {
		a.panel(s)
	}
	a.transpose4()
	a.sumRows()
}

// armShape is one panel routine: C (m, 4·vectors) = A (m,k) · B (k, 4·vectors), in tiles of rows rows.
type armShape struct {
	name          string
	rows, vectors int
}

// The fields of the Go struct panel of arm64, each of 8 bytes; flagAdd and flagReLU are those of amd64.
const (
	armA     = 8 * iota // A of the first tile: its columns cs bytes apart, the rows of a tile side by side
	armB                // rows of B, ldb bytes apart
	armC                // rows of C, ldc bytes apart
	armM                // rows of A and C
	armK                // columns of A, rows of B
	armStrip            // bytes from A of one tile to A of the next
	armCS               //
	armLDB              //
	armLDC              //
	armBias             // what the sums of a row start from
	armGate             // h, laid out as C: C = h > 0 ? C : h; nil: none
	armFlags
)

// panel writes one routine, all rows of a panel of columns:
//
//	for the rows of A in tiles of s.rows, the last as high as it must be:
//	    accumulators = bias, or C
//	    for k ascending: accumulators[r][v] += B[k][v] · A[r][k]   one chain of FMAs for each element, as on amd64: the same bits
//	    accumulators = max(accumulators, 0), = h > 0 ? accumulators : h, where asked
//	    C = accumulators
//
// Registers: R0 args, R1 A, R3 C, R11 gate of this tile, R4 rows left, R5 k, R6 strip, R7 cs, R8 ldb, R9 ldc, R10 bias, R12 flags;
// in the k loop R13 column k of A, R14 row k of B, R15 steps left; before it R13 is the row of C that is read.
// Vectors: the accumulators row by row from 0 upward, then a row of B, then a column of A; see (armShape).
func (a *arm) panel(s armShape) {
	a.begin(s.name, "panel", "(*arm).panel")
	for _, f := range []struct{ field, to int }{
		{armA, 1}, {armC, 3}, {armM, 4}, {armK, 5}, {armStrip, 6}, {armCS, 7}, {armLDB, 8}, {armLDC, 9}, {armBias, 10}, {armGate, 11}, {armFlags, 12},
	} {
		a.op("MOVD %d(R0), R%d", f.field, f.to)
	}
	a.mark("next")
	a.op("CMP $%d, R4", s.rows)
	a.op("BGE tile%d", s.rows)
	a.op("CMP $0, R4")
	a.op("BLE end")
	if s.rows > 1 {
		a.choose(1, s.rows-1)
	}
	for rows := s.rows; rows > 0; rows-- {
		a.tile(s, rows)
	}
	a.mark("end")
	a.op("RET")
}

// choose branches to the tile of R4 rows, low ≤ R4 ≤ high, by halving.
func (a *arm) choose(low, high int) {
	if low == high {
		a.op("B tile%d", low)
		return
	}
	middle := (low + high) / 2
	a.op("CMP $%d, R4", middle)
	a.op("BGT above%d_%d", low, high)
	a.choose(low, middle)
	a.mark("above%d_%d", low, high)
	a.choose(middle+1, high)
}

// tile writes the rows of one tile, from the accumulators' first value to C.
func (a *arm) tile(s armShape, rows int) {
	a.mark("tile%d", rows)
	a.start(s, rows)
	a.op("MOVD R1, R13")
	a.op("MOVD %d(R0), R14", armB)
	a.op("MOVD R5, R15")
	a.op("CBZ R15, done%d", rows)
	a.mark("k%d", rows)
	a.load("R14", s.row(rows), s.vectors)
	a.column(s, rows)
	for r := range rows {
		at, lane := s.element(rows, r)
		for v := range s.vectors {
			a.fmlaLane(r*s.vectors+v, s.row(rows)+v, at, lane)
		}
	}
	a.op("ADD R7, R13, R13")
	a.op("ADD R8, R14, R14")
	a.op("SUBS $1, R15, R15")
	a.op("BNE k%d", rows)
	a.mark("done%d", rows)
	a.finish(s, rows)
	a.op("ADD R6, R1, R1")
	a.op("SUB $%d, R4, R4", rows)
	a.op("B next")
}

// start gives the accumulators their first value: the bias in every row, or C.
func (a *arm) start(s armShape, rows int) {
	a.op("TBNZ $0, R12, add%d", rows) // flagAdd
	a.load("R10", 0, s.vectors)
	for v := s.vectors; v < rows*s.vectors; v++ {
		a.op("VMOV V%d.B16, V%d.B16", v%s.vectors, v)
	}
	a.op("B begin%d", rows)
	a.mark("add%d", rows)
	a.op("MOVD R3, R13")
	for r := range rows {
		a.load("R13", r*s.vectors, s.vectors)
		a.op("ADD R9, R13, R13")
	}
	a.mark("begin%d", rows)
}

// column loads the elements of a column of A, these and no others: fours, then two, then one.
func (a *arm) column(s armShape, rows int) {
	first, _ := s.element(rows, 0)
	a.load("R13", first, rows/4)
	at, off := first+rows/4, rows/4*16
	if rows%4 >= 2 {
		a.op("FMOVD %d(R13), F%d", off, at)
		at, off = at+1, off+8
	}
	if rows%2 == 1 {
		a.op("FMOVS %d(R13), F%d", off, at)
	}
}

// finish applies what is asked to the accumulators and writes them to C; R3 and R11 move on to the next tile.
func (a *arm) finish(s armShape, rows int) {
	zero := s.row(rows)
	a.op("TBZ $1, R12, linear%d", rows) // flagReLU
	a.zero(zero)
	for v := range rows * s.vectors {
		a.fmax(v, v, zero)
	}
	a.mark("linear%d", rows)
	a.op("CBZ R11, store%d", rows)
	for r := range rows {
		for v := range s.vectors {
			a.gate(r*s.vectors+v, zero, 16*v)
		}
		a.op("ADD R9, R11, R11")
	}
	a.mark("store%d", rows)
	for r := range rows {
		a.store("R3", r*s.vectors, s.vectors)
		a.op("ADD R9, R3, R3")
	}
}

// gate keeps the sum where h, off bytes from R11, is > 0 and takes h, +0 or NaN, elsewhere; free and the vector after it are free.
func (a *arm) gate(sum, free, off int) {
	h, mask := free, free+1
	a.op("FMOVQ %d(R11), F%d", off, h)
	a.positive(mask, h)
	a.op("VBIF V%d.B16, V%d.B16, V%d.B16", mask, h, sum) // bits of h where the mask is off
}

// row is the first vector of the row of B; element is the vector and its lane that hold row r of the column of A.
func (s armShape) row(rows int) int { return rows * s.vectors }

func (s armShape) element(rows, r int) (vector, lane int) {
	first := s.row(rows) + s.vectors
	if r == rows-1 && rows%4 == 3 { // two, then one: a vector of its own
		return first + r/4 + 1, 0
	}
	return first + r/4, r % 4
}

// The fields of the Go struct strip of arm64.
const (
	armStripTo     = 0
	armStripRows   = 8  // four pointers
	armStripStride = 40 // bytes from a row of the result to the next
	armStripBlocks = 48 // of four columns, at least one
)

// transpose4 writes columns of four rows, which need not lie evenly, as rows: to[k][r] = rows[r][k].
//
//	for blocks of four k: one 4×4 transposition
//
// Registers: R0 args, R1 to, R2 its stride, R3 blocks left, R4 … R7 the rows; V0 … V3 the rows as loaded, V4 … V7 pairs interleaved,
// V8 a finished row of the result.
func (a *arm) transpose4() {
	a.begin("transpose4", "strip", "(*arm).transpose4")
	a.op("MOVD %d(R0), R1", armStripTo)
	a.op("MOVD %d(R0), R2", armStripStride)
	a.op("MOVD %d(R0), R3", armStripBlocks)
	for r := range 4 {
		a.op("MOVD %d(R0), R%d", armStripRows+8*r, 4+r)
	}
	a.mark("block")
	for r := range 4 {
		a.op("FMOVQ.P 16(R%d), F%d", 4+r, r)
	}
	a.op("VZIP1 V1.S4, V0.S4, V4.S4") // r0k0 r1k0 r0k1 r1k1
	a.op("VZIP2 V1.S4, V0.S4, V5.S4") // r0k2 r1k2 r0k3 r1k3
	a.op("VZIP1 V3.S4, V2.S4, V6.S4")
	a.op("VZIP2 V3.S4, V2.S4, V7.S4")
	for k := range 4 {
		a.op("VZIP%d V%d.D2, V%d.D2, V8.D2", 1+k%2, 6+k/2, 4+k/2)
		a.op("FMOVQ F8, (R1)")
		a.op("ADD R2, R1, R1")
	}
	a.op("SUBS $1, R3, R3")
	a.op("BGT block")
	a.op("RET")
}

// The fields of the Go struct pile of arm64.
const (
	armPileTo = 8 * iota
	armPileFrom
	armPileRows
	armPileCols
)

// sumRows writes the sums of the columns of a matrix (rows,cols), contiguous, each from the first row to the last:
//
//	for columns by 16, then by 4, then one by one:
//	    for rows: sum[v] += row[v]
//
// Registers: R0 args, R1 to, R2 the columns' first row, R3 rows, R4 columns left, R5 bytes of a row, R6 the row, R7 rows left;
// V0 … V3 the sums, V4 … V7 the row.
func (a *arm) sumRows() {
	a.begin("sumRows", "pile", "(*arm).sumRows")
	for i, field := range []int{armPileTo, armPileFrom, armPileRows, armPileCols} {
		a.op("MOVD %d(R0), R%d", field, 1+i)
	}
	a.op("LSL $2, R4, R5")
	a.sumColumns(16)
	a.sumColumns(4)
	a.sumColumns(1)
	a.op("RET")
}

// sumColumns sums that many columns at a time, as long as there are as many.
func (a *arm) sumColumns(columns int) {
	name, vectors := fmt.Sprint("by", columns), columns/4
	a.mark("%s", name)
	a.op("CMP $%d, R4", columns)
	a.op("BLT %s_end", name)
	for v := range max(vectors, 1) {
		a.zero(v)
	}
	a.op("MOVD R2, R6")
	a.op("MOVD R3, R7")
	a.op("CBZ R7, %s_sum", name)
	a.mark("%s_row", name)
	if columns == 1 {
		a.op("FMOVS (R6), F4")
		a.op("FADDS F4, F0, F0")
	} else {
		a.load("R6", 4, vectors)
		for v := range vectors {
			a.three(fadd, v, v, 4+v)
		}
	}
	a.op("ADD R5, R6, R6")
	a.op("SUBS $1, R7, R7")
	a.op("BNE %s_row", name)
	a.mark("%s_sum", name)
	if columns == 1 {
		a.op("FMOVS F0, (R1)")
	} else {
		a.store("R1", 0, vectors)
	}
	a.op("ADD $%d, R1, R1", 4*columns)
	a.op("ADD $%d, R2, R2", 4*columns)
	a.op("SUB $%d, R4, R4", columns)
	a.op("B %s", name)
	a.mark("%s_end", name)
}
