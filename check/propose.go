package check

import (
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"gradus/table"
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

// isolated proposes sentinels and values on another scale. They lie beyond the range of the middle nine tenths of the values
// that are no sentinels by more than half of it, and a sentinel lies as far from every other such value.
func (v *survey) isolated(c *checker, values []float64) {
	x := slices.DeleteFunc(values, math.IsNaN)
	slices.Sort(x)
	inner := slices.DeleteFunc(slices.Clone(x), isSentinel)
	if len(inner) < 5 || 2*len(inner) < len(x) {
		return
	}
	low, high := inner[len(inner)/20], inner[len(inner)-1-len(inner)/20]
	half := .5 * (high - low)
	for a, n := range spells(x) {
		if a >= low-half && a <= high+half {
			continue
		}
		switch by := scale(a, low-half, high); {
		case isSentinel(a) && alone(inner, a, half):
			v.add1(table.Format(a), "missing", n, c.say("why_sentinel", "low", low, "high", high), false)
		case by > 0 && !isSentinel(a) && a > 3*high && 20*n <= len(x):
			v.add1(table.Format(a), "/"+strconv.Itoa(by), n, c.say("why_scale", "by", by, "low", low, "high", high), false)
		}
		if len(v.Proposals) > mostProposals {
			return
		}
	}
}

// mostProposals bounds what one column may ask.
const mostProposals = 20

// spells are the different values of the sorted x, each with its count.
func spells(x []float64) iter.Seq2[float64, int] {
	return func(yield func(float64, int) bool) {
		for i := 0; i < len(x); {
			n := 1
			for i+n < len(x) && x[i+n] == x[i] {
				n++
			}
			if !yield(x[i], n) {
				return
			}
			i += n
		}
	}
}

// scale is 10 or 18 where a would lie between low and high divided by it, else 0.
func scale(a, low, high float64) int {
	for _, by := range []int{10, 18} {
		if q := a / float64(by); low > 0 && q >= low && q <= high {
			return by
		}
	}
	return 0
}

func isSentinel(a float64) bool { return slices.Contains(sentinels, a) }

// alone reports whether no value of the sorted x lies within reach of a.
func alone(x []float64, a, reach float64) bool {
	i, _ := slices.BinarySearch(x, a)
	return (i == 0 || a-x[i-1] > reach) && (i == len(x) || x[i]-a > reach)
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
