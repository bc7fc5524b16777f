package check

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// sentinels are numbers that stand for "not measured" in many files.
var sentinels = []float64{-99999, -9999, -999, -99, -9, -1, 9, 88, 99, 777, 888, 999, 7777, 8888, 9999, 99999, 999999}

// propose asks a person about the odd values of a column of numbers.
func (v *survey) propose(c *checker) {
	values := c.values(v)
	v.odd(c)
	v.isolated(c, values)
	v.mixed(c)
	if len(v.labels) == 0 && !v.over && v.whole == v.numbers && v.numbers == v.filled && v.distinct() > 2 && v.distinct() <= 10 {
		v.add1("*", "category", v.filled, c.say("why_code", "n", v.distinct()), false)
	}
}

func (v *survey) add1(value, as string, n int, why string, accept bool) {
	v.Proposals = append(v.Proposals, Proposal{value, as, n, why, accept})
}

// values are the numbers of a column by row, NaN where there is none.
func (c *checker) values(v *survey) []float64 {
	x := make([]float64, len(c.rows))
	for k, r := range c.rows {
		x[k] = math.NaN()
		if s := c.cell(r, v.at); !v.gone(s) {
			if n, ok := number(s); ok {
				x[k] = n.v
			}
		}
	}
	return x
}

// odd proposes for bounds ("<0.5") and for text among numbers, which is shown only where it is short and repeated, as codes are.
func (v *survey) odd(c *checker) {
	unread := v.filled - v.numbers
	for k, s := range v.cells {
		if v.gone(s) {
			continue
		}
		r, ok := number(s)
		switch {
		case ok && r.bound == '<':
			v.add1(s, "lod/2", v.counts[k], c.say("why_lod"), true)
		case ok && r.bound == '>':
			v.add1(s, "limit", v.counts[k], c.say("why_above"), true)
		case !ok && v.counts[k] >= 5 && len(s) <= 24 && !personal(s) && !named(s) && !strings.ContainsAny(s, "\n\r"):
			v.add1(s, "missing", v.counts[k], c.say("why_word"), true)
			unread -= v.counts[k]
		}
	}
	if unread > 0 {
		v.add1("", "missing", unread, c.say("why_unread"), true)
	}
}

// isolated proposes sentinels and values on another scale: they lie beyond the range of the middle 95 % by more than half of it,
// either side, so that with the range they would make 1.5 times it.
func (v *survey) isolated(c *checker, values []float64) {
	x := slices.DeleteFunc(values, math.IsNaN)
	if len(x) < 5 {
		return
	}
	slices.Sort(x)
	inner := slices.DeleteFunc(slices.Clone(x), func(a float64) bool { return isSentinel(a) && apart(x, a) })
	if len(inner) < 3 {
		return
	}
	low, high := inner[len(inner)*25/1000], inner[(len(inner)*975-1)/1000]
	half := .5 * (high - low)
	for i := 0; i < len(x); {
		a, n := x[i], 1
		for i+n < len(x) && x[i+n] == a {
			n++
		}
		i += n
		if a >= low-half && a <= high+half {
			continue
		}
		text := strconv.FormatFloat(a, 'f', -1, 64)
		if isSentinel(a) {
			v.add1(text, "missing", n, c.say("why_sentinel", "low", low, "high", high), false)
			continue
		}
		for _, by := range []float64{10, 18} {
			if low > 0 && a/by >= low-half && a/by <= high && a > 3*high && 20*n <= len(x) {
				v.add1(text, "/"+strconv.Itoa(int(by)), n, c.say("why_scale", "by", by, "low", low, "high", high), false)
				break
			}
		}
		if len(v.Proposals) > 20 {
			return
		}
	}
}

func isSentinel(a float64) bool { return slices.Contains(sentinels, a) }

// apart reports whether a is at an end of the sorted x, or nothing but other sentinels lies beyond it.
func apart(x []float64, a float64) bool {
	below, above := 0, 0
	for _, b := range x {
		if b < a && !isSentinel(b) {
			below++
		}
		if b > a && !isSentinel(b) {
			above++
		}
	}
	return min(below, above)*50 < len(x)
}

// mixed warns of two units, or of a cluster of values ten or eighteen times the others'.
func (v *survey) mixed(c *checker) {
	if len(v.units) > 1 {
		v.warning = c.say("warn_units", "column", v.Name, "n", len(v.units))
		return
	}
	for _, p := range v.Proposals {
		if strings.HasPrefix(p.As, "/") {
			v.warning = c.say("warn_scale", "column", v.Name, "by", p.As[1:])
		}
	}
}
