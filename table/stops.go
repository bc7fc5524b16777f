package table

import (
	"encoding/binary"
	"math/bits"
)

// stops finds the places where a cell may end: the bytes up to ',', among them line breaks, quotes and spaces, and no digit,
// sign "-", point or letter. It marks 64 bytes at a time, so that the next place is known before the cell before it is read.
type stops struct {
	from int    // the bytes marked begin here
	mask uint64 // those that are still to come
}

// seek makes next begin at b[i].
func (s *stops) seek(b []byte, i int) { s.from, s.mask = i, marks(b[i:]) }

// next is the place of the next stop; there must be one.
func (s *stops) next(b []byte) int {
	for s.mask == 0 {
		s.from += 64
		s.mask = marks(b[s.from:])
	}
	at := s.from + bits.TrailingZeros64(s.mask)
	s.mask &= s.mask - 1
	return at
}

// marks has a bit for each of 64 bytes that is at most ','.
func marks(b []byte) (mask uint64) {
	const low, top = 0x7F7F7F7F7F7F7F7F, 0x8080808080808080
	b = b[:64]
	for i := 0; i < 64; i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		m := ^(w&low + 0x5353535353535353 | w) & top >> 7 // ',' + 0x53 is 0x7F, one more sets the top bit
		mask |= m * 0x0102040810204080 >> 56 << i         // the eight bits side by side
	}
	return mask
}
