package check

import (
	"slices"
	"strings"
)

// style is how the cells of a column write numbers or dates where that is not the common way.
type style byte

// The styles; their words are what a proposal reads such cells as.
const (
	common     style = iota
	comma            // 12,5 and 1.234,5
	dayFirst         // 31/12/2021
	monthFirst       // 12/31/2021
)

var styleWords = [...]string{"", "decimal comma", "day first", "month first"}

// marks stand for the cells of a style in the study file.
var styleMarks = [...]string{"", ",", "d/m/y", "m/d/y"}

// styled is what the cells of one column say about its style.
type styled struct {
	filled, plain int // filled cells; those that are numbers as they stand
	commas        int // numbers that only a decimal comma explains
	thousands     int // that a decimal comma explains, or one between thousands
	against       int // that a decimal comma does not explain: 12.5, 1,2,3
	days          int // dates whose first part is a day, above 12
	months        int // whose second part is a day, above 12
	either        int // where both are at most 12
}

// look counts what cell s says.
func (t *styled) look(s string) {
	if missing(s) {
		return
	}
	t.filled++
	if a, b, _, ok := slashed(s); ok {
		switch {
		case a > 12 && b <= 12:
			t.days++
		case b > 12 && a <= 12:
			t.months++
		case a <= 12:
			t.either++
		}
		return
	}
	digits := numeral(s)
	if digits == "" {
		return
	}
	whole, part, found := strings.Cut(digits, ",")
	switch {
	case !found && strings.Contains(digits, "."):
		if t.plain++; !grouped(digits, '.') {
			t.against++
		}
	case !found:
		t.plain++
	case strings.ContainsAny(part, ",.") || strings.Contains(whole, ".") && !grouped(whole, '.'):
		t.against++
	case len(part) == 3 && len(whole) <= 3 && whole != "0":
		t.thousands++
	default:
		t.commas++
	}
}

// numeral is the digits, points and commas of s where it is a number, perhaps with a sign, a bound or a unit; else "".
func numeral(s string) string {
	s = strings.TrimLeft(s, "<>=≤≥ +-−")
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.' || s[end] == ',') {
		end++
	}
	if end == 0 || s[0] == ',' || s[0] == '.' || s[end-1] == ',' {
		return ""
	}
	if u := strings.TrimSpace(s[end:]); u != "" && !unit(u) {
		return ""
	}
	return s[:end]
}

// grouped reports whether mark parts s into thousands: 1.234.567.
func grouped(s string, mark byte) bool {
	parts := strings.Split(s, string(mark))
	return len(parts[0]) <= 3 && !slices.ContainsFunc(parts[1:], func(p string) bool { return len(p) != 3 })
}

// slashed reads the two numbers before a year, 5/3/2021, 05.03.2021 or 05-03-2021, perhaps with a time; where is the year's place.
func slashed(s string) (a, b, where int, ok bool) {
	if len(s) < 8 || s[0] < '0' || s[0] > '9' {
		return
	}
	a, rest, ok := digits(s, 2)
	if !ok || rest == "" || strings.IndexByte("/.-", rest[0]) < 0 {
		return 0, 0, 0, false
	}
	mark := rest[0]
	b, rest, ok = digits(rest[1:], 2)
	if !ok || rest == "" || rest[0] != mark {
		return 0, 0, 0, false
	}
	where = len(s) - len(rest) + 1
	year, rest, ok := digits(rest[1:], 4)
	return a, b, where, ok && year >= 1800 && year <= 2200 && a >= 1 && b >= 1 && a <= 31 && b <= 31 && clock(rest)
}

// rewrite is the cell s of a column of the style as others write it; a cell that is not of the style stays.
func (t style) rewrite(s string) string {
	switch t {
	case comma:
		n := numeral(s)
		if n == "" || !strings.Contains(n, ",") && !grouped(n, '.') {
			return s
		}
		return strings.Replace(s, n, strings.Replace(strings.ReplaceAll(n, ".", ""), ",", ".", 1), 1)
	case dayFirst, monthFirst:
		day, month, at, ok := slashed(s)
		if t == monthFirst {
			day, month = month, day
		}
		if ok {
			return s[at:at+4] + "-" + two(month) + "-" + two(day) + s[at+4:]
		}
	}
	return s
}

func two(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }

// most reports whether four cells of five are among n.
func (t *styled) most(n int) bool { return t.filled > 0 && 5*n >= 4*t.filled }

// number tells whether the column writes decimal commas: surely, or perhaps.
func (t *styled) number() (sure, perhaps bool) {
	if t.against > 0 || t.commas+t.thousands == 0 || !t.most(t.plain+t.commas+t.thousands) {
		return false, false
	}
	return t.commas > 0, true
}

// date tells the style of a column of dates with the year behind; common where the cells leave both open or contradict one another.
func (t *styled) date() (s style, dates bool) {
	dates = t.most(t.days + t.months + t.either)
	switch {
	case !dates || t.days > 0 && t.months > 0:
		return common, false
	case t.days > 0:
		return dayFirst, true
	case t.months > 0:
		return monthFirst, true
	}
	return common, true
}

// restyle finds the style of every column from its own cells, and that of dates which leave it open from the other dates of the file.
// What is decided is proposed as accepted; what is open is asked.
func (c *checker) restyle() {
	found, styles := make([]styled, len(c.names)), make([]style, len(c.names))
	c.asked = make([][]Proposal, len(c.names))
	c.each(func(i int) {
		if !slices.ContainsFunc(c.rows, func(r int) bool { return c.hint(r, i) }) {
			return // most columns: no comma, no year behind
		}
		for _, r := range c.rows {
			found[i].look(c.cell(r, i))
		}
	})
	var seen [4]bool
	european := false
	for i := range found {
		s, _ := found[i].date()
		sure, _ := found[i].number()
		seen[s], european = true, european || sure && c.sheet.Delimiter != ","
	}
	for i := range found {
		if s, ok := c.dateStyle(i, &found[i], seen[dayFirst], seen[monthFirst]); ok {
			styles[i] = s
			continue
		}
		sure, perhaps := found[i].number()
		n := found[i].commas + found[i].thousands
		switch {
		case sure && c.sheet.Delimiter != ",":
			styles[i] = comma
			c.ask(i, comma, n, c.say("why_comma", "n", found[i].commas), true)
		case sure, perhaps && (european || c.sheet.Delimiter == ";"):
			c.ask(i, comma, n, c.say("why_comma_open"), false)
		}
	}
	c.styles = styles
}

// hint reports whether a cell holds a comma or a date with the year behind.
func (c *checker) hint(record, column int) bool {
	r := c.sheet.Records[record]
	if column >= len(r) {
		return false
	}
	_, _, _, dated := slashed(strings.TrimSpace(r[column]))
	return dated || strings.IndexByte(r[column], ',') >= 0
}

// dateStyle settles a column of dates with the year behind.
func (c *checker) dateStyle(i int, t *styled, days, months bool) (style, bool) {
	s, dates := t.date()
	n := t.days + t.months + t.either
	switch {
	case !dates:
		return common, false
	case s != common:
		c.ask(i, s, n, c.say("why_part_above", "n", max(t.days, t.months)), true)
	case days != months:
		s = dayFirst
		if months {
			s = monthFirst
		}
		c.ask(i, s, n, c.say("why_other_dates"), true)
	default:
		c.ask(i, dayFirst, n, c.say("why_date_open"), false)
		c.ask(i, monthFirst, n, c.say("why_date_open"), false)
		c.open[i] = true
		s = dayFirst // so that the column is known as dates
	}
	return s, true
}

func (c *checker) ask(i int, s style, n int, why string, accept bool) {
	c.asked[i] = append(c.asked[i], Proposal{styleMarks[s], styleWords[s], n, why, accept})
}

// follow takes the styles that a study accepts.
func (f *frame) follow(s *Study) {
	f.styles = make([]style, len(f.names))
	for _, c := range s.Columns {
		at := slices.Index(f.names, c.Name)
		for _, p := range c.Proposed {
			if k := slices.Index(styleWords[:], p.As); at >= 0 && k > 0 && p.Accept && p.Value == styleMarks[k] {
				f.styles[at] = style(k)
			}
		}
	}
}
