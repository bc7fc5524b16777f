package source

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"gradus/internal/say"
)

func key(err error) string {
	if e, ok := errors.AsType[*say.Err](err); ok {
		return e.Key
	}
	return fmt.Sprint(err)
}

func read(t *testing.T, name string, opt Options) *Sheet {
	t.Helper()
	s, err := Read(filepath.Join("testdata", name), opt)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Lines) != len(s.Records) {
		t.Fatalf("%d lines of %d records", len(s.Lines), len(s.Records))
	}
	return s
}

func decoded(t *testing.T, text string, opt Options) *Sheet {
	t.Helper()
	s, err := Decode("t.csv", []byte(text), opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// One table, fictional, as four programs of a hospital write it (made 2026-11-23 with Python; the EUC-KR one says 떡볶이 where the
// others say 똠양꿍, whose first syllable only CP949 has): the same 117 records.
func TestSameRecordsInEveryEncoding(t *testing.T) {
	want := read(t, "messy_utf8bom.csv", Options{})
	if len(want.Records) != 117 || !want.BOM {
		t.Fatalf("%d records, mark %v", len(want.Records), want.BOM)
	}
	last, broken := len(want.Records)-1, 0
	if want.Records[last][0] != "합계" || want.Lines[last] != 139 {
		t.Errorf("the last is %q on line %d", want.Records[last][0], want.Lines[last])
	}
	for _, r := range want.Records {
		if len(r) > 15 && strings.Contains(r[15], "\n") {
			broken++
		}
	}
	if broken != 22 {
		t.Errorf("%d cells hold a line break, want 22", broken)
	}
	for name, c := range map[string]struct {
		encoding, delimiter string
		mark                bool
	}{
		"messy_cp949.csv": {"cp949", ",", false}, "messy_utf16le.tsv": {"utf-16le", "\t", true},
		"messy_euckr_semicolon_lf.csv": {"cp949", ";", false}, "messy_utf8bom.csv": {"utf-8", ",", true},
	} {
		s := read(t, name, Options{})
		if s.Encoding != c.encoding || s.Delimiter != c.delimiter || s.BOM != c.mark {
			t.Errorf("%s: %s %q %v", name, s.Encoding, s.Delimiter, s.BOM)
		}
		if len(s.Records) != len(want.Records) {
			t.Fatalf("%s: %d records", name, len(s.Records))
		}
		for i, r := range s.Records {
			for j := range r {
				r[j] = strings.ReplaceAll(strings.ReplaceAll(r[j], "떡볶이", "똠양꿍"), "\r\n", "\n")
			}
			w := strings.Split(strings.ReplaceAll(strings.Join(want.Records[i], "\x01"), "\r\n", "\n"), "\x01")
			if len(want.Records[i]) > 0 && !reflect.DeepEqual(r, w) || s.Lines[i] != want.Lines[i] {
				t.Errorf("%s: record %d on line %d: %q, want %q", name, i, s.Lines[i], r, w)
			}
		}
	}
}

func TestCutting(t *testing.T) {
	for _, c := range []struct {
		name, text, delimiter string
		records               [][]string
		lines                 []int
	}{
		{"plain", "a,b\n1,2\n", ",", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"no end of line", "a;b\r\n1;2", ";", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"old Mac", "a|b\r1|2\r", "|", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"blank lines", "a,b\n\n,\n1,2\n\n", ",", [][]string{{"a", "b"}, nil, {"", ""}, {"1", "2"}, nil}, []int{1, 2, 3, 4, 5}},
		{"ragged", "a,b\n1\n1,2,3,\n4,5\n", ",", [][]string{{"a", "b"}, {"1"}, {"1", "2", "3", ""}, {"4", "5"}}, []int{1, 2, 3, 4}},
		{"quotes", "a,b\n\"x\r\ny\",\"say \"\"ah\"\"\"\n5'10\",\"z\" w\n", ",", [][]string{{"a", "b"}, {"x\r\ny", `say "ah"`}, {`5'10"`, "z w"}}, []int{1, 2, 4}},
		{"one column", "age\n61\n7,2\n58\n60\n", "", [][]string{{"age"}, {"61"}, {"7,2"}, {"58"}, {"60"}}, []int{1, 2, 3, 4, 5}},
		{"one row", "1,2", ",", [][]string{{"1", "2"}}, []int{1}},
		{"decimal commas", "a;b\n1,5;2,5\n3,5;4,5\n", ";", [][]string{{"a", "b"}, {"1,5", "2,5"}, {"3,5", "4,5"}}, []int{1, 2, 3}},
		{"titles", "a report\nof the ward\nof 2024\n\nx\ty\n1\t2\n", "\t", [][]string{{"a report"}, {"of the ward"}, {"of 2024"}, nil, {"x", "y"}, {"1", "2"}}, []int{1, 2, 3, 4, 5, 6}},
		{"a comma in quotes", "x;y\n\"1,2,3\";4\n\"1,2,3\";5\n", ";", [][]string{{"x", "y"}, {"1,2,3", "4"}, {"1,2,3", "5"}}, []int{1, 2, 3}},
	} {
		s := decoded(t, c.text, Options{})
		if s.Delimiter != c.delimiter || !reflect.DeepEqual(s.Records, c.records) || !reflect.DeepEqual(s.Lines, c.lines) {
			t.Errorf("%s: %q %q %v", c.name, s.Delimiter, s.Records, s.Lines)
		}
	}
	if s := decoded(t, "a,b;c\n", Options{Delimiter: ";"}); len(s.Records[0]) != 2 {
		t.Errorf("forced: %q", s.Records)
	}
}

// A record that grows must not write into the next one.
func TestRecordsStandApart(t *testing.T) {
	s := decoded(t, "a,b\nc,d\n", Options{})
	_ = append(s.Records[0], "x")
	if s.Records[1][0] != "c" {
		t.Error("appending to a record changed the next")
	}
}

func TestUTF16WithoutMark(t *testing.T) {
	for encoding, b := range map[string]string{"utf-16le": "a\x00,\x00b\x00\x00\xac\n\x00=\xd8\x00\xde\n\x00", "utf-16be": "\x00a\x00,\x00b\xac\x00\x00\n\xd8=\xde\x00\x00\n"} {
		s := decoded(t, b, Options{})
		if s.Encoding != encoding || !reflect.DeepEqual(s.Records, [][]string{{"a", "b가"}, {"😀"}}) {
			t.Errorf("%s: %s %q", encoding, s.Encoding, s.Records)
		}
	}
}

// What cannot be read says why and where.
func TestRefusals(t *testing.T) {
	for _, c := range []struct{ text, key, says string }{
		{"", "source.empty", "empty"},
		{"\xef\xbb\xbf", "source.empty", "empty"},
		{"a,b\n1,\x00\n", "source.nul", "line 2"},
		{"a,b\n\"x\",\"y\n", "source.open_quote", "line 2, cell 2"},
		{"\"", "source.open_quote", "line 1, cell 1"},
		{"이름,나이\n가,\xff1\n", "source.undecodable", "line 2, cell 2: byte 0xFF (at 18) is not utf-8"},
		{"\xb0\xa1,b\n1,x\xb0\xa1\xff\n", "source.undecodable", "line 2, cell 2: byte 0xFF (at 10) is not cp949"},
		{"\xef\xbb\xbfa,b\n\xff,1\n", "source.undecodable", "line 2, cell 1: byte 0xFF (at 7) is not utf-8"},
		{"\xff\xfea\x00,\x00\x00\xd8", "source.undecodable", "is not utf-16le"},
		{"%PDF-1.7", "source.not_pdf", "PDF"},
		{"\x89PNG\r\n\x1a\n", "source.not_image", "image"},
		{"\x1f\x8b\x08", "source.not_packed", "archive"},
		{"<html><table>", "source.not_html", "web page"},
		{"<?xml version=\"1.0\"?><Workbook", "source.not_xml", "XML"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + string(wide("Workbook")), "source.not_xls", "97-2003"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + string(wide("EncryptedPackage")), "source.not_locked", "password"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + string(wide("WordDocument")), "source.not_document", "document"},
		{"$FL2", "source.damaged", "too early"},
		{"PK\x03\x04", "source.damaged", "damaged"},
	} {
		_, err := Decode("t", []byte(c.text), Options{})
		if key(err) != c.key || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%q: %v, want %s with %q", c.text, err, c.key, c.says)
		}
	}
	for want, opt := range map[string]Options{"source.unknown_encoding": {Encoding: "latin9"}, "source.unknown_delimiter": {Delimiter: "x"}} {
		if _, err := Decode("t", []byte("a"), opt); key(err) != want {
			t.Errorf("%v", err)
		}
	}
}

func TestFolder(t *testing.T) {
	d := t.TempDir()
	for name, text := range map[string]string{"b.csv": "x,y\n3,4\n", "a.csv": "\nx,y\n1,2\n", "note.md": "no table"} {
		if err := os.WriteFile(filepath.Join(d, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Read(d, Options{})
	if err != nil || !reflect.DeepEqual(s.Records, [][]string{nil, {"x", "y"}, {"1", "2"}, {"3", "4"}}) || !reflect.DeepEqual(s.Lines, []int{1, 2, 3, 2}) {
		t.Fatalf("%+v, %v", s, err)
	}
	if err := os.WriteFile(filepath.Join(d, "c.csv"), []byte("x,z\n5,6\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(d, Options{}); key(err) != "source.other_header" {
		t.Error(err)
	}
	if _, err := Read(t.TempDir(), Options{}); key(err) != "source.no_tables" {
		t.Error(err)
	}
	if _, err := Read(filepath.Join(d, "none"), Options{}); key(err) != "disk.missing" {
		t.Error(err)
	}
}

// A file to which somebody writes between the first look and the last is refused.
func TestChangeWhileReading(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := os.WriteFile(path, []byte("a,b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, _ := os.Stat(path)
	if !unchanged(before, before, 4) || unchanged(before, before, 3) {
		t.Error("a file that stands still")
	}
	f, _ := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	_, _ = f.WriteString("1,2\n")
	f.Close()
	if after, _ := os.Stat(path); unchanged(before, after, 4) {
		t.Error("a line more went unseen")
	}
}

// A plain table costs 16 bytes a cell and 32 a record beside its bytes, and no allocation a cell.
func TestMemory(t *testing.T) {
	text := []byte("id,age,crp,died\n" + strings.Repeat("00012345,61,1.25,0\n", 200_000))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s, err := Decode("t.csv", text, Options{})
	runtime.ReadMemStats(&after)
	if err != nil || len(s.Records) != 200_001 {
		t.Fatal(err)
	}
	if n := after.Mallocs - before.Mallocs; n > 2000 {
		t.Errorf("%d allocations for 800,000 cells", n)
	}
}

func TestManyColumns(t *testing.T) {
	line := strings.Repeat("1,", 4999) + "1\n"
	if s := decoded(t, line+line, Options{}); len(s.Records) != 2 || len(s.Records[1]) != 5000 {
		t.Error(len(s.Records))
	}
}
