package main

import "encoding/binary"

// program is what a module says of its functions. Numbers of functions count the imported ones first.
type program struct {
	module
	imported int
	types    []uint64 // of the functions that are not imported
	bodies   [][]byte
	slots    map[uint64]uint64 // function -> its place in the table
	names    map[uint64]string
	globals  int
}

// The sections that are read or written.
const (
	typeSection     = 1
	importSection   = 2
	functionSection = 3
	tableSection    = 4
	memorySection   = 5
	globalSection   = 6
	exportSection   = 7
	startSection    = 8
	elementSection  = 9
	codeSection     = 10
)

func read(m module) (*program, error) {
	p := &program{module: m, slots: map[uint64]uint64{}, names: map[uint64]string{}}
	for _, s := range m {
		r := reader{s.content, nil}
		switch s.kind {
		case importSection:
			p.imported = int(r.number())
		case functionSection:
			for n := r.number(); n > 0 && r.err == nil; n-- {
				p.types = append(p.types, r.number())
			}
		case globalSection:
			p.globals = int(r.number())
		case elementSection:
			p.elements(&r)
		case codeSection:
			for n := r.number(); n > 0 && r.err == nil; n-- {
				p.bodies = append(p.bodies, r.take(int(r.number())))
			}
		case customSection:
			if string(r.take(int(r.number()))) == "name" {
				p.named(&r)
			}
		}
		if r.err != nil {
			return nil, r.err
		}
	}
	if len(p.bodies) != len(p.types) || len(p.bodies) == 0 {
		return nil, errModule
	}
	return p, nil
}

// elements reads which function stands where in the table: one list from one place on.
func (p *program) elements(r *reader) {
	if r.number() != 1 || r.number() != 0 || r.take(1)[0] != opInt32 {
		r.err = errModule
		return
	}
	at := uint64(r.signed())
	r.take(1) // end
	for n := r.number(); n > 0 && r.err == nil; n-- {
		p.slots[r.number()] = at
		at++
	}
}

// named reads the names of functions, which the linker leaves out with -s.
func (p *program) named(r *reader) {
	for len(r.rest) > 0 {
		kind := r.take(1)[0]
		list := reader{r.take(int(r.number())), nil}
		if kind != 1 {
			continue
		}
		for n := list.number(); n > 0 && list.err == nil; n-- {
			at := list.number()
			p.names[at] = string(list.take(int(list.number())))
		}
	}
}

// set replaces the content of a section.
func (p *program) set(kind byte, content []byte) {
	for i := range p.module {
		if p.module[i].kind == kind {
			p.module[i].content = content
		}
	}
}

// grow adds entries to a section that begins with their count.
func (p *program) grow(kind byte, entries ...[]byte) {
	for i := range p.module {
		if p.module[i].kind == kind {
			r := reader{p.module[i].content, nil}
			n := r.number()
			p.module[i].content = vector(n+uint64(len(entries)), append([][]byte{r.rest}, entries...)...)
		}
	}
}

// vector is a count and what it counts.
func vector(n uint64, parts ...[]byte) []byte {
	b := binary.AppendUvarint(nil, n)
	for _, part := range parts {
		b = append(b, part...)
	}
	return b
}

// text is a string as modules hold it: behind its length.
func text(s string) []byte { return append(binary.AppendUvarint(nil, uint64(len(s))), s...) }

// sized is content behind its length.
func sized(content []byte) []byte {
	return append(binary.AppendUvarint(nil, uint64(len(content))), content...)
}
