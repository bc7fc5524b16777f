package source

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"time"
)

// The two date systems of Excel: the day before day 1, in days since 1970. In the first the year 1900 has a 29 February that
// never was, number 60, so that every later number is one too many.
const (
	days1900 = -25568 // 1899-12-31
	days1904 = -24108 // 1903-12-31; there day 0 is 1904-01-01
)

// moment says what a number format shows of a number.
type moment uint8

const (
	day  moment = 1 << iota // year, month or day
	hour                    // hours, minutes, seconds
)

// readStyles reads which cell styles show dates.
func (w *workbook) readStyles(part string) error {
	formats := map[string]moment{}
	inside := false
	return w.walk(part, func(e xml.StartElement, _ *xml.Decoder) error {
		switch e.Name.Local {
		case "numFmt":
			formats[attr(e, "numFmtId")] = momentOf(attr(e, "formatCode"))
		case "cellStyleXfs", "cellStyles", "dxfs":
			inside = false
		case "cellXfs":
			inside = true
		case "xf":
			if inside {
				id := attr(e, "numFmtId")
				m, own := formats[id]
				if !own {
					m = builtIn(id)
				}
				w.styles = append(w.styles, m)
			}
		}
		return nil
	})
}

// builtIn are the formats a file names by number only; 27 to 36 and 50 to 58 are those of Korea, Japan and China.
func builtIn(id string) moment {
	n, _ := strconv.Atoi(id)
	switch {
	case n >= 14 && n <= 17, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 54, n == 57, n == 58:
		return day
	case n == 22:
		return day | hour
	case n >= 18 && n <= 21, n >= 32 && n <= 35, n >= 45 && n <= 47, n == 55, n == 56:
		return hour
	}
	return 0
}

// momentOf reads a format such as yyyy"년" m"월" d"일" or [h]:mm:ss: letters outside quotes, brackets and escapes. m alone is a month.
func momentOf(code string) (m moment) {
	month := false
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == '\\' || code[i] == '_' || code[i] == '*':
			i++
		case code[i] == '"':
			i = closing(code, i, '"')
		case code[i] == '[':
			j := closing(code, i, ']')
			if inner := strings.ToLower(strings.Trim(code[i:min(j, len(code))], "[]")); strings.Trim(inner, "hms") == "" && inner != "" {
				m |= hour // [h]: elapsed hours
			}
			i = j
		case code[i] == ';':
			i = len(code) // the first section speaks
		case c == 'y' || c == 'd' || code[i] == 'e':
			m |= day
		case c == 'h' || c == 's':
			m |= hour
		case c == 'g':
			return m // General
		case c == 'm':
			month = true
		}
	}
	if month && m == 0 {
		m = day
	}
	return m
}

// closing is the place of the next sign c after i, or the end.
func closing(s string, i int, c byte) int {
	if j := strings.IndexByte(s[i+1:], c); j >= 0 {
		return i + 1 + j
	}
	return len(s)
}

// moment renders the number x as 2006-01-02, with the time where it has one; ok is false where no calendar has that day.
func (w *workbook) moment(x float64, m moment) (v string, date, ok bool) {
	seconds := int64(math.Round(x * 86400))
	if x < 0 || x >= 2958466 { // 9999-12-31 is the last
		return "", false, false
	}
	if m == hour {
		return clock(seconds), false, true
	}
	days := seconds / 86400
	if w.since == days1904 {
		days++
	} else if days >= 60 {
		days--
	}
	return stamp((int64(w.since)+days)*86400 + seconds%86400), true, true
}

// stamp renders seconds since 1970: the day, and the time of day unless it is midnight.
func stamp(seconds int64) string {
	t := time.Unix(seconds, 0).UTC()
	if seconds%86400 == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}

// clock renders a span of seconds as h:mm:ss.
func clock(seconds int64) string {
	sign := ""
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	two := func(n int64) string { return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }
	h := strconv.FormatInt(seconds/3600, 10)
	if len(h) < 2 {
		h = "0" + h
	}
	return sign + h + ":" + two(seconds/60%60) + ":" + two(seconds%60)
}

// isoDate renders a cell that holds its date as text.
func isoDate(raw string) (string, bool) {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05", time.RFC3339} {
		if t, err := time.Parse(layout, raw); err == nil {
			return stamp(t.Unix()), true
		}
	}
	return raw, false
}

// number is x in as few digits as tell it from its neighbours.
func number(x float64) string {
	if a := math.Abs(x); a != 0 && (a < 1e-5 || a >= 1e16) {
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
