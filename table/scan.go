package table

import (
	"bytes"
	"errors"
	"io"

	"gradus/internal/say"
)

// scanner turns a text into records: commas, quotes as in RFC 4180 (line breaks inside them too), CRLF or LF, empty lines
// skipped. It accepts and refuses what encoding/csv does. Cells point into the text and live until the next record.
type scanner struct {
	file    string
	b       []byte
	pos     int  // first byte of the next record
	long    bool // the record that b ends in goes on
	next    int  // line number at pos, from 1
	line    int  // line number where the last record began
	cells   [][]byte
	scratch []byte // cells whose doubled quotes were halved
}

// errStray says that a quote stands where none may, errOpen that one is not closed.
var errStray, errOpen = errors.New("stray quote"), errors.New("open quote")

// over sets the scanner to the text t, which begins on line.
func (s *scanner) over(t *text, line int) {
	s.b, s.pos, s.long, s.next = t.buf[:t.n], 0, t.long, line
}

// record returns the cells of the next record, or io.EOF after the last of the text.
func (s *scanner) record() ([][]byte, error) {
	if !s.skipEmpty() {
		return nil, io.EOF
	}
	s.line = s.next
	s.cells, s.scratch = s.cells[:0], s.scratch[:0]
	for {
		cell, last, err := s.cell()
		if err == nil {
			s.cells = append(s.cells, cell)
		}
		switch {
		case s.long && s.pos == len(s.b) && !errors.Is(err, errStray):
			return nil, say.Error("table.long_record", "file", s.file, "line", s.line, "limit", maxRecord>>20)
		case err != nil:
			return nil, s.refusal(err)
		case last:
			return s.cells, nil
		}
	}
}

// refusal words an error of the next cell.
func (s *scanner) refusal(err error) error {
	key := "table.open_quote"
	if errors.Is(err, errStray) {
		key = "table.quote"
	}
	return say.Error(key, "file", s.file, "line", s.next, "column", len(s.cells)+1)
}

// skipEmpty steps over empty lines; it reports whether anything follows.
func (s *scanner) skipEmpty() bool {
	for s.pos < len(s.b) {
		switch {
		case s.b[s.pos] == '\n':
			s.pos++
		case s.b[s.pos] == '\r' && s.pos+1 < len(s.b) && s.b[s.pos+1] == '\n':
			s.pos += 2
		default:
			return true
		}
		s.next++
	}
	return false
}

// cell steps over one cell and the separator behind it; last says that this ended the record.
func (s *scanner) cell() (cell []byte, last bool, err error) {
	b, i := s.b, s.pos
	if i < len(b) && b[i] == '"' {
		return s.quoted()
	}
	for i < len(b) && b[i] != ',' && b[i] != '\n' && b[i] != '"' {
		i++
	}
	cell = b[s.pos:i]
	switch {
	case i == len(b):
		s.pos = i
		return bytes.TrimSuffix(cell, []byte("\r")), true, nil
	case b[i] == '"':
		return nil, false, errStray
	case b[i] == ',':
		s.pos = i + 1
		return cell, false, nil
	}
	s.pos = i + 1
	s.next++
	if n := len(cell); n > 0 && cell[n-1] == '\r' {
		cell = cell[:n-1]
	}
	return cell, true, nil
}

// quoted is cell where a quote opens it.
func (s *scanner) quoted() (cell []byte, last bool, err error) {
	b, start, at := s.b, s.pos+1, len(s.scratch)
	for i, plain := start, true; ; i++ {
		q := bytes.IndexByte(b[i:], '"')
		if q < 0 {
			s.pos = len(b)
			return nil, false, errOpen
		}
		part := b[i : i+q]
		s.next += bytes.Count(part, []byte{'\n'})
		i += q + 1
		doubled := i < len(b) && b[i] == '"'
		if plain && !doubled && !bytes.Contains(part, []byte("\r\n")) {
			last, err = s.separator(i)
			return b[start : i-1], last, err
		}
		plain = false
		s.scratch = appendText(s.scratch, part)
		if !doubled {
			last, err = s.separator(i)
			return s.scratch[at:len(s.scratch):len(s.scratch)], last, err
		}
		s.scratch = append(s.scratch, '"')
	}
}

// appendText appends part with CRLF as LF.
func appendText(dst, part []byte) []byte {
	for {
		cr := bytes.Index(part, []byte("\r\n"))
		if cr < 0 {
			return append(dst, part...)
		}
		dst = append(append(dst, part[:cr]...), '\n')
		part = part[cr+2:]
	}
}

// separator steps over what follows the closing quote before b[i]: a comma, a line break or the end of the file.
func (s *scanner) separator(i int) (last bool, err error) {
	rest := s.b[i:]
	switch {
	case len(rest) == 0, len(rest) == 1 && rest[0] == '\r':
		s.pos = len(s.b)
		return true, nil
	case rest[0] == ',':
		s.pos = i + 1
		return false, nil
	case rest[0] == '\n':
		s.pos = i + 1
	case rest[0] == '\r' && rest[1] == '\n':
		s.pos = i + 2
	default:
		return false, errStray
	}
	s.next++
	return true, nil
}
