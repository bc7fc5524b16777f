package table

import (
	"encoding/binary"
	"math/bits"
)

// quick reads the number that begins at b[i], where it has the usual form: "-" or nothing, up to 7 digits, and up to 19 digits in
// all where a point follows. It looks at eight bytes at a time, and may look at some 40 from i on. The value has the bits of
// number's, which reads every other form: end is the place behind the last digit, or i where the form is another.
func quick(b []byte, i int) (v float64, end int) {
	at := i
	if b[at] == '-' {
		at++
	}
	w := word(b, at)
	p := leading(w)
	at += p
	mantissa, digits, power := uint64(0), p, 0
	if b[at] == '.' {
		f := word(b, at+1)
		power = leading(f)
		digits += power
		at += 1 + power
		switch {
		case digits == 0 || p == 8:
			return 0, i
		case digits <= 8:
			mantissa = eight(w&(1<<(8*p&63)-1)<<(8*(8-digits)&63) | shifted(f, power))
		default:
			mantissa, power, at = many(b, at, eight(shifted(w, p)), f, power)
			digits = p + power
		}
	} else {
		if digits == 0 || p == 8 {
			return 0, i
		}
		mantissa = eight(shifted(w, p))
	}
	switch {
	case digits > 19:
		return 0, i
	case mantissa < 1<<53:
		v = float64(mantissa) / tens[power]
	default:
		var sure bool
		if v, sure = quotient(mantissa, -power); !sure {
			return 0, i
		}
	}
	if b[i] == '-' {
		v = -v
	}
	return v, at
}

// many appends the digits of f, power of them, to the mantissa, and those that go on at b[at].
func many(b []byte, at int, mantissa, f uint64, power int) (m uint64, digits, end int) {
	n := power
	for {
		mantissa = mantissa*whole[n] + eight(shifted(f, n))
		if n < 8 || power > 16 {
			return mantissa, power, at
		}
		f = word(b, at)
		n = leading(f)
		at, power = at+n, power+n
	}
}

// whole is the powers of ten up to 10⁸.
var whole = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}

// word is eight bytes from b[i] on, a digit as its value.
func word(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) ^ 0x3030303030303030 }

// leading is how many digits w begins with.
func leading(w uint64) int {
	other := (w&0x7F7F7F7F7F7F7F7F + 0x7676767676767676 | w) & 0x8080808080808080 // where a byte is above 9
	return bits.TrailingZeros64(other) >> 3
}

// shifted is the first n bytes of w moved to its end, zeros before them.
func shifted(w uint64, n int) uint64 { return w << (64 - 8*uint(n)) }

// eight is the value of eight digits.
func eight(w uint64) uint64 {
	w = w*10 + w>>8 // pairs, in every second byte
	const pairs = 0x000000FF000000FF
	return (w&pairs*(100+1000000<<32) + w>>16&pairs*(1+10000<<32)) >> 32
}
