package main

import (
	"encoding/binary"
	"errors"
)

// section is a part of a WebAssembly module.
type section struct {
	kind    byte
	content []byte
}

// The kinds of section that are read here.
const (
	customSection = 0
	dataSection   = 11
)

// module is a WebAssembly module in its sections.
type module []section

var errModule = errors.New("this is no WebAssembly module as Go writes it")

const head = "\x00asm\x01\x00\x00\x00"

func parse(code []byte) (module, error) {
	if len(code) < len(head) || string(code[:len(head)]) != head {
		return nil, errModule
	}
	var m module
	for r := (reader{code[len(head):], nil}); len(r.rest) > 0; {
		kind := r.take(1)
		content := r.take(int(r.number()))
		if r.err != nil {
			return nil, r.err
		}
		m = append(m, section{kind[0], content})
	}
	return m, nil
}

func (m module) bytes() []byte {
	code := []byte(head)
	for _, s := range m {
		if s.kind == customSection { // names of functions and of tools
			continue
		}
		code = append(code, s.kind)
		code = binary.AppendUvarint(code, uint64(len(s.content)))
		code = append(code, s.content...)
	}
	return code
}

// memory is the engine's memory at its start; empty where the module has none.
func (m module) memory() []byte {
	var memory []byte
	for _, s := range m {
		if s.kind != dataSection {
			continue
		}
		r := reader{s.content, nil}
		for n := r.number(); n > 0 && r.err == nil; n-- {
			r.take(2) // memory 0, i32.const
			at := int(r.signed())
			r.take(1) // end
			piece := r.take(int(r.number()))
			if need := at + len(piece); need > len(memory) {
				memory = append(memory, make([]byte, need-len(memory))...)
			}
			copy(memory[at:], piece)
		}
	}
	return memory
}

// gap is how many zeros in a row part two pieces: the linker parts them at 8, which makes tens of thousands of pieces, and their
// places compress worse than the zeros.
const gap = 256

// lay replaces the pieces of memory.
func (m module) lay(memory []byte) {
	var pieces []byte
	n := uint64(0)
	for at := 0; at < len(memory); {
		begin := at
		for begin < len(memory) && memory[begin] == 0 {
			begin++
		}
		end := begin
		for at = begin; at < len(memory) && at-end < gap; at++ {
			if memory[at] != 0 {
				end = at + 1
			}
		}
		if begin < end {
			n++
			pieces = appendSigned(append(pieces, 0, 0x41), int64(begin))
			pieces = binary.AppendUvarint(append(pieces, 0x0b), uint64(end-begin))
			pieces = append(pieces, memory[begin:end]...)
		}
	}
	for i := range m {
		if m[i].kind == dataSection {
			m[i].content = append(binary.AppendUvarint(nil, n), pieces...)
		}
	}
}

// reader takes a module apart; after its end it gives zeros and says so.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.err, r.rest = errModule, nil
		return make([]byte, max(n, 0)&0xff)
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// number reads an unsigned LEB128 number; of a signed one it reads past the end all the same.
func (r *reader) number() uint64 {
	v := uint64(0)
	for shift := 0; ; shift += 7 {
		b := r.take(1)[0]
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
}

// signed reads a signed LEB128 number.
func (r *reader) signed() int64 {
	v, shift := int64(0), 0
	for {
		b := r.take(1)[0]
		v |= int64(b&0x7f) << shift
		shift += 7
		if b < 0x80 {
			if b&0x40 != 0 {
				v -= 1 << shift
			}
			return v
		}
	}
}

func appendSigned(b []byte, v int64) []byte {
	for {
		c := byte(v & 0x7f)
		v >>= 7
		if v == 0 && c&0x40 == 0 || v == -1 && c&0x40 != 0 {
			return append(b, c)
		}
		b = append(b, c|0x80)
	}
}
