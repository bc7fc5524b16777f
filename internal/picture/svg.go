package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Colours beside the inks, light and dark.
const (
	paper     = "#fcfbf8"
	paperDark = "#15181d"
	tickLine  = "#85898e"
	tickDark  = "#737b86"
	fonts     = "Pretendard, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', NanumGothic, system-ui, sans-serif"
)

const (
	margin   = 32.0  // around the figure
	tight    = 12.0  // around a figure for a telephone
	narrow   = 560.0 // pixels: below, words stand above their marks and panels under each other
	gap      = 40.0  // between panels
	small    = 13.0
	farthest = 1e5 // pixels: what lies beyond is drawn there
	leading  = 18.0
)

// canvas writes elements.
type canvas struct {
	bytes.Buffer
	id string
}

// telephone is the width of the figure for one.
const telephone = 360

// Page is the figure for a page: as it is, and laid out again for a telephone, of which a screen shows one and paper the first.
func (f Figure) Page() []byte {
	small := f
	if small.ID == "" {
		small.ID = "figure"
	}
	small.ID += "-narrow"
	f.class, small.class, small.Width = " gradus-wide", " gradus-narrow", telephone
	return append(f.SVG(), small.SVG()...)
}

// SVG is the figure as one svg element: a file by itself, or a part of a page.
func (f Figure) SVG() []byte {
	c := &canvas{id: f.ID}
	if c.id == "" {
		c.id = "figure"
	}
	columns, wide := f.shape()
	margin := around(wide)
	title := wrap(f.Title, 20, wide-2*margin)
	foot := wrap(f.Foot, small, wide-2*margin)
	var body canvas
	body.id = c.id
	y := margin
	for _, line := range title {
		y += 26
		body.text(margin, y-7, line, `font-size="20" font-weight="600"`, Black)
	}
	if len(title) > 0 {
		y += 14
	}
	y = body.grid(f.Panels, columns, wide, y)
	for _, line := range foot {
		y += leading
		body.text(margin, y-2, line, `font-size="13"`, Grey)
	}
	c.open(f, wide, y+margin-8)
	c.Write(body.Bytes())
	c.WriteString("</svg>\n")
	return c.Bytes()
}

// shape is the columns of the figure and its width.
func (f Figure) shape() (columns int, wide float64) {
	columns = f.Columns
	if columns <= 0 || columns > len(f.Panels) {
		columns = max(1, len(f.Panels))
	}
	wide = float64(f.Width)
	if wide <= 0 {
		wide = []float64{720, 1000, 1280}[min(columns, 3)-1]
	}
	if wide < narrow {
		columns = 1
	}
	return columns, wide
}

// around is the margin of a figure.
func around(wide float64) float64 {
	if wide < narrow {
		return tight
	}
	return margin
}

// open writes the root, the words for the ear, the dark style and the paper.
func (c *canvas) open(f Figure, wide, high float64) {
	lang := ""
	if f.Lang != "" {
		lang = ` lang="` + escape(f.Lang) + `"`
	}
	id := escape(c.id)
	fmt.Fprintf(c, `<svg xmlns="http://www.w3.org/2000/svg" class="gradus-figure%s" role="img" aria-labelledby="%s-title %s-desc"%s viewBox="0 0 %s %s" width="%s" height="%s" font-family="%s">`+"\n",
		f.class, id, id, lang, px(wide), px(high), px(wide), px(high), fonts)
	fmt.Fprintf(c, "<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", id, escape(f.Title), id, escape(f.Description))
	c.WriteString("<style>")
	if f.class != "" {
		c.WriteString(".gradus-narrow{display:none}@media screen and (max-width:600px){.gradus-wide{display:none}.gradus-narrow{display:inline}}")
	}
	c.WriteString(".gradus-figure{max-width:100%;height:auto;font-variant-numeric:tabular-nums}@media screen and (prefers-color-scheme:dark){")
	for i, k := range inks {
		fmt.Fprintf(c, ".gradus-figure .f%d{fill:%s}.gradus-figure .s%d{stroke:%s}", i, k.dark, i, k.dark)
	}
	fmt.Fprintf(c, ".gradus-figure .paper{fill:%s}.gradus-figure .halo{stroke:%s;fill:%s}.gradus-figure .axis{stroke:%s}}"+
		"@media print{.gradus-figure .paper{fill:#fff}.gradus-figure .halo{stroke:#fff;fill:#fff}}</style>\n", paperDark, paperDark, paperDark, tickDark)
	fmt.Fprintf(c, `<rect class="paper" width="%s" height="%s" fill="%s"/>`+"\n", px(wide), px(high), paper)
}

// grid lays the panels in rows and returns where they end.
func (c *canvas) grid(panels []Panel, columns int, wide, y float64) float64 {
	margin := around(wide)
	each := (wide - 2*margin - gap*float64(columns-1)) / float64(columns)
	for from := 0; from < len(panels); from += columns {
		row := panels[from:min(from+columns, len(panels))]
		head, end := 0.0, y
		for _, p := range row {
			head = max(head, float64(len(wrap(p.Title, 15, each)))*22)
		}
		for i, p := range row {
			end = max(end, c.panel(p, from+i, margin+float64(i)*(each+gap), y, each, head))
		}
		y = end + 20
	}
	return y
}

// text writes one line of words; rest holds further attributes.
func (c *canvas) text(x, y float64, s, rest string, k Ink) {
	if rest != "" {
		rest = " " + rest
	}
	fmt.Fprintf(c, `<text class="f%d" x="%s" y="%s" fill="%s"%s>%s</text>`+"\n", k, px(x), px(y), k.well().light, rest, raised(s))
}

// over writes words that may stand on a line: first their paper, then the words.
func (c *canvas) over(x, y float64, s, rest string, k Ink) {
	fmt.Fprintf(c, `<text class="halo" aria-hidden="true" x="%s" y="%s" fill="%s" stroke="%s" stroke-width="6" stroke-linejoin="round" %s>%s</text>`+"\n",
		px(x), px(y), paper, paper, rest, raised(s))
	c.text(x, y, s, rest, k)
}

func (c *canvas) line(x1, y1, x2, y2 float64, rest string) {
	fmt.Fprintf(c, `<line x1="%s" y1="%s" x2="%s" y2="%s" %s/>`+"\n", px(x1), px(y1), px(x2), px(y2), rest)
}

func (c *canvas) axisLine(x1, y1, x2, y2 float64) {
	c.line(x1, y1, x2, y2, `class="axis" stroke="`+tickLine+`"`)
}

// stroke is the attributes of a line in an ink.
func stroke(k Ink, wide float64, dashed bool) string {
	s := fmt.Sprintf(`class="s%d" fill="none" stroke="%s" stroke-width="%s"`, k, k.well().light, px(wide))
	if dash := k.well().dash; dashed && dash != "" {
		s += ` stroke-dasharray="` + dash + `"`
	}
	return s
}

// px writes a pixel to a hundredth.
func px(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	v = min(max(v, -farthest), farthest)
	s := strconv.FormatFloat(v, 'f', 2, 64)
	s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(strings.ToValidUTF8(s, "�")))
	return b.String()
}
