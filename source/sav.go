package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"strconv"
	"strings"

	"gradus/internal/say"
)

// sav is an SPSS system file being read: a header, a dictionary of records each with its number, then cases of 8-byte elements.
// Everything read is checked against the bytes that are there before room for it is made.
type sav struct {
	name        string
	b           []byte
	at          int
	order       binary.ByteOrder
	compression int32   // 0 none, 1 bytecodes, 2 bytecodes in zlib blocks
	bias        float64 // what a bytecode is more than its value
	cases       int32   // -1: not known
	encoding    string  // of its texts, as the file says
	page        int32   // code page, as the file says
	scratch     []byte  // a string being joined
	elements    []savElement
	vars        []savVar
	long        map[string]string      // short name -> long name
	wide        map[string]int         // short name -> width of a string in several variables
	labels      []savLabels            // by element
	longLabels  map[string][][2]string // name -> value, label
	longMissing map[string][]string
}

// savElement is one 8-byte column of a case, as the dictionary lists them; a string of 20 bytes has three.
type savElement struct {
	variable bool // it begins a variable
	name     string
	width    int // of a string in bytes, 0 a number
	format   byte
	missing  []float64 // codes
	texts    []string  // codes of a short string
	span     []float64 // lowest and highest of a range of codes, or none
}

// savVar is a column of the table.
type savVar struct {
	savElement
	first    int // of its elements
	segments int // variables a very long string stands in
}

type savLabels struct {
	values [][8]byte
	labels [][]byte
	at     []int32 // elements, from 1
}

var errShort = errors.New("it ends too early")

// savError carries a fault of the bytes up through the reading functions, which so need no error to return.
type savError struct{ error }

func (f *sav) fail(err error) { panic(savError{err}) }

// take is the next n bytes.
func (f *sav) take(n int) []byte {
	if n < 0 || n > len(f.b)-f.at {
		f.fail(errShort)
	}
	f.at += n
	return f.b[f.at-n : f.at : f.at]
}

func (f *sav) int32() int32     { return int32(f.order.Uint32(f.take(4))) }
func (f *sav) float64() float64 { return math.Float64frombits(f.order.Uint64(f.take(8))) }

// decodeSav reads an SPSS system file (.sav, .zsav).
func decodeSav(name string, b []byte) (s *Sheet, err error) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case savError:
			s, err = nil, asSentence(name, e.error)
		default:
			panic(e)
		}
	}()
	f := &sav{
		name: name, b: b, long: map[string]string{}, wide: map[string]int{},
		longLabels: map[string][][2]string{}, longMissing: map[string][]string{},
	}
	f.head()
	f.dictionary()
	f.variables()
	s = &Sheet{Encoding: "sav", Dates: map[int]bool{}, Labels: map[int]map[string]string{}, Missing: map[int][]string{}}
	f.describe(s)
	f.records(s)
	return s, nil
}

// asSentence passes on a sentence of ours and wraps anything else.
func asSentence(name string, err error) error {
	if e, ok := errors.AsType[*say.Err](err); ok {
		return e
	}
	return say.Error("source.damaged", "file", name, "cause", err)
}

// head reads the 176 bytes in front. The layout code, 2 or 3, shows the order of bytes.
func (f *sav) head() {
	f.take(64)
	layout := f.take(4)
	f.order = binary.LittleEndian
	if layout[0] == 0 {
		f.order = binary.BigEndian
	}
	if n := f.order.Uint32(layout); n != 2 && n != 3 {
		f.fail(errors.New("layout code " + strconv.Itoa(int(n))))
	}
	f.take(4) // elements of a case, often wrong
	f.compression = f.int32()
	f.take(4) // weight
	f.cases = f.int32()
	f.bias = f.float64()
	f.take(84) // date, time, label
}

// dictionary reads records until the one that says the data begin.
func (f *sav) dictionary() {
	for {
		switch n := f.int32(); n {
		case 2:
			f.variable()
		case 3:
			f.valueLabels()
		case 6:
			f.take(80 * f.count(f.int32(), 80)) // document
		case 7:
			f.extension()
		case 999:
			f.take(4)
			return
		default:
			f.fail(errors.New("record of type " + strconv.Itoa(int(n))))
		}
	}
}

// count is n if that many things of size bytes can still follow.
func (f *sav) count(n int32, size int) int {
	if n < 0 || int(n) > (len(f.b)-f.at)/size {
		f.fail(errShort)
	}
	return int(n)
}

// variable reads a record of type 2.
func (f *sav) variable() {
	kind, labelled, missing := f.int32(), f.int32(), f.int32()
	print := f.int32()
	f.take(4)
	name := strings.TrimRight(string(f.take(8)), " \x00")
	e := savElement{variable: kind >= 0, name: name, width: int(max(kind, 0)), format: byte(print >> 16)}
	if kind > 255 || missing < -3 || missing > 3 {
		f.fail(errors.New("variable " + strconv.Quote(e.name)))
	}
	if labelled == 1 {
		n := f.count(f.int32(), 1)
		f.take((n + 3) &^ 3)
	}
	if missing < -1 { // a range, then perhaps one code
		e.span = []float64{f.float64(), f.float64()}
		missing = -missing - 2
	}
	for range max(missing, 0) {
		if raw := f.take(8); e.width == 0 {
			e.missing = append(e.missing, math.Float64frombits(f.order.Uint64(raw)))
		} else {
			e.texts = append(e.texts, string(raw))
		}
	}
	f.elements = append(f.elements, e)
}

// valueLabels reads a record of type 3 and the one of type 4 behind it, which says whose labels they are.
func (f *sav) valueLabels() {
	var l savLabels
	for range f.count(f.int32(), 16) {
		l.values = append(l.values, [8]byte(f.take(8)))
		n := int(f.take(1)[0])
		l.labels = append(l.labels, f.take((n+8)&^7 - 1)[:n])
	}
	if f.int32() != 4 {
		f.fail(errors.New("labels without variables"))
	}
	for range f.count(f.int32(), 4) {
		l.at = append(l.at, f.int32())
	}
	f.labels = append(f.labels, l)
}

// extension reads a record of type 7, those known; the others are stepped over.
func (f *sav) extension() {
	kind, size, n := f.int32(), f.int32(), f.int32()
	if size < 0 || n < 0 || int64(size)*int64(n) > int64(len(f.b)-f.at) {
		f.fail(errShort)
	}
	body := f.take(int(size) * int(n))
	switch kind {
	case 3:
		if len(body) >= 32 {
			f.page = int32(f.order.Uint32(body[28:]))
		}
	case 13:
		for _, pair := range bytes.Split(body, []byte("\t")) {
			short, long, _ := strings.Cut(string(pair), "=")
			f.long[short] = long
		}
	case 14:
		for _, pair := range strings.FieldsFunc(string(body), func(r rune) bool { return r == 0 || r == '\t' }) {
			short, width, _ := strings.Cut(pair, "=")
			f.wide[short], _ = strconv.Atoi(strings.TrimSpace(width))
		}
	case 20:
		f.encoding = string(body)
	case 21, 22:
		inner := &sav{b: body, order: f.order}
		for inner.at < len(body) {
			if kind == 21 {
				inner.longStringLabels(f.longLabels)
			} else {
				inner.longStringMissing(f.longMissing)
			}
		}
	}
}

// field is a text with its length in front.
func (f *sav) field() string { return string(f.take(f.count(f.int32(), 1))) }

func (f *sav) longStringLabels(all map[string][][2]string) {
	name := f.field()
	f.take(4) // width
	for range f.count(f.int32(), 8) {
		all[name] = append(all[name], [2]string{f.field(), f.field()})
	}
}

func (f *sav) longStringMissing(all map[string][]string) {
	name := f.field()
	n := int(f.take(1)[0])
	width := f.count(f.int32(), 1)
	for range n {
		all[name] = append(all[name], string(f.take(width)))
	}
}
