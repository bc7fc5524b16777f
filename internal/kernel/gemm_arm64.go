//go:build !noasm

package kernel

import "unsafe"

// A block of a product: mostRows × mostSteps of a (240 KB) and mostSteps × mostCols of b stay in the second cache while each panel of
// eight columns (16 KB) stays in the first; no call lasts longer than 0.1 ms, for no goroutine stops within one. None of this changes
// a bit: a sum put down in c and taken up again is the same sum. No arm64 was at hand to measure better figures.
const (
	tileRows  = 12
	tileCols  = 8
	mostRows  = 10 * tileRows
	mostSteps = 512
	mostCols  = 512
)

// doubles says whether assembly computes in float64 too: what follows is for float32.
const doubles = false

var zeros [PanelWidth]float32

// block is the part of a product that a loop has reached.
type block struct {
	row0, row1, col0, col1, k0, k1 int
	ready                          int // the columns from here on lie packed in s.b
}

// fast is
//
//	for columns by 512
//	    for k by 512: pack b where it must or pays
//	        for rows by 120: pack a in strips of twelve rows
//	            for panels of 8 columns: one call
func (p *Gemm[T]) fast(s *Scratch, row0, row1, col0, col1 int) {
	for b := (block{col0: col0}); b.col0 < col1; b.col0 = b.col1 {
		b.col1 = min(b.col0+mostCols, col1)
		for b.k0 = 0; b.k0 < p.k || b.k0 == 0; b.k0 += mostSteps {
			b.k1 = min(b.k0+mostSteps, p.k)
			b.ready = p.packB(s, &b, row1-row0)
			for b.row0 = row0; b.row0 < row1; b.row0 = b.row1 {
				b.row1 = min(b.row0+mostRows, row1)
				p.panels(s, &b)
			}
		}
	}
}

// packB puts the block's part of b into s.b, panel after panel, and returns the first column that it put there. By columns that is
// all of them; by rows all where many rows of a meet a large b, else those at the end that no vector fits.
func (p *Gemm[T]) packB(s *Scratch, b *block, rows int) int {
	from, k := b.col0, b.k1-b.k0
	if p.layout == packed {
		return b.col1
	}
	if cols := b.col1 - b.col0; p.layout == byRows && (rows < 4*tileRows || k*cols <= 16<<10) {
		from = b.col1 - cols%tileCols
	}
	to := floats[T](&s.b, PackedLen(b.col1-from, k))
	for j := from; j < b.col1 && k > 0; j += PanelWidth {
		cols, to := min(PanelWidth, b.col1-j), to[(j-from)*k:]
		if p.layout == byColumns {
			packPanel(to, p.b[j*p.k+b.k0:], cols, k, p.k)
		} else {
			copyPanel(to, p.b[b.k0*p.n+j:], cols, k, p.n)
		}
	}
	return from
}

// copyPanel copies cols columns of k rows of w, stride apart, as one panel.
func copyPanel[T Float](dst, w []T, cols, k, stride int) {
	width := panelWidth[T](cols)
	for i := range k {
		row := dst[i*width:][:width]
		clear(row[copy(row, w[i*stride:][:cols]):])
	}
}

// panels calls the routines for one block.
func (p *Gemm[T]) panels(s *Scratch, b *block) {
	q := panel{m: b.row1 - b.row0, k: b.k1 - b.k0, ldc: p.n * 4}
	if q.k > 0 {
		p.packA(s, b, &q)
	}
	if b.k0 > 0 {
		q.flags = flagAdd
	}
	if b.k1 == p.k && p.relu {
		q.flags |= flagReLU
	}
	for j := b.col0; j < b.col1; {
		at := b.row0*p.n + j
		q.c, q.bias, q.gate = unsafe.Pointer(&p.c[at]), unsafe.Pointer(&zeros), nil
		if p.bias != nil {
			q.bias = unsafe.Pointer(&p.bias[j])
		}
		if b.k1 == p.k && p.gate != nil {
			q.gate = unsafe.Pointer(&p.gate[at])
		}
		if q.k > 0 {
			q.b, q.ldb = p.panelB(s, b, j)
		}
		j += q.run(b.col1 - j)
	}
}

// panelB is where row k0 of b begins in column j, and the bytes between its rows.
func (p *Gemm[T]) panelB(s *Scratch, b *block, j int) (unsafe.Pointer, int) {
	switch {
	case p.layout == packed:
		first := j &^ (PanelWidth - 1)
		width := panelWidth[T](p.n - first)
		return unsafe.Pointer(&p.b[first*p.k+b.k0*width+j-first]), width * 4
	case j >= b.ready:
		first := (j - b.ready) &^ (PanelWidth - 1)
		width := panelWidth[T](b.col1 - b.ready - first)
		return unsafe.Pointer(&s.b[first*(b.k1-b.k0)+j-b.ready-first]), width * 4
	}
	return unsafe.Pointer(&p.b[b.k0*p.n+j]), p.n * 4
}

// packA sets where a lies: in place where it is one row, or lies by columns and no strides share sets of the first cache; else in
// strips of twelve rows, column by column.
func (p *Gemm[T]) packA(s *Scratch, b *block, q *panel) {
	from := p.a[b.row0*p.rs+b.k0*p.cs:]
	if q.m == 1 || p.rs == 1 && (p.cs%256 != 0 || b.col1-b.col0 <= PanelWidth) {
		q.a, q.cs, q.strip = unsafe.Pointer(&from[0]), p.cs*4, tileRows*4
		return
	}
	to := floats[T](&s.a, ceil(q.m, tileRows)*tileRows*q.k)
	q.a, q.cs, q.strip = unsafe.Pointer(&to[0]), tileRows*4, tileRows*q.k*4
	for i := 0; i < q.m; i += tileRows {
		to, from, rows := to[i*q.k:], from[i*p.rs:], min(tileRows, q.m-i)
		if p.cs == 1 {
			transpose(to, from, rows, tileRows, q.k, p.rs)
			continue
		}
		for k := range q.k {
			copy(to[k*tileRows:], from[k*p.cs:][:rows])
		}
	}
}

// run computes the next columns of at most cols, 1 or more, and returns how many.
func (q *panel) run(cols int) int {
	switch {
	case q.m == 1 && cols >= PanelWidth:
		tile1x32(q)
		return PanelWidth
	case cols >= tileCols:
		tile12x8(q)
		return tileCols
	case cols == tileCols/2:
		tile12x4(q)
		return cols
	}
	q.edge(cols)
	return cols
}

// edge computes cols < 8 columns: each tile beside c, where whole vectors fit, between copies of what it reads and writes.
func (q *panel) edge(cols int) {
	var c, h [tileRows * tileCols]float32
	var bias [tileCols]float32
	copy(bias[:], rowAt(q.bias, 0, cols))
	e := *q
	e.c, e.bias, e.ldc = unsafe.Pointer(&c), unsafe.Pointer(&bias), tileCols*4
	if q.gate != nil {
		e.gate = unsafe.Pointer(&h)
	}
	for i := 0; i < q.m; i += tileRows {
		e.m = min(tileRows, q.m-i)
		for r := range e.m {
			if q.flags&flagAdd != 0 {
				copy(c[r*tileCols:], rowAt(q.c, (i+r)*q.ldc, cols))
			}
			if q.gate != nil {
				copy(h[r*tileCols:], rowAt(q.gate, (i+r)*q.ldc, cols))
			}
		}
		if q.k > 0 {
			e.a = unsafe.Add(q.a, i/tileRows*q.strip)
		}
		if cols < tileCols/2 {
			tile12x4(&e)
		} else {
			tile12x8(&e)
		}
		for r := range e.m {
			copy(rowAt(q.c, (i+r)*q.ldc, cols), c[r*tileCols:])
		}
	}
}

// rowAt is the cols floats that begin off bytes after base.
func rowAt(base unsafe.Pointer, off, cols int) []float32 {
	return unsafe.Slice((*float32)(unsafe.Add(base, off)), cols)
}

// transpose is dst[i][r] = w[r][i]: dst (k,width), w (rows,k) with rows stride apart. Columns up to the next multiple of four repeat
// the last; nobody reads them.
func transpose[T Float](dst, w []T, rows, width, k, stride int) {
	_, _ = dst[width*k-1], w[(rows-1)*stride+k-1]
	q := strip{stride: width * 4, blocks: k / 4}
	for r := 0; r < rows; r += 4 {
		for i := range q.rows {
			row := min(r+i, rows-1) * stride
			q.rows[i] = unsafe.Pointer(&w[row])
			for j := k &^ 3; j < k; j++ {
				dst[j*width+r+i] = w[row+j]
			}
		}
		if q.to = unsafe.Pointer(&dst[r]); q.blocks > 0 {
			transpose4(&q)
		}
	}
}

// fastPackPanel is the twin of packPanel.
func fastPackPanel[T Float](dst, w []T, rows, k, stride int) {
	transpose(dst, w, rows, panelWidth[T](rows), k, stride)
}

// fastSumRows is the twin of sumRows: the same bits.
func fastSumRows(dst, m []float32) {
	cols := len(dst)
	sumRows(&pile{unsafe.Pointer(&dst[0]), unsafe.Pointer(&m[0]), len(m) / cols, cols})
}
