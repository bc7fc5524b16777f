package picture

import "math"

// Cells are counts of points on a lattice. A cell of fewer than least points is hidden, so that a picture tells nothing about a
// single patient.
type Cells struct {
	X, Y   []float64 // the middles
	N      []int
	Hidden int // points in hidden cells

	pitch [2]float64
}

// Bin counts the points on a lattice of columns × columns whose every other row is moved by half a cell. Points that are not
// finite are left out.
func Bin(x, y []float64, columns, least int) (c Cells) {
	columns = max(1, columns)
	xLow, xHigh := span(x, y)
	yLow, yHigh := span(y, x)
	if xLow > xHigh {
		return c
	}
	dx, dy := pitch(xLow, xHigh, columns), pitch(yLow, yHigh, columns)
	c.pitch = [2]float64{dx, dy}
	counts := make([]int, (columns+2)*(columns+1))
	for i := range min(len(x), len(y)) {
		if !finite(x[i]) || !finite(y[i]) {
			continue
		}
		row := min(columns, int((y[i]-yLow)/dy))
		column := min(columns+1, int((x[i]-xLow)/dx+half(row)))
		counts[row*(columns+2)+column]++
	}
	for k, n := range counts {
		row, column := k/(columns+2), k%(columns+2)
		switch {
		case n == 0:
		case n < least:
			c.Hidden += n
		default:
			c.X = append(c.X, xLow+(float64(column)+.5-half(row))*dx)
			c.Y = append(c.Y, yLow+(float64(row)+.5)*dy)
			c.N = append(c.N, n)
		}
	}
	return c
}

// half is the shift of a row in cells.
func half(row int) float64 { return float64(row%2) / 2 }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) && math.Abs(v) <= most }

// span is the reach of those values whose other coordinate is a number too.
func span(v, other []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for i := range min(len(v), len(other)) {
		if finite(v[i]) && finite(other[i]) {
			low, high = min(low, v[i]), max(high, v[i])
		}
	}
	return low, high
}

// pitch is the size of a cell; 1 where all values are one.
func pitch(low, high float64, columns int) float64 {
	if d := (high - low) / float64(columns); d > 0 {
		return d
	}
	return 1
}

// series are the cells as dots whose area is the count.
func (c Cells) series(k Ink) Series {
	s := Series{Kind: Dots, X: c.X, Y: c.Y, Ink: k, Size: make([]float64, len(c.N)), pitch: c.pitch}
	high := 1
	for _, n := range c.N {
		high = max(high, n)
	}
	for i, n := range c.N {
		s.Size[i] = float64(n) / float64(high)
	}
	return s
}
