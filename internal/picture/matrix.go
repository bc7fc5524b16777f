package picture

import (
	"fmt"
	"math"
)

// Matrix is a body of counts by true class (rows) and called class (columns): how many of a row lie in a cell says its shade and
// its share, the right calls have a frame.
type Matrix struct {
	Rows, Columns string // names of the two
	Classes       []string
	Counts        [][]float64           // by row
	Text          func(int, int) string // of a cell; nil: the count
}

func (m Matrix) draw(c *canvas, x, y, wide float64) float64 {
	n := len(m.Classes)
	if n == 0 {
		return y
	}
	names := 0.0
	for _, name := range m.Classes {
		names = max(names, width(name, small))
	}
	names = min(names, wide*.26)
	side := min((wide-names-rowGap)/float64(n), 84)
	left := x + names + 10
	for _, line := range wrap(m.Columns, small, wide-names-10) {
		c.text(left, y+14, line, `font-size="13"`, Grey)
		y += leading
	}
	y = m.columnNames(c, left, y, side)
	for i := range n {
		middle := y + side*(float64(i)+.5)
		lines := wrap(m.Classes[i], small, names)
		for k, line := range lines {
			c.text(x+names, middle+4.5+rowHigh*(float64(k)-float64(len(lines)-1)/2), line, `font-size="13" text-anchor="end"`, Black)
		}
		for j := range n {
			m.cell(c, i, j, left+side*float64(j), y+side*float64(i), side)
		}
	}
	y += side * float64(n)
	for _, line := range wrap(m.Rows, small, wide) {
		y += leading
		c.text(x, y+4, line, `font-size="13"`, Grey)
	}
	return y + 12
}

// columnNames writes the classes above their columns, the last line of each on one height.
func (m Matrix) columnNames(c *canvas, left, y, side float64) float64 {
	most := 0
	for _, name := range m.Classes {
		most = max(most, len(wrap(name, small, side-6)))
	}
	for j, name := range m.Classes {
		lines := wrap(name, small, side-6)
		for k, line := range lines {
			c.text(left+side*(float64(j)+.5), y+13+rowHigh*float64(most-len(lines)+k), line, `font-size="13" text-anchor="middle"`, Black)
		}
	}
	return y + rowHigh*float64(most) + 6
}

// cell draws one count.
func (m Matrix) cell(c *canvas, i, j int, x, y, side float64) {
	count, share := m.share(i, j)
	if share > 0 {
		fmt.Fprintf(c, `<rect x="%s" y="%s" width="%s" height="%s" class="f%d" fill="%s" opacity="%s"/>`+"\n",
			px(x+1), px(y+1), px(side-2), px(side-2), Blue, Blue.well().light, px(.04+.31*share))
	}
	if i == j {
		fmt.Fprintf(c, `<rect x="%s" y="%s" width="%s" height="%s" %s/>`+"\n", px(x+1.75), px(y+1.75), px(side-3.5), px(side-3.5), stroke(Black, 1.5, false))
	}
	text := Number(count)
	if m.Text != nil {
		text = m.Text(i, j)
	}
	size := min(16, max(7, side*.8/max(1, width(text, 1))))
	if side < 52 {
		size = min(size, 13)
	}
	at := y + side/2 + size*.35
	percent := fmt.Sprintf("%.0f%%", 100*share)
	if both := side >= 52 && !math.IsNaN(share); both {
		at -= 8
		c.text(x+side/2, at+17, percent, `font-size="12" text-anchor="middle"`, Black)
	}
	c.text(x+side/2, at, text, fmt.Sprintf(`font-size="%s" text-anchor="middle"`, px(size)), Black)
}

// share is a count and its share of the row; NaN in an empty row.
func (m Matrix) share(i, j int) (count, share float64) {
	if i >= len(m.Counts) || j >= len(m.Counts[i]) {
		return 0, math.NaN()
	}
	sum := 0.0
	for _, v := range m.Counts[i] {
		sum += v
	}
	return m.Counts[i][j], m.Counts[i][j] / sum
}
