package picture

import (
	"fmt"
	"math"
)

// Mirror is a strip under the axes: the histogram of one group upwards, of another downwards. Each bar is a share of its own
// group, so that few events are seen beside many others.
type Mirror struct {
	Edges            []float64 // n + 1
	Up, Down         []float64 // counts
	UpName, DownName string
}

const mirrorHigh = 40.0 // of each side

func (m Mirror) names() []string { return []string{m.UpName, m.DownName} }

// Shares are the two histograms as shares of their own group, those of Down below zero.
func (m Mirror) Shares() (up, down []float64) {
	up, down = shares(m.Up), shares(m.Down)
	for i := range down {
		down[i] = -down[i]
	}
	return up, down
}

func shares(counts []float64) []float64 {
	sum := 0.0
	for _, n := range counts {
		sum += n
	}
	list := make([]float64, len(counts))
	for i, n := range counts {
		if sum > 0 {
			list[i] = n / sum
		}
	}
	return list
}

// series are the blocks of both.
func (m Mirror) series() []Series {
	up, down := m.Shares()
	return []Series{
		{Name: m.UpName, Kind: Blocks, X: m.Edges, Y: up, Ink: Blue},
		{Name: m.DownName, Kind: Blocks, X: m.Edges, Y: down, Ink: Orange, Thin: true},
	}
}

func (m Mirror) under(c *canvas, a *area, _ []tick, y float64) float64 {
	y += 8
	b := area{x: a.x, left: a.left, right: a.right, top: y, bottom: y + 2*mirrorHigh, outer: a.outer}
	high := 0.0
	list := m.series()
	for _, s := range list {
		for _, v := range s.Y {
			high = max(high, math.Abs(v))
		}
	}
	if !(high > 0) {
		high = 1
	}
	b.y = scale{low: -high, high: high, from: b.bottom, to: b.top}
	b.clip = a.clip + "-under"
	c.clip(b)
	var labels []label
	for _, s := range list {
		if l, ok := c.blocks(&b, s); ok && s.Name != "" {
			l.lines = wrap(s.Name, small, a.lineRoom())
			labels = append(labels, l)
		}
	}
	c.axisLine(b.left, b.y.at(0), b.right, b.y.at(0))
	if a.square {
		for _, l := range labels {
			c.put(&b, b.right, l.y, l.lines, Left, false, Black)
		}
	} else {
		c.labels(&b, labels)
	}
	return b.bottom + 8
}

// AtRisk is a table under the axes: how many of each group are still watched at each tick.
type AtRisk struct {
	Head   string
	Groups []string
	Count  func(group int, t float64) int
	Inks   []Ink // of the groups' marks
}

func (r AtRisk) names() []string {
	list := make([]string, len(r.Groups))
	for i, name := range r.Groups {
		list[i] = name + "MM" // the last number reaches over the end of the axis
	}
	return list
}

func (r AtRisk) under(c *canvas, a *area, ticks []tick, y float64) float64 {
	for i, line := range wrap(r.Head, small, a.outer[1]-a.outer[0]) {
		y += leading + 6*float64(max(0, 1-i))
		c.text(a.outer[0], y-4, line, `font-size="13"`, Grey)
	}
	every := r.every(a, ticks)
	for g, name := range r.Groups {
		y += leading + 2
		last := a.right
		for k := 0; k < len(ticks); k += every {
			text := Number(float64(r.Count(g, ticks[k].at)))
			half := width(text, small) / 2
			x := max(a.x.at(ticks[k].at), a.outer[0]+half)
			c.text(x, y-4, text, `font-size="13" text-anchor="middle"`, Black)
			last = max(last, x+half)
		}
		for i, line := range wrap(name, small, max(40, a.outer[1]-last-10)) {
			if i > 0 {
				y += rowHigh
			}
			c.text(last+10, y-4, line, `font-size="13"`, Black)
		}
	}
	return y + 4
}

// every is how many ticks stand between two numbers, so that none meets the next.
func (r AtRisk) every(a *area, ticks []tick) int {
	wide := 0.0
	for g := range r.Groups {
		for _, t := range ticks {
			wide = max(wide, width(Number(float64(r.Count(g, t.at))), small))
		}
	}
	if len(ticks) < 2 {
		return 1
	}
	step := math.Abs(a.x.at(ticks[1].at) - a.x.at(ticks[0].at))
	return max(1, int(math.Ceil((wide+8)/max(step, 1))))
}

// clip declares the room of the data of an area.
func (c *canvas) clip(a area) {
	fmt.Fprintf(c, `<clipPath id="%s"><rect x="%s" y="%s" width="%s" height="%s"/></clipPath>`+"\n",
		escape(a.clip), px(a.left-1), px(a.top-6), px(a.right-a.left+2), px(a.bottom-a.top+12))
}
