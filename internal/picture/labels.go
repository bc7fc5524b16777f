package picture

import (
	"fmt"
	"math"
)

// label is a name at the end of a series.
type label struct {
	lines  []string
	x, y   float64 // where the series ends
	ink    Ink
	quiet  bool
	key    string // attributes of a bar's small likeness, which stands before the name
	series Series // a line's likeness does where its end and others' are one
}

const (
	labelGap   = 14.0
	keyRoom    = 16.0
	sampleRoom = 26.0
	early      = 48.0 // pixels before the right edge
)

// labelRoom is how wide the names at the right may be.
func labelRoom(wide float64) float64 { return min(170, wide*.3) }

// lineRoom is how wide a name may be: beside the axes, or inside them.
func (a *area) lineRoom() float64 {
	if a.square {
		return (a.right - a.left) * .6
	}
	return labelRoom(a.outer[1] - a.outer[0])
}

// nameHigh is the height of a name of some lines at the right.
func nameHigh(lines int) float64 { return float64(lines)*rowHigh + 3 }

// namesAtRight are those that stand beside the axes.
func (p Panel) namesAtRight() (names []string) {
	if p.Square {
		return nil
	}
	for _, s := range p.Series {
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	for _, r := range p.References {
		if r.level() && r.Name != "" { // the others have their names inside
			names = append(names, r.Name)
		}
	}
	return names
}

// nameRoom is what the names take from the axes; it counts the bars at each place too.
func (a *area) nameRoom(p Panel, wide float64) float64 {
	lines := 0
	a.slots = map[float64]int{}
	for _, s := range p.Series {
		switch {
		case s.Kind == Line && s.Name != "":
			lines++
		case s.Kind == Bars:
			for _, v := range s.X {
				a.slots[v]++
				a.groups = max(a.groups, a.slots[v])
			}
		}
	}
	clear(a.slots)
	if p.Square {
		return 16
	}
	key := 0.0
	if a.samples = lines > 1; a.samples {
		key = sampleRoom
	} else if a.groups > 0 {
		key = keyRoom
	}
	names, right := p.namesAtRight(), 8.0
	for _, u := range p.Under {
		names = append(names, u.names()...)
	}
	for _, name := range names {
		for _, line := range wrap(name, small, labelRoom(wide)) {
			right = max(right, width(line, small)+labelGap+10+key)
		}
	}
	return right
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
		centres[i], heights[i] = l.y, nameHigh(len(l.lines))
	}
	at := spread(centres, heights, a.top-12, a.bottom+12)
	moved := false
	for i, l := range list {
		moved = moved || l.series.Name != "" && l.series.Kind == Line && math.Abs(at[i]-l.y) > 3
	}
	for i, l := range list {
		c.labelAt(a, l, at[i], moved && a.samples)
	}
}

// labelAt writes one name at the right, at the height y. Where names had to leave the ends of their lines, a piece of the line
// stands before each.
func (c *canvas) labelAt(a *area, l label, y float64, samples bool) {
	x, k := a.right+labelGap, Black
	switch {
	case l.key != "":
		fmt.Fprintf(c, `<rect x="%s" y="%s" width="10" height="10" %s/>`+"\n", px(x), px(y-5), l.key)
		x += keyRoom
	case samples && l.series.Kind == Line && !l.quiet:
		c.sample(l, x, y)
		x += sampleRoom
	case math.Abs(y-l.y) > 3 || a.right-l.x > 3:
		c.line(l.x+4, l.y, x-3, y, stroke(l.ink, .75, false)+` opacity="0.6"`)
	}
	if l.quiet {
		k = Grey
	}
	first := y - float64(len(l.lines)-1)*rowHigh/2 + 4.5
	for n, part := range l.lines {
		c.text(x, first+rowHigh*float64(n), part, `font-size="13"`, k)
	}
}

// sample is a small likeness of a series at x, y, before its name.
func (c *canvas) sample(l label, x, y float64) {
	const long = sampleRoom - 6
	switch s := l.series; s.Kind {
	case Points:
		c.mark(x+long/2, y, s)
	case Dots:
		fmt.Fprintf(c, `<circle cx="%s" cy="%s" r="5" class="f%d" fill="%s" opacity="0.6"/>`+"\n", px(x+long/2), px(y), s.Ink, s.Ink.well().light)
	case Line:
		wide := 2.0
		if s.Thin {
			wide = 1
		}
		c.line(x, y, x+long, y, stroke(s.Ink, wide, true))
	}
}

// block writes the names of all series below each other inside square axes, where they hide the least, each behind a likeness;
// those of level lines stand on their line.
func (c *canvas) block(a *area, all []label) {
	var list []label
	wide, high, x, y := 0.0, 0.0, 0.0, 0.0
	for _, l := range all {
		if l.quiet {
			c.put(a, a.right-4, l.y, l.lines, upperLeft, false, Grey)
			continue
		}
		list = append(list, l)
		for _, line := range l.lines {
			wide = max(wide, sampleRoom+width(line, small))
		}
		high += nameHigh(len(l.lines))
		x, y = l.x, l.y
	}
	if len(list) == 0 {
		return
	}
	wide, high = wide+10, high+10 // air around them
	start := spot{room: room{a.right - wide, a.bottom - high, a.right, a.bottom}}
	best := a.anywhere(start, x, y, math.Inf(1))
	a.words = append(a.words, best.room)
	top := best.top + 5
	best.left += 5
	for _, l := range list {
		c.sample(l, best.left, top+8)
		for n, part := range l.lines {
			c.over(best.left+sampleRoom, top+12.5+rowHigh*float64(n), part, `font-size="13"`, Black)
		}
		top += nameHigh(len(l.lines))
	}
}
