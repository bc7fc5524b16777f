package main

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// The instructions that are looked at.
const (
	opBlock, opLoop, opIf, opEnd  = 0x02, 0x03, 0x04, 0x0b
	opBranch, opBranchIf, opTable = 0x0c, 0x0d, 0x0e
	opCall, opCallIndirect        = 0x10, 0x11
	opLocalGet, opGlobalSet       = 0x20, 0x24
	opLoad, opStore               = 0x28, 0x3e // the first and the last that reaches into memory
	opMemorySize, opMemoryGrow    = 0x3f, 0x40
	opInt32, opInt64              = 0x41, 0x42
	opFloat32, opFloat64          = 0x43, 0x44
	opMore                        = 0xfc
	emptyBlock                    = 0x40
)

// step is one instruction of a function.
type step struct {
	op    byte
	value uint64 // of a call its function, of a branch its depth
	text  []byte
}

// steps takes a function's body apart: what stands before its instructions, its local variables, and these.
func steps(body []byte) (locals []byte, list []step, err error) {
	r := reader{body, nil}
	for n := r.number(); n > 0 && r.err == nil; n-- {
		r.number()
		r.take(1)
	}
	locals = body[:len(body)-len(r.rest)]
	for len(r.rest) > 0 {
		before := r.rest
		s := step{op: r.take(1)[0]}
		s.value = operands(&r, s.op)
		s.text = before[:len(before)-len(r.rest)]
		list = append(list, s)
	}
	return locals, list, r.err
}

// operands reads past what belongs to an instruction, and returns its first number.
func operands(r *reader, op byte) uint64 {
	switch {
	case op == opBlock || op == opLoop || op == opIf || op == opMemorySize || op == opMemoryGrow:
		r.take(1)
	case op == opInt32 || op == opInt64 || op == opBranch || op == opBranchIf || op == opCall || op >= opLocalGet && op <= opGlobalSet:
		return r.number()
	case op == opCallIndirect || op >= opLoad && op <= opStore:
		v := r.number()
		r.number()
		return v
	case op == opFloat32:
		r.take(4)
	case op == opFloat64:
		r.take(8)
	case op == opTable:
		for n := r.number() + 1; n > 0 && r.err == nil; n-- {
			r.number()
		}
	case op == opMore:
		return more(r)
	case op > 0xc4 || op >= 0x06 && op < opEnd || op == 0x12 || op == 0x13 || op > 0x1b && op < opLocalGet || op == 0x25 || op == 0x26 || op == 0x27:
		r.err = errModule
	}
	return 0
}

// more reads past the operands of an instruction of two bytes.
func more(r *reader) uint64 {
	v := r.number()
	switch {
	case v == 10: // memory.copy
		r.take(2)
	case v == 11: // memory.fill
		r.take(1)
	case v > 7:
		r.err = errModule
	}
	return v
}

// unwinds is how Go's functions end: behind their outermost block they say that the goroutine is being switched.
var unwinds = []byte{opInt32, 1, opEnd}

// leave says the same at once. The branches out of that block differ in their depth, and so compress worse than what is longer.
var leave = []byte{opIf, emptyBlock, opInt32, 1, 0x0f, opEnd}

// rewrite is a body with its calls at other numbers, and with leave in the place of the branches that unwind.
func rewrite(body []byte, number func(uint64) uint64) ([]byte, error) {
	locals, list, err := steps(body)
	if err != nil {
		return nil, err
	}
	b := slices.Clone(locals)
	list = fold(list)
	last := outermost(list)
	depth := uint64(0)
	for i, s := range list {
		switch s.op {
		case opBlock, opLoop, opIf:
			depth++
		case opEnd:
			depth--
		}
		switch {
		case s.op == opCall:
			b = binary.AppendUvarint(append(b, opCall), number(s.value))
		case s.op == opBranchIf && s.value+1 == depth && last >= 0 && i > last:
			b = append(b, leave...)
		default:
			b = append(b, s.text...)
		}
	}
	return b, nil
}

// outermost is where the block begins behind which a function says that it unwinds; −1: it does not.
func outermost(list []step) int {
	depth, begin, end := 0, -1, -1
	for i, s := range list {
		switch s.op {
		case opBlock, opLoop, opIf:
			if depth == 0 {
				begin, end = i, -1
			}
			depth++
		case opEnd:
			if depth--; depth == 0 {
				end = i
			}
		}
	}
	if end < 0 || list[begin].op != opBlock || list[begin].text[1] != emptyBlock {
		return -1
	}
	var tail []byte
	for _, s := range list[end+1:] {
		tail = append(tail, s.text...)
	}
	if !bytes.Equal(tail, unwinds) {
		return -1
	}
	return begin
}
