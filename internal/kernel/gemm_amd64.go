//go:build amd64 && !noasm

package kernel

import "unsafe"

var (
	zeros   [4 * PanelWidth]float32
	lanesOf = [16]int32{-1, -1, -1, -1, -1, -1, -1, -1} // from 8−n on: n lanes on, the others off
)

// mostRows × mostSteps of a (545 KB) stay in the second cache while the panels of b pass; no call lasts longer than 0.1 ms.
// Neither changes a bit: a sum put down in c and taken up again is the same sum.
const (
	mostRows  = 266 // 19 tiles of AVX-512
	mostSteps = 512
	mostCols  = 2048
)

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
}

// fast is
//
//	for columns by 2048
//	    for k by 512: pack b where it pays
//	        for rows by 266: pack a where its rows would push one another out of the first cache
//	            for panels of 32 columns: one call
func (p *Gemm) fast(s *Scratch, row0, row1, col0, col1 int) {
	if row1-row0 == 1 && p.layout == packed && p.gate == nil {
		col0 = p.oneRow(row0, col0, col1)
	}
	steps, rows := even(p.k, mostSteps, 8), even(row1-row0, mostRows, 14)
	if col1-col0 <= 2*PanelWidth && p.liftsA(row1-row0) {
		rows = 42 // what is lifted is used at once
	}
	for b := (block{col0: col0}); b.col0 < col1; b.col0 = b.col1 {
		b.col1 = min(b.col0+mostCols, col1)
		for b.k0 = 0; b.k0 < p.k || b.k0 == 0; b.k0 = b.k1 {
			b.k1 = min(b.k0+steps, p.k)
			ready := p.packB(s, b, row1-row0)
			for b.row0 = row0; b.row0 < row1; b.row0 = b.row1 {
				b.row1 = min(b.row0+rows, row1)
				p.panels(s, b, ready)
			}
			if p.k == 0 {
				break
			}
		}
	}
}

// packB puts the block's part of b into s.b, panel after panel, and reports whether it did. By columns it must; by rows it pays where
// many rows of a meet a part of b that no cache holds.
func (p *Gemm) packB(s *Scratch, b block, rows int) bool {
	cols, k := b.col1-b.col0, b.k1-b.k0
	switch p.layout {
	case byColumns:
		to := floats(&s.b, PackedLen(cols, k))
		for j := 0; j < cols; j += PanelWidth {
			packPanel(to[j*k:], p.b[(b.col0+j)*p.k+b.k0:], min(PanelWidth, cols-j), k, p.k)
		}
		return true
	case byRows:
		if !p.repacks(rows, cols, k) {
			return false
		}
		to := floats(&s.b, PackedLen(cols, k))
		for j := 0; j+PanelWidth <= cols; j += PanelWidth {
			l := lift{unsafe.Pointer(&to[j*k]), unsafe.Pointer(&p.b[b.k0*p.n+b.col0+j]), p.n * 4, k}
			copy32(&l)
		}
		return true
	}
	return false
}

// repacks reports whether packing a b that lies by rows repays.
func (p *Gemm) repacks(rows, cols, k int) bool { return rows >= 42 && k*cols > 64<<10 }

// panels calls the routines for one block.
func (p *Gemm) panels(s *Scratch, b block, ready bool) {
	k := b.k1 - b.k0
	q := panel{m: b.row1 - b.row0, k: k, rs: p.rs * 4, cs: p.cs * 4, ldc: p.n * 4}
	if k > 0 {
		q.a = p.packA(s, b, &q)
	}
	if b.k0 > 0 {
		q.flags = flagAdd
	}
	if b.k1 == p.k && p.relu {
		q.flags |= flagReLU
	}
	for j := b.col0; j < b.col1; j += PanelWidth {
		at := b.row0*p.n + j
		q.c, q.bias = unsafe.Pointer(&p.c[at]), unsafe.Pointer(&zeros)
		if p.bias != nil {
			q.bias = unsafe.Pointer(&p.bias[j])
		}
		if b.k1 == p.k && p.gate != nil {
			q.gate = unsafe.Pointer(&p.gate[at])
		}
		cols := min(PanelWidth, b.col1-j)
		if k > 0 {
			q.b, q.ldb = p.panelB(s, b, j, cols, ready)
		}
		p.call(&q, cols)
	}
}

// panelB is where the panel of column j begins, and the bytes between its rows.
func (p *Gemm) panelB(s *Scratch, b block, j, cols int, ready bool) (unsafe.Pointer, int) {
	switch {
	case p.layout == packed:
		width := panelWidth(p.n - j)
		return unsafe.Pointer(&p.b[j*p.k+b.k0*width]), width * 4
	case ready && (cols == PanelWidth || p.layout == byColumns):
		return unsafe.Pointer(&s.b[(j-b.col0)*(b.k1-b.k0)]), panelWidth(b.col1-j) * 4
	}
	return unsafe.Pointer(&p.b[b.k0*p.n+j]), p.n * 4
}

// liftsA reports whether the rows of a share sets of the first cache so that tiles would lose their lines.
func (p *Gemm) liftsA(rows int) bool {
	return p.cs == 1 && rows >= 6 && p.k >= 256 && (p.k%256 == 0 || p.k > 1024)
}

// packA is where the block of a begins. Rows whose starts share sets of the first cache are copied to rows that do not.
func (p *Gemm) packA(s *Scratch, b block, q *panel) unsafe.Pointer {
	if !p.liftsA(q.m) {
		return unsafe.Pointer(&p.a[b.row0*p.rs+b.k0*p.cs])
	}
	stride := q.k + 16
	to := floats(&s.a, q.m*stride)
	for i := range q.m {
		copy(to[i*stride:][:q.k], p.a[(b.row0+i)*p.rs+b.k0:])
	}
	q.rs = stride * 4
	return unsafe.Pointer(&to[0])
}

// call runs, or lays out, the routines for a panel of 1 … 32 columns.
func (p *Gemm) call(q *panel, cols int) {
	if isa == avx512 {
		p.emit(q, q.routine512(cols))
		return
	}
	for p.emit(q, q.routine256(min(cols, 16))); cols > 16; p.emit(q, q.routine256(min(cols, 16))) {
		cols -= 16 // no pointer may pass the end of its slice, not even here
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
func (p *Gemm) emit(q *panel, r routine) {
	if p.kept != nil {
		*p.kept = append(*p.kept, keptCall{*q, r})
		return
	}
	q.run(r)
}

// oneRow computes the full panels of a single row, several at once, and returns the column where it stopped.
func (p *Gemm) oneRow(row, col0, col1 int) int {
	group := 128
	if isa != avx512 {
		group = 64
	}
	q := panel{m: (col1 - col0) / group, k: p.k, ldb: p.k * PanelWidth * 4}
	if q.m == 0 || p.k == 0 {
		return col0
	}
	q.a, q.b = unsafe.Pointer(&p.a[row*p.rs]), unsafe.Pointer(&p.b[col0*p.k])
	q.c, q.bias = unsafe.Pointer(&p.c[row*p.n+col0]), unsafe.Pointer(&zeros)
	if p.bias != nil {
		q.bias, q.ldc = unsafe.Pointer(&p.bias[col0]), group*4
	}
	if p.relu {
		q.flags = flagReLU
	}
	if isa == avx512 {
		p.emit(&q, routineRow128)
	} else {
		p.emit(&q, routineRow64)
	}
	return col0 + q.m*group
}

// fastPackPanel packs strips of eight rows; rows that are missing repeat the last, in columns that nobody reads.
func fastPackPanel(dst, w []float32, rows, k, stride int) {
	width := panelWidth(rows)
	_, _ = dst[width*k-1], w[(rows-1)*stride+k-1]
	q := strip{stride: width * 4, blocks: k / 8}
	if k%8 != 0 {
		q.back = 8 - k%8
	}
	for r := 0; r < rows; r += 8 {
		q.to = unsafe.Pointer(&dst[r])
		for i := range q.rows {
			q.rows[i] = unsafe.Pointer(&w[min(r+i, rows-1)*stride])
		}
		transpose8(&q)
	}
}

// fastSumRows is the twin of sumRows: the same bits.
func fastSumRows(dst, m []float32) {
	cols := len(dst)
	q := pile{unsafe.Pointer(&dst[0]), unsafe.Pointer(&m[0]), len(m) / cols, cols, unsafe.Pointer(&lanesOf[8-cols%8])}
	sumRows(&q)
}
