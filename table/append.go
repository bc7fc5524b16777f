package table

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// AppendNumber appends v as Format writes it.
func AppendNumber(dst []byte, v float64) []byte {
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.AppendFloat(dst, v, 'e', -1, 64)
	}
	return strconv.AppendFloat(dst, v, 'f', -1, 64)
}

// AppendCell appends a cell of a CSV file, in quotes where encoding/csv puts it in quotes.
func AppendCell(dst []byte, s string) []byte {
	if !quotes(s) {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for {
		before, behind, more := strings.Cut(s, `"`)
		dst = append(dst, before...)
		if !more {
			return append(dst, '"')
		}
		dst, s = append(dst, `""`...), behind
	}
}

// append is AppendCell of Text.
func (c *Column) append(dst []byte, row int) []byte {
	if c.Kind == Number && !c.Missing(row) {
		return AppendNumber(dst, c.numbers.at(row))
	}
	return AppendCell(dst, c.Text(row))
}

// quotes reports whether a cell needs quotes; \. is the end of data in some databases.
func quotes(s string) bool {
	if s == "" {
		return false
	}
	if s == `\.` || strings.ContainsAny(s, ",\"\r\n") {
		return true
	}
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(first)
}
