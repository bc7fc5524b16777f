//go:build parquet

package source

import (
	"reflect"
	"strings"
	"testing"
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

func FuzzParquet(f *testing.F) {
	seeds(f, "*.parquet")
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := decodeParquet("t", b)
		check(t, s, err)
	})
}
