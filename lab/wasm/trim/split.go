package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// The engine comes in two parts that share memory, table and globals: one program, whose later part a page asks for while it already
// works with the first. In the first part stands in the place of each function that has gone a short one, which loads the later part
// where it is not there yet and calls the function at its place in the table. The names of what the parts give each other:
const (
	shared      = "gradus"
	sharedLoad  = "load"  // imported by the first part: joins the later one
	sharedTable = "table" // exported by the first part, as the memory is by Go
	goMemory    = "mem"
)

var errSplit = errors.New("the engine cannot be parted: it has no names, or another table than Go's")

// split takes the functions of packages out of p and returns them as a module of their own. What runs before a page is opened stays:
// their initialisation, and what their Pages call.
func (p *program) split(packages []string) (module, error) {
	gone := p.leaving(packages)
	if len(gone) == 0 {
		return nil, errSplit
	}
	later := &part{program: p, gone: gone, here: map[uint64]uint64{}, called: map[uint64]uint64{}}
	m, err := later.module()
	if err != nil {
		return nil, err
	}
	return m, p.first(gone, later.order)
}

// leaving lists the functions of packages that nothing needs before a page is opened, by number.
func (p *program) leaving(packages []string) []uint64 {
	in := func(name string) string {
		for _, q := range packages {
			if rest, ok := strings.CutPrefix(name, q+"."); ok {
				return rest
			}
		}
		return ""
	}
	stays := map[uint64]bool{}
	for f, name := range p.names {
		if rest := in(name); rest == "Pages" || rest == "init" || strings.HasPrefix(rest, "init.") || strings.HasPrefix(rest, "map.init") {
			p.follow(f, stays)
		}
	}
	kept := map[string]bool{}
	for f := range stays {
		kept[p.names[f]] = true
	}
	var gone []uint64
	for f, name := range p.names {
		if _, placed := p.slots[f]; placed && in(name) != "" && !stays[f] && !kept[outer(name)] && p.types[f-uint64(p.imported)] == 0 {
			gone = append(gone, f)
		}
	}
	slices.Sort(gone)
	return gone
}

// follow marks a function and all that it calls.
func (p *program) follow(f uint64, marked map[uint64]bool) {
	if marked[f] || f < uint64(p.imported) {
		return
	}
	marked[f] = true
	_, list, _ := steps(p.bodies[f-uint64(p.imported)])
	for _, s := range list {
		if s.op == opCall {
			p.follow(s.value, marked)
		}
	}
}

// outer is the name of the function in which a function without a name stands.
func outer(name string) string {
	before, _, _ := strings.Cut(name, ".func")
	return before
}

// part is the later part as it is made.
type part struct {
	*program
	gone   []uint64
	here   map[uint64]uint64 // a function that has gone -> its number here, from 0
	called map[uint64]uint64 // a function of the first part -> its number among the imported
	order  []uint64          // these, in their order
}

// module makes the later part: its functions, and one more that says that it is there.
func (l *part) module() (module, error) {
	for i, f := range l.gone {
		l.here[f] = uint64(i)
	}
	for _, f := range l.gone {
		_, list, err := steps(l.bodies[f-uint64(l.imported)])
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			if _, inside := l.here[s.value]; s.op == opCall && !inside {
				if _, known := l.called[s.value]; !known {
					l.called[s.value] = uint64(len(l.order))
					l.order = append(l.order, s.value)
				}
			}
		}
	}
	code := []byte{}
	for _, f := range l.gone {
		b, err := rewrite(l.bodies[f-uint64(l.imported)], l.number)
		if err != nil {
			return nil, err
		}
		code = append(code, sized(b)...)
	}
	n := uint64(len(l.gone))
	there := binary.AppendUvarint([]byte{0, opInt32, 1, opGlobalSet}, uint64(l.globals))
	return module{
		{typeSection, l.content(typeSection)},
		{importSection, l.imports()},
		{functionSection, vector(n+1, bytes.Repeat([]byte{0}, int(n)), binary.AppendUvarint(nil, l.plainType()))},
		{startSection, binary.AppendUvarint(nil, uint64(len(l.order))+n)},
		{elementSection, l.places()},
		{codeSection, vector(n+1, code, sized(append(there, opEnd)))},
	}, nil
}

func (l *part) number(f uint64) uint64 {
	if at, ok := l.here[f]; ok {
		return uint64(len(l.order)) + at
	}
	return l.called[f]
}

func (p *program) content(kind byte) []byte {
	for _, s := range p.module {
		if s.kind == kind {
			return s.content
		}
	}
	return nil
}

// plainType is the number of the type without parameters and results, which split adds behind the others.
func (p *program) plainType() uint64 {
	r := reader{p.content(typeSection), nil}
	return r.number() - 1
}

// imports are what the later part takes from the first.
func (l *part) imports() []byte {
	entry := func(name string, kind ...byte) []byte { return slices.Concat(text(shared), text(name), kind) }
	table := reader{l.content(tableSection), nil}
	table.number()
	memory := reader{l.content(memorySection), nil}
	memory.number()
	list := [][]byte{entry(sharedTable, append([]byte{1}, table.rest...)...), entry(goMemory, append([]byte{2}, memory.rest...)...)}
	for i, kind := range l.globalTypes() {
		list = append(list, entry(globalName(i), 3, kind, 1))
	}
	for _, f := range l.order {
		list = append(list, entry(functionName(f), append([]byte{0}, binary.AppendUvarint(nil, l.typeOf(f))...)...))
	}
	return vector(uint64(len(list)), list...)
}

func globalName(i int) string { return "g" + strconv.Itoa(i) }

func functionName(f uint64) string { return "f" + strconv.FormatUint(f, 36) }

// places puts the functions at their places in the table.
func (l *part) places() []byte {
	var b []byte
	lists := uint64(0)
	for i := 0; i < len(l.gone); lists++ {
		from := i
		for i++; i < len(l.gone) && l.slots[l.gone[i]] == l.slots[l.gone[i-1]]+1; i++ {
		}
		b = append(appendSigned(append(b, 0, opInt32), int64(l.slots[l.gone[from]])), opEnd)
		b = binary.AppendUvarint(b, uint64(i-from))
		for k := from; k < i; k++ {
			b = binary.AppendUvarint(b, uint64(len(l.order)+k))
		}
	}
	return vector(lists, b)
}
