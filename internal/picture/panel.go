package picture

import (
	"fmt"
	"math"
)

// area is the place of a panel's data.
type area struct {
	x, y                     scale
	left, top, right, bottom float64
	clip                     string
	slots                    map[float64]int // bars drawn so far at each x
	groups                   int             // most bars at one x
	taken                    [][2]float64    // pixels that curves pass through
	words                    []room          // words inside the axes so far
	outer                    [2]float64      // the column's edges
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
	if p.Body != nil {
		return p.Body.draw(c, x, y+6, wide)
	}
	for i, line := range wrap(p.Y.Name, small, wide) {
		c.text(x, y+15, line, `font-size="13"`, Grey)
		y += leading + 8*float64(max(0, 1-i))
	}
	high := float64(p.Height)
	if high <= 0 {
		high = 260
	}
	a, xTicks, yTicks := place(p, x, y+6, wide, high)
	a.clip = fmt.Sprintf("%s-clip-%d", c.id, number)
	c.clip(a)
	foot := c.axes(a, p, xTicks, yTicks)
	for _, u := range p.Under {
		foot = u.under(c, &a, xTicks, foot)
	}
	foot = c.nameOfX(a, p.X.Name, foot)
	labels := c.references(&a, p.References)
	for _, s := range p.Series {
		if l, ok := c.series(&a, s); ok && s.Name != "" {
			l.lines = wrap(s.Name, small, labelRoom(wide))
			labels = append(labels, l)
		}
	}
	for _, n := range p.Notes {
		c.notePoint(&a, n)
	}
	c.uprights(&a, p.References)
	c.labels(&a, labels)
	for _, n := range p.Notes {
		c.noteWords(&a, n)
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
	for _, u := range p.Under {
		names = append(names, u.names()...)
	}
	for _, r := range p.References {
		if !r.upright() { // an upright line has its name inside
			names = append(names, r.Name)
		}
	}
	for _, name := range names {
		for _, line := range wrap(name, small, labelRoom(wide)) {
			right = max(right, width(line, small)+labelGap+10+keyRoom*float64(min(a.groups, 1)))
		}
	}
	a.outer = [2]float64{x, x + wide}
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
	return c.xTicks(a, p.X, xTicks)
}

// xTicks writes the ticks of the level axis and returns where they end.
func (c *canvas) xTicks(a area, axis Axis, list []tick) float64 {
	room := (a.right - a.left) / float64(max(1, len(list)))
	lines, taken := 1, math.Inf(-1)
	for _, t := range list {
		x := a.x.at(t.at)
		parts := []string{t.text}
		if len(axis.Labels) > 0 {
			parts = wrap(t.text, small, room-6)
		} else {
			c.axisLine(x, a.bottom, x, a.bottom+6)
			half := width(t.text, small) / 2
			x = min(max(x, a.outer[0]+half), a.outer[1]-half)
			if x-half < taken {
				continue
			}
			taken = x + half + 6
		}
		lines = max(lines, len(parts))
		for i, part := range parts {
			c.text(x, a.bottom+22+leading*float64(i), part, `font-size="13" text-anchor="middle"`, Grey)
		}
	}
	return a.bottom + 10 + leading*float64(lines)
}

// nameOfX writes the name of the level axis below y, at its end, and returns where it ends.
func (c *canvas) nameOfX(a area, name string, y float64) float64 {
	for i, line := range wrap(name, small, a.outer[1]-a.outer[0]) {
		y += leading + 4*float64(max(0, 1-i))
		c.text(max(a.right, min(a.outer[1], a.outer[0]+width(line, small))), y-4, line, `font-size="13" text-anchor="end"`, Grey)
	}
	return y
}

// upright says whether r goes straight up.
func (r Reference) upright() bool { return r.X1 == r.X2 }

// references draws the lines that data are held against. Names of the level ones belong to the right.
func (c *canvas) references(a *area, list []Reference) (labels []label) {
	for _, r := range list {
		x1, y1, x2, y2 := a.x.at(r.X1), a.y.at(r.Y1), a.x.at(r.X2), a.y.at(r.Y2)
		if math.IsNaN(x1 + y1 + x2 + y2) {
			continue
		}
		fmt.Fprintf(c, `<line clip-path="url(#%s)" x1="%s" y1="%s" x2="%s" y2="%s" class="axis" stroke="%s" stroke-dasharray="3 3"/>`+"\n",
			escape(a.clip), px(x1), px(y1), px(x2), px(y2), tickLine)
		a.pass(x1, y1, x2, y2)
		if r.Name != "" && !r.upright() {
			lines := wrap(r.Name, small, labelRoom(a.outer[1]-a.outer[0]))
			labels = append(labels, label{lines: lines, x: min(max(x2, a.left), a.right), y: min(max(y2, a.top), a.bottom), quiet: true})
		}
	}
	return labels
}

// uprights writes the names of the upright lines at their upper ends.
func (c *canvas) uprights(a *area, list []Reference) {
	for _, r := range list {
		x := a.x.at(r.X1)
		if r.Name == "" || !r.upright() || math.IsNaN(x) || x < a.left-1 || x > a.right+1 {
			continue
		}
		side := Right
		if x > (a.left+a.right)/2 {
			side = Left
		}
		c.put(a, x, a.top+2, wrap(r.Name, small, (a.right-a.left)*.6), side, false, Grey)
	}
}

// labels writes the names to the right of the axes, apart from each other, a thin line from the end of each series. The name of a
// series that ends early stands at its end.
func (c *canvas) labels(a *area, all []label) {
	var list []label
	for _, l := range all {
		if a.right-l.x > early && !l.quiet && l.key == "" {
			c.put(a, l.x, l.y, l.lines, Right, false, Black)
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

// notePoint marks a point.
func (c *canvas) notePoint(a *area, n Note) {
	x, y := a.x.at(n.X), a.y.at(n.Y)
	if math.IsNaN(x) || math.IsNaN(y) {
		return
	}
	if n.Drop {
		c.line(x, y, x, a.bottom, stroke(Black, 1, false)+` stroke-dasharray="2 3"`)
		c.line(a.left, y, x, y, stroke(Black, 1, false)+` stroke-dasharray="2 3"`)
		a.pass(x, y, x, a.bottom)
		a.pass(a.left, y, x, y)
	}
	if n.Ring {
		fmt.Fprintf(c, `<circle class="paper s%d" cx="%s" cy="%s" r="5.5" fill="%s" stroke="%s" stroke-width="2.5"/>`+"\n",
			Black, px(x), px(y), paper, Black.well().light)
	}
	a.words = append(a.words, room{x - 6, y - 6, x + 6, y + 6})
}

// noteWords says why.
func (c *canvas) noteWords(a *area, n Note) {
	x, y := a.x.at(n.X), a.y.at(n.Y)
	if n.Text != "" && !math.IsNaN(x) && !math.IsNaN(y) {
		c.put(a, min(max(x, a.left), a.right), min(max(y, a.top), a.bottom), wrap(n.Text, small, (a.right-a.left)*.7), n.Side, true, Black)
	}
}
