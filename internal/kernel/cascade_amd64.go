//go:build amd64 && !noasm

package kernel

import "unsafe"

// link is what cascade gets for some columns of one layer, or for an activation; gen/cascade.go knows the fields by their place.
type link struct {
	a          unsafe.Pointer // nil: the x of the call
	from       int
	b, c, bias unsafe.Pointer
	k          int
	stride     int
	next       int
	mask       uint64
	lanes      unsafe.Pointer
	kind       linkKind
	relu       uint64
}

// linkKind is what a link computes.
type linkKind uint64

const (
	_ linkKind = iota // 8 columns; then 16, 32, 64 and, with AVX-512, 128
	_
	_
	_
	_
	sigmoidLink
	tanhLink
)

// cascadeCall is some links of one row.
type cascadeCall struct {
	links unsafe.Pointer
	count int
	x     unsafe.Pointer
}

//go:noescape
func cascade(args *cascadeCall)

// laidOut is the links of a cascade, for one set of instructions.
type laidOut struct {
	with  level // plainGo: not laid out
	links []link
	ends  []int // of each call
}

const (
	linkSteps = 4096    // of a sum at most; a longer one goes on from what the link before put down
	callWork  = 1 << 18 // multiply-adds of one call at least, some 10 µs: no goroutine stops within one
)

// run computes the row by assembly, and reports whether it did.
func (l *laidOut) run(layers []cascaded, x []float32) bool {
	if isa == plainGo {
		return false
	}
	if l.with != isa {
		l.lay(layers)
	}
	c := cascadeCall{x: unsafe.Pointer(&x[0])}
	at := 0
	for _, end := range l.ends {
		c.links, c.count = unsafe.Pointer(&l.links[at]), end-at
		cascade(&c)
		at = end
	}
	return true
}

// lay lays out the links for the instructions in use.
func (l *laidOut) lay(layers []cascaded) {
	*l = laidOut{with: isa}
	work := 0
	for i := range layers {
		at := len(l.links)
		l.columns(&layers[i])
		for ; at < len(l.links); at++ {
			if work += l.links[at].k * PanelWidth; work >= callWork {
				l.ends, work = append(l.ends, at+1), 0
			}
		}
	}
	if n := len(l.ends); n == 0 || l.ends[n-1] < len(l.links) {
		l.ends = append(l.ends, len(l.links))
	}
}

// columns appends the links of one layer.
func (l *laidOut) columns(c *cascaded) {
	for col, cols := 0, 0; col < len(c.h); col += cols {
		var q link
		q, cols = c.group(col)
		for k := 0; k < c.in; k += linkSteps {
			part := q
			part.k, part.from = min(linkSteps, c.in-k), 4*k
			part.b = unsafe.Add(q.b, k*q.stride)
			if k > 0 {
				part.bias = q.c
			}
			if c.relu && k+linkSteps >= c.in {
				part.relu = 1
			}
			l.links = append(l.links, part)
		}
	}
	if c.applies {
		kind := sigmoidLink
		if c.formula == TanhOf {
			kind = tanhLink
		}
		l.links = append(l.links, link{c: unsafe.Pointer(&c.h[0]), k: len(c.h), kind: kind})
	}
}

// group is the link for the columns from col on, as many as one takes at once.
func (c *cascaded) group(col int) (q link, cols int) {
	lanes, left, panel := 8, len(c.h)-col, col&^(PanelWidth-1)
	if isa == avx512 {
		lanes = 16
	}
	room := (left + 7) &^ 7
	cols = 8
	for cols*2 <= min(room, 8*lanes) {
		cols *= 2
		q.kind++
	}
	lanes = min(lanes, cols)
	last := min(cols, left) - (cols - lanes)
	q.mask, q.lanes = 1<<last-1, unsafe.Pointer(&lanesOf[max(8-last, 0)])
	q.stride, q.next = 4*panelWidth[float32](len(c.h)-panel), 4*PanelWidth*c.in
	q.b, q.c = unsafe.Pointer(&c.packed[panel*c.in+col-panel]), unsafe.Pointer(&c.h[col])
	q.bias = unsafe.Pointer(&zeros)
	if c.bias != nil {
		q.bias = unsafe.Pointer(&c.bias[col])
	}
	if c.x != nil {
		q.a = unsafe.Pointer(&c.x[0])
	}
	return q, cols
}
