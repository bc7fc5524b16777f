package source

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// testdata/make.py wrote these with pyreadstat 1.3.7 (ReadStat) and read them back with it: the same table plain, by bytecodes and
// by zlib blocks.
func TestSav(t *testing.T) {
	want := [][]string{
		{"0001", "1.5", "1", "0.1", "2019-01-01", "2019-01-01 09:30:00", strings.Repeat("가", 200) + "끝"},
		{"0002", "-3", "2", "999", "1945-08-15", "1950-06-25 04:00:00", "짧은 글"},
		{"똠양꿍", "", "9", "998", "", "", ""},
		{"", "10000000000", "1", "12", "2024-02-29", "2024-02-29 23:59:59", strings.Repeat("x", 600)},
	}
	for _, name := range []string{"visits.sav", "plain.sav", "visits.zsav"} {
		s := read(t, name, Options{})
		if !reflect.DeepEqual(s.Records, want) || !reflect.DeepEqual(s.Lines, []int{1, 2, 3, 4}) || s.Encoding != "sav" {
			t.Errorf("%s: %q", name, s.Records)
		}
		for what, pair := range map[string][2]any{
			"header":  {s.Header, strings.Fields("환자번호 a_rather_long_variable_name sex crp visit seen note")},
			"labels":  {s.Labels, map[int]map[string]string{2: {"1": "남", "2": "여", "9": "모름"}}},
			"missing": {s.Missing, map[int][]string{2: {"9"}, 3: {"999", "998"}}},
			"dates":   {s.Dates, map[int]bool{4: true, 5: true}},
		} {
			if !reflect.DeepEqual(pair[0], pair[1]) {
				t.Errorf("%s: %s: %v, want %v", name, what, pair[0], pair[1])
			}
		}
	}
}

// Cut off anywhere, a file is an error or a shorter table, never a panic; the head of the dictionary must be whole.
func TestSavCutOff(t *testing.T) {
	for _, name := range []string{"visits.sav", "plain.sav", "visits.zsav"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		for n := 4; n < len(b); n += 7 {
			s, err := Decode(name, b[:n:n], Options{})
			if err != nil && key(err) != "source.damaged" || err == nil && n < 2000 {
				t.Fatalf("%s, %d bytes: %v, %v", name, n, s, err)
			}
		}
	}
}

// The calendar of SPSS begins on 14 October 1582.
func TestSavDates(t *testing.T) {
	v := savVar{savElement: savElement{format: 20}}
	for x, want := range map[float64]string{0: "1582-10-14", 86400: "1582-10-15", 12219379200: "1970-01-01", 13765680000.4: "2019-01-01", -1: "-1"} {
		if got := v.show(x); got != want {
			t.Errorf("%v: %s, want %s", x, got, want)
		}
	}
	v.format = formatTIME
	if got := v.show(34200); got != "09:30:00" {
		t.Error(got)
	}
}

// A Korean file of an old SPSS names no encoding, only code page 949, or nothing.
func TestSavKorean(t *testing.T) {
	b, err := os.ReadFile("testdata/plain.sav")
	if err != nil {
		t.Fatal(err)
	}
	b = bytes.Replace(b, []byte("\x07\x00\x00\x00\x14\x00\x00\x00"), []byte("\x07\x00\x00\x00\x63\x00\x00\x00"), 1) // the record of the encoding
	b = bytes.ReplaceAll(b, []byte("짧은 글"), []byte("\xc2\xaa\xc0\xba \xb1\xdb   "))
	s, err := Decode("old.sav", b, Options{})
	if err != nil || s.Records[1][6] != "짧은 글" {
		t.Errorf("%v %v", s, err)
	}
}
