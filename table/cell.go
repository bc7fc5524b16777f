package table

import (
	"bytes"
	"math"
	"strconv"
)

// form says what a cell is.
type form uint8

const (
	isText form = iota
	isNumber
	notFinite // NaN, Inf, or a number beyond float64
)

// trim cuts white space off both ends, the Korean full-width space too.
func trim(b []byte) []byte {
	if n := len(b); n == 0 || b[0] > ' ' && b[0] < 0x80 && b[n-1] > ' ' && b[n-1] < 0x80 {
		return b
	}
	return bytes.TrimSpace(b)
}

// missing reports whether a trimmed cell is a missing code: empty, NA, N/A, NULL (or all in lower case), ".", "-".
func missing(b []byte) bool {
	switch len(b) {
	case 0:
		return true
	case 1:
		return b[0] == '.' || b[0] == '-'
	case 2, 3, 4:
		switch string(b) {
		case "NA", "na", "N/A", "n/a", "NULL", "null":
			return true
		}
	}
	return false
}

// MissingCodes are the cells that missing knows.
func MissingCodes() []string {
	return []string{"", ".", "-", "NA", "na", "N/A", "n/a", "NULL", "null"}
}

// tens are the powers of ten that float64 holds exactly.
var tens = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// number reads a trimmed, not empty cell: a sign, digits with at most one point, an exponent. The value has the bits of
// strconv.ParseFloat, which reads what the two short ways cannot: a mantissa below 2⁵³ times or over a power of ten up to
// 10²² is one exact operation, and quotient divides one of up to 19 digits.
func number(b []byte) (float64, form) {
	i := 0
	if b[0] == '+' || b[0] == '-' {
		i = 1
	}
	mantissa, digits, power, n := decimal(b[i:])
	if n == 0 {
		return special(b)
	}
	if i += n; i < len(b) {
		e, ok := exponent(b[i:])
		if !ok {
			return 0, isText
		}
		power += e
	}
	if digits > 19 || power > 22 || power < -22 {
		return slow(b)
	}
	v := float64(mantissa)
	switch {
	case mantissa >= 1<<53:
		var sure bool
		if v, sure = quotient(mantissa, power); !sure {
			return slow(b)
		}
	case power < 0:
		v /= tens[-power]
	default:
		v *= tens[power]
	}
	if b[0] == '-' {
		v = -v
	}
	return v, isNumber
}

// decimal reads digits with at most one point: their value (right up to 19 significant digits), how many are significant,
// the power of ten and the bytes read, 0 where there is no digit.
func decimal(b []byte) (mantissa uint64, digits, power, n int) {
	point := -1
	for n < len(b) && (b[n] == '0' || b[n] == '.' && point < 0) {
		if b[n] == '.' {
			point = n
		}
		n++
	}
	first := n
	mantissa, n = run(b, 0, n)
	digits = n - first
	if point < 0 && n < len(b) && b[n] == '.' {
		point, first = n, n+1
		mantissa, n = run(b, mantissa, first)
		digits += n - first
	}
	if point < 0 {
		return mantissa, digits, 0, n
	}
	if n == 1 {
		return 0, 0, 0, 0
	}
	return mantissa, digits, point + 1 - n, n
}

// run appends the digits that begin at b[n] to mantissa and returns the place behind them.
func run(b []byte, mantissa uint64, n int) (uint64, int) {
	for ; n < len(b); n++ {
		c := b[n] - '0'
		if c > 9 {
			break
		}
		mantissa = mantissa*10 + uint64(c)
	}
	return mantissa, n
}

// exponent reads e, an optional sign and digits to the end of b.
func exponent(b []byte) (int, bool) {
	if b[0] != 'e' && b[0] != 'E' {
		return 0, false
	}
	b = b[1:]
	sign := 1
	if len(b) > 0 && (b[0] == '+' || b[0] == '-') {
		if b[0] == '-' {
			sign = -1
		}
		b = b[1:]
	}
	e := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		e = min(e*10+int(c-'0'), 1<<20)
	}
	return sign * e, len(b) > 0
}

// quotient is mantissa·10^power for −22 ≤ power ≤ 0, and whether it is surely the nearest float64. The mantissa is split into
// two float64, hi + lo; q = hi/p leaves an exact remainder, so q plus rest is the true value but for some 2⁻⁵¹ of rest. Where
// a rest 2⁻⁴⁵ larger and one 2⁻⁴⁵ smaller round to the same number, so does the true value.
func quotient(mantissa uint64, power int) (v float64, sure bool) {
	hi := float64(mantissa)
	if power >= 0 {
		return hi, power == 0
	}
	const margin = 1.0 / (1 << 45)
	lo, p := float64(int64(mantissa-uint64(hi))), tens[-power]
	q := hi / p
	rest := (math.FMA(-q, p, hi) + lo) / p
	slack := float64(rest * margin)
	v = q + (rest + slack)
	return v, v == q+(rest-slack)
}

func slow(b []byte) (float64, form) {
	v, err := strconv.ParseFloat(string(b), 64)
	if math.IsInf(v, 0) {
		return v, notFinite
	}
	if err != nil {
		return 0, isText
	}
	return v, isNumber
}

// special knows the words for what is not a finite number.
func special(b []byte) (float64, form) {
	if b[0] == '+' || b[0] == '-' {
		b = b[1:]
	}
	for _, word := range [...]string{"nan", "inf", "infinity"} {
		if len(b) == len(word) && bytes.EqualFold(b, []byte(word)) {
			return 0, notFinite
		}
	}
	return 0, isText
}

var days = [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// date reports whether s is a day written 2021-03-05, 2021.3.5 or 2021/03/05, with or without a time after it.
func date(s string) bool {
	if len(s) < 8 || s[4] != '-' && s[4] != '.' && s[4] != '/' {
		return false
	}
	year, ok := digits(s[:4])
	if !ok || year == 0 {
		return false
	}
	month, rest, ok := twoDigits(s[5:])
	if !ok || month < 1 || month > 12 || rest == "" || rest[0] != s[4] {
		return false
	}
	day, rest, ok := twoDigits(rest[1:])
	return ok && day >= 1 && day <= days[month-1] && clock(rest)
}

func twoDigits(s string) (v int, rest string, ok bool) {
	n := 0
	for n < len(s) && n < 2 && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	v, ok = digits(s[:n])
	return v, s[n:], ok
}

func digits(s string) (v int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		v = v*10 + int(s[i]-'0')
	}
	return v, s != ""
}

// clock reports whether s is nothing or a time of day.
func clock(s string) bool {
	if s == "" {
		return true
	}
	if s[0] != ' ' && s[0] != 'T' || len(s) < 5 {
		return false
	}
	colon := false
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == ':':
			colon = true
		case c >= '0' && c <= '9', c == '.', c == '+', c == '-', c == 'Z':
		default:
			return false
		}
	}
	return colon
}
