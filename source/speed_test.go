package source

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkText reads 200,000 rows of 10 columns, some in quotes.
func BenchmarkText(b *testing.B) {
	text := []byte("id,a,b,c,d,e,f,g,h,note\n" + strings.Repeat("00012345,61,1.25,0,132,24.4,0.94,7.2,W1,\"a, b\"\n", 200_000))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode("t.csv", text, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWorkbook reads 50,000 rows of 20 columns.
func BenchmarkWorkbook(b *testing.B) {
	record := strings.Fields("61 1.25 0 132 24.4 0.94 7.2 W1 남 본원 61 1.25 0 132 24.4 0.94 7.2 W1 남")
	var file bytes.Buffer
	err := WriteXLSX(&file, append([]string{"id"}, record...), func(yield func([]string) bool) {
		for i := range 50_000 {
			if !yield(append([]string{fmt.Sprintf("%08d", i)}, append(record[1:], strconv.Itoa(i))...)) {
				return
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(file.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if s, err := Decode("t.xlsx", file.Bytes(), Options{}); err != nil || len(s.Records) != 50_001 {
			b.Fatal(err)
		}
	}
}
