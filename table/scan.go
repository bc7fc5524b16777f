package table

import (
	"bytes"
	"errors"
	"io"

	"gradus/internal/say"
)

const (
	window    = 256 << 10 // bytes read at a time
	maxRecord = 16 << 20  // bytes of one record, quoted line breaks included
)

// scanner turns bytes into records: commas, quotes as in RFC 4180 (line breaks inside them too), CRLF or LF, a byte order
// mark dropped, empty lines skipped. It accepts and refuses what encoding/csv does. Cells point into its buffer and live
// until the next record.
type scanner struct {
	r       io.Reader
	file    string
	buf     []byte
	pos     int  // first byte of the next record
	end     int  // first byte not read yet
	eof     bool // r has nothing more
	started bool
	next    int // line number at pos, from 1
	line    int // line number where the last record began
	cells   [][]byte
	scratch []byte // cells whose doubled quotes were halved
}

// errShort says that the buffer ends inside the record.
var errShort = errors.New("short")

func newScanner(r io.Reader, file string) *scanner {
	return &scanner{r: r, file: file, buf: make([]byte, window), next: 1}
}

// record returns the cells of the next record, or io.EOF after the last.
func (s *scanner) record() ([][]byte, error) {
	if !s.started {
		if err := s.start(); err != nil {
			return nil, err
		}
	}
	for {
		if err := s.skipEmpty(); err != nil {
			return nil, err
		}
		n, lines, err := s.split(s.buf[s.pos:s.end])
		if err == nil {
			s.line = s.next
			s.pos, s.next = s.pos+n, s.next+lines
			return s.cells, nil
		}
		if !errors.Is(err, errShort) {
			return nil, err
		}
		if err := s.fill(); err != nil {
			return nil, err
		}
	}
}

// start reads the first window and steps over a byte order mark.
func (s *scanner) start() error {
	s.started = true
	if err := s.fill(); err != nil {
		return err
	}
	if bytes.HasPrefix(s.buf[:s.end], []byte("\xEF\xBB\xBF")) {
		s.pos = 3
	}
	return nil
}

// skipEmpty steps over empty lines; it returns io.EOF where nothing follows.
func (s *scanner) skipEmpty() error {
	for {
		rest := s.buf[s.pos:s.end]
		switch {
		case len(rest) >= 1 && rest[0] == '\n':
			s.pos, s.next = s.pos+1, s.next+1
		case len(rest) >= 2 && rest[0] == '\r' && rest[1] == '\n':
			s.pos, s.next = s.pos+2, s.next+1
		case len(rest) >= 2, len(rest) == 1 && rest[0] != '\r':
			return nil
		case s.eof:
			return io.EOF
		default:
			if err := s.fill(); err != nil {
				return err
			}
		}
	}
}

// fill moves the unread bytes to the front and reads until the buffer is full or the file ends. A buffer that one record
// fills doubles, up to maxRecord.
func (s *scanner) fill() error {
	if s.pos > 0 {
		s.end = copy(s.buf, s.buf[s.pos:s.end])
		s.pos = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= maxRecord {
			return say.Error("table.long_record", "file", s.file, "line", s.next, "limit", maxRecord>>20)
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for idle := 0; s.end < len(s.buf) && !s.eof; {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if idle++; n > 0 {
			idle = 0
		}
		switch {
		case errors.Is(err, io.EOF):
			s.eof = true
		case err != nil:
			return say.Failure("table.read", "file", s.file, "cause", err)
		case idle > 100:
			return say.Failure("table.read", "file", s.file, "cause", io.ErrNoProgress)
		}
	}
	return nil
}

// split cuts one record off b into s.cells and returns its bytes and its lines. errShort asks for more bytes.
func (s *scanner) split(b []byte) (n, lines int, err error) {
	s.cells, s.scratch = s.cells[:0], s.scratch[:0]
	for i := 0; ; {
		if i < len(b) && b[i] == '"' {
			var last bool
			if i, last, err = s.quoted(b, i+1, &lines); err != nil {
				return 0, 0, err
			}
			if last {
				return i, lines, nil
			}
			continue
		}
		start := i
		for i < len(b) && b[i] != ',' && b[i] != '\n' && b[i] != '"' {
			i++
		}
		switch {
		case i == len(b) && !s.eof:
			return 0, 0, errShort
		case i == len(b):
			s.cells = append(s.cells, bytes.TrimSuffix(b[start:], []byte("\r")))
			return i, lines, nil
		case b[i] == '"':
			return 0, 0, say.Error("table.quote", "file", s.file, "line", s.next+lines, "column", len(s.cells)+1)
		case b[i] == ',':
			s.cells = append(s.cells, b[start:i])
			i++
		default:
			cell := b[start:i]
			if len(cell) > 0 && cell[len(cell)-1] == '\r' {
				cell = cell[:len(cell)-1]
			}
			s.cells = append(s.cells, cell)
			return i + 1, lines + 1, nil
		}
	}
}

// quoted reads the cell whose opening quote stands before b[i]; it returns the place behind the separator after it and
// whether that ended the record.
func (s *scanner) quoted(b []byte, i int, lines *int) (next int, last bool, err error) {
	at, start, plain := len(s.scratch), i, true
	for {
		q := bytes.IndexByte(b[i:], '"')
		if q < 0 && !s.eof {
			return 0, false, errShort
		}
		if q < 0 {
			return 0, false, say.Error("table.open_quote", "file", s.file, "line", s.next+*lines, "column", len(s.cells)+1)
		}
		part := b[i : i+q]
		*lines += bytes.Count(part, []byte{'\n'})
		i += q + 1
		if i == len(b) && !s.eof {
			return 0, false, errShort
		}
		doubled := i < len(b) && b[i] == '"'
		if plain && !doubled && !bytes.Contains(part, []byte("\r\n")) {
			s.cells = append(s.cells, b[start:i-1])
			return s.separator(b, i, lines)
		}
		plain = false
		s.scratch = appendText(s.scratch, part)
		if !doubled {
			s.cells = append(s.cells, s.scratch[at:len(s.scratch):len(s.scratch)])
			return s.separator(b, i, lines)
		}
		s.scratch = append(s.scratch, '"')
		i++
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

// separator steps over what follows a closing quote: a comma, a line break or the end of the file.
func (s *scanner) separator(b []byte, i int, lines *int) (next int, last bool, err error) {
	rest := b[i:]
	switch {
	case len(rest) == 0, len(rest) == 1 && rest[0] == '\r':
		if !s.eof {
			return 0, false, errShort
		}
		return len(b), true, nil
	case rest[0] == ',':
		return i + 1, false, nil
	case rest[0] == '\n':
		*lines++
		return i + 1, true, nil
	case rest[0] == '\r' && rest[1] == '\n':
		*lines++
		return i + 2, true, nil
	}
	return 0, false, say.Error("table.quote", "file", s.file, "line", s.next+*lines, "column", len(s.cells))
}
