package picture

import (
	"math"
	"strings"
)

// room is what words take.
type room struct{ left, top, right, bottom float64 }

func (b room) meets(o room) bool {
	return b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom
}

const rowHigh = 16.0 // of words of several rows

const (
	lowerRight Side = 5
	upperLeft  Side = 6
)

// directions are the sides of a point, those of Side first.
var directions = [...][2]float64{Right: {1, 0}, Left: {-1, 0}, Above: {0, -1}, Below: {0, 1}, 4: {1, -1}, lowerRight: {1, 1}, upperLeft: {-1, -1}, 7: {-1, 1}}

// spot is a place for words beside a point.
type spot struct {
	room
	toward [2]float64
	reach  float64
}

// spots are the places for words of a size beside x, y: near before far, the wished side first.
func spots(x, y, wide, high float64, wish Side) (list []spot) {
	if wish < 0 || int(wish) >= len(directions) {
		wish = Right
	}
	for _, reach := range []float64{9, 22, 40, 64, 92} {
		for k := range directions {
			d := directions[(k+int(wish))%len(directions)]
			r := reach
			if d[0] != 0 && d[1] != 0 {
				r *= .6
			}
			cx, cy := x+d[0]*(r+wide/2), y+d[1]*(r+high/2)
			list = append(list, spot{room{cx - wide/2, cy - high/2, cx + wide/2, cy + high/2}, d, reach})
		}
	}
	return list
}

// outside is how many pixels of b lie outside the axes.
func (a *area) outside(b room) float64 {
	return max(0, a.left+3-b.left) + max(0, b.right-a.right) + max(0, a.top-8-b.top) + max(0, b.bottom-a.bottom+2)
}

// cost of a place: other words count most, then the edge, then every stroke below it, then the distance.
func (a *area) cost(s spot, order int) float64 {
	sum := float64(order)*.05 + s.reach*.12 + 500*min(a.outside(s.room), 100)
	for _, o := range a.words {
		if s.meets(o) {
			sum += 1e5
		}
	}
	for x := grainOf(s.left - 1); x <= grainOf(s.right+1); x++ {
		for y := grainOf(s.top); y <= grainOf(s.bottom); y++ {
			if a.taken[[2]int{x, y}] {
				sum += 2
			}
		}
	}
	return sum
}

// put writes lines near x, y where they cover no other words, stay inside the axes and hide the fewest strokes, with a thin line
// to the point where they stand far from it.
func (c *canvas) put(a *area, x, y float64, lines []string, wish Side, bold bool, k Ink) {
	wide := 0.0
	for _, line := range lines {
		wide = max(wide, width(line, small))
	}
	if bold {
		wide *= 1.05
	}
	high := rowHigh * float64(len(lines))
	best, least := spot{}, math.Inf(1)
	for i, s := range spots(x, y, wide, high, wish) {
		if cost := a.cost(s, i); cost < least {
			best, least = s, cost
		}
	}
	if least >= 500 {
		best = a.anywhere(best, x, y, least)
	}
	a.words = append(a.words, best.room)
	c.words(best, x, y, lines, bold, k)
}

// anywhere looks over all of the axes for a free place, the nearest to the point, when there is none beside it.
func (a *area) anywhere(best spot, x, y, least float64) spot {
	wide, high := best.right-best.left, best.bottom-best.top
	for top := a.top; top+high <= a.bottom-2; top += 8 {
		for left := a.left + 6; left+wide <= a.right; left += 12 {
			s := spot{room: room{left, top, left + wide, top + high}, toward: [2]float64{1, 0}}
			s.reach = math.Hypot(max(left-x, x-left-wide, 0), top+high/2-y)
			if cost := a.cost(s, 0); cost < least {
				best, least = s, cost
			}
		}
	}
	return best
}

// words writes lines into their place.
func (c *canvas) words(s spot, x, y float64, lines []string, bold bool, k Ink) {
	if s.reach > 30 {
		c.line(x, y, min(max(x, s.left), s.right), min(max(y, s.top+2), s.bottom-2), stroke(Grey, .75, false))
	}
	anchor, at := "start", s.left
	switch s.toward[0] {
	case -1:
		anchor, at = "end", s.right
	case 0:
		anchor, at = "middle", (s.left+s.right)/2
	}
	rest := []string{`font-size="13"`, `text-anchor="` + anchor + `"`}
	if bold {
		rest = append(rest, `font-weight="600"`)
	}
	for i, line := range lines {
		c.over(at, s.top+rowHigh*float64(i)+12.5, line, strings.Join(rest, " "), k)
	}
}
