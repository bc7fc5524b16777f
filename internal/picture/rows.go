package picture

import (
	"fmt"
	"math"
	"strings"
)

// Rows is a body of one row of words for each value, with the value on an axis beside them: a forest plot of subgroups, bars of
// importance, odds ratios, drift by column. In a narrow figure the words stand above their mark.
type Rows struct {
	Heads      []string // of the name, the cells and the text; nil: no head
	X          Axis
	List       []Row
	References []Reference // upright lines
	Bars       bool        // bars from the axis instead of marks
}

// Row is one value with its words.
type Row struct {
	Name             string
	Cells            []string // numbers beside the name, such as n and events
	Value, Low, High float64  // NaN: not drawn
	Text             string   // the value with its interval
	Head             bool     // the name of the rows below it
	Inset            bool     // below such a name
	Quiet            bool     // too few to say anything: grey, without a mark; Text says so
	Ink              Ink
}

const (
	rowGap = 16.0  // between columns
	inset  = 14.0  // of rows below a head
	strip  = 170.0 // the least room for the marks beside the words
)

// rowSheet is the layout of Rows: where the columns end and every row's place.
type rowSheet struct {
	Rows
	x, wide     float64
	name        float64   // width of the names
	cells       []float64 // right ends
	left, right float64   // of the axis
	stacked     bool
	scale       scale
	ticks       []tick
}

func (r Rows) draw(c *canvas, x, y, wide float64) float64 {
	s := r.sheet(x, wide)
	y = s.heads(c, y)
	y = s.referenceNames(c, y) + 4
	marks, at := y, make([]float64, len(r.List))
	words := &canvas{id: c.id}
	for i, row := range r.List {
		at[i], y = s.row(words, row, y)
	}
	s.rulers(c, marks, y+4)
	c.Write(words.Bytes())
	for i, row := range r.List {
		if !row.Head && !row.Quiet {
			s.mark(c, row, at[i])
		}
	}
	return s.foot(c, y+4)
}

// sheet finds the columns.
func (r Rows) sheet(x, wide float64) *rowSheet {
	s := &rowSheet{Rows: r, x: x, wide: wide}
	cells, text := r.widths()
	sum := 0.0
	for _, w := range cells {
		sum += w + rowGap
	}
	s.name = min(r.nameWidth(), max(wide*.2, wide-sum-text-2*rowGap-max(strip, wide*.36)))
	s.left, s.right = x+s.name+rowGap+sum+8, x+wide-text-rowGap
	if s.stacked = s.right-s.left < strip; s.stacked {
		s.left, s.right = x+8, x+wide-8
		s.name = wide - text - rowGap
	}
	at := x + s.name
	for _, w := range cells {
		at += rowGap + w
		s.cells = append(s.cells, at)
	}
	s.scale, s.ticks = fit(r.X, r.padded(), s.left, s.right)
	return s
}

// widths are those of the cells by column and of the text.
func (r Rows) widths() (cells []float64, text float64) {
	add := func(k int, word string) {
		for len(cells) <= k {
			cells = append(cells, 0)
		}
		cells[k] = max(cells[k], width(word, small))
	}
	for _, row := range r.List {
		for k, word := range row.Cells {
			add(k, word)
		}
		text = max(text, width(row.Text, small))
	}
	for k := range cells {
		if k+1 < len(r.Heads) {
			add(k, r.Heads[k+1])
		}
	}
	if n := len(r.Heads); n > 0 && n > len(cells)+1 {
		text = max(text, width(r.Heads[n-1], small))
	}
	return cells, text
}

func (r Rows) nameWidth() (most float64) {
	for _, row := range r.List {
		w := width(row.Name, small) * 1.05
		if row.Inset {
			w += inset
		}
		most = max(most, w+2)
	}
	if len(r.Heads) > 0 {
		most = max(most, width(r.Heads[0], small)+2)
	}
	return most
}

// reach are the values that the axis must show. On a log axis an interval's end far beyond all values is left to an arrow: a
// separated column would press all others together.
func (r Rows) reach() (list []float64) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, row := range r.List {
		if !row.Quiet && !row.Head && !math.IsNaN(row.Value) && (row.Value > 0 || !r.X.Log) {
			low, high = min(low, row.Value), max(high, row.Value)
			list = append(list, row.Value)
		}
	}
	for _, row := range r.List {
		if row.Quiet || row.Head {
			continue
		}
		for _, v := range []float64{row.Low, row.High} {
			if !r.X.Log || v >= low/20 && v <= high*20 {
				list = append(list, v)
			}
		}
	}
	for _, ref := range r.References {
		list = append(list, ref.X1)
	}
	if r.Bars && !r.X.Log {
		list = append(list, 0)
	}
	return list
}

// padded is the reach with a little room at both ends, none before the zero of bars.
func (r Rows) padded() []float64 {
	list := r.reach()
	low, high := extent(r.X, list)
	if r.X.Log {
		f := math.Pow(high/low, .06)
		return append(list, low/f, high*f)
	}
	pad := (high - low) * .04
	if !r.Bars || low < 0 {
		list = append(list, low-pad)
	}
	return append(list, high+pad)
}

// heads writes the names of the columns over a rule.
func (s *rowSheet) heads(c *canvas, y float64) float64 {
	if len(s.Heads) == 0 || s.stacked {
		return y
	}
	c.text(s.x, y+14, s.Heads[0], `font-size="13"`, Grey)
	for k, at := range s.cells {
		if k+1 < len(s.Heads) {
			c.text(at, y+14, s.Heads[k+1], `font-size="13" text-anchor="end"`, Grey)
		}
	}
	if n := len(s.Heads); n > len(s.cells)+1 {
		c.text(s.x+s.wide, y+14, s.Heads[n-1], `font-size="13" text-anchor="end"`, Grey)
	}
	c.line(s.x, y+22, s.x+s.wide, y+22, stroke(Black, 1.5, false))
	return y + 28
}

// referenceNames writes the names of the lines above the marks, one level up where two would meet.
func (s *rowSheet) referenceNames(c *canvas, y float64) float64 {
	var placed []room
	levels := 0
	for _, r := range s.References {
		at, half := s.scale.at(r.X1), width(r.Name, small)/2
		if r.Name == "" || math.IsNaN(at) {
			continue
		}
		at = min(max(at, s.x+half), s.x+s.wide-half)
		b := room{at - half - 4, 0, at + half + 4, 1}
		level := 0
		for free := false; !free; {
			free = true
			for _, o := range placed {
				if o.top == float64(level) && b.left < o.right && o.left < b.right {
					free = false
				}
			}
			if !free {
				level++
			}
		}
		b.top = float64(level)
		placed, levels = append(placed, b), max(levels, level+1)
		c.text(at, y+13+leading*float64(level), r.Name, `font-size="13" text-anchor="middle"`, Grey)
	}
	return y + leading*float64(levels)
}

// row writes the words of one row and returns the height of its mark and where the row ends.
func (s *rowSheet) row(c *canvas, row Row, y float64) (at, end float64) {
	k, look, x := Black, `font-size="13"`, s.x
	if row.Quiet {
		k = Grey
	}
	if row.Head {
		look += ` font-weight="600"`
	}
	if row.Inset {
		x += inset
	}
	names := wrap(row.Name, small, (s.name-x+s.x)/1.05)
	for i, line := range names {
		c.over(x, y+16+rowHigh*float64(i), line, look, k)
	}
	c.over(s.x+s.wide, y+16, row.Text, `font-size="13" text-anchor="end"`, k)
	end = y + 8 + rowHigh*float64(max(1, len(names)))
	if !s.stacked {
		for i, cell := range row.Cells {
			c.text(s.cells[i], y+16, cell, `font-size="13" text-anchor="end"`, k)
		}
		return y + 11.5, end
	}
	if words := s.stackedCells(row); words != "" {
		for _, line := range wrap(words, small, s.wide-x+s.x) {
			c.over(x, end+8, line, `font-size="13"`, Grey)
			end += rowHigh
		}
	}
	if row.Head || row.Quiet {
		return end, end
	}
	return end + 8, end + 20
}

// stackedCells are the numbers of a row with their heads, for one line.
func (s *rowSheet) stackedCells(row Row) string {
	var list []string
	for i, cell := range row.Cells {
		if i+1 < len(s.Heads) {
			cell = s.Heads[i+1] + " " + cell
		}
		list = append(list, cell)
	}
	return strings.Join(list, " · ")
}

// rulers are the upright lines behind the marks, and the zero of bars to both sides.
func (s *rowSheet) rulers(c *canvas, top, bottom float64) {
	if zero := s.scale.at(0); s.Bars && zero > s.left+1 && zero < s.right {
		c.axisLine(zero, top, zero, bottom)
	}
	for _, r := range s.References {
		if x := s.scale.at(r.X1); !math.IsNaN(x) && x >= s.left-1 && x <= s.right+1 {
			c.line(x, top, x, bottom, `class="axis" stroke="`+tickLine+`" stroke-dasharray="3 3"`)
		}
	}
}

// foot draws the axis and its name.
func (s *rowSheet) foot(c *canvas, y float64) float64 {
	a := area{x: s.scale, left: s.left, right: s.right, bottom: y, outer: [2]float64{s.x, s.x + s.wide}}
	c.axisLine(s.left, y, s.right, y)
	return c.nameOfX(a, s.X.Name, c.xTicks(a, s.X, s.ticks))
}

// mark draws the value of one row: a mark with its whisker, or a bar.
func (s *rowSheet) mark(c *canvas, row Row, y float64) {
	at := s.scale.at(row.Value)
	if math.IsNaN(at) {
		return
	}
	if s.Bars {
		s.bar(c, row, y, at)
	}
	s.whisker(c, row, y)
	if !s.Bars && at >= s.left-1 && at <= s.right+1 {
		c.mark(at, y, Series{Ink: row.Ink})
	}
}

func (s *rowSheet) bar(c *canvas, row Row, y, at float64) {
	from := s.left
	if !s.scale.log {
		from = min(max(s.scale.at(0), s.left), s.right)
	}
	at = min(max(at, s.left), s.right)
	look := fmt.Sprintf(`class="f%d" fill="%s"`, row.Ink, row.Ink.well().light)
	if row.Ink == Orange { // hollow, so that it differs without colour
		look = stroke(row.Ink, 1.5, false)
	}
	fmt.Fprintf(c, `<rect x="%s" y="%s" width="%s" height="10" %s/>`+"\n", px(min(from, at)), px(y-5), px(max(.5, math.Abs(at-from))), look)
}

// whisker is the interval, with a head where it goes on beyond the axis.
func (s *rowSheet) whisker(c *canvas, row Row, y float64) {
	low, high := s.scale.at(row.Low), s.scale.at(row.High)
	if row.Low <= 0 && s.scale.log && !math.IsNaN(row.Low) {
		low = math.Inf(-1)
	}
	if math.IsNaN(low) || math.IsNaN(high) || low > s.right || high < s.left {
		return
	}
	k := row.Ink
	if s.Bars {
		k = Black
	}
	look := stroke(k, 1.5, false)
	from, to := max(low, s.left), min(high, s.right)
	c.line(from, y, to, y, look)
	if low < s.left-.5 || math.IsInf(row.Low, -1) {
		fmt.Fprintf(c, `<path d="M%s %sl-6 4 6 4" %s/>`+"\n", px(from+6), px(y-4), look)
	}
	if high > s.right+.5 || math.IsInf(row.High, 1) {
		fmt.Fprintf(c, `<path d="M%s %sl6 4-6 4" %s/>`+"\n", px(to-6), px(y-4), look)
	}
}
