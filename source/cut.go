package source

import (
	"strings"

	"gradus/internal/say"
)

// cutText cuts t into the records of s.
func cutText(name, t string, s *Sheet, opt Options) (*Sheet, error) {
	if i := strings.IndexByte(t, 0); i >= 0 {
		return nil, say.Error("source.nul", "file", name, "line", 1+strings.Count(t[:i], "\n"))
	}
	d, err := separator(opt.Delimiter, t)
	if err != nil {
		return nil, err
	}
	if d != 0 {
		s.Delimiter = string(d)
	}
	c := cutter{text: t, delimiter: d, line: 1}
	var page []string // cells of many records, so that a record costs no allocation
	for cells := 0; !c.done(); {
		line := c.line
		if cap(page)-len(page) < 64 {
			page = make([]string, 0, 1<<14)
		}
		from := len(page)
		if page, err = c.record(page); err != nil {
			return nil, err.(*quoteError).in(name)
		}
		s.Records = append(s.Records, clip(page, from))
		s.Lines = append(s.Lines, line)
		if cells += 1 + len(page) - from; cells > mostCells {
			return nil, say.Error("source.many_cells", "file", name, "limit", mostCells)
		}
	}
	if len(s.Records) == 0 {
		return nil, say.Error("source.empty", "file", name)
	}
	return s, nil
}

// clip is page[from:], nil where that is nothing, without room to grow into what follows.
func clip(page []string, from int) []string {
	if from == len(page) {
		return nil
	}
	return page[from:len(page):len(page)]
}

// separator is the delimiter asked for, else that of t.
func separator(asked, t string) (byte, error) {
	switch asked {
	case "":
		return delimiterOf(t), nil
	case ",", ";", "\t", "|":
		return asked[0], nil
	case "tab", `\t`:
		return '\t', nil
	}
	return 0, say.Error("source.unknown_delimiter", "delimiter", asked)
}

// cutter walks along a text, one record a call.
type cutter struct {
	text      string
	at        int // of the next record
	line      int // its line, from 1
	delimiter byte
}

// quoteError is a quote that opens and never closes.
type quoteError struct{ line, column int }

// Error implements error; in says it with the file's name.
func (e *quoteError) Error() string { return e.in("").Error() }

func (e *quoteError) in(name string) *say.Err {
	return say.Error("source.open_quote", "file", name, "line", e.line, "column", e.column)
}

func (c *cutter) done() bool { return c.at >= len(c.text) }

// record appends the cells of the next record to list; a blank line has none.
func (c *cutter) record(list []string) ([]string, error) {
	if c.at < len(c.text) && (c.text[c.at] == '\n' || c.text[c.at] == '\r') {
		c.newline()
		return list, nil
	}
	for column := 1; ; column++ {
		cell, err := c.cell(column)
		if err != nil {
			return list, err
		}
		list = append(list, cell)
		switch {
		case c.done():
			return list, nil
		case c.text[c.at] == c.delimiter:
			c.at++
		default:
			c.newline()
			return list, nil
		}
	}
}

// newline steps over \n, \r\n or \r.
func (c *cutter) newline() {
	if strings.HasPrefix(c.text[c.at:], "\r\n") {
		c.at++
	}
	c.at++
	c.line++
}

// cell cuts out one cell and stops at what ends it. A quote means something only as the first sign of a cell.
func (c *cutter) cell(column int) (string, error) {
	if c.at < len(c.text) && c.text[c.at] == '"' {
		return c.quoted(column)
	}
	return c.plain(), nil
}

// plain is everything up to the next delimiter or end of line.
func (c *cutter) plain() string {
	i := c.at
	for i < len(c.text) {
		if k := c.text[i]; k == c.delimiter || k == '\n' || k == '\r' {
			break
		}
		i++
	}
	cell := c.text[c.at:i]
	c.at = i
	return cell
}

// quoted is a cell in quotes: two of them stand for one, line breaks are text. What follows the closing one belongs to the cell,
// as Excel reads it.
func (c *cutter) quoted(column int) (string, error) {
	from, line := c.at+1, c.line
	twice := false
	for i := from; ; {
		n := strings.IndexByte(c.text[i:], '"')
		if n < 0 {
			return "", &quoteError{line, column}
		}
		if i += n; i+1 < len(c.text) && c.text[i+1] == '"' {
			twice = true
			i += 2
			continue
		}
		cell := c.text[from:i]
		c.at = i + 1
		c.line += breaks(cell)
		if twice {
			cell = strings.ReplaceAll(cell, `""`, `"`)
		}
		if rest := c.plain(); rest != "" {
			cell += rest
		}
		return cell, nil
	}
}

// breaks counts the ends of lines in s.
func breaks(s string) int {
	n := strings.Count(s, "\n")
	if r := strings.Count(s, "\r"); r > 0 {
		n += r - strings.Count(s, "\r\n")
	}
	return n
}
