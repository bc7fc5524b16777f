package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
)

// The layout of Go's function tables since 1.20: the header (runtime.pcHeader), the record of a function (runtime._func), and the kinds
// of table behind each record (internal/abi). What the runtime needs to run stays: stack sizes, maps of pointers, objects on the stack,
// deferred calls. What only names a place in a trace goes.
const (
	magic       = 0xfffffff1
	recordSize  = 44
	stackMap    = 1 // of the tables by place
	inlined     = 2 // of the function's data: what was inlined where
	arguments   = 5
	live        = 6
	none        = ^uint32(0)
	unknownArgs = -0x80000000
	wrapper     = 23 // FuncIDWrapper
	gofuncWord  = 40 // of runtime.moduledata
)

var errLayout = errors.New("their layout is another")

// tables are the function tables inside a memory.
type tables struct {
	memory                                    []byte
	names, units, files, places, records, end int // where each begins; end is that of the list of records
	functions                                 int
	data                                      int // of the functions, go:func.*
}

// blank empties what is only for traces.
func blank(memory []byte) error {
	t, err := find(memory)
	if err != nil {
		return err
	}
	kept, keptNames := map[int]bool{}, map[int]bool{}
	data := map[int]bool{} // where the data of functions begin: true where it stays
	system := -1
	for i := range t.functions {
		r := t.record(i)
		t.name(r, keptNames, &system)
		t.lines(r, kept)
		t.extras(r, data)
	}
	clear(t.memory[t.units:t.places])
	t.emptyNames(keptNames)
	t.emptyPlaces(kept)
	t.emptyData(data)
	return nil
}

// find looks for the header and for the one list that points at it.
func find(memory []byte) (*tables, error) {
	header := append(binary.LittleEndian.AppendUint32(nil, magic), 0, 0, 1, 8)
	at := bytes.Index(memory, header)
	if at < 0 || at%8 != 0 || at+72 > len(memory) {
		return nil, errLayout
	}
	t := &tables{memory: memory, functions: t64(memory, at+8)}
	for i, p := range []*int{&t.names, &t.units, &t.files, &t.places, &t.records} {
		*p = at + t64(memory, at+32+8*i)
	}
	t.end = t.records + 8*t.functions
	if !slices.IsSorted([]int{at, t.names, t.units, t.files, t.places, t.records, t.end, len(memory)}) {
		return nil, errLayout
	}
	for a := 0; a+8*gofuncWord+16 <= len(memory); a += 8 {
		if t64(memory, a) == at && t64(memory, a+8) == t.names && t64(memory, a+32) == t.units && t64(memory, a+80) == t.places {
			t.data = t64(memory, a+8*gofuncWord)
			if t.data > t.end && t.data < t64(memory, a+8*gofuncWord+8) {
				return t, nil
			}
		}
	}
	return nil, errLayout
}

func t64(memory []byte, at int) int { return int(binary.LittleEndian.Uint64(memory[at:])) }

// record is the record of function i and what follows it.
func (t *tables) record(i int) []byte {
	return t.memory[t.records+t32(t.memory, t.records+8*i+4):]
}

func t32(memory []byte, at int) int { return int(binary.LittleEndian.Uint32(memory[at:])) }

func put(b []byte, v uint32) { binary.LittleEndian.PutUint32(b, v) }

// name keeps the name of a function where the runtime reads it: to find the receiver of a wrapper's method, and the functions of reflect
// whose arguments it must ask for. Of its own functions it asks only whether they are its own: they share one name.
func (t *tables) name(r []byte, kept map[int]bool, system *int) {
	at := t32(r, 4)
	args := int32(binary.LittleEndian.Uint32(r[8:]))
	own := bytes.HasPrefix(t.memory[t.names+at:], []byte("runtime."))
	switch {
	case r[40] == wrapper || args == unknownArgs:
	case own && *system < 0:
		*system = at
	case own:
		at = *system
	default:
		at = 0
	}
	put(r[4:], uint32(at))
	kept[t.names+at] = true
}

// lines drops the tables of files and lines and those of the inlined calls, and notes which tables stay.
func (t *tables) lines(r []byte, kept map[int]bool) {
	kept[t32(r, 16)] = true // stack sizes
	for _, at := range []int{20, 24, 32, 36} {
		put(r[at:], 0) // file, line, unit, first line
	}
	for i := range t32(r, 28) {
		if at := recordSize + 4*i; i == stackMap {
			kept[t32(r, at)] = true
		} else if i <= inlined {
			put(r[at:], 0)
		} else {
			kept[t32(r, at)] = true
		}
	}
}

// extras drops the data of a function that only traces read.
func (t *tables) extras(r []byte, data map[int]bool) {
	first := recordSize + 4*t32(r, 28)
	for i := range int(r[43]) {
		at := first + 4*i
		offset := binary.LittleEndian.Uint32(r[at:])
		if offset == none {
			continue
		}
		begin := t.data + int(offset)
		stays := i != inlined+1 && i != arguments && i != live
		data[begin] = data[begin] || stays
		if !stays {
			put(r[at:], none)
		}
	}
}

// emptyNames sets names that are not kept to zero.
func (t *tables) emptyNames(kept map[int]bool) {
	for at := t.names; at < t.units; {
		next := at + bytes.IndexByte(t.memory[at:t.units], 0) + 1
		if next == at {
			next = t.units
		}
		if !kept[at] {
			clear(t.memory[at:next])
		}
		at = next
	}
}

// emptyPlaces sets the tables by place that are not kept to zero: each is pairs of numbers up to a zero.
func (t *tables) emptyPlaces(kept map[int]bool) {
	old := slices.Clone(t.memory[t.places:t.records])
	clear(t.memory[t.places:t.records])
	for at := range kept {
		if at == 0 {
			continue
		}
		r := reader{old[at:], nil}
		for first := true; first || r.err == nil && r.rest[0] != 0; first = false {
			r.number()
			r.number()
		}
		end := len(old) - len(r.rest) + 1
		copy(t.memory[t.places+at:], old[at:min(end, len(old))])
	}
}

// emptyData sets the data of functions to zero that none needs any more; the last one, whose end is not known, stays.
func (t *tables) emptyData(data map[int]bool) {
	begins := make([]int, 0, len(data))
	for at := range data {
		begins = append(begins, at)
	}
	slices.Sort(begins)
	for i, at := range begins[:max(len(begins)-1, 0)] {
		if !data[at] {
			clear(t.memory[at:begins[i+1]])
		}
	}
}
