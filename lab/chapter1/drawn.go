package chapter1

import (
	"math"
	"strconv"
	"strings"

	"gradus/lab/scene"
)

// picture is SVG as it grows.
type picture struct{ strings.Builder }

func (p *picture) add(list ...string) {
	for _, s := range list {
		p.WriteString(s)
	}
}

// where writes a place in pixels.
func where(v float64) string { return strings.ReplaceAll(scene.Round(v, 1), "−", "-") }

// node is a circle with a name in it.
func (p *picture) node(x, y float64, name string) {
	p.add(`<circle cx="`, where(x), `" cy="`, where(y), `" r="20"/>`)
	p.text(x, y, name)
}

func (p *picture) text(x, y float64, name string) {
	p.add(`<text stroke="none" fill="currentColor" text-anchor="middle" x="`, where(x), `" y="`, where(y+7), `">`, name, `</text>`)
}

// The picture of a layer, in pixels.
const (
	layerWide, layerPitch  = 560, 46
	layerLeft, layerRight  = 22, 440
	layerRadius, layerRest = 20, 28
)

// drawn is a layer as a picture that stands alone: inputs on the left, neurons on the right, a line for every weight, dashed where it
// is negative and as wide as it is large.
func drawn(w [][]float64) string {
	m, n := len(w), len(w[0])
	high := float64(layerPitch*max(n, m) + 8)
	at := func(i, of int) float64 { return high/2 + float64(layerPitch*(float64(i)-float64(of-1)/2)) }
	p := &picture{}
	p.add(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 `, strconv.Itoa(layerWide), " ", where(high), `" width="`, strconv.Itoa(layerWide),
		`" fill="none" stroke="currentColor" font-family="sans-serif" font-size="21">`)
	most := largest(w)
	for j, row := range w {
		for i, v := range row {
			p.edge(at(i, n), at(j, m), v, most)
		}
	}
	for i := range n {
		p.node(layerLeft, at(i, n), "x"+lowered(i))
	}
	for j := range m {
		p.node(layerRight, at(j, m), "f")
		p.add(`<path d="M`, where(layerRight+layerRadius), " ", where(at(j, m)), "h", where(layerRest), `"/>`)
		p.text(layerRight+layerRadius+layerRest+18, at(j, m), "y"+lowered(j))
	}
	p.add(`</svg>`)
	return p.String()
}

// largest is the largest |w|.
func largest(w [][]float64) float64 {
	most := 1e-9
	for _, row := range w {
		for _, v := range row {
			most = max(most, math.Abs(v))
		}
	}
	return most
}

// edge is the line of one weight.
func (p *picture) edge(from, to, v, most float64) {
	dash := ""
	if v < 0 {
		dash = ` stroke-dasharray="6 3"`
	}
	p.add(`<path d="M`, where(layerLeft+layerRadius), " ", where(from), "L", where(layerRight-layerRadius), " ", where(to),
		`" stroke-width="`, scene.Round(.75+float64(2.4*math.Abs(v)/most), 2), `"`, dash, `/>`)
}
