package source

import (
	"encoding/xml"
	"errors"
	"strconv"

	"gradus/internal/say"
)

// The sides of a sheet of Excel.
const (
	mostRows    = 1 << 20
	mostColumns = 1 << 14
)

// grid gathers the cells of one sheet.
type grid struct {
	w     *workbook
	s     *Sheet
	row   int // of the record being filled, from 1
	cells []string
	page  []string
	total int
}

// rows reads sheet i into s: one record a row, blank rows between kept, those at the end left out.
func (w *workbook) rows(i int, s *Sheet) error {
	s.Name, s.Records, s.Lines, s.Dates = w.sheets[i].name, nil, nil, map[int]bool{}
	g := &grid{w: w, s: s}
	err := w.walk(w.sheets[i].part, func(e xml.StartElement, d *xml.Decoder) error {
		switch e.Name.Local {
		case "row":
			return g.begin(attr(e, "r"))
		case "c":
			return g.cell(e, d)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return g.flush()
}

// begin starts row r; without a number it is the next.
func (g *grid) begin(r string) error {
	if err := g.flush(); err != nil {
		return err
	}
	n := g.row + 1
	if r != "" {
		k, err := strconv.Atoi(r)
		if err != nil || k < n || k > mostRows {
			return errors.New("row " + r)
		}
		n = k
	}
	g.row = n
	return nil
}

// flush hands on the row gathered, with the blank rows in front of it.
func (g *grid) flush() error {
	for len(g.cells) > 0 && g.cells[len(g.cells)-1] == "" {
		g.cells = g.cells[:len(g.cells)-1]
	}
	n := len(g.cells)
	if n == 0 {
		return nil
	}
	for len(g.s.Records) < g.row-1 {
		g.s.Records = append(g.s.Records, nil)
		g.s.Lines = append(g.s.Lines, len(g.s.Records))
	}
	if g.total += n; g.total > mostCells {
		return say.Error("source.many_cells", "file", g.w.name, "limit", mostCells)
	}
	if cap(g.page)-len(g.page) < n {
		g.page = make([]string, 0, max(n, 1<<13))
	}
	from := len(g.page)
	g.page = append(g.page, g.cells...)
	g.s.Records = append(g.s.Records, clip(g.page, from))
	g.s.Lines = append(g.s.Lines, g.row)
	g.cells = g.cells[:0]
	return nil
}

// cell reads <c r="B7" s="3" t="s"><v>12</v></c>.
func (g *grid) cell(e xml.StartElement, d *xml.Decoder) error {
	var ref, style, kind string
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "r":
			ref = a.Value
		case "s":
			style = a.Value
		case "t":
			kind = a.Value
		}
	}
	at := len(g.cells)
	if ref != "" {
		if at = columnOf(ref); at < len(g.cells) {
			return errors.New("cell " + ref)
		}
	}
	if at >= mostColumns {
		return errors.New("cell " + ref)
	}
	raw, err := value(d, kind)
	if err != nil || raw == "" {
		return err
	}
	for len(g.cells) < at {
		g.cells = append(g.cells, "")
	}
	v, date, err := g.w.show(raw, style, kind)
	if date {
		g.s.Dates[at] = true
	}
	g.cells = append(g.cells, v)
	return err
}

// columnOf is the column, from 0, of a reference such as AB12; too far right where it is none.
func columnOf(ref string) int {
	n, i := 0, 0
	for ; i < len(ref) && n <= mostColumns; i++ {
		k := ref[i] &^ 0x20
		if k < 'A' || k > 'Z' {
			break
		}
		n = 26*n + int(k-'A') + 1
	}
	if n == 0 {
		return mostColumns
	}
	return n - 1
}

// value reads to the end of the cell: its <v>, or its inline text. A formula is not read.
func value(d *xml.Decoder, kind string) (string, error) {
	if kind == "inlineStr" {
		return runs(d, "c")
	}
	var out []byte
	in := false
	for {
		t, err := inner(d)
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			in = t.Name.Local == "v"
		case xml.CharData:
			if in {
				out = append(out, t...)
			}
		case xml.EndElement:
			if in = false; t.Name.Local == "c" {
				return string(out), nil
			}
		}
	}
}

// show is what a reader of the sheet would call the value of a cell, and whether it is a date.
func (w *workbook) show(raw, style, kind string) (v string, date bool, err error) {
	switch kind {
	case "s":
		i, err := strconv.Atoi(raw)
		if err != nil || i < 0 || i >= len(w.shared) {
			return "", false, errors.New("shared string " + raw)
		}
		return w.shared[i], false, nil
	case "b":
		if raw == "1" || raw == "true" {
			return "TRUE", false, nil
		}
		return "FALSE", false, nil
	case "e": // #DIV/0!, #N/A …: no value
		return "", false, nil
	case "str":
		return unescape(raw), false, nil
	case "inlineStr":
		return raw, false, nil
	case "d":
		v, date = isoDate(raw)
		return v, date, nil
	}
	x, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw, false, nil
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(w.styles) && w.styles[i] != 0 {
		if v, date, ok := w.moment(x, w.styles[i]); ok {
			return v, date, nil
		}
	}
	if len(raw) > 15 { // 5.0999999999999996 is how Excel stores 5.1
		raw = number(x)
	}
	return raw, false, nil
}
