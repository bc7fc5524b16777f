package mat

import "strconv"

// shape words a panic: "mat: MulT (32,64) = (32,30)·(64,31)ᵀ: shapes do not fit".
func shape[T Float](op string, dst, a, b Matrix[T], bT, aT string) string {
	return "mat: " + op + " " + size(dst.Rows, dst.Cols) + " = " + size(a.Rows, a.Cols) + aT + "·" + size(b.Rows, b.Cols) + bT +
		": shapes do not fit"
}

func shape2(op string, r, c, rows, cols int) string {
	return "mat: " + op + " " + size(r, c) + " does not fit " + size(rows, cols)
}

func size(r, c int) string { return "(" + strconv.Itoa(r) + "," + strconv.Itoa(c) + ")" }
