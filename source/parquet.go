//go:build parquet

package source

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"gradus/internal/say"
)

// decodeParquet reads a Parquet file of plain columns. The library panics on some odd files, so whatever it throws is an error. It
// believes the sizes that stand in front of a page, so a file made to harm can ask for gigabytes: with its 6.5 MB of binary the reason
// that only -tags parquet builds it in.
func decodeParquet(name string, b []byte) (s *Sheet, err error) {
	defer func() {
		if e := recover(); e != nil {
			s, err = nil, say.Error("source.damaged", "file", name, "cause", fmt.Errorf("%v", e))
		}
	}()
	if n := len(b); n < 12 || string(b[n-4:]) != "PAR1" || int64(binary.LittleEndian.Uint32(b[n-8:])) > int64(n-12) {
		return nil, say.Error("source.damaged", "file", name, "cause", errShort) // the library makes room before it looks
	}
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, say.Error("source.damaged", "file", name, "cause", err)
	}
	if !harmless(f.Metadata()) {
		return nil, say.Error("source.codec", "file", name)
	}
	s = &Sheet{Encoding: "parquet", Dates: map[int]bool{}}
	var show []func(parquet.Value) string
	for j, c := range f.Root().Columns() {
		if !c.Leaf() || c.Repeated() {
			return nil, say.Error("source.nested", "file", name, "column", c.Name())
		}
		s.Header = append(s.Header, c.Name())
		text, date := shownBy(c.Type())
		show = append(show, text)
		if date {
			s.Dates[j] = true
		}
	}
	if n := f.NumRows(); n < 0 || len(show) == 0 || n > int64(mostCells/len(show)) {
		return nil, say.Error("source.many_cells", "file", name, "limit", mostCells)
	}
	for _, g := range f.RowGroups() {
		if err := s.group(g, show); err != nil {
			return nil, asSentence(name, err)
		}
	}
	return s, nil
}

// harmless: LZ4 is refused, for the library doubles its room without end where such a page is damaged.
func harmless(m *format.FileMetaData) bool {
	for _, g := range m.RowGroups {
		for _, c := range g.Columns {
			switch c.MetaData.Codec {
			case format.Uncompressed, format.Snappy, format.Gzip, format.Zstd:
			default:
				return false
			}
		}
	}
	return true
}

// group appends the rows of one row group.
func (s *Sheet) group(g parquet.RowGroup, show []func(parquet.Value) string) error {
	rows := g.Rows()
	defer rows.Close()
	buffer := make([]parquet.Row, 256)
	for {
		n, err := rows.ReadRows(buffer)
		page := make([]string, n*len(show))
		for i, row := range buffer[:n] {
			record := page[i*len(show) : (i+1)*len(show) : (i+1)*len(show)]
			for _, v := range row {
				if !v.IsNull() {
					record[v.Column()] = show[v.Column()](v)
				}
			}
			s.Records = append(s.Records, record)
			s.Lines = append(s.Lines, len(s.Records))
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case n == 0:
			return io.ErrNoProgress
		case len(s.Records) > mostCells/len(show):
			return io.ErrShortBuffer // more rows than the file said
		}
	}
}

// shownBy is how the values of a type are written, and whether they are dates.
func shownBy(t parquet.Type) (show func(parquet.Value) string, date bool) {
	if l := t.LogicalType(); l != nil {
		switch l := l.Value.(type) {
		case *format.DateType:
			return func(v parquet.Value) string { return stamp(int64(v.Int32()) * 86400) }, true
		case *format.TimestampType:
			unit := unitOf(l.Unit)
			return func(v parquet.Value) string { return stamp(floorDiv(v.Int64(), int64(time.Second/unit))) }, true
		case *format.TimeType:
			unit := int64(time.Second / unitOf(l.Unit))
			return func(v parquet.Value) string { return clock(integer(v) / unit) }, false
		case *format.DecimalType:
			return func(v parquet.Value) string { return decimal(v, int(l.Scale)) }, false
		case *format.IntType:
			if !l.IsSigned {
				return unsigned, false
			}
		}
	}
	return plainValue, false
}

func unitOf(u format.TimeUnit) time.Duration {
	switch u.Value.(type) {
	case *format.MicroSeconds:
		return time.Microsecond
	case *format.NanoSeconds:
		return time.Nanosecond
	}
	return time.Millisecond
}

func floorDiv(a, b int64) int64 {
	if q := a / b; a%b >= 0 {
		return q
	}
	return a/b - 1
}

func unsigned(v parquet.Value) string {
	if v.Kind() == parquet.Int32 {
		return strconv.FormatUint(uint64(v.Uint32()), 10)
	}
	return strconv.FormatUint(v.Uint64(), 10)
}

// plainValue is a value by its physical type.
func plainValue(v parquet.Value) string {
	switch v.Kind() {
	case parquet.Boolean:
		return strings.ToUpper(strconv.FormatBool(v.Boolean()))
	case parquet.Int32, parquet.Int64:
		return strconv.FormatInt(integer(v), 10)
	case parquet.Float:
		return strconv.FormatFloat(float64(v.Float()), 'g', -1, 32)
	case parquet.Double:
		if x := v.Double(); x == x {
			return number(x)
		}
		return ""
	case parquet.ByteArray, parquet.FixedLenByteArray:
		if b := v.ByteArray(); !utf8.Valid(b) {
			return hex.EncodeToString(b)
		}
		return string(v.ByteArray())
	}
	return v.String()
}

// integer is a whole number of either width.
func integer(v parquet.Value) int64 {
	if v.Kind() == parquet.Int32 {
		return int64(v.Int32())
	}
	return v.Int64()
}

// decimal is a whole number with its point moved scale places to the left.
func decimal(v parquet.Value, scale int) string {
	n := new(big.Int)
	switch v.Kind() {
	case parquet.Int32, parquet.Int64:
		n.SetInt64(integer(v))
	default:
		b := v.ByteArray()
		n.SetBytes(b)
		if len(b) > 0 && b[0] >= 0x80 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
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
