package source

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"math"
	"slices"

	"gradus/internal/say"
)

// records reads the cases into s.
func (f *sav) records(s *Sheet) {
	next := f.elementsOfData()
	row := make([][8]byte, len(f.elements))
	seen := make([]map[string]bool, len(f.vars)) // codes of a range that occur
	var page []string
	for n := 0; f.cases < 0 || n < int(f.cases); n++ {
		if !f.fillCase(row, next, f.cases < 0) {
			break
		}
		if (n+1)*len(f.vars) > mostCells {
			f.fail(say.Error("source.many_cells", "file", f.name, "limit", mostCells))
		}
		if cap(page)-len(page) < len(f.vars) {
			page = make([]string, 0, max(len(f.vars), 1<<10))
		}
		from := len(page)
		for j := range f.vars {
			page = append(page, f.vars[j].cell(f, row, s, seen, j))
		}
		s.Records = append(s.Records, clip(page, from))
		s.Lines = append(s.Lines, n+1)
	}
}

// fillCase reads one case; false where there is none. A file that knows its number of cases must hold them.
func (f *sav) fillCase(row [][8]byte, next func() ([8]byte, bool), open bool) bool {
	for i := range row {
		e, ok := next()
		if !ok && (i > 0 || !open) {
			f.fail(errShort)
		}
		if !ok {
			return false
		}
		row[i] = e
	}
	return true
}

// cell is the text of column j in a case. A code inside the range of missing ones is noted in s.
func (v *savVar) cell(f *sav, row [][8]byte, s *Sheet, seen []map[string]bool, j int) string {
	if v.width > 0 {
		return f.trimmed(v.bytes(f, row))
	}
	x := math.Float64frombits(f.order.Uint64(row[v.first][:]))
	t := v.show(x)
	if t != "" && v.span != nil && v.span[0] <= x && x <= v.span[1] && !slices.Contains(v.missing, x) && !seen[j][t] {
		if seen[j] == nil {
			seen[j] = map[string]bool{}
		}
		seen[j][t] = true
		s.Missing[j] = append(s.Missing[j], t)
	}
	return t
}

// bytes joins the elements of a string. A segment of a very long one holds 255 bytes, and one more that fills it up.
func (v *savVar) bytes(f *sav, row [][8]byte) []byte {
	out := f.scratch[:0]
	at := v.first
	for range v.segments {
		n := f.elements[at].width
		k := elementsOf(n)
		from := len(out)
		for _, e := range row[at : at+k] {
			out = append(out, e[:]...)
		}
		out = out[:min(len(out), from+n)]
		at += k
	}
	f.scratch = out
	return out[:min(len(out), v.width)]
}

// elementsOfData is a function that gives one element of the data a call.
func (f *sav) elementsOfData() func() ([8]byte, bool) {
	switch f.compression {
	case 0:
		return func() ([8]byte, bool) {
			if len(f.b)-f.at < 8 {
				return [8]byte{}, false
			}
			return [8]byte(f.take(8)), true
		}
	case 1:
		return f.bytecodes(bytes.NewReader(f.b[f.at:]))
	case 2:
		return f.bytecodes(f.blocks())
	}
	f.fail(errors.New("compression of an unknown kind"))
	return nil
}

// bytecodes undoes the compression of SPSS: eight codes, then the elements they announce.
func (f *sav) bytecodes(r io.Reader) func() ([8]byte, bool) {
	var codes, e [8]byte
	k := len(codes)
	return func() ([8]byte, bool) {
		for {
			if k == len(codes) {
				if _, err := io.ReadFull(r, codes[:]); err != nil {
					f.stop(err)
					return e, false
				}
				k = 0
			}
			code := codes[k]
			k++
			switch code {
			case 0: // fills up the last eight
			case 252:
				return e, false
			case 253:
				if _, err := io.ReadFull(r, e[:]); err != nil {
					f.fail(errShort)
				}
				return e, true
			case 254:
				return [8]byte([]byte("        ")), true
			case 255:
				return f.element(-math.MaxFloat64), true
			default:
				return f.element(float64(code) - f.bias), true
			}
		}
	}
}

// stop lets the end of the data pass and nothing else.
func (f *sav) stop(err error) {
	if err != io.EOF {
		f.fail(err)
	}
}

func (f *sav) element(x float64) (e [8]byte) {
	f.order.PutUint64(e[:], math.Float64bits(x))
	return e
}

// blocks joins the zlib blocks of a .zsav, as the table at its end lists them.
func (f *sav) blocks() io.Reader {
	f.take(8)
	from := int64(f.order.Uint64(f.take(8)))
	if from < 0 || from > int64(len(f.b)) {
		f.fail(errShort)
	}
	f.at = int(from)
	f.take(20) // bias, zero, size of a block
	var list []io.Reader
	left := unpackable(len(f.b))
	for range f.count(f.int32(), 24) {
		f.take(8)
		begin := int64(f.order.Uint64(f.take(8)))
		unpacked, packed := int64(f.int32()), int64(f.int32())
		if begin < 0 || packed < 0 || unpacked < 0 || begin > int64(len(f.b)) || packed > int64(len(f.b))-begin {
			f.fail(errShort)
		}
		if left -= unpacked; left < 0 {
			f.fail(say.Error("source.unpacks", "file", f.name))
		}
		list = append(list, &block{packed: f.b[begin : begin+packed], left: unpacked})
	}
	return io.MultiReader(list...)
}

// block unpacks one zlib block when it is first read, to no more than it says.
type block struct {
	packed []byte
	left   int64
	r      io.Reader
}

// Read implements io.Reader.
func (b *block) Read(p []byte) (int, error) {
	if b.r == nil {
		z, err := zlib.NewReader(bytes.NewReader(b.packed))
		if err != nil {
			return 0, err
		}
		b.r = io.LimitReader(z, b.left)
	}
	return b.r.Read(p)
}
