//go:build amd64 && !noasm

package kernel

import "unsafe"

// doubles says whether assembly computes in float64 too.
const doubles = true

var (
	zeros   [4 * PanelWidth]float32
	lanesOf = [16]int32{-1, -1, -1, -1, -1, -1, -1, -1} // from 8−n on: n lanes on, the others off
)

// mostRows × mostSteps of a (700 KB) stay in the second cache while the panels of b pass; long sums repay writing c down and taking it
// up again (512 steps lost 3 %, 192 lost 10 %); no call lasts longer than 0.1 ms, for no goroutine stops within one. None of this changes
// a bit: a sum taken up again is the same sum.
const mostSteps = 1024

// mostRows is 12 tiles of AVX-512, 28 of AVX2; in float64 half of them.
func mostRows[T Float]() int { return 168 * 4 / sizeOf[T]() }

func mostCols[T Float]() int { return 1024 * 4 / sizeOf[T]() }

// even splits n into the fewest parts up to most, as even as multiples of unit allow, and returns their size.
func even(n, most, unit int) int {
	if n <= most {
		return n
	}
	parts := (n + most - 1) / most
	return ((n+parts-1)/parts + unit - 1) / unit * unit
}

// block is the part of a product that a loop has reached.
type block struct {
	row0, row1, col0, col1, k0, k1 int

	packs  bool // b passes through the Scratch
	lifted bool // the part of a lies there already
}

// fast is
//
//	for columns by 1024; in float64 512, of which a panel has 16, and half the rows
//	    for k by 1024, fewer if that lets all rows pass a packed panel at once
//	        for those columns, panel by panel if all rows pass at once: pack b where it must be or pays
//	            for rows by 168, more if k is less: lift a where its lines would push one another out of the first cache
//	                for panels of 32 columns: one call
func (p *Gemm[T]) fast(s *Scratch, row0, row1, col0, col1 int) {
	m := row1 - row0
	b := block{packs: p.packs(m, min(col1-col0, mostCols[T]()))}
	most := mostSteps
	if b.packs && m <= 2*mostRows[T]() {
		most = min(most, mostRows[T]()*mostSteps/m)
	}
	steps := even(p.k, most, 8)
	rows := even(m, mostRows[T]()*mostSteps/max(steps, 64), 14)
	if col1-col0 <= 2*wide[T]() && p.liftsA(m) {
		rows = min(rows, 42) // what is lifted is used at once
	}
	for j := col0; j < col1; j += mostCols[T]() {
		for b.k0 = 0; b.k0 == 0 || b.k0 < p.k; b.k0 = b.k1 {
			b.k1 = min(b.k0+steps, p.k)
			p.columns(s, b, row0, row1, rows, j, min(j+mostCols[T](), col1))
			if p.k == 0 {
				break
			}
		}
	}
}

// columns are the inner loops of fast.
func (p *Gemm[T]) columns(s *Scratch, b block, row0, row1, rows, col0, col1 int) {
	cols := col1 - col0
	if b.packs && row1-row0 <= rows {
		cols = wide[T]() // used once, so packed just before, to the same place
	}
	for b.col0 = col0; b.col0 < col1; b.col0 = b.col1 {
		b.col1 = min(b.col0+cols, col1)
		if b.packs {
			p.packB(s, b)
		}
		for b.row0 = row0; b.row0 < row1; b.row0 = b.row1 {
			b.row1 = min(b.row0+rows, row1)
			p.panels(s, b)
		}
		b.lifted = row1-row0 <= rows
	}
}

// packs reports whether b is packed here: by columns it must be; by rows it pays where many rows of a meet a part of b that no cache holds.
func (p *Gemm[T]) packs(rows, cols int) bool {
	return p.layout == byColumns || p.layout == byRows && rows >= 42 && min(p.k, mostSteps)*cols*sizeOf[T]() > 256<<10
}

// packB puts the block's part of b into s.b, panel after panel; a ragged last panel that lies by rows stays where it is.
func (p *Gemm[T]) packB(s *Scratch, b block) {
	cols, k := b.col1-b.col0, b.k1-b.k0
	to := floats[T](&s.b, PackedLen(cols, k))
	for j := 0; j < cols; j += wide[T]() {
		switch {
		case p.layout == byColumns:
			packPanel(to[j*k:], p.b[(b.col0+j)*p.k+b.k0:], min(wide[T](), cols-j), k, p.k)
		case j+wide[T]() <= cols:
			l := lift{unsafe.Pointer(&to[j*k]), unsafe.Pointer(&p.b[b.k0*p.n+b.col0+j]), p.n * sizeOf[T](), k}
			copy32(&l)
		}
	}
}

// panels calls the routines for one block.
func (p *Gemm[T]) panels(s *Scratch, b block) {
	k := b.k1 - b.k0
	q := panel{m: b.row1 - b.row0, k: k, rs: p.rs * sizeOf[T](), cs: p.cs * sizeOf[T](), ldc: p.n * sizeOf[T]()}
	if k > 0 {
		q.a = p.packA(s, b, &q)
	}
	if b.k0 > 0 {
		q.flags = flagAdd
	}
	if b.k1 == p.k && p.relu {
		q.flags |= flagReLU
	}
	for j := b.col0; j < b.col1; j += wide[T]() {
		at := b.row0*p.n + j
		q.c, q.bias = unsafe.Pointer(&p.c[at]), unsafe.Pointer(&zeros)
		if p.bias != nil {
			q.bias = unsafe.Pointer(&p.bias[j])
		}
		if b.k1 == p.k && p.gate != nil {
			q.gate = unsafe.Pointer(&p.gate[at])
		}
		cols := min(wide[T](), b.col1-j)
		if k > 0 {
			q.b, q.ldb = p.panelB(s, b, j, cols)
		}
		p.call(&q, cols*sizeOf[T]()/4)
	}
}

// panelB is where the panel of column j begins, and the bytes between its rows.
func (p *Gemm[T]) panelB(s *Scratch, b block, j, cols int) (unsafe.Pointer, int) {
	switch {
	case p.layout == packed:
		width := panelWidth[T](p.n - j)
		return unsafe.Pointer(&p.b[j*p.k+b.k0*width]), width * sizeOf[T]()
	case b.packs && (cols == wide[T]() || p.layout == byColumns):
		return unsafe.Pointer(&s.b[(j-b.col0)*(b.k1-b.k0)*sizeOf[T]()/4]), panelWidth[T](b.col1-j) * sizeOf[T]()
	}
	return unsafe.Pointer(&p.b[b.k0*p.n+j]), p.n * sizeOf[T]()
}

// liftsA reports whether the lines of a that a tile needs share sets of the first cache, so that it would lose them: its rows, many
// kilobytes apart, or, where it lies by columns, its steps.
func (p *Gemm[T]) liftsA(rows int) bool {
	if p.cs == 1 {
		row := p.k * sizeOf[T]()
		return rows >= 6 && row >= 1024 && (row%1024 == 0 || row > 4096)
	}
	return p.k >= 128 && p.n >= 128 && p.cs*sizeOf[T]()%4096 == 0
}

// packA is where the block of a begins: in place, or lifted to where 64 bytes more lie between its rows or columns.
func (p *Gemm[T]) packA(s *Scratch, b block, q *panel) unsafe.Pointer {
	if !p.liftsA(q.m) {
		return unsafe.Pointer(&p.a[b.row0*p.rs+b.k0*p.cs])
	}
	if p.cs != 1 {
		q.cs = q.m*sizeOf[T]() + 64
		return lifted(s, p.a[b.k0*p.cs+b.row0:], q.k, q.m, p.cs, b.lifted)
	}
	q.rs = q.k*sizeOf[T]() + 64
	return lifted(s, p.a[b.row0*p.rs+b.k0:], q.m, q.k, p.rs, b.lifted)
}

// lifted copies rows runs of n numbers, stride apart, to runs 64 bytes further apart than n, unless they are there already.
func lifted[T Float](s *Scratch, from []T, rows, n, stride int, already bool) unsafe.Pointer {
	apart := n + 64/sizeOf[T]()
	to := floats[T](&s.a, rows*apart)
	for i := range rows {
		if already {
			break
		}
		copy(to[i*apart:][:n], from[i*stride:])
	}
	return unsafe.Pointer(&to[0])
}

// call runs, or lays out, the routines for a panel of 1 … 32 lanes, of which a float64 takes two.
func (p *Gemm[T]) call(q *panel, lanes int) {
	if isa == avx512 {
		p.emit(q, q.routine512(lanes))
		return
	}
	for p.emit(q, q.routine256(min(lanes, 16))); lanes > 16; p.emit(q, q.routine256(min(lanes, 16))) {
		lanes -= 16 // no pointer may pass the end of its slice, not even here
		q.c, q.bias = unsafe.Add(q.c, 64), unsafe.Add(q.bias, 64)
		if q.gate != nil {
			q.gate = unsafe.Add(q.gate, 64)
		}
		if q.k > 0 {
			q.b = unsafe.Add(q.b, 64)
		}
	}
}

// emit runs one routine, or keeps it for Fixed.
func (p *Gemm[T]) emit(q *panel, r routine) {
	if sizeOf[T]() == 8 {
		r += inDouble
	}
	if p.kept != nil {
		*p.kept = append(*p.kept, keptCall{panel: *q, routine: r})
		return
	}
	q.run(r)
}

// fastPackPanel packs strips of eight rows, 128 columns of each in turn, so that the panel's lines, which four strips share, are
// still near. Rows that are missing repeat the last, in columns that nobody reads.
func fastPackPanel[T Float](dst, w []T, rows, k, stride int) {
	packStrips(dst, w, rows, k, stride, nil)
}

// packStrips packs, or with kept lays out the strips for Fixed.
func packStrips[T Float](dst, w []T, rows, k, stride int, kept *[]strip) {
	width, size := panelWidth[T](rows), sizeOf[T]()
	_, _ = dst[width*k-1], w[(rows-1)*stride+k-1]
	q := strip{stride: width * size}
	for k0, k1 := 0, 0; k0 < k; k0 = k1 {
		k1 = min(k0+128, k)
		if k-k1 < 8 {
			k1 = k
		}
		q.blocks, q.back = (k1-k0)/8, -(k1-k0)&7
		for r := 0; r < rows; r += 8 {
			q.to = unsafe.Pointer(&dst[k0*width+r])
			for i := range q.rows {
				q.rows[i] = unsafe.Pointer(&w[min(r+i, rows-1)*stride+k0])
			}
			if kept != nil {
				*kept = append(*kept, q)
				continue
			}
			if size == 4 {
				transpose8(&q)
			} else {
				transpose8d(&q)
			}
		}
	}
}

// fastSumRows is the twin of sumRows: the same bits.
func fastSumRows(dst, m []float32) {
	cols := len(dst)
	q := pile{unsafe.Pointer(&dst[0]), unsafe.Pointer(&m[0]), len(m) / cols, cols, unsafe.Pointer(&lanesOf[8-cols%8])}
	sumRows(&q)
}
