package source

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The kinds of value beyond the physical ones, by their field in Parquet's LogicalType.
const (
	logicalDecimal   = 5
	logicalDate      = 6
	logicalTime      = 7
	logicalTimestamp = 8
	logicalInteger   = 10
)

// converted is the logical kind, and the unit or sign, that an old ConvertedType stands for.
var converted = map[int64][2]int64{
	5: {logicalDecimal}, 6: {logicalDate}, 7: {logicalTime, 1}, 8: {logicalTime, 2}, 9: {logicalTimestamp, 1}, 10: {logicalTimestamp, 2},
	11: {logicalInteger}, 12: {logicalInteger}, 13: {logicalInteger}, 14: {logicalInteger},
}

// shownBy is how the values of a column are written, and whether they are dates.
func shownBy(l *leaf, element fields) (show func(raw []byte) string, date bool) {
	kind, unit, scale := int64(0), int64(0), element.int(7)
	if old, ok := element[6].(int64); ok {
		kind, unit = converted[old][0], converted[old][1]
	}
	for id, v := range element.sub(10) {
		f, _ := v.(fields)
		kind = id
		for u := range f.sub(2) {
			unit = u // 1 milli, 2 micro, 3 nano
		}
		if id == logicalDecimal {
			scale = f.int(1)
		}
		if id == logicalInteger {
			unit = f.int(2) // signed
		}
	}
	second := []int64{1000, 1000, 1_000_000, 1_000_000_000}[min(max(unit, 0), 3)]
	whole := l.physical == pInt32 || l.physical == pInt64
	switch {
	case l.physical == pInt96:
		return func(raw []byte) string {
			day := int64(binary.LittleEndian.Uint32(raw[8:])) - 2440588 // Julian days to 1970
			return stamp(day*86400 + int64(binary.LittleEndian.Uint64(raw))/1_000_000_000)
		}, true
	case kind == logicalDate && l.physical == pInt32:
		return func(raw []byte) string { return stamp(integer(raw) * 86400) }, true
	case kind == logicalTimestamp && l.physical == pInt64:
		return func(raw []byte) string { return stamp(floorDiv(integer(raw), second)) }, true
	case kind == logicalTime && whole:
		return func(raw []byte) string { return clock(integer(raw) / second) }, false
	case kind == logicalDecimal && l.physical != pFloat && l.physical != pDouble && l.physical != pBoolean:
		return func(raw []byte) string { return decimal(raw, whole, int(scale)) }, false
	case kind == logicalInteger && unit == 0 && whole:
		return unsigned, false
	}
	return plainShow[l.physical], false
}

// plainShow writes a value by its physical type.
var plainShow = [...]func(raw []byte) string{
	pInt32: func(raw []byte) string { return strconv.FormatInt(integer(raw), 10) },
	pInt64: func(raw []byte) string { return strconv.FormatInt(integer(raw), 10) },
	pFloat: func(raw []byte) string {
		if x := math.Float32frombits(binary.LittleEndian.Uint32(raw)); x == x {
			return strconv.FormatFloat(float64(x), 'g', -1, 32)
		}
		return ""
	},
	pDouble: func(raw []byte) string {
		if x := math.Float64frombits(binary.LittleEndian.Uint64(raw)); x == x {
			return number(x)
		}
		return ""
	},
	pBytes: bytesText,
	pFixed: bytesText,
}

func bytesText(raw []byte) string {
	if utf8.Valid(raw) {
		return string(raw)
	}
	return hex.EncodeToString(raw)
}

// integer is a whole number of 4 or 8 bytes.
func integer(raw []byte) int64 {
	if len(raw) == 4 {
		return int64(int32(binary.LittleEndian.Uint32(raw)))
	}
	return int64(binary.LittleEndian.Uint64(raw))
}

func unsigned(raw []byte) string {
	if len(raw) == 4 {
		return strconv.FormatUint(uint64(binary.LittleEndian.Uint32(raw)), 10)
	}
	return strconv.FormatUint(binary.LittleEndian.Uint64(raw), 10)
}

func floorDiv(a, b int64) int64 {
	if q := a / b; a%b >= 0 {
		return q
	}
	return a/b - 1
}

// decimal is a whole number, little endian where it is an integer and else big, with its point moved scale places to the left.
func decimal(raw []byte, whole bool, scale int) string {
	n := new(big.Int)
	if whole {
		n.SetInt64(integer(raw))
	} else {
		if len(raw) > 64 {
			return bytesText(raw)
		}
		n.SetBytes(raw)
		if len(raw) > 0 && raw[0] >= 0x80 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(raw))))
		}
	}
	if scale <= 0 || scale > 76 {
		return n.String()
	}
	sign := ""
	if n.Sign() < 0 {
		sign = "-"
		n.Neg(n)
	}
	digits := n.String()
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale+1-len(digits)) + digits
	}
	return sign + digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
}
