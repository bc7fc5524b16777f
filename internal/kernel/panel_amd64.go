//go:build amd64 && !noasm

package kernel

import "unsafe"

//go:generate go -C gen run .

// panel is what one panel routine gets; gen/gemm.go knows the fields by their place.
type panel struct {
	a, b, c  unsafe.Pointer
	m, k     int
	rs, cs   int // of a, in bytes, as all strides here
	ldb, ldc int
	mask     uint64
	lanes    unsafe.Pointer
	bias     unsafe.Pointer
	gate     unsafe.Pointer
	flags    uint64
}

const (
	flagAdd  = 1 // start from c
	flagReLU = 2
)

//go:noescape
func tile14x32(args *panel)

//go:noescape
func tile14x32m(args *panel)

//go:noescape
func tile16x16(args *panel)

//go:noescape
func tile16x16m(args *panel)

//go:noescape
func tile16x8m(args *panel)

//go:noescape
func tile6x16(args *panel)

//go:noescape
func tile6x16m(args *panel)

//go:noescape
func tile12x8(args *panel)

//go:noescape
func tile12x8m(args *panel)

// strip is eight rows to transpose.
type strip struct {
	to     unsafe.Pointer
	rows   [8]unsafe.Pointer
	stride int // of to, bytes
	blocks int // of eight columns
	back   int // columns to step back for one more block
}

//go:noescape
func transpose8(args *strip)

// lift is rows of 32 floats to gather.
type lift struct {
	to, from     unsafe.Pointer
	stride, rows int
}

//go:noescape
func copy32(args *lift)

// pile is a matrix whose columns to sum.
type pile struct {
	to, from   unsafe.Pointer
	rows, cols int
	lanes      unsafe.Pointer
}

//go:noescape
func sumRows(args *pile)

// routine names a panel routine: kept calls hold it, for a function value would move every panel to the heap.
type routine uint8

const (
	routine14x32 routine = iota
	routine14x32m
	routine16x16
	routine16x16m
	routine16x8m
	routine6x16
	routine6x16m
	routine12x8
	routine12x8m

	inDouble // how much further the routine of float64 stands
)

func (q *panel) run(r routine) {
	switch r {
	case routine14x32:
		tile14x32(q)
	case routine14x32m:
		tile14x32m(q)
	case routine16x16:
		tile16x16(q)
	case routine16x16m:
		tile16x16m(q)
	case routine16x8m:
		tile16x8m(q)
	case routine6x16:
		tile6x16(q)
	case routine6x16m:
		tile6x16m(q)
	case routine12x8:
		tile12x8(q)
	case routine12x8m:
		tile12x8m(q)
	default:
		q.runDouble(r - inDouble)
	}
}

// routine512 chooses by the lanes, 1 … 32, and sets the mask.
func (q *panel) routine512(lanes int) routine {
	switch {
	case lanes == 32:
		return routine14x32
	case lanes > 16:
		q.mask = 1<<(lanes-16) - 1
		return routine14x32m
	case lanes == 16:
		return routine16x16
	case lanes > 8:
		q.mask = 1<<lanes - 1
		return routine16x16m
	}
	q.mask = 1<<lanes - 1
	return routine16x8m
}

// routine256 chooses by the lanes, 1 … 16, and sets those of the last vector.
func (q *panel) routine256(lanes int) routine {
	q.lanes = unsafe.Pointer(&lanesOf[8-((lanes-1)%8+1)])
	switch {
	case lanes == 16:
		return routine6x16
	case lanes > 8:
		return routine6x16m
	case lanes == 8:
		return routine12x8
	}
	return routine12x8m
}
