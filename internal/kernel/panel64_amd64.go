//go:build amd64 && !noasm

package kernel

//go:noescape
func tile14x16d(args *panel)

//go:noescape
func tile14x16dm(args *panel)

//go:noescape
func tile16x8d(args *panel)

//go:noescape
func tile16x8dm(args *panel)

//go:noescape
func tile16x4dm(args *panel)

//go:noescape
func tile6x8d(args *panel)

//go:noescape
func tile6x8dm(args *panel)

//go:noescape
func tile12x4d(args *panel)

//go:noescape
func tile12x4dm(args *panel)

//go:noescape
func transpose8d(args *strip)

// runDouble runs the routine of float64 that is as many bytes wide as r.
func (q *panel) runDouble(r routine) {
	switch r {
	case routine14x32:
		tile14x16d(q)
	case routine14x32m:
		tile14x16dm(q)
	case routine16x16:
		tile16x8d(q)
	case routine16x16m:
		tile16x8dm(q)
	case routine16x8m:
		tile16x4dm(q)
	case routine6x16:
		tile6x8d(q)
	case routine6x16m:
		tile6x8dm(q)
	case routine12x8:
		tile12x4d(q)
	case routine12x8m:
		tile12x4dm(q)
	}
}
