package room

import (
	"math"
	"strconv"
	"strings"

	"gradus/internal/kernel"
	"gradus/internal/say"
)

// formula is a value of the plane.
type formula func(x, y float64) float64

// playFormula reads the border that a learner has typed, such as x1^2+sin(x2)-1: where it is above 0 lies class 1. It is refused where
// it cannot be read, and where one class would have no room.
func playFormula(text string) (formula, error) {
	r := &reading{text: strings.ToLower(text)}
	f := r.sum(0)
	if f == nil || r.at < len(r.text) {
		return nil, say.Error("labroom.play_border_bad", "at", r.at+1, "text", text)
	}
	above, all := 0, 0
	for _, p := range playGrid(26) {
		all++
		if f(p[0], p[1]) > 0 {
			above++
		}
	}
	if above < all/50 || above > all-all/50 {
		return nil, say.Error("labroom.play_border_empty", "text", text)
	}
	return f, nil
}

// reading goes through a formula from left to right; nil stands for what cannot be read.
type reading struct {
	text string
	at   int
}

// deep is how many brackets may stand in one another.
const deep = 12

// take steps over one of the signs, if it is next.
func (r *reading) take(signs string) byte {
	if r.at < len(r.text) && strings.IndexByte(signs, r.text[r.at]) >= 0 {
		r.at++
		return r.text[r.at-1]
	}
	return 0
}

// sum is a ± b ± …
func (r *reading) sum(depth int) formula {
	f := r.product(depth)
	for f != nil {
		sign := r.take("+-")
		if sign == 0 {
			return f
		}
		a, b := f, r.product(depth)
		switch {
		case b == nil:
			return nil
		case sign == '+':
			f = func(x, y float64) float64 { return a(x, y) + b(x, y) }
		default:
			f = func(x, y float64) float64 { return a(x, y) - b(x, y) }
		}
	}
	return nil
}

// product is a * b / …
func (r *reading) product(depth int) formula {
	f := r.power(depth)
	for f != nil {
		sign := r.take("*/")
		if sign == 0 {
			return f
		}
		a, b := f, r.power(depth)
		switch {
		case b == nil:
			return nil
		case sign == '*':
			f = func(x, y float64) float64 { return float64(a(x, y) * b(x, y)) }
		default:
			f = func(x, y float64) float64 { return a(x, y) / b(x, y) }
		}
	}
	return nil
}

// power is a or a^n with a digit n.
func (r *reading) power(depth int) formula {
	if r.take("-") != 0 {
		f := r.power(depth)
		if f == nil {
			return nil
		}
		return func(x, y float64) float64 { return -f(x, y) }
	}
	f := r.atom(depth)
	if f == nil || r.take("^") == 0 {
		return f
	}
	n := int(r.take("123456789"))
	if n == 0 {
		return nil
	}
	return func(x, y float64) float64 {
		v := f(x, y)
		p := v
		for range n - '1' {
			p = float64(p * v)
		}
		return p
	}
}

// named are the functions that may stand before a bracket.
var named = []struct {
	name string
	of   func(float64) float64
}{
	{"sin", func(v float64) float64 { return kernel.Cos(v - math.Pi/2) }},
	{"cos", kernel.Cos},
	{"exp", kernel.Exp},
	{"abs", math.Abs},
	{"sqrt", math.Sqrt},
}

// atom is a number, x1, x2, or a bracket with or without a function before it.
func (r *reading) atom(depth int) formula {
	rest := r.text[r.at:]
	switch {
	case strings.HasPrefix(rest, "x1"):
		r.at += 2
		return func(x, _ float64) float64 { return x }
	case strings.HasPrefix(rest, "x2"):
		r.at += 2
		return func(_, y float64) float64 { return y }
	}
	of := func(v float64) float64 { return v }
	for _, f := range named {
		if strings.HasPrefix(rest, f.name+"(") {
			r.at, of = r.at+len(f.name), f.of
		}
	}
	if r.take("(") == 0 {
		return r.number()
	}
	if depth >= deep {
		return nil
	}
	f := r.sum(depth + 1)
	if f == nil || r.take(")") == 0 {
		return nil
	}
	return func(x, y float64) float64 { return of(f(x, y)) }
}

// number is digits with or without a point.
func (r *reading) number() formula {
	from := r.at
	for r.take("0123456789.") != 0 {
	}
	v, err := strconv.ParseFloat(r.text[from:r.at], 64)
	if err != nil {
		r.at = from
		return nil
	}
	return func(_, _ float64) float64 { return v }
}
