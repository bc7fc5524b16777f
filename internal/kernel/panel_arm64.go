//go:build !noasm

package kernel

import "unsafe"

//go:generate go -C gen run .

// panel is what one panel routine gets; gen/neongemm.go knows the fields by their place.
type panel struct {
	a, b, c  unsafe.Pointer
	m, k     int
	strip    int // from a of a tile to a of the next: bytes, as all strides here
	cs       int // of a: from column to column; the rows of a tile lie side by side
	ldb, ldc int
	bias     unsafe.Pointer
	gate     unsafe.Pointer
	flags    uint64
}

const (
	flagAdd  = 1 // start from c
	flagReLU = 2
)

//go:noescape
func tile12x8(args *panel)

//go:noescape
func tile12x4(args *panel)

//go:noescape
func tile1x32(args *panel)

// strip is four rows to transpose.
type strip struct {
	to     unsafe.Pointer
	rows   [4]unsafe.Pointer
	stride int // of to, bytes
	blocks int // of four columns, at least one
}

//go:noescape
func transpose4(args *strip)

// pile is a matrix whose columns to sum.
type pile struct {
	to, from   unsafe.Pointer
	rows, cols int
}

//go:noescape
func sumRows(args *pile)
