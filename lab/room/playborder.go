package room

import "gradus/lab/scene"

// border follows the line on which the values over the plane are 0, from one side of a square of cells to the next.
type border struct {
	values []float32
	sides  []crossing // 2·cell is the side to its right, 2·cell + 1 the one above it
	order  []int      // those that the line crosses, as they were found
}

// crossing is a side that the line crosses, with the one or two sides that it goes on to.
type crossing struct {
	to   [2]int
	n    int
	done bool
}

// boundary is the line on which the values over the plane are 0, piece after piece.
func boundary(values []float32) scene.Series {
	b := border{values: values, sides: make([]crossing, 2*planeSide*planeSide)}
	for r := range planeSide - 1 {
		low, high := values[r*planeSide:][:planeSide], values[(r+1)*planeSide:][:planeSide]
		for c := range planeSide - 1 {
			if s := low[c] < 0; s != (low[c+1] < 0) || s != (high[c] < 0) || s != (high[c+1] < 0) {
				b.square(r*planeSide + c)
			}
		}
	}
	line := scene.Series{Heavy: true}
	for _, ends := range []bool{true, false} { // pieces that end at an edge of the plane first, then rings
		for _, side := range b.order {
			if s := b.sides[side]; !s.done && (s.n == 1) == ends {
				b.follow(side, &line)
			}
		}
	}
	return line
}

// square joins the sides of the square above and to the right of a cell on which the sign changes, two by two.
func (b *border) square(at int) {
	v, from := b.values, -1
	low, right, high, left := v[at] < 0, v[at+1] < 0, v[at+planeSide+1] < 0, v[at+planeSide] < 0
	for _, s := range [4]struct {
		cut  bool
		side int
	}{{low != right, 2 * at}, {right != high, 2*(at+1) + 1}, {high != left, 2 * (at + planeSide)}, {left != low, 2*at + 1}} {
		switch {
		case s.cut && from < 0:
			from = s.side
		case s.cut:
			b.join(from, s.side)
			b.join(s.side, from)
			from = -1
		}
	}
}

func (b *border) join(from, to int) {
	s := &b.sides[from]
	if s.n == 0 {
		b.order = append(b.order, from)
	}
	s.to[s.n] = to
	s.n++
}

// follow adds the piece that goes on from a side; a ring ends where it began.
func (b *border) follow(first int, line *scene.Series) {
	if n := len(line.X); n > 0 {
		line.X, line.Y = append(line.X, line.X[n-1]), append(line.Y, nil)
	}
	for side := first; side >= 0; {
		b.add(side, line)
		s := &b.sides[side]
		s.done = true
		next := -1
		for _, to := range s.to[:s.n] {
			if !b.sides[to].done {
				next = to
				break
			}
		}
		if next < 0 && s.n == 2 { // all around
			b.add(first, line)
		}
		side = next
	}
}

// add adds the place on a side at which the value is 0.
func (b *border) add(side int, line *scene.Series) {
	p, q := side/2, side/2+1
	if side%2 == 1 {
		q = p + planeSide
	}
	u, v := float64(b.values[p]), float64(b.values[q])
	t := u / (u - v)
	x, y := playCell(p%planeSide, planeSide), playCell(p/planeSide, planeSide)
	x += float64(t * (playCell(q%planeSide, planeSide) - x))
	y += float64(t * (playCell(q/planeSide, planeSide) - y))
	y = thousandths(y)
	line.X, line.Y = append(line.X, thousandths(x)), append(line.Y, &y)
}
