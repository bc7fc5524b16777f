package kernel

// gatherPass is what the routine of gathering gets; it begins like pass.
type gatherPass struct {
	dst, src *float32
	order    *int
	_, _, _  *float32
	n, rows  int
}

// Gather copies row order[i] of src (rows,cols) to row i of dst (len(order),cols).
func Gather[T Float](dst, src []T, cols int, order []int) {
	dst = dst[:len(order)*cols]
	switch {
	case len(order) == 0 || cols == 0:
	case cols == 1:
		for i, row := range order {
			dst[i] = src[row]
		}
	case inWideLanes[T]():
		gatherLanes(single(dst), single(src), cols, order)
	default:
		for i, row := range order {
			copy(dst[i*cols:(i+1)*cols], src[row*cols:(row+1)*cols])
		}
	}
}

func gatherLanes(dst, src []float32, cols int, order []int) {
	for rows := len(src) / cols; len(order) > 0; {
		n := min(len(order), max(1, piece/cols))
		for _, row := range order[:n] {
			if uint(row) >= uint(rows) {
				panic("kernel: no such row to gather")
			}
		}
		p := gatherPass{dst: &dst[0], src: &src[0], order: &order[0], n: cols, rows: n}
		lanesGather(&p)
		dst, order = dst[n*cols:], order[n:]
	}
}
