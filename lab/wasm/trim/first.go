package main

import (
	"encoding/binary"
	"slices"
)

// prepare adds to the first part what both need: a type without parameters, and a global that says whether the later part is there.
func (p *program) prepare() {
	p.grow(typeSection, []byte{0x60, 0, 0})
	p.grow(globalSection, []byte{0x7f, 1, opInt32, 0, opEnd})
}

// first makes what is left of p the first part: it imports load, exports what the later part takes, and calls it where functions have
// gone. The numbers of all its functions move up by the one import.
func (p *program) first(gone, taken []uint64) error {
	up := func(f uint64) uint64 {
		if f < uint64(p.imported) {
			return f
		}
		return f + 1
	}
	for _, f := range gone {
		p.bodies[f-uint64(p.imported)] = nil
	}
	code := [][]byte{}
	for i, body := range p.bodies {
		if body == nil {
			code = append(code, sized(p.stand(p.slots[uint64(p.imported+i)])))
			continue
		}
		b, err := rewrite(body, up)
		if err != nil {
			return err
		}
		code = append(code, sized(b))
	}
	p.set(codeSection, vector(uint64(len(code)), code...))
	p.grow(importSection, slices.Concat(text(shared), text(sharedLoad), []byte{0}, binary.AppendUvarint(nil, p.plainType())))
	return p.renumber(up, taken)
}

// stand is the function in the place of one that has gone.
func (p *program) stand(slot uint64) []byte {
	b := binary.AppendUvarint([]byte{0, 0x23}, uint64(p.globals)) // no locals; is the later part there?
	b = binary.AppendUvarint(append(b, 0x45, opIf, emptyBlock, opCall), uint64(p.imported))
	b = appendSigned(append(b, opEnd, opLocalGet, 0, opInt32), int64(slot))
	return append(b, opCallIndirect, 0, 0, opEnd)
}

// renumber writes the table and the exports with the new numbers.
func (p *program) renumber(up func(uint64) uint64, taken []uint64) error {
	r := reader{p.content(elementSection), nil}
	begin := r.rest
	r.take(3) // one list, of table 0, i32.const
	r.signed()
	r.take(1)
	b := slices.Clone(begin[:len(begin)-len(r.rest)])
	n := r.number()
	b = binary.AppendUvarint(b, n)
	for ; n > 0; n-- {
		b = binary.AppendUvarint(b, up(r.number()))
	}
	p.set(elementSection, b)
	r = reader{p.content(exportSection), nil}
	var list [][]byte
	for n := r.number(); n > 0 && r.err == nil; n-- {
		name := r.take(int(r.number()))
		kind, at := r.take(1)[0], r.number()
		if kind == 0 {
			at = up(at)
		}
		list = append(list, export(string(name), kind, at))
	}
	list = append(list, export(sharedTable, 1, 0))
	for i := range p.globalTypes() {
		list = append(list, export(globalName(i), 3, uint64(i)))
	}
	for _, f := range taken {
		list = append(list, export(functionName(f), 0, up(f)))
	}
	p.set(exportSection, vector(uint64(len(list)), list...))
	return r.err
}

func export(name string, kind byte, at uint64) []byte {
	return slices.Concat(text(name), []byte{kind}, binary.AppendUvarint(nil, at))
}

// globalTypes are the types of the globals; all of Go's are variable.
func (p *program) globalTypes() []byte {
	r := reader{p.content(globalSection), nil}
	var list []byte
	for n := r.number(); n > 0 && r.err == nil; n-- {
		list = append(list, r.take(2)[0])
		r.take(1)
		r.signed()
		r.take(1)
	}
	return list
}

// typeOf is the type of a function.
func (p *program) typeOf(f uint64) uint64 {
	if f >= uint64(p.imported) {
		return p.types[f-uint64(p.imported)]
	}
	r := reader{p.content(importSection), nil}
	r.number()
	for ; ; f-- {
		r.take(int(r.number()))
		r.take(int(r.number()))
		r.take(1)
		if t := r.number(); f == 0 || r.err != nil {
			return t
		}
	}
}
