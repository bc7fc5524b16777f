package picture

import (
	"fmt"
	"math"
)

// Flow is a body that shows where the rows went: boxes from above to below, beside the arrow to the next box who left and why,
// and under the last one the parts (folds, periods, sites) of those who stayed.
type Flow struct {
	Steps []Step
	Parts []Box
}

// Step is a box and who leaves after it.
type Step struct {
	Box
	Out []Box
}

// Box is a count with its name and, below, what it consists of.
type Box struct {
	Name, Count string
	Lines       []Reason
}

// Reason is one part of a box: why rows left, and how many.
type Reason struct{ Text, Count string }

const (
	pad      = 12.0 // inside a box
	descent  = 26.0 // between boxes
	partWide = 104.0
)

func (f Flow) draw(c *canvas, x, y, wide float64) float64 {
	main, side, sideWide := wide, x+44, wide-44
	if wide >= narrow {
		main = wide * .46
		side = x + wide*.54
		sideWide = wide * .46
	}
	spine := x + min(main/2, 22)
	if wide >= narrow {
		spine = x + main/2
	}
	for i, step := range f.Steps {
		if i > 0 {
			c.arrow(spine, y, spine, y+descent)
			y += descent
		}
		y = c.box(step.Box, x, y, main)
		y = c.leavers(step.Out, spine, side, y, sideWide)
	}
	if len(f.Parts) == 0 {
		return y + 8
	}
	return c.parts(f.Parts, x, y, wide, spine) + 8
}

// leavers are the boxes beside the spine, an arrow into each.
func (c *canvas) leavers(list []Box, spine, side, y, wide float64) float64 {
	for _, out := range list {
		top := y + 14
		end := c.box(out, side, top, wide)
		c.plain(spine, y, spine, end)
		c.arrow(spine, (top+end)/2, side, (top+end)/2)
		y = end
	}
	return y
}

// box draws b and returns its lower end.
func (c *canvas) box(b Box, x, y, wide float64) float64 {
	at := c.boxWords(b, x+pad, y+pad-4, wide-2*pad)
	end := at + pad - 2
	fmt.Fprintf(c, `<rect class="axis" x="%s" y="%s" width="%s" height="%s" fill="none" stroke="%s"/>`+"\n", px(x), px(y), px(wide), px(end-y), tickLine)
	return end
}

// boxWords writes the name with its count, and the lines below.
func (c *canvas) boxWords(b Box, x, y, wide float64) float64 {
	y = c.counted(b.Name, b.Count, x, y, wide, ` font-weight="600"`, Black)
	for _, line := range b.Lines {
		y = c.counted(line.Text, line.Count, x, y, wide, "", Grey)
	}
	return y
}

// counted writes words with their count at the right, which stands below where the words have no room beside it.
func (c *canvas) counted(words, count string, x, y, wide float64, look string, k Ink) float64 {
	room := wide
	if count != "" {
		room -= width(count, small)*1.05 + 10
	}
	if room < wide*.4 {
		room = wide
	}
	lines := wrap(words, small, room/1.05)
	for _, line := range lines {
		y += leading
		c.text(x, y-4, line, `font-size="13"`+look, k)
	}
	if count == "" {
		return y
	}
	if room == wide || len(lines) == 0 {
		y += leading
	}
	c.text(x+wide, y-4, count, `font-size="13" text-anchor="end"`+look, Black)
	return y
}

// parts are boxes beside each other under one line; more of them than one row holds stand in several.
func (c *canvas) parts(list []Box, x, y, wide, spine float64) float64 {
	columns := max(1, min(len(list), int((wide+8)/(partWide+8))))
	rows := (len(list) + columns - 1) / columns
	columns = (len(list) + rows - 1) / rows
	each := (wide - 8*float64(columns-1)) / float64(columns)
	bus := y + 16
	c.plain(spine, y, spine, bus)
	if rows > 1 || columns == 1 {
		c.arrow(spine, bus-2, spine, bus+12)
	} else {
		first, last := x+each/2, x+wide-each/2
		c.plain(min(first, spine), bus, max(last, spine), bus)
		for i := range list {
			at := first + float64(i)*(each+8)
			c.arrow(at, bus, at, bus+14)
		}
	}
	y = bus + 14
	for from := 0; from < len(list); from += columns {
		row := list[from:min(from+columns, len(list))]
		high := 0.0
		for _, b := range row {
			var trial canvas
			high = max(high, trial.boxWords(b, 0, 0, each-2*pad))
		}
		for i, b := range row {
			left := x + float64(i)*(each+8)
			c.boxWords(b, left+pad, y+pad-4, each-2*pad)
			fmt.Fprintf(c, `<rect class="axis" x="%s" y="%s" width="%s" height="%s" fill="none" stroke="%s"/>`+"\n",
				px(left), px(y), px(each), px(high+2*pad-6), tickLine)
		}
		y += high + 2*pad + 2
	}
	return y
}

// plain is a line of the flow.
func (c *canvas) plain(x1, y1, x2, y2 float64) { c.line(x1, y1, x2, y2, stroke(Black, 1.25, false)) }

// arrow is a line with a head.
func (c *canvas) arrow(x1, y1, x2, y2 float64) {
	long := math.Hypot(x2-x1, y2-y1)
	if long == 0 {
		return
	}
	ux, uy := (x2-x1)/long, (y2-y1)/long
	c.plain(x1, y1, x2-ux*5, y2-uy*5)
	fmt.Fprintf(c, `<polygon class="f%d" fill="%s" points="%s %s %s %s %s %s"/>`+"\n", Black, Black.well().light,
		px(x2), px(y2), px(x2-ux*8+uy*3.5), px(y2-uy*8-ux*3.5), px(x2-ux*8-uy*3.5), px(y2-uy*8+ux*3.5))
}
