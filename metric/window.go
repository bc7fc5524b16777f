package metric

import "math"

const leaf = 32 // distinct predictions in the smallest block

// block stands for a stretch of predictions: Gauss's measures of its rows and of its events, at places counted from centre.
type block struct {
	centre       float64
	rows, events measure
}

// blocks is the blocks of leaf, 2·leaf, 4·leaf … predictions, level by level; what is left over at the end has none.
//
// On one side of z the tricube weight is a polynomial of degree 9 in x, so that every sum of a local parabola over a block that lies on that
// side and within reach is a sum of a polynomial of degree at most 13: seven places give it exactly, where the block has thousands.
func blocks(x, rows, events []float64) (levels [][]block) {
	var k lanczos
	var level []block
	for from := 0; from+leaf <= len(x); from += leaf {
		b := block{centre: x[from+leaf/2]}
		k.clear()
		for i := from; i < from+leaf; i++ {
			k.add(x[i]-b.centre, rows[i])
		}
		b.rows = k.gauss(rowNodes)
		k.clear()
		for i := from; i < from+leaf; i++ {
			k.add(x[i]-b.centre, events[i])
		}
		b.events = k.gauss(eventNodes)
		level = append(level, b)
	}
	for len(level) > 0 {
		levels = append(levels, level)
		var above []block
		for i := 0; i+1 < len(level); i += 2 {
			above = append(above, k.join(&level[i], &level[i+1]))
		}
		level = above
	}
	return levels
}

func (k *lanczos) join(a, b *block) block {
	c, shift := block{centre: b.centre}, a.centre-b.centre
	k.clear()
	k.measure(&a.rows, shift)
	k.measure(&b.rows, 0)
	c.rows = k.gauss(rowNodes)
	k.clear()
	k.measure(&a.events, shift)
	k.measure(&b.events, 0)
	c.events = k.gauss(eventNodes)
	return c
}

func (k *lanczos) measure(m *measure, shift float64) {
	for i := range m.n {
		k.add(m.t[i]+shift, m.w[i])
	}
}

// cloud is weighted places u around z.
type cloud struct{ u, w []float64 }

func (c *cloud) add(u, w float64) { c.u, c.w = append(c.u, u), append(c.w, w) }

// gather fills the clouds of rows and of events with the tricube weights of the predictions from … to, all of them on one side of z.
func (l *loess) gather(from, to int, z, reach float64) {
	for i := from; i < to; {
		level := -1
		for size := leaf; level+1 < len(l.levels) && i%size == 0 && i+size <= to; size *= 2 {
			level++
		}
		if level < 0 {
			u := (l.x[i] - z) / reach
			w := tricube(u)
			l.near0.add(u, w*l.rows[i])
			if l.events[i] > 0 {
				l.near1.add(u, w*l.events[i])
			}
			i++
			continue
		}
		b := &l.levels[level][i/(leaf<<level)]
		l.near0.spread(&b.rows, b.centre-z, reach)
		l.near1.spread(&b.events, b.centre-z, reach)
		i += leaf << level
	}
}

func (c *cloud) spread(m *measure, shift, reach float64) {
	for i, t := range m.t[:m.n] {
		u := (shift + t) / reach
		c.add(u, tricube(u)*m.w[i])
	}
}

// parabola is a weighted quadratic in the orthogonal polynomials p₀ = 1, p₁ = u − a, p₂ = (u−b)·p₁ − c, of squares s₀, s₁ and s₂: y₀ + y₁·p₁ +
// y₂·p₂. Of too few places a square is 0 and its polynomial not used.
type parabola struct{ a, b, c, s0, s1, s2, y0, y1, y2 float64 }

// rank: a polynomial whose square is this small against the weights is rounding, not data.
const rank = 1e-26

// fit is the parabola of least squares, rows of the cloud r of which those of the cloud e are events. Orthogonal polynomials keep their digits
// where the normal equations lose them.
func fit(r, e *cloud) (p parabola) {
	sumU := 0.
	for i, u := range r.u {
		p.s0 += r.w[i]
		sumU += r.w[i] * u
	}
	for _, w := range e.w {
		p.y0 += w
	}
	p.y0, p.a = p.y0/p.s0, sumU/p.s0
	for i, u := range r.u {
		p1 := u - p.a
		p.s1 += r.w[i] * p1 * p1
		p.b += r.w[i] * p1 * p1 * u
		p.y1 -= r.w[i] * p1 * p.y0
	}
	if p.s1 <= rank*p.s0 {
		p.s1, p.y1 = 0, 0
		return p
	}
	for i, u := range e.u {
		p.y1 += e.w[i] * (u - p.a)
	}
	p.b, p.y1, p.c = p.b/p.s1, p.y1/p.s1, p.s1/p.s0
	for i, u := range r.u {
		p1 := u - p.a
		p2 := (u-p.b)*p1 - p.c
		p.s2 += r.w[i] * p2 * p2
		p.y2 -= r.w[i] * p2 * (p.y0 + p.y1*p1)
	}
	if p.s2 <= rank*p.s0 {
		p.s2, p.y2 = 0, 0
		return p
	}
	for i, u := range e.u {
		p.y2 += e.w[i] * ((u-p.b)*(u-p.a) - p.c)
	}
	p.y2 /= p.s2
	return p
}

// here is the value at u = 0.
func (p *parabola) here() float64 { return p.y0 - p.y1*p.a + p.y2*(p.a*p.b-p.c) }

// pull is what a row at u with weight 1 adds to the value at 0 for each unit of its y.
func (p *parabola) pull(u float64) float64 {
	sum := 1 / p.s0
	if p.s1 > 0 {
		sum -= p.a * (u - p.a) / p.s1
	}
	if p.s2 > 0 {
		sum += (p.a*p.b - p.c) * ((u-p.b)*(u-p.a) - p.c) / p.s2
	}
	return sum
}

// tricube is (1 − |u|³)³ within |u| < 1.
func tricube(u float64) float64 {
	r := math.Abs(u)
	t := max(0, 1-r*r*r)
	return t * t * t
}
