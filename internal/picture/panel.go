package picture

import (
	"fmt"
	"math"
	"strings"
)

// area is the place of a panel's data.
type area struct {
	x, y                     scale
	left, top, right, bottom float64
	clip                     string
	slots                    map[float64]int // bars drawn so far at each x
	groups                   int             // most bars at one x
	taken                    [][2]float64    // pixels that curves pass through
}

// label is a name at the end of a series.
type label struct {
	lines []string
	x, y  float64 // where the series ends
	ink   Ink
	quiet bool
	key   string // attributes of a bar's small likeness, which stands before the name
}

const (
	labelGap = 14.0
	keyRoom  = 16.0
	early    = 48.0 // pixels before the right edge
)

// panel draws p into the column at x, y of the given width and returns its lower end.
func (c *canvas) panel(p Panel, number int, x, y, wide, head float64) float64 {
	for i, line := range wrap(p.Title, 15, wide) {
		c.text(x, y+15+22*float64(i), line, `font-size="15" font-weight="600"`, Black)
	}
	y += head
	if p.Y.Name != "" {
		c.text(x, y+15, p.Y.Name, `font-size="13"`, Grey)
		y += 26
	}
	high := float64(p.Height)
	if high <= 0 {
		high = 260
	}
	a, xTicks, yTicks := place(p, x, y+6, wide, high)
	a.clip = fmt.Sprintf("%s-clip-%d", c.id, number)
	fmt.Fprintf(c, `<clipPath id="%s"><rect x="%s" y="%s" width="%s" height="%s"/></clipPath>`+"\n",
		escape(a.clip), px(a.left-1), px(a.top-6), px(a.right-a.left+2), px(a.bottom-a.top+12))
	foot := c.axes(a, p, xTicks, yTicks)
	labels := c.references(a, p.References)
	for _, s := range p.Series {
		if l, ok := c.series(&a, s); ok && s.Name != "" {
			l.lines = wrap(s.Name, small, labelRoom(wide))
			labels = append(labels, l)
		}
	}
	c.labels(a, labels)
	for _, n := range p.Notes {
		c.note(a, n)
	}
	return foot
}

// labelRoom is how wide the names at the right may be.
func labelRoom(wide float64) float64 { return min(170, wide*.3) }

// place finds the room that ticks and names leave, and the scales in it.
func place(p Panel, x, y, wide, high float64) (a area, xTicks, yTicks []tick) {
	xs, ys := values(p)
	a.top, a.bottom = y, y+high
	a.y, yTicks = fit(p.Y, ys, a.bottom, a.top)
	left, right := 8.0, 8.0
	for _, t := range yTicks {
		left = max(left, width(t.text, small)+14)
	}
	names := []string{}
	a.slots = map[float64]int{}
	for _, s := range p.Series {
		names = append(names, s.Name)
		if s.Kind == Bars {
			for _, v := range s.X {
				a.slots[v]++
				a.groups = max(a.groups, a.slots[v])
			}
		}
	}
	clear(a.slots)
	for _, r := range p.References {
		if r.X1 != r.X2 { // an upright line has its name inside
			names = append(names, r.Name)
		}
	}
	for _, name := range names {
		for _, line := range wrap(name, small, labelRoom(wide)) {
			right = max(right, width(line, small)+labelGap+10+keyRoom*float64(min(a.groups, 1)))
		}
	}
	a.left, a.right = x+left, x+wide-right
	if p.Square {
		side := min(a.right-a.left, high)
		a.right, a.bottom = a.left+side, a.top+side
		a.y, yTicks = fit(p.Y, ys, a.bottom, a.top)
	}
	a.x, xTicks = fit(p.X, xs, a.left, a.right)
	return a, xTicks, yTicks
}

// values are all numbers the axes must show.
func values(p Panel) (xs, ys []float64) {
	for _, s := range p.Series {
		xs = append(xs, s.X...)
		ys = append(append(append(ys, s.Y...), s.Low...), s.High...)
		if s.Kind == Bars && !p.Y.Log {
			ys = append(ys, 0)
		}
	}
	for _, r := range p.References {
		xs, ys = append(xs, r.X1, r.X2), append(ys, r.Y1, r.Y2)
	}
	for _, n := range p.Notes {
		xs, ys = append(xs, n.X), append(ys, n.Y)
	}
	return xs, ys
}

// axes draws the two lines with their ticks and the name of x, and returns where they end.
func (c *canvas) axes(a area, p Panel, xTicks, yTicks []tick) float64 {
	c.axisLine(a.left, a.top, a.left, a.bottom)
	c.axisLine(a.left, a.bottom, a.right, a.bottom)
	for _, t := range yTicks {
		y := a.y.at(t.at)
		c.axisLine(a.left-6, y, a.left, y)
		c.text(a.left-10, y+4.5, t.text, `font-size="13" text-anchor="end"`, Grey)
	}
	if low, high := a.y.low, a.y.high; !a.y.log && low < 0 && high > 0 {
		c.line(a.left, a.y.at(0), a.right, a.y.at(0), `class="axis" stroke="`+tickLine+`" stroke-dasharray="3 3"`)
	}
	room := (a.right - a.left) / float64(max(1, len(xTicks)))
	lines, taken := 1, math.Inf(-1)
	for _, t := range xTicks {
		x := a.x.at(t.at)
		parts := []string{t.text}
		if len(p.X.Labels) > 0 {
			parts = wrap(t.text, small, room-6)
		} else {
			c.axisLine(x, a.bottom, x, a.bottom+6)
			if half := width(t.text, small) / 2; x-half < taken {
				continue
			} else {
				taken = x + half + 6
			}
		}
		lines = max(lines, len(parts))
		for i, part := range parts {
			c.text(x, a.bottom+22+leading*float64(i), part, `font-size="13" text-anchor="middle"`, Grey)
		}
	}
	foot := a.bottom + 10 + leading*float64(lines)
	if p.X.Name != "" {
		foot += 22
		c.text(a.right, foot-4, p.X.Name, `font-size="13" text-anchor="end"`, Grey)
	}
	return foot
}

// references draws the lines that data are held against.
func (c *canvas) references(a area, list []Reference) (labels []label) {
	for _, r := range list {
		x1, y1, x2, y2 := a.x.at(r.X1), a.y.at(r.Y1), a.x.at(r.X2), a.y.at(r.Y2)
		c.line(x1, y1, x2, y2, `class="axis" stroke="`+tickLine+`" stroke-dasharray="3 3"`)
		switch {
		case r.Name == "":
		case x1 == x2:
			anchor, dx := "start", 6.0
			if x1 > (a.left+a.right)/2 {
				anchor, dx = "end", -6
			}
			c.over(x1+dx, a.top+8, r.Name, `font-size="13" text-anchor="`+anchor+`"`, Grey)
		default:
			labels = append(labels, label{lines: []string{r.Name}, x: x2, y: y2, quiet: true})
		}
	}
	return labels
}

// labels writes the names to the right of the axes, apart from each other, a thin line from the end of each series. The name of a
// series that ends early stands at its end.
func (c *canvas) labels(a area, all []label) {
	var list []label
	for _, l := range all {
		if a.right-l.x > early && !l.quiet && l.key == "" {
			c.beside(a, l)
		} else {
			list = append(list, l)
		}
	}
	centres, heights := make([]float64, len(list)), make([]float64, len(list))
	for i, l := range list {
		centres[i], heights[i] = l.y, float64(len(l.lines))*16+3
	}
	at := spread(centres, heights, a.top-12, a.bottom+12)
	for i, l := range list {
		x := a.right + labelGap
		if l.key != "" {
			fmt.Fprintf(c, `<rect x="%s" y="%s" width="10" height="10" %s/>`+"\n", px(x), px(at[i]-5), l.key)
			x += keyRoom
		} else if math.Abs(at[i]-l.y) > 3 || a.right-l.x > 3 {
			c.line(l.x+4, l.y, x-3, at[i], stroke(l.ink, .75, false)+` opacity="0.6"`)
		}
		k := Black
		if l.quiet {
			k = Grey
		}
		first := at[i] - float64(len(l.lines)-1)*8 + 4.5
		for n, part := range l.lines {
			c.text(x, first+16*float64(n), part, `font-size="13"`, k)
		}
	}
}

// beside writes a name near the end of its series, where the fewest lines pass.
func (c *canvas) beside(a area, l label) {
	text := strings.Join(l.lines, " ")
	wide := width(text, small)
	best, fewest := [2]float64{}, -1
	for _, at := range [][2]float64{{9, 4.5}, {6, 20}, {6, -9}, {-wide - 9, 4.5}, {-wide - 6, 20}, {-wide - 6, -9}, {-wide / 2, 24}, {-wide / 2, -14}} {
		left, base, hits := l.x+at[0], l.y+at[1], 0
		for _, p := range a.taken {
			if p[0] > left-2 && p[0] < left+wide+2 && p[1] > base-13 && p[1] < base+5 {
				hits++
			}
		}
		if left < a.left || left+wide > a.right || base-12 < a.top || base > a.bottom-2 {
			hits += 1000
		}
		if fewest < 0 || hits < fewest {
			best, fewest = [2]float64{left, base}, hits
		}
	}
	c.over(best[0], best[1], text, `font-size="13"`, Black)
}

// note marks a point and says why.
func (c *canvas) note(a area, n Note) {
	x, y := a.x.at(n.X), a.y.at(n.Y)
	if math.IsNaN(x) || math.IsNaN(y) {
		return
	}
	if n.Drop {
		c.line(x, y, x, a.bottom, stroke(Black, 1, false)+` stroke-dasharray="2 3"`)
		c.line(a.left, y, x, y, stroke(Black, 1, false)+` stroke-dasharray="2 3"`)
	}
	if n.Ring {
		fmt.Fprintf(c, `<circle cx="%s" cy="%s" r="5.5" %s/>`+"\n", px(x), px(y), strings.Replace(stroke(Black, 2.5, false), `fill="none"`, `fill="`+paper+`"`, 1))
	}
	dx, dy, anchor := 11.0, 4.5, "start"
	half := width(n.Text, small) / 2
	switch n.Side {
	case Left:
		dx, anchor = -11, "end"
	case Above:
		dx, dy, anchor = max(0, a.left+8+half-x), -12, "middle"
	case Below:
		dx, dy, anchor = max(0, a.left+8+half-x), 21, "middle"
	}
	c.over(x+dx, y+dy, n.Text, `font-size="13" font-weight="600" text-anchor="`+anchor+`"`, Black)
}
