package picture

import (
	"fmt"
	"math"
	"strings"
)

// series draws s and returns where its name belongs; false where nothing was drawn.
func (c *canvas) series(a *area, s Series) (label, bool) {
	switch s.Kind {
	case Points:
		return c.points(a, s)
	case Bars:
		return c.bars(*a, s)
	case Band:
		return c.band(*a, s)
	case Ticks:
		return c.ticks(*a, s)
	case Blocks:
		return c.blocks(a, s)
	case Dots:
		return c.dots(a, s)
	}
	return c.curve(a, s)
}

// step is the pixels below which a curve of a million points leaves the next one out.
const step = .2

// curve is a line through the points, broken where a value cannot be shown.
func (c *canvas) curve(a *area, s Series) (end label, drawn bool) {
	var path strings.Builder
	pen, lastX, lastY := "M", 0.0, 0.0
	n := min(len(s.X), len(s.Y))
	for i := range n {
		x, y := a.x.at(s.X[i]), a.y.at(s.Y[i])
		if math.IsNaN(x) || math.IsNaN(y) || math.IsInf(s.Y[i], 0) || math.IsInf(s.X[i], 0) {
			pen = "M"
			continue
		}
		if pen == "L" && i < n-1 && math.Abs(x-lastX) < step && math.Abs(y-lastY) < step {
			continue
		}
		path.WriteString(pen + px(x) + " " + px(y))
		if pen == "L" {
			a.pass(lastX, lastY, x, y)
		}
		pen, lastX, lastY = "L", x, y
		if !drawn || y >= a.top-6 && y <= a.bottom+6 && x <= a.right+1 {
			end, drawn = label{x: min(x, a.right), y: min(max(y, a.top), a.bottom), ink: s.Ink}, true
		}
	}
	look := stroke(s.Ink, 2, true)
	switch {
	case s.Faint:
		look = stroke(s.Ink, 1, false) + ` opacity="0.3"`
	case s.Thin:
		look = stroke(s.Ink, 1, true)
	}
	if drawn {
		fmt.Fprintf(c, `<path clip-path="url(#%s)" d="%s" stroke-linejoin="round" %s/>`+"\n", escape(a.clip), path.String(), look)
	}
	return end, drawn
}

// grain is the side of a place in pixels.
const grain = 4

func grainOf(v float64) int { return int(math.Floor(v / grain)) }

// pass notes the places of a stroke, so that no name is written over it.
func (a *area) pass(x1, y1, x2, y2 float64) {
	if a.taken == nil {
		a.taken = map[[2]int]bool{}
	}
	n := min(400, math.Ceil(max(math.Abs(x2-x1), math.Abs(y2-y1))/grain))
	for i := 0.0; i <= n; i++ {
		f := i / max(n, 1)
		if x, y := x1+(x2-x1)*f, y1+(y2-y1)*f; inside(*a, x, y) {
			a.taken[[2]int{grainOf(x), grainOf(y)}] = true
		}
	}
}

// points are marks, with whiskers from Low to High where they are given.
func (c *canvas) points(a *area, s Series) (end label, drawn bool) {
	for i := range min(len(s.X), len(s.Y)) {
		x, y := a.x.at(s.X[i]), a.y.at(s.Y[i])
		if math.IsNaN(x) || math.IsNaN(y) || y < a.top-1 || y > a.bottom+1 || x < a.left-1 || x > a.right+1 {
			continue
		}
		if i < len(s.Low) && i < len(s.High) {
			if low, high := a.y.at(s.Low[i]), a.y.at(s.High[i]); !math.IsNaN(low) && !math.IsNaN(high) {
				c.line(x, min(low, a.bottom), x, max(high, a.top), stroke(s.Ink, 1.25, false))
				a.pass(x, min(low, a.bottom), x, max(high, a.top))
			}
		}
		a.pass(x-4, y, x+4, y)
		c.mark(x, y, s)
		end, drawn = label{x: x, y: y, ink: s.Ink}, true
	}
	return end, drawn
}

// mark is one point in the shape of its ink; a thin series has hollow ones.
func (c *canvas) mark(x, y float64, s Series) {
	fill := fmt.Sprintf(`class="f%d s%d" fill="%s" stroke="%s" stroke-width="1.5"`, s.Ink, s.Ink, s.Ink.well().light, s.Ink.well().light)
	if s.Thin {
		fill = stroke(s.Ink, 1.5, false)
	}
	corners := ""
	switch s.Ink.well().mark {
	case "triangle":
		corners = "0 -4.5 4.5 3.5 -4.5 3.5"
	case "diamond":
		corners = "0 -5 5 0 0 5 -5 0"
	case "square":
		corners = "-3.5 -3.5 3.5 -3.5 3.5 3.5 -3.5 3.5"
	case "cross":
		c.line(x-4, y-4, x+4, y+4, stroke(s.Ink, 2, false))
		c.line(x-4, y+4, x+4, y-4, stroke(s.Ink, 2, false))
		return
	default:
		fmt.Fprintf(c, `<circle cx="%s" cy="%s" r="3.5" %s/>`+"\n", px(x), px(y), fill)
		return
	}
	fmt.Fprintf(c, `<polygon transform="translate(%s %s)" points="%s" %s/>`+"\n", px(x), px(y), corners, fill)
}

// bars stand side by side within each group, their value on top.
func (c *canvas) bars(a area, s Series) (end label, drawn bool) {
	groups := float64(max(1, a.groups))
	step := math.Abs(a.x.at(1) - a.x.at(0))
	wide := min(step*.72/groups, 56)
	base := a.y.at(math.Inf(-1))
	if !a.y.log {
		base = a.y.at(min(max(0, a.y.low), a.y.high))
	}
	for i := range min(len(s.X), len(s.Y)) {
		y := a.y.at(s.Y[i])
		slot := float64(a.slots[s.X[i]])
		a.slots[s.X[i]]++
		left := a.x.at(s.X[i]) + (slot-groups/2)*wide
		if math.IsNaN(y) || math.IsInf(s.Y[i], 0) {
			continue
		}
		fill := fmt.Sprintf(`class="f%d" fill="%s"`, s.Ink, s.Ink.well().light)
		if s.Thin || s.Ink == Orange { // hollow, so that it differs without colour
			fill = stroke(s.Ink, 1.5, false)
		}
		fmt.Fprintf(c, `<rect x="%s" y="%s" width="%s" height="%s" %s/>`+"\n", px(left+1), px(min(y, base)), px(max(1, wide-2)), px(math.Abs(base-y)), fill)
		text, above := brief(s.Y[i]), min(y, base)-5
		if width(text, 12) < wide+4 {
			c.text(left+wide/2, above, text, `font-size="12" text-anchor="middle"`, Black)
		}
		end, drawn = label{x: left + wide, y: y, ink: s.Ink, key: fill}, true
	}
	return end, drawn
}

// brief is Number in the room above a bar.
func brief(v float64) string {
	switch size := math.Abs(v); {
	case size > 0 && size < .001:
		return "<0.001"
	case size < .1:
		return Number(math.Round(v*1e4) / 1e4)
	}
	return Number(v)
}

// band is the area between Low and High.
func (c *canvas) band(a area, s Series) (end label, drawn bool) {
	var there, back []string
	for i := range min(len(s.X), len(s.Low), len(s.High)) {
		x, low, high := a.x.at(s.X[i]), a.y.at(s.Low[i]), a.y.at(s.High[i])
		if math.IsNaN(x) || math.IsNaN(low) || math.IsNaN(high) {
			continue
		}
		there, back = append(there, px(x)+" "+px(high)), append(back, px(x)+" "+px(low))
		end, drawn = label{x: min(x, a.right), y: (low + high) / 2, ink: s.Ink}, true
	}
	if !drawn {
		return end, false
	}
	for i := len(back) - 1; i >= 0; i-- {
		there = append(there, back[i])
	}
	fmt.Fprintf(c, `<polygon clip-path="url(#%s)" points="%s" class="f%d" fill="%s" opacity="0.16"/>`+"\n",
		escape(a.clip), strings.Join(there, " "), s.Ink, s.Ink.well().light)
	return end, true
}
