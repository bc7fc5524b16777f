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
	slack     = 64        // readable bytes behind a text, so that eight can be looked at from any of its places
)

// cutter cuts a file into texts of whole records, each of some window bytes; a byte order mark is dropped.
type cutter struct {
	r      io.Reader
	file   string
	window int
	rest   []byte // the record that the text before ended in
	inside bool   // behind the first bytes
	eof    bool   // r has nothing more
}

// text is whole records of a file.
type text struct {
	buf  []byte // slack included
	n    int    // bytes of records
	long bool   // one record that maxRecord bytes do not hold
}

// next reads the next text into t, whose memory it uses again; io.EOF says that there is none.
func (k *cutter) next(t *text) error {
	t.long = false
	t.buf, k.rest = append(t.buf[:0], k.rest...), k.rest[:0]
	end := len(t.buf)
	for size := max(k.window, 3); ; size *= 2 { // a byte order mark has 3
		if end >= size {
			continue
		}
		t.room(size, end)
		var err error
		if end, err = k.read(t.buf[:size], end); err != nil {
			return err
		}
		if end = k.begin(t.buf, end); k.eof {
			return t.last(end)
		}
		if t.n = lastBreak(t.buf[:end]); t.n > 0 {
			k.rest = append(k.rest, t.buf[t.n:end]...)
			return nil
		}
		if t.long = size >= maxRecord && end == size; t.long {
			t.n = end
			return nil
		}
	}
}

// room makes the buffer size bytes and slack long; its first end bytes stay.
func (t *text) room(size, end int) {
	if size += slack; cap(t.buf) < size {
		t.buf = append(make([]byte, 0, size), t.buf[:end]...)
	}
	t.buf = t.buf[:size]
}

// last ends the text of the file's last records with a line break, which says what the end of the file says.
func (t *text) last(end int) error {
	if end == 0 {
		return io.EOF
	}
	if t.buf[end-1] != '\n' {
		t.buf[end] = '\n'
		end++
	}
	t.n = end
	return nil
}

// begin takes a byte order mark off the first bytes of the file.
func (k *cutter) begin(b []byte, end int) int {
	if !k.inside && bytes.HasPrefix(b[:end], []byte("\xEF\xBB\xBF")) {
		end = copy(b, b[3:end])
	}
	k.inside = true
	return end
}

// read fills b from end on, or to the end of the file.
func (k *cutter) read(b []byte, end int) (int, error) {
	for idle := 0; end < len(b) && !k.eof; {
		n, err := k.r.Read(b[end:])
		end += n
		if idle++; n > 0 {
			idle = 0
		}
		switch {
		case errors.Is(err, io.EOF):
			k.eof = true
		case err != nil:
			return end, say.Failure("table.read", "file", k.file, "cause", err)
		case idle > 100:
			return end, say.Failure("table.read", "file", k.file, "cause", io.ErrNoProgress)
		}
	}
	return end, nil
}

// lastBreak is the place behind the last line break that ends a record of b, which begins with one; 0 where none ends. A line
// break stands in a cell exactly where the number of quotes before it is odd. Where a stray quote breaks that rule, the text
// before it holds the error that ends the reading.
func lastBreak(b []byte) int {
	quotes := bytes.Count(b, []byte{'"'}) // before b[i]
	for i := len(b); ; {
		at := bytes.LastIndexByte(b[:i], '\n')
		if at < 0 || quotes == 0 {
			return at + 1
		}
		if quotes -= bytes.Count(b[at:i], []byte{'"'}); quotes%2 == 0 {
			return at + 1
		}
		i = at
	}
}
