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
	taken                    map[[2]int]bool // places that strokes pass through
	words                    []room          // words inside the axes so far
	outer                    [2]float64      // the column's edges
	samples                  bool            // there is room for pieces of lines before the names
	square                   bool            // names stand inside
}

// panel draws p into the column at x, y of the given width and returns its lower end.
func (c *canvas) panel(p Panel, number int, x, y, wide, head float64) float64 {
	for i, line := range wrap(p.Title, 15, wide) {
		c.text(x, y+15+22*float64(i), line, `font-size="15" font-weight="600"`, Black)
	}
	y += head
	if p.Body != nil {
		return p.Body.draw(c, x, y+10, wide)
	}
	for i, line := range wrap(p.Y.Name, small, wide) {
		c.text(x, y+15, line, `font-size="13"`, Grey)
		y += leading + 8*float64(max(0, 1-i))
	}
	a, xTicks, yTicks := place(p, x, y+6, wide, p.high(wide))
	a.clip = fmt.Sprintf("%s-clip-%d", c.id, number)
	c.clip(a)
	foot := c.axes(a, p, xTicks, yTicks)
	foot = c.strips(&a, p, xTicks, foot)
	labels := c.references(&a, p.References)
	for _, s := range p.Series {
		if l, ok := c.series(&a, s); ok && s.Name != "" {
			l.lines, l.series = wrap(s.Name, small, a.lineRoom()), s
			labels = append(labels, l)
		}
	}
	for _, n := range p.Notes {
		c.notePoint(&a, n)
	}
	c.insideNames(&a, p.References)
	if a.square {
		c.block(&a, labels)
	} else {
		c.labels(&a, labels)
	}
	for _, n := range p.Notes {
		c.noteWords(&a, n)
	}
	return foot
}

// high is the height of the axes: as wished, but the names at the right need theirs.
func (p Panel) high(wide float64) float64 {
	switch {
	case p.Square && p.Height <= 0:
		return 340
	case p.Square:
		return float64(p.Height)
	case p.Height <= 0:
		p.Height = 260
	}
	names := -24.0
	for _, name := range p.namesAtRight() {
		names += nameHigh(len(wrap(name, small, labelRoom(wide))))
	}
	return max(float64(p.Height), names)
}

// strips draws what stands under the axes and the name of x: above a table, below a histogram on the same axis.
func (c *canvas) strips(a *area, p Panel, ticks []tick, y float64) float64 {
	for _, u := range p.Under {
		if _, table := u.(AtRisk); !table {
			y = u.under(c, a, ticks, y)
		}
	}
	y = c.nameOfX(*a, p.X.Name, y)
	for _, u := range p.Under {
		if _, table := u.(AtRisk); table {
			y = u.under(c, a, ticks, y)
		}
	}
	return y
}

// place finds the room that ticks and names leave, and the scales in it.
func place(p Panel, x, y, wide, high float64) (a area, xTicks, yTicks []tick) {
	xs, ys := values(p)
	a.top, a.bottom = y, y+high
	a.y, yTicks = fit(p.Y, ys, a.bottom, a.top)
	left := 8.0
	for _, t := range yTicks {
		left = max(left, width(t.text, small)+14)
	}
	right := a.nameRoom(p, wide)
	a.outer = [2]float64{x, x + wide}
	a.left, a.right = x+left, x+wide-right
	if a.square = p.Square; a.square {
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
		if s.pitch[0] > 0 {
			for _, v := range s.X {
				xs = append(xs, v-s.pitch[0], v+s.pitch[0])
			}
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

// upright and level say where r goes.
func (r Reference) upright() bool { return r.X1 == r.X2 }
func (r Reference) level() bool   { return r.Y1 == r.Y2 && !r.upright() }

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
		if r.Name != "" && r.level() {
			lines := wrap(r.Name, small, labelRoom(a.outer[1]-a.outer[0]))
			labels = append(labels, label{lines: lines, x: min(max(x2, a.left), a.right), y: min(max(y2, a.top), a.bottom), quiet: true})
		}
	}
	return labels
}

// insideNames writes the names of the upright lines at their upper ends and of the slanting ones below them.
func (c *canvas) insideNames(a *area, list []Reference) {
	for _, r := range list {
		x, y, side := a.x.at(r.X1), a.top+2, Right
		if !r.upright() {
			x, y, side = a.x.at(r.X1+.66*(r.X2-r.X1)), a.y.at(r.Y1+.66*(r.Y2-r.Y1)), lowerRight
		}
		if r.Name == "" || r.level() || math.IsNaN(x+y) || x < a.left-1 || x > a.right+1 {
			continue
		}
		if side == Right && x > (a.left+a.right)/2 {
			side = Left
		}
		c.put(a, x, y, wrap(r.Name, small, (a.right-a.left)*.6), side, false, Grey)
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
