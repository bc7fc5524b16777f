package table

import (
	"io"

	"gradus/internal/say"
)

// Page is successive rows of a file, a table of their own; Line counts in the file. It lives until done returns.
type Page[T any] struct {
	*Table
	First         int // row of the file that row 0 is
	Out           T   // what work makes of the page; the memory of an earlier one comes again
	piece         piece
	before, after chan place
	err           error
}

// place is where in a file a page begins, as far as those before it are right.
type place struct {
	row, line int
	bad       bool
}

// Pages reads a file as Read does, but a page at a time, in bounded memory. work is called for several pages at once, in
// opt.Workers goroutines, and told which of them it is; done gets them in order. Both see the rows only up to the first error,
// which is that of Read. opt.Kinds must be given: a kind cannot be inferred from a part of a file.
func Pages[T any](r io.Reader, name string, opt Options, work func(worker int, p *Page[T]) error, done func(p *Page[T]) error) error {
	if opt.Kinds == nil {
		panic("table: Pages: no kinds")
	}
	f, err := open(r, name, opt)
	if err != nil {
		return err
	}
	before := make(chan place, 1)
	before <- place{line: f.line}
	next := func(p *Page[T]) bool {
		p.before, p.after = before, make(chan place, 1)
		before = p.after
		return f.next(&p.piece)
	}
	parse := func(worker int, p *Page[T]) {
		f.parse(worker, &p.piece)
		if at := p.settle(); !at.bad && p.piece.page.rows > 0 {
			p.Table = p.piece.page.table(f.b, at.line)
			p.err = work(worker, p)
		}
	}
	finish := func(p *Page[T]) error {
		if !p.piece.apart {
			return f.refusal(&p.piece)
		}
		f.pass(&p.piece.page)
		if p.err != nil || p.piece.page.rows == 0 {
			return p.err
		}
		return done(p)
	}
	if err := inOrder(opt.Crew(), next, parse, finish); err != nil {
		return err
	}
	if f.b.table.Rows == 0 {
		return say.Error("table.header_only", "file", name)
	}
	return nil
}

// settle waits until the page before knows how many rows there are up to its end, and says so of this one.
func (p *Page[T]) settle() place {
	at := <-p.before
	at.bad = at.bad || !p.piece.apart
	p.First, p.err = at.row, nil
	p.after <- place{at.row + p.piece.page.rows, at.line + p.piece.page.scanner.next, at.bad}
	return at
}

// pass steps over a page.
func (f *file) pass(p *page) {
	f.line += p.scanner.next
	f.b.table.Rows += p.rows
	f.b.table.lines = []lineStep{{f.b.table.Rows, f.line}}
}

// refusal is the error of a page that gave up.
func (f *file) refusal(p *piece) error {
	err := f.merge(p)
	if err == nil {
		panic("table: a page gave up on rows that are right")
	}
	return err
}

// table is the page as a table that begins on line.
func (p *page) table(b *builder, line int) *Table {
	t := &Table{Name: b.table.Name, Rows: p.rows, kept: make([]Column, len(b.table.kept))}
	for _, step := range p.lines {
		t.lines = append(t.lines, lineStep{step.row, line + step.line})
	}
	for i := range b.columns {
		c, of := &p.columns[i], &b.columns[i]
		if of.keep >= 0 {
			t.kept[of.keep] = Column{Name: of.Name, Kind: Category}
			t.kept[of.keep].keep(c)
		}
		switch {
		case of.skip:
			t.Ignored = append(t.Ignored, of.Name)
		case c.kind == Number:
			t.Columns = append(t.Columns, Column{Name: of.Name, Kind: Number, numbers: over(c.numbers[:p.rows])})
		default:
			t.Columns = append(t.Columns, Column{Name: of.Name, Kind: of.forced, codes: over(c.codes), levels: c.levels})
		}
	}
	return t
}
