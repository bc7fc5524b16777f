package table

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// short is the number that the cell b[i:stop] holds, where it has the usual form: "-" or nothing, and up to 8 bytes that are
// digits with at most one point. It looks at the 8 bytes before stop at once; ok is false where the form is another.
func short(b []byte, i, stop int) (v float64, ok bool) {
	minus := (uint64(b[i]^'-') - 1) >> 63
	n := stop - i - int(minus)
	if n < 1 || n > 8 || stop < 8 {
		return 0, false
	}
	cut := 8 * uint(8-n)
	w := word(b, stop-8) >> (cut & 63) << (cut & 63) // zeros before the cell
	power, other := 0, others(w)
	if other != 0 {
		at := uint(bits.TrailingZeros64(other)) // of the top bit of the byte
		before, behind := uint64(1)<<((at-7)&63)-1, ^(uint64(2)<<(at&63) - 1)
		if n < 2 || w&^before&^behind != uint64('.'^'0')<<((at-7)&63) || other&(other-1) != 0 {
			return 0, false
		}
		w, power = w&before<<8|w&behind, int(63-at)>>3
	}
	return signed(float64(int64(eight(w)))/tens[power&7], minus), true
}

// long is the number that the cell b[i:stop] holds, where it has the form: "-" or nothing, up to 7 digits, a point, more digits;
// up to 19 in all.
func long(b []byte, i, stop int) (v float64, ok bool) {
	minus := int((uint64(b[i]^'-') - 1) >> 63)
	at := i + minus
	w := word(b, at)
	before := leading(w)
	if at += before; before == 8 || b[at] != '.' {
		return 0, false
	}
	m, power := eight(shifted(w, before)), 0
	at++
	for n := 8; n == 8 && power <= 16; power += n {
		f := word(b, at)
		n = leading(f)
		m = m*whole[n] + eight(shifted(f, n))
		at += n
	}
	if digits := before + power; at != stop || digits == 0 || digits > 19 {
		return 0, false
	}
	if m < 1<<53 {
		v, ok = float64(int64(m))/tens[power], true
	} else {
		v, ok = quotient(m, -power)
	}
	return signed(v, uint64(minus)), ok
}

// whole is the powers of ten up to 10⁸.
var whole = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}

// word is eight bytes from b[i] on, a digit as its value.
func word(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) ^ 0x3030303030303030 }

// others has the top bit of each byte of w that is no digit.
func others(w uint64) uint64 {
	const low, top = 0x7F7F7F7F7F7F7F7F, 0x8080808080808080
	return (w&low + 0x7676767676767676 | w) & top
}

// leading is how many digits w begins with.
func leading(w uint64) int { return bits.TrailingZeros64(others(w)) >> 3 }

// shifted is the first n bytes of w moved to its end, zeros before them.
func shifted(w uint64, n int) uint64 { return w << (64 - 8*uint(n)) }

// eight is the value of eight digits: of pairs, of fours, of all.
func eight(w uint64) uint64 {
	const pairs = 0x000000FF000000FF
	w = w*10 + w>>8
	return (w&pairs*(100+1000000<<32) + w>>16&pairs*(1+10000<<32)) >> 32
}

// signed is v, or −v where minus is 1.
func signed(v float64, minus uint64) float64 {
	return math.Float64frombits(math.Float64bits(v) ^ minus<<63)
}
