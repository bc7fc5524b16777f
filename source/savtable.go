package source

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"
)

// variables gathers elements into columns: the segments of a very long string are one.
func (f *sav) variables() {
	for i := 0; i < len(f.elements); {
		e := f.elements[i]
		if !e.variable {
			f.fail(errors.New("a string continues that never began"))
		}
		v := savVar{e, i, 1}
		i += elementsOf(e.width)
		if w := f.wide[e.name]; w > 255 && e.width > 0 {
			v.width, v.segments = w, (w+251)/252
			for range v.segments - 1 {
				if i >= len(f.elements) {
					f.fail(errors.New("variable " + strconv.Quote(e.name)))
				}
				i += elementsOf(f.elements[i].width)
			}
		}
		if i > len(f.elements) {
			f.fail(errors.New("variable " + strconv.Quote(e.name)))
		}
		f.vars = append(f.vars, v)
	}
	if len(f.vars) == 0 {
		f.fail(errors.New("no variable"))
	}
}

// elementsOf is how many elements a variable takes.
func elementsOf(width int) int { return max(1, (width+7)/8) }

// describe fills in what the dictionary says of the columns.
func (f *sav) describe(s *Sheet) {
	column := map[int]int{} // first element -> column
	for j, v := range f.vars {
		column[v.first] = j
		long := f.long[v.name]
		if long == "" {
			long = v.name
		}
		s.Header = append(s.Header, f.decoded([]byte(long)))
		if v.width == 0 && isDay(v.format) {
			s.Dates[j] = true
		}
		for _, x := range v.missing {
			s.Missing[j] = append(s.Missing[j], v.show(x))
		}
		for _, t := range slices.Concat(v.texts, f.longMissing[v.name], f.longMissing[long]) {
			s.Missing[j] = append(s.Missing[j], f.trimmed([]byte(t)))
		}
		for _, l := range slices.Concat(f.longLabels[v.name], f.longLabels[long]) {
			s.label(j, f.trimmed([]byte(l[0])), f.trimmed([]byte(l[1])))
		}
	}
	for _, l := range f.labels {
		for _, at := range l.at {
			j, ok := column[int(at)-1]
			if !ok {
				continue
			}
			for k, raw := range l.values {
				s.label(j, f.code(&f.vars[j], raw[:]), f.trimmed(l.labels[k]))
			}
		}
	}
}

// code is an element of the dictionary as the cells of v would show it.
func (f *sav) code(v *savVar, raw []byte) string {
	if v.width > 0 {
		return f.trimmed(raw)
	}
	return v.show(math.Float64frombits(f.order.Uint64(raw)))
}

func (s *Sheet) label(column int, value, label string) {
	if s.Labels[column] == nil {
		s.Labels[column] = map[string]string{}
	}
	s.Labels[column][value] = label
}

// trimmed is a text without the spaces that fill up its column.
func (f *sav) trimmed(b []byte) string { return strings.TrimRight(f.decoded(b), " \x00") }

// decoded is b as UTF-8. A file without a record of its encoding is of the code page it names, else Korean unless it is UTF-8.
func (f *sav) decoded(b []byte) string {
	e := strings.ToLower(f.encoding)
	korea := strings.Contains(e, "949") || strings.Contains(e, "euc-kr") || strings.Contains(e, "ks_c") || e == "" && f.page == 949
	if !korea && utf8.Valid(b) {
		return string(b)
	}
	u, err := korean.EUCKR.NewDecoder().Bytes(b)
	if err != nil {
		f.fail(err)
	}
	if strings.Contains(string(u), "\ufffd") {
		f.fail(errors.New("text that is not of its encoding: " + strconv.Quote(string(u))))
	}
	return string(u)
}

// The numbers of SPSS formats that matter: all but TIME, DTIME and MTIME are seconds since 14 October 1582.
const (
	formatTIME  = 21
	formatDTIME = 25
	formatMTIME = 40
)

func isDay(format byte) bool {
	switch format {
	case 20, 22, 23, 24, 28, 29, 30, 38, 39, 41: // DATE DATETIME ADATE JDATE MOYR QYR WKYR EDATE SDATE YMDHMS
		return true
	}
	return false
}

// epoch1582 is 14 October 1582 in seconds since 1970; the last moment is that of the year 9999.
const (
	epoch1582 = -141428 * 86400
	last1582  = 265621680000
)

// show is a number as its variable writes it; "" the system-missing value.
func (v *savVar) show(x float64) string {
	switch {
	case x == -math.MaxFloat64 || math.IsNaN(x):
		return ""
	case isDay(v.format) && x >= 0 && x < last1582:
		return stamp(epoch1582 + int64(math.Round(x)))
	case (v.format == formatTIME || v.format == formatDTIME || v.format == formatMTIME) && math.Abs(x) < last1582:
		return clock(int64(math.Round(x)))
	}
	return number(x)
}
