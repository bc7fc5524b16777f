package table

import (
	"errors"
	"io"
	"slices"

	"gradus/internal/say"
)

// file is a file being read: the header is behind it, builder knows its columns.
type file struct {
	cut  cutter
	b    *builder
	text text // the first records
	line int  // where the next text to be merged begins
	bad  bool // nothing is to be read behind an error
}

// piece is a text on its way to be typed.
type piece struct {
	text  text
	page  page
	apart bool  // the page is whole, else builder reads the text
	err   error // of the reading, in place of a text
}

// open reads the header and makes the columns.
func open(r io.Reader, name string, opt Options) (*file, error) {
	f := &file{cut: cutter{r: r, file: name, window: opt.window}}
	if f.cut.window == 0 {
		f.cut.window = window
	}
	s := scanner{file: name}
	for line := 1; ; line = s.next {
		err := f.cut.next(&f.text)
		if errors.Is(err, io.EOF) {
			return nil, say.Error("table.empty_file", "file", name)
		}
		if err != nil {
			return nil, err
		}
		s.over(&f.text, line)
		header, err := s.record()
		if errors.Is(err, io.EOF) {
			continue
		}
		if err != nil {
			return nil, err
		}
		f.b, err = newBuilder(name, header, opt)
		f.text.buf, f.text.n, f.line = f.text.buf[s.pos:], f.text.n-s.pos, s.next
		return f, err
	}
}

// next gives p its text and the kinds known so far.
func (f *file) next(p *piece) bool {
	if f.bad {
		return false
	}
	if f.text.n > 0 {
		p.text, f.text = f.text, text{}
	} else if p.err = f.cut.next(&p.text); errors.Is(p.err, io.EOF) {
		return false
	}
	f.bad = p.err != nil || p.text.long
	p.page.reset(f.b)
	p.apart = !f.b.settling()
	return true
}

// parse types p's records apart.
func (f *file) parse(_ int, p *piece) {
	p.apart = p.apart && p.err == nil && p.page.read(&p.text)
}

// merge appends p's records to the table.
func (f *file) merge(p *piece) error {
	switch {
	case p.err != nil:
		return p.err
	case p.apart && f.b.fits(&p.page):
		f.b.absorb(&p.page, f.line)
		f.line += p.page.scanner.next
		return nil
	}
	s := &p.page.scanner
	s.over(&p.text, f.line)
	err := f.b.records(s)
	f.line = s.next
	return err
}

// records types the records that s has left.
func (b *builder) records(s *scanner) error {
	for {
		cells, err := s.record()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := b.add(cells, s.line); err != nil {
			return err
		}
	}
}

// settling reports whether kinds may be settled soon: records are best typed in order then.
func (b *builder) settling() bool {
	open := func(c columnBuilder) bool { return c.Kind == "" && c.forced == "" && !c.skip }
	return b.table.Rows < settleAfter && slices.ContainsFunc(b.columns, open)
}
