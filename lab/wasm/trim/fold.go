package main

import "encoding/binary"

// The instructions that are looked at when places on the stack are folded.
const (
	opLocalSet, opLocalTee        = 0x21, 0x22
	opGlobalGet                   = 0x23
	opDrop, opSelect              = 0x1a, 0x1b
	opInt32Add, opInt64Add        = 0x6a, 0x7c
	opWrap, opExtend              = 0xa7, 0xad
	opFirstStore                  = 0x36
	opFirstNumeric, opLastNumeric = 0x45, 0xc4
)

// fold shortens how Go's compiler reaches a place on the goroutine's stack: the address as a sum in 64 bits that is cut to 32 becomes one
// in 32, which has the same bits, and where it is the address of a store the summand becomes the store's offset.
func fold(list []step) []step {
	var out []step
	var stack []int // of each value on WebAssembly's stack, where in out its summand stands; −1: it is no such sum
	for i := 0; i < len(list); i++ {
		s := list[i]
		if k, ok := place(list[i:]); ok {
			out = append(out, step{op: opInt32, value: k, text: appendSigned([]byte{opInt32}, int64(int32(k)))}, step{op: opInt32Add, text: []byte{opInt32Add}})
			stack = append(pop(stack, 1), len(out)-2)
			i += 3
			continue
		}
		pops, pushes, known := effect(s)
		if !known {
			stack = stack[:0]
			out = append(out, s)
			continue
		}
		if s.op >= opFirstStore && s.op <= opStore && len(stack) >= 2 && stack[len(stack)-2] >= 0 {
			s = moved(out, stack[len(stack)-2], s)
		}
		stack = pop(stack, pops)
		for range pushes {
			stack = append(stack, -1)
		}
		out = append(out, s)
	}
	return out
}

// place tells whether list begins with what makes a place of an address: a summand in 64 bits, then a cut to 32.
func place(list []step) (summand uint64, ok bool) {
	if len(list) < 4 || list[0].op != opExtend || list[1].op != opInt64 || list[2].op != opInt64Add || list[3].op != opWrap {
		return 0, false
	}
	r := reader{list[1].text[1:], nil}
	k := r.signed()
	return uint64(k), k >= 0 && k < 1<<31
}

// moved takes the summand at a place of out away and returns the store with it as its offset.
func moved(out []step, at int, store step) step {
	summand := out[at].value
	out[at], out[at+1] = step{}, step{}
	r := reader{store.text[1:], nil}
	b := binary.AppendUvarint([]byte{store.op}, r.number())
	return step{op: store.op, text: binary.AppendUvarint(b, r.number()+summand)}
}

func pop(stack []int, n int) []int { return stack[:max(len(stack)-n, 0)] }

// effect is what an instruction takes from WebAssembly's stack and puts on it; not known where it leads elsewhere.
func effect(s step) (pops, pushes int, known bool) {
	switch op := s.op; {
	case op == opLocalGet || op == opGlobalGet || op >= opInt32 && op <= opFloat64:
		return 0, 1, true
	case op == opLocalSet || op == opGlobalSet || op == opDrop:
		return 1, 0, true
	case op == opLocalTee || op >= opLoad && op < opFirstStore:
		return 1, 1, true
	case op >= opFirstStore && op <= opStore:
		return 2, 0, true
	case op == opSelect:
		return 3, 1, true
	case op >= opFirstNumeric && op <= opLastNumeric:
		if single(op) {
			return 1, 1, true
		}
		return 2, 1, true
	case op == opMore && s.value < 8:
		return 1, 1, true
	case op == opMore:
		return 3, 0, true
	}
	return 0, 0, false
}

// single tells whether a numeric instruction has one operand: tests for zero, counts of bits, functions of one number, conversions.
func single(op byte) bool {
	return op == 0x45 || op == 0x50 || op >= 0x67 && op <= 0x69 || op >= 0x79 && op <= 0x7b || op >= 0x8b && op <= 0x91 || op >= 0x99 && op <= 0x9f || op >= 0xa7
}
