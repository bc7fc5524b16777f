package picture

import (
	"fmt"
	"math"
)

const dotRadius = 8.0 // of the fullest cell, where the lattice has room

// ticks are short strokes across a curve, such as the times at which somebody was censored.
func (c *canvas) ticks(a area, s Series) (end label, drawn bool) {
	for i := range min(len(s.X), len(s.Y)) {
		x, y := a.x.at(s.X[i]), a.y.at(s.Y[i])
		if math.IsNaN(x) || math.IsNaN(y) || !inside(a, x, y) {
			continue
		}
		c.line(x, y-5, x, y+5, stroke(s.Ink, 1.25, false))
		end, drawn = label{x: x, y: y, ink: s.Ink}, true
	}
	return end, drawn
}

func inside(a area, x, y float64) bool {
	return y >= a.top-1 && y <= a.bottom+1 && x >= a.left-1 && x <= a.right+1
}

// blocks are the bars of a histogram, hollow where the series is thin. Their name stands at the height of their middle.
func (c *canvas) blocks(a *area, s Series) (end label, drawn bool) {
	base, far := a.y.at(0), 0.0
	look := fmt.Sprintf(`class="f%d" fill="%s"`, s.Ink, s.Ink.well().light)
	if s.Thin {
		look = stroke(s.Ink, 1.25, false)
	}
	for i := range min(len(s.X)-1, len(s.Y)) {
		from, to, y := a.x.at(s.X[i]), a.x.at(s.X[i+1]), a.y.at(s.Y[i])
		if math.IsNaN(from+to+y) || math.IsInf(s.Y[i], 0) || s.Y[i] == 0 || from < a.left-1 || to > a.right+1 {
			continue
		}
		if math.Abs(y-base) > math.Abs(far) {
			far = y - base
		}
		fmt.Fprintf(c, `<rect clip-path="url(#%s)" x="%s" y="%s" width="%s" height="%s" %s/>`+"\n", escape(a.clip),
			px(from+.75), px(min(y, base)), px(max(.5, to-from-1.5)), px(math.Abs(base-y)), look)
		a.pass((from+to)/2, base, (from+to)/2, y)
		drawn = true
	}
	return label{x: a.right, y: base + far/2, ink: s.Ink}, drawn
}

// dots have an area that says how many rows lie there: the halftone of the house.
func (c *canvas) dots(a *area, s Series) (end label, drawn bool) {
	most := dotRadius
	for k, axis := range []scale{a.x, a.y} {
		if s.pitch[k] > 0 && !axis.log {
			most = min(most, .47*s.pitch[k]*math.Abs((axis.to-axis.from)/(axis.high-axis.low)))
		}
	}
	most = max(most, 1)
	for i := range min(len(s.X), len(s.Y), len(s.Size)) {
		x, y := a.x.at(s.X[i]), a.y.at(s.Y[i])
		if math.IsNaN(x+y) || !inside(*a, x, y) || !(s.Size[i] > 0) {
			continue
		}
		r := max(1, most*math.Sqrt(min(1, s.Size[i])))
		fmt.Fprintf(c, `<circle cx="%s" cy="%s" r="%s" class="f%d" fill="%s" opacity="0.6"/>`+"\n", px(x), px(y), px(r), s.Ink, s.Ink.well().light)
		a.pass(x-r, y, x+r, y)
		end, drawn = label{x: x, y: y, ink: s.Ink}, true
	}
	return end, drawn
}
