package check

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// codes are the ways to say that nothing was measured, in upper case.
var codes = func() map[string]bool {
	m := map[string]bool{"": true}
	for _, w := range words("NA N/A N.A. #N/A NULL #NULL! NAN <NA> . - -- ? #DIV/0! #VALUE! #REF! #NAME? #NUM! UNKNOWN UNK MISSING " +
		"검사불가 측정불가 미상 불명 모름 알수없음 측정안함 미측정 미검 미시행 검사안함 결측 결측치 무응답") {
		m[w] = true
	}
	return m
}()

// missing reports whether a clean cell says that nothing is known.
func missing(s string) bool {
	if s == "" {
		return true
	}
	if c := s[0]; c >= '0' && c <= '9' || len(s) > 20 {
		return false
	}
	return codes[s] || codes[strings.ToUpper(s)]
}

// reading is a cell read as a number.
type reading struct {
	v     float64
	bound byte   // '<' or '>' where the true value lies beyond v
	unit  string // what stands behind the digits
}

// units are what may stand behind a number without a slash in it.
var units = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range words("% ‰ 세 살 개월 년 월 주 일 시간 분 초 회 번 명 점 갑년 kg g mg µg ug ng cm mm m ml cc l dl mmhg bpm iu u meq mmol ℃ °c c 도 yr yrs years y") {
		m[w] = true
	}
	return m
}()

// number reads "1,234.5", "12.3 mg/L", "65세", full-width digits, "<0.5".
func number(s string) (reading, bool) {
	if plain(s) {
		v, err := strconv.ParseFloat(s, 64)
		return reading{v: v}, err == nil
	}
	s = strings.Map(narrow, s)
	var r reading
	for _, sign := range []string{"<=", ">=", "=<", "<", "≤", ">", "≥"} {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			r.bound = '<'
			if strings.ContainsAny(sign, ">≥") {
				r.bound = '>'
			}
			s = strings.TrimSpace(rest)
			break
		}
	}
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || strings.IndexByte("+-.,", s[end]) >= 0) {
		end++
	}
	if end < len(s) && (s[end] == 'e' || s[end] == 'E') && plain(s) {
		end = len(s)
	}
	r.unit = strings.TrimSpace(s[end:])
	digits, ok := ungroup(s[:end])
	if !ok || r.unit != "" && !unit(r.unit) || !plain(digits) {
		return r, false
	}
	v, err := strconv.ParseFloat(digits, 64)
	r.v = v
	return r, err == nil && !math.IsInf(v, 0)
}

func unit(s string) bool {
	if len(s) > 20 || strings.ContainsAny(s, " \n\t0123456789") && !strings.Contains(s, "/") {
		return false
	}
	if i := strings.IndexByte(s, '/'); i > 0 {
		return !strings.ContainsAny(s[:i]+s[i+1:], "/\n ") && s[0] > '9'
	}
	return units[strings.ToLower(s)]
}

// plain reports whether s is made of what a decimal number is made of and holds a digit.
func plain(s string) bool {
	digit := false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digit = true
		case c == '.', c == '-', c == '+':
		case (c == 'e' || c == 'E') && digit:
		default:
			return false
		}
	}
	return digit
}

// narrow turns full-width signs into those of ASCII.
func narrow(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0
	case r == '−', r == '–':
		return '-'
	case r == 0x3000, r == 0xA0:
		return ' '
	}
	return r
}

// ungroup takes the commas out of 1,234,567.8; false where they do not part thousands.
func ungroup(s string) (string, bool) {
	if !strings.Contains(s, ",") {
		return s, true
	}
	whole, _, _ := strings.Cut(s, ".")
	parts := strings.Split(strings.TrimLeft(whole, "+-"), ",")
	for i, p := range parts {
		if i > 0 && len(p) != 3 || i == 0 && (p == "" || len(p) > 3) {
			return "", false
		}
	}
	if strings.Count(s, ",") != len(parts)-1 {
		return "", false
	}
	return strings.ReplaceAll(s, ",", ""), true
}

// The days of Excel that are taken for one: 1954 to 2064, and its day of 1970-01-01.
const (
	firstSerial, lastSerial = 20000, 60000
	excelEpoch              = 25569
)

// serial reads a day of Excel, with or without a time.
func serial(s string) (int, bool) {
	if len(s) < 5 || s[0] < '2' || s[0] > '6' || !plain(s) {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return int(v) - excelEpoch, err == nil && v >= firstSerial && v <= lastSerial
}

// firstDay and lastDay are the days from 1800 to 2200, which someone alive can have been somewhere.
var (
	firstDay = int(time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC).Unix() / 86400)
	lastDay  = int(time.Date(2200, 12, 31, 0, 0, 0, 0, time.UTC).Unix() / 86400)
)

// day reads a date that can be one of a person's life, as days since 1970.
func day(s string) (int, bool) {
	d, ok := anyDay(s)
	return d, ok && d >= firstDay && d <= lastDay
}

// anyDay reads 2021-03-05, 2021.3.5, 2021/03/05, 20210305, 2021년 3월 5일 of any year of four digits, each with or without a time.
func anyDay(s string) (int, bool) {
	if len(s) < 8 {
		return 0, false
	}
	if s[0] >= 0x80 {
		s = strings.Map(narrow, s)
	}
	y, rest, ok := digits(s, 4)
	if !ok || y < 1000 {
		return 0, false
	}
	var m, d int
	if len(rest) >= 4 && rest[0] >= '0' && rest[0] <= '9' {
		if m, _, ok = digits(rest[:2], 2); ok {
			d, _, ok = digits(rest[2:4], 2)
		}
		rest = rest[4:]
	} else {
		m, d, rest, ok = parted(rest)
	}
	if !ok || m < 1 || m > 12 || !clock(rest) {
		return 0, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return int(t.Unix() / 86400), t.Day() == d && int(t.Month()) == m
}

// parted reads the month and the day behind a year, parted by one of - . / 년 월 일.
func parted(s string) (m, d int, rest string, ok bool) {
	sep := ""
	for _, p := range []string{"년", "-", ".", "/"} {
		if strings.HasPrefix(s, p) {
			sep = p
		}
	}
	if sep == "" {
		return
	}
	m, rest, ok = digits(strings.TrimLeft(s[len(sep):], " "), 2)
	if sep == "년" {
		sep = "월"
	}
	if !ok || !strings.HasPrefix(rest, sep) {
		return 0, 0, "", false
	}
	d, rest, ok = digits(strings.TrimLeft(rest[len(sep):], " "), 2)
	return m, d, strings.TrimPrefix(strings.TrimPrefix(rest, "일"), "."), ok
}

// digits reads up to most digits at the front of s.
func digits(s string, most int) (v int, rest string, ok bool) {
	n := 0
	for n < len(s) && n < most && s[n] >= '0' && s[n] <= '9' {
		v = v*10 + int(s[n]-'0')
		n++
	}
	return v, s[n:], n > 0 && (most != 4 || n == 4)
}

// clock reports whether s is nothing or a time of day.
func clock(s string) bool {
	if s == "" {
		return true
	}
	if s[0] != ' ' && s[0] != 'T' {
		return false
	}
	s = strings.TrimLeft(s[1:], " ")
	for _, p := range []string{"오전", "오후", "AM", "PM"} {
		s = strings.TrimLeft(strings.TrimPrefix(s, p), " ")
	}
	for _, r := range s {
		if !unicode.IsDigit(r) && !strings.ContainsRune(":.+-Z 시분초AMP", r) {
			return false
		}
	}
	return s != "" && s[0] >= '0' && s[0] <= '9'
}

// iso writes days since 1970 as 2021-03-05.
func iso(day int) string { return time.Unix(int64(day)*86400, 0).UTC().Format(time.DateOnly) }
