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
	samples                  bool            // pieces of lines stand before moved names
}

// label is a name at the end of a series.
type label struct {
	lines []string
	x, y  float64 // where the series ends
	ink   Ink
	quiet bool
	key   string // attributes of a bar's small likeness, which stands before the name
	line  bool   // a line, whose likeness does where its end and others' are one
}

const (
	labelGap   = 14.0
	keyRoom    = 16.0
	sampleRoom = 26.0
	early      = 48.0 // pixels before the right edge
)

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
	high := float64(p.Height)
	if high <= 0 {
		high = 260
		if p.Square {
			high = 340
		}
	}
	a, xTicks, yTicks := place(p, x, y+6, wide, high)
	a.clip = fmt.Sprintf("%s-clip-%d", c.id, number)
	c.clip(a)
	foot := c.axes(a, p, xTicks, yTicks)
	foot = c.strips(&a, p, xTicks, foot)
	labels := c.references(&a, p.References)
	for _, s := range p.Series {
		if l, ok := c.series(&a, s); ok && s.Name != "" {
			l.lines, l.line = wrap(s.Name, small, labelRoom(wide)), s.Kind == Line
			labels = append(labels, l)
		}
	}
	for _, n := range p.Notes {
		c.notePoint(&a, n)
	}
	c.insideNames(&a, p.References)
	c.labels(&a, labels)
	for _, n := range p.Notes {
		c.noteWords(&a, n)
	}
	return foot
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
	names, lines := []string{}, 0
	a.slots = map[float64]int{}
	for _, s := range p.Series {
		names = append(names, s.Name)
		if s.Kind == Line && s.Name != "" {
			lines++
		}
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
		if r.level() { // the others have their names inside
			names = append(names, r.Name)
		}
	}
	key := 0.0
	switch {
	case lines > 1:
		key, a.samples = sampleRoom, true
	case a.groups > 0:
		key = keyRoom
	}
	for _, name := range names {
		for _, line := range wrap(name, small, labelRoom(wide)) {
			right = max(right, width(line, small)+labelGap+10+key)
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
		c.labelAt(a, l, at[i])
	}
}

// labelAt writes one name at the right, at the height y. Where it had to leave the end of its line, a piece of the line stands
// before it.
func (c *canvas) labelAt(a *area, l label, y float64) {
	x, k := a.right+labelGap, Black
	moved := math.Abs(y-l.y) > 3
	switch {
	case l.key != "":
		fmt.Fprintf(c, `<rect x="%s" y="%s" width="10" height="10" %s/>`+"\n", px(x), px(y-5), l.key)
		x += keyRoom
	case moved && l.line && a.samples:
		c.line(x, y, x+sampleRoom-6, y, stroke(l.ink, 2, true))
		x += sampleRoom
	case moved || a.right-l.x > 3:
		c.line(l.x+4, l.y, x-3, y, stroke(l.ink, .75, false)+` opacity="0.6"`)
	}
	if l.quiet {
		k = Grey
	}
	first := y - float64(len(l.lines)-1)*8 + 4.5
	for n, part := range l.lines {
		c.text(x, first+rowHigh*float64(n), part, `font-size="13"`, k)
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
