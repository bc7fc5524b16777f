package picture

import (
	"fmt"
	"math"
	"strconv"
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
	names, side := m.shape(wide, .26)
	rows, columns := m.Classes, m.Classes
	if side < mostNamed {
		rows, columns = numbered(m.Classes)
		names, side = Matrix{Classes: rows}.shape(wide, .34)
	}
	left := x + names + 10
	for _, line := range wrap(m.Columns, small, wide-names-10) {
		c.text(left, y+14, line, `font-size="13"`, Grey)
		y += leading
	}
	y = columnNames(c, columns, left, y, side)
	for i := range n {
		lines := wrap(rows[i], small, names)
		high := max(side, rowHigh*float64(len(lines))+2)
		for k, line := range lines {
			c.text(x+names, y+high/2+4.5+rowHigh*(float64(k)-float64(len(lines)-1)/2), line, `font-size="13" text-anchor="end"`, Black)
		}
		for j := range n {
			m.cell(c, i, j, room{left + side*float64(j), y, left + side*float64(j+1), y + high})
		}
		y += high
	}
	for _, line := range wrap(m.Rows, small, wide) {
		y += leading
		c.text(x, y+4, line, `font-size="13"`, Grey)
	}
	return y + 12
}

// mostNamed is the side of a cell below which columns have numbers instead of names.
const mostNamed = 40

// shape is the width of the names, at most a share of the whole, and the side of a cell.
func (m Matrix) shape(wide, share float64) (names, side float64) {
	for _, name := range m.Classes {
		names = max(names, width(name, small))
	}
	names = min(names, wide*share)
	return names, min((wide-names-rowGap)/float64(len(m.Classes)), 84)
}

// numbered are the names of rows behind a number, and the numbers for the columns.
func numbered(classes []string) (rows, columns []string) {
	for i, name := range classes {
		n := strconv.Itoa(i + 1)
		rows, columns = append(rows, n+" "+name), append(columns, n)
	}
	return rows, columns
}

// columnNames writes the classes above their columns, the last line of each on one height.
func columnNames(c *canvas, classes []string, left, y, side float64) float64 {
	most := 0
	for _, name := range classes {
		most = max(most, len(wrap(name, small, side-6)))
	}
	for j, name := range classes {
		lines := wrap(name, small, side-6)
		for k, line := range lines {
			c.text(left+side*(float64(j)+.5), y+13+rowHigh*float64(most-len(lines)+k), line, `font-size="13" text-anchor="middle"`, Black)
		}
	}
	return y + rowHigh*float64(most) + 6
}

// cell draws one count.
func (m Matrix) cell(c *canvas, i, j int, at room) {
	count, share := m.share(i, j)
	wide, high := at.right-at.left, at.bottom-at.top
	if share > 0 {
		fmt.Fprintf(c, `<rect x="%s" y="%s" width="%s" height="%s" class="f%d" fill="%s" opacity="%s"/>`+"\n",
			px(at.left+1), px(at.top+1), px(wide-2), px(high-2), Blue, Blue.well().light, px(.04+.31*share))
	}
	if i == j {
		fmt.Fprintf(c, `<rect x="%s" y="%s" width="%s" height="%s" %s/>`+"\n", px(at.left+1.75), px(at.top+1.75), px(wide-3.5), px(high-3.5), stroke(Black, 1.5, false))
	}
	text := Number(count)
	if m.Text != nil {
		text = m.Text(i, j)
	}
	size := min(16, max(7, wide*.8/max(1, width(text, 1))))
	if wide < 52 {
		size = min(size, 13)
	}
	middle, base := (at.left+at.right)/2, (at.top+at.bottom)/2+size*.35
	if wide >= 52 && !math.IsNaN(share) {
		base -= 8
		c.text(middle, base+17, Number(math.Round(100*share))+"%", `font-size="12" text-anchor="middle"`, Black)
	}
	c.text(middle, base, text, fmt.Sprintf(`font-size="%s" text-anchor="middle"`, px(size)), Black)
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
