package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
)

// visits.parquet is pyarrow's (testdata/make.py).
func TestParquet(t *testing.T) {
	s := read(t, "visits.parquet", Options{})
	if want := strings.Fields("환자번호 나이 crp 사망 내원일 시각 금액 수"); !reflect.DeepEqual(s.Header, want) {
		t.Error(s.Header)
	}
	if want := [][]string{
		{"0001", "65", "0.1", "TRUE", "2019-01-01", "2019-01-01 09:30:00", "12.30", "4294967295"},
		{"", "-1", "10000000000", "FALSE", "1945-08-15", "1950-06-25", "-0.05", "0"},
		{"똠양꿍", "", "", "", "", "", "", ""},
	}; !reflect.DeepEqual(s.Records, want) || !reflect.DeepEqual(s.Dates, map[int]bool{4: true, 5: true}) {
		t.Errorf("%q %v", s.Records, s.Dates)
	}
}

// visit is a row of the files that another library writes here.
type visit struct {
	ID    string   `parquet:"id,dict"`
	Note  *string  `parquet:"note,optional,plain"`
	Age   int32    `parquet:"age,plain"`
	CRP   *float64 `parquet:"crp,optional,plain"`
	Died  bool     `parquet:"died"`
	Ward  *string  `parquet:"ward,optional,dict"`
	Count int64    `parquet:"count,plain"`
}

func visits(n int) (rows []visit, want [][]string) {
	for i := range n {
		v := visit{ID: fmt.Sprintf("P%05d", i%97), Age: int32(i%90 - 3), Died: i%7 == 3, Count: int64(i) * 1e9}
		record := []string{v.ID, "", fmt.Sprint(v.Age), "", truth(map[bool]byte{true: 1}[v.Died]), "", fmt.Sprint(v.Count)}
		if i%3 > 0 {
			note := strings.Repeat("똠양꿍 ", i%5) + "." + fmt.Sprint(i)
			v.Note, record[1] = &note, note
		}
		if i%10 > 1 {
			x := float64(i) / 8
			v.CRP, record[3] = &x, number(x)
		}
		if i%500 < 400 { // long runs of missing
			ward := []string{"A", "B", "C"}[i%3]
			v.Ward, record[5] = &ward, ward
		}
		rows, want = append(rows, v), append(want, record)
	}
	return rows, want
}

// What another library writes in each version, compression and size of pages reads back.
func TestParquetOfAnother(t *testing.T) {
	for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip} {
		for version := 1; version <= 2; version++ {
			for _, n := range []int{1, 9, 3000} {
				rows, want := visits(n)
				b := parquetOf(t, rows, parquet.Compression(codec), parquet.DataPageVersion(version), parquet.PageBufferSize(4096), parquet.MaxRowsPerRowGroup(1100))
				s, err := decodeParquet("t", b)
				if err != nil {
					t.Fatal(codec, version, n, err)
				}
				if !reflect.DeepEqual(s.Records, want) || strings.Join(s.Header, " ") != "id note age crp died ward count" {
					for i := range s.Records {
						if !reflect.DeepEqual(s.Records[i], want[i]) {
							t.Fatalf("%v version %d, row %d: %q, want %q", codec, version, i, s.Records[i], want[i])
						}
					}
					t.Fatal(codec, version, n, len(s.Records), s.Header)
				}
			}
		}
	}
	rows, _ := visits(50)
	if _, err := decodeParquet("t", parquetOf(t, rows, parquet.Compression(&parquet.Zstd))); key(err) != "source.codec" {
		t.Error(err)
	}
}

func parquetOf(t testing.TB, rows []visit, options ...parquet.WriterOption) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[visit](&b, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every byte changed, every length cut: a table or a sentence, and no more room than the file is worth.
func TestParquetDamaged(t *testing.T) {
	rows, _ := visits(40)
	b := parquetOf(t, rows, parquet.Compression(&parquet.Snappy))
	for i := range b {
		for _, x := range []byte{0xff, 0x80, 1} {
			bad := bytes.Clone(b)
			bad[i] ^= x
			s, err := decodeParquet("t", bad)
			check(t, s, err)
		}
		s, err := decodeParquet("t", b[:i])
		check(t, s, err)
	}
}

// A file of some bytes that claims billions of rows, or a page of gigabytes, is refused before room is made.
func TestParquetBomb(t *testing.T) {
	rows, _ := visits(40)
	good := parquetOf(t, rows)
	n := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			bad := bytes.Clone(good)
			binary.LittleEndian.PutUint32(bad[len(bad)-8:], uint32(len(bad)))
			if _, err := decodeParquet("t", bad); err == nil {
				b.Fatal("read")
			}
		}
	})
	if n.AllocedBytesPerOp() > 1<<20 {
		t.Error(n.AllocedBytesPerOp())
	}
	if _, err := snappy([]byte{0xff, 0xff, 0xff, 0xff, 0x0f, 0}, 1<<28); err == nil {
		t.Error("a block that claims gigabytes")
	}
	if _, err := unpacked(nil, 5, 0); err == nil {
		t.Error("LZ4 is read")
	}
	if _, err := hybrid([]byte{0}, 1, 1<<20); err == nil {
		t.Error("an empty run ends")
	}
}

func FuzzParquet(f *testing.F) {
	seeds(f, "*.parquet")
	rows, _ := visits(30)
	for _, codec := range []compress.Codec{&parquet.Snappy, &parquet.Gzip} {
		f.Add(parquetOf(f, rows, parquet.Compression(codec)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := decodeParquet("t", b)
		check(t, s, err)
	})
}
