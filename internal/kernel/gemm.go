package kernel

import (
	"math"
	"strconv"
	"strings"
	"unsafe"
)

// PanelWidth is the columns of a panel: where columns are split over threads, split at its multiples.
const PanelWidth = 32

// wide is the columns of a panel as it lies packed, 128 bytes: 32 of float32, 16 of float64.
func wide[T Float]() int { return 128 / sizeOf[T]() }

func sizeOf[T Float]() int { return int(unsafe.Sizeof(T(0))) }

// Gemm is one product of matrices, ready to run whole or in parts. Each element is one sum, in ascending order from its first value:
// however it is split, by rows or by columns, and with AVX-512, AVX2 or NEON, the bits are the same; in plain Go, where multiplying
// rounds too, others. What it computes: NaN and ±Inf go the way of the sums.
type Gemm[T Float] struct {
	c, a, b    []T
	m, n, k    int // c (m,n), a as (m,k), b as (k,n), all row-major and contiguous
	rs, cs     int // of a: from row to row, from column to column
	layout     layout
	bias, gate []T
	relu       bool
	kept       *[]keptCall // where the calls go that Fixed keeps; else nil
}

// layout says how b lies.
type layout uint8

const (
	byRows    layout = iota // (k,n)
	byColumns               // (n,k)
	packed                  // by PackT
)

// Forward is h = x · wᵀ + b, then max(0, h) if relu: h (n,out), x (n,in), w (out,in), bias (out) or nil.
func Forward[T Float](h, x, w, bias []T, n, out, in int, relu bool) Gemm[T] {
	sized(n, out, in)
	p := Gemm[T]{c: h[:n*out], a: x[:n*in], b: w[:out*in], m: n, n: out, k: in, rs: in, cs: 1, layout: byColumns, relu: relu}
	if out == 1 { // one column lies like one row
		p.layout = byRows
	}
	p.setBias(bias)
	return p.checked()
}

// ForwardPacked is Forward with w packed by PackT: what predictions use, and steps that use the same w twice.
func ForwardPacked[T Float](h, x, w, bias []T, n, out, in int, relu bool) Gemm[T] {
	sized(n, out, in)
	p := Gemm[T]{c: h[:n*out], a: x[:n*in], b: w[:PackedLen(out, in)], m: n, n: out, k: in, rs: in, cs: 1, layout: packed, relu: relu}
	p.setBias(bias)
	return p.checked()
}

// Backward is dx = do · w: dx (n,in), do (n,out), w (out,in). With h (n,in), what ReLU gave the layer below, it is that layer's do:
// dx where h > 0, else 0, NaN where h is NaN.
func Backward[T Float](dx, do, w, h []T, n, out, in int) Gemm[T] {
	sized(n, out, in)
	p := Gemm[T]{c: dx[:n*in], a: do[:n*out], b: w[:out*in], m: n, n: in, k: out, rs: out, cs: 1}
	if h != nil {
		p.gate = h[:n*in]
	}
	return p.checked()
}

// Gradient is dw = doᵀ · x: dw (out,in), do (n,out), x (n,in). The gradient of the bias is SumRows of do.
func Gradient[T Float](dw, do, x []T, n, out, in int) Gemm[T] {
	sized(n, out, in)
	return Gemm[T]{c: dw[:out*in], a: do[:n*out], b: x[:n*in], m: out, n: in, k: n, rs: 1, cs: out}.checked()
}

// mostSide bounds a side, so that no product of two sizes overflows, nor its bytes: a wrapped one could pass for a slice's length.
const mostSide = 1 << (unsafe.Sizeof(0)*4 - 3)

// sized panics where a size is none that memory could hold.
func sized(n, out, in int) {
	if uint(n|out|in) > mostSide {
		noSize(n, out, in)
	}
}

func noSize(n, out, in int) {
	if min(n, out, in) < 0 || overflows(n, out) || overflows(n, in) || overflows(out, in) {
		panic(counted("kernel: a product of # rows, # outputs and # inputs is none", n, out, in))
	}
}

// counted is a sentence with a number in the place of each #; package fmt would be a large part of the engine in a page.
func counted(s string, numbers ...int) string {
	for _, n := range numbers {
		s = strings.Replace(s, "#", strconv.Itoa(n), 1)
	}
	return s
}

// overflows tells whether a matrix (rows,cols) has more bytes than can be counted.
func overflows(rows, cols int) bool { return rows > 0 && cols > math.MaxInt/8/rows }

func (p *Gemm[T]) setBias(bias []T) {
	if bias != nil {
		p.bias = bias[:p.n]
	}
}

// checked is the product, refused as check does.
func (p Gemm[T]) checked() Gemm[T] {
	p.check()
	return p
}

// check panics where the result would overwrite what is still read.
func (p *Gemm[T]) check() {
	if overlap(p.c, p.a) || overlap(p.c, p.b) || overlap(p.c, p.bias) || overlap(p.c, p.gate) {
		panic(counted("kernel: the result (#,#) of a product shares memory with what it is made of", p.m, p.n))
	}
}

func overlap[T Float](a, b []T) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	from, to := uintptr(unsafe.Pointer(&a[0])), uintptr(unsafe.Pointer(&b[0]))
	return from < to+uintptr(sizeOf[T]()*len(b)) && to < from+uintptr(sizeOf[T]()*len(a))
}

// Size is the shape of the result.
func (p *Gemm[T]) Size() (rows, cols int) { return p.m, p.n }

// Run computes the whole result. A nil s is lent one.
func (p *Gemm[T]) Run(s *Scratch) { p.Part(s, 0, p.m, 0, p.n) }

// Part computes rows row0 … row1−1 of columns col0 … col1−1 of the result; parts that share nothing may run at once, each with a
// Scratch of its own. col0 is a multiple of PanelWidth. Several rows cost least in multiples of 42.
func (p *Gemm[T]) Part(s *Scratch, row0, row1, col0, col1 int) {
	if row0 < 0 || row1 > p.m || col0 < 0 || col1 > p.n || col0%PanelWidth != 0 {
		panic(counted("kernel: no part [#:#, #:#] of (#,#)", row0, row1, col0, col1, p.m, p.n))
	}
	if row0 >= row1 || col0 >= col1 {
		return
	}
	if !assembled[T]() {
		p.plain(row0, row1, col0, col1)
		return
	}
	if s == nil {
		s = borrow()
		defer giveBack(s)
	}
	p.fast(s, row0, row1, col0, col1)
}

// plain is the twin of fast.
func (p *Gemm[T]) plain(row0, row1, col0, col1 int) {
	for i := row0; i < row1; i++ {
		row := p.c[i*p.n+col0 : i*p.n+col1]
		if p.bias != nil {
			copy(row, p.bias[col0:col1])
		} else {
			clear(row)
		}
		for j := range row {
			p.plainPanel(row, i, col0, j)
		}
		if p.relu {
			for j, x := range row {
				row[j] = max(x, 0)
			}
		}
		if p.gate != nil {
			gate(row, p.gate[i*p.n+col0:])
		}
	}
}

// plainPanel adds to element j of row, which starts at col0, and for layouts with long rows to all elements at j = 0.
func (p *Gemm[T]) plainPanel(row []T, i, col0, j int) {
	switch {
	case p.layout == byRows && j == 0:
		for k := range p.k {
			axpy(row, p.b[k*p.n+col0:], p.a[i*p.rs+k*p.cs])
		}
	case p.layout == byColumns:
		for k, w := range p.b[(col0+j)*p.k:][:p.k] {
			row[j] += T(p.a[i*p.rs+k*p.cs] * w)
		}
	case p.layout == packed && j%wide[T]() == 0:
		part := row[j:min(j+wide[T](), len(row))]
		width := panelWidth[T](p.n - col0 - j)
		for k := range p.k {
			axpy(part, p.b[(col0+j)*p.k+k*width:], p.a[i*p.rs+k*p.cs])
		}
	}
}

// gate is c = h > 0 ? c : h, for h ≥ 0 or NaN.
func gate[T Float](c, h []T) {
	for j := range c {
		if !(h[j] > 0) {
			c[j] = h[j]
		}
	}
}

// PackedLen is the numbers that PackT writes for w (out,in).
func PackedLen(out, in int) int { return (out + 7) &^ 7 * in }

// panelWidth is how wide the panel lies that has cols columns left: a multiple of 8.
func panelWidth[T Float](cols int) int { return min(wide[T](), (cols+7)&^7) }

// PackT packs w (out,in) for ForwardPacked: panels of 32 columns of wᵀ (16 of float64), each row by row, the last as narrow as a multiple of 8 can be.
func PackT[T Float](dst, w []T, out, in int) {
	sized(1, out, in)
	dst, w = dst[:PackedLen(out, in)], w[:out*in]
	for j := 0; j < out; j += wide[T]() {
		packPanel(dst[j*in:], w[j*in:], min(wide[T](), out-j), in, in)
	}
}

// packPanel packs the columns 0 … k−1 of rows rows of w, stride apart, as one panel.
func packPanel[T Float](dst, w []T, rows, k, stride int) {
	if assembled[T]() && k >= 8 {
		fastPackPanel(dst, w, rows, k, stride)
		return
	}
	width := panelWidth[T](rows)
	for r := range width {
		for i := range k {
			dst[i*width+r] = 0
			if r < rows {
				dst[i*width+r] = w[r*stride+i]
			}
		}
	}
}
