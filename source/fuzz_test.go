package source

import (
	"os"
	"path/filepath"
	"testing"
)

// seeds gives f every fixture whose name matches.
func seeds(f *testing.F, patterns ...string) {
	f.Helper()
	for _, p := range patterns {
		list, _ := filepath.Glob(filepath.Join("testdata", p))
		if len(list) == 0 {
			f.Fatal("no fixture " + p)
		}
		for _, name := range list {
			b, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b[:min(len(b), 8192)])
		}
	}
}

// check: any bytes are a sheet or an error that has a sentence.
func check(t *testing.T, s *Sheet, err error) {
	if err != nil {
		if k := key(err); len(k) < 8 || k[:7] != "source." {
			t.Fatalf("no sentence: %v", err)
		}
		return
	}
	if len(s.Records) != len(s.Lines) {
		t.Fatalf("%d records, %d lines", len(s.Records), len(s.Lines))
	}
}

func FuzzText(f *testing.F) {
	seeds(f, "messy_*")
	f.Add([]byte("a,b\n\"x\"\"\",\r2\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := decodeText("t", b, Options{})
		check(t, s, err)
		if err != nil || len(s.Records) == 0 {
			return
		}
		for i := 1; i < len(s.Lines); i++ {
			if s.Lines[i] <= s.Lines[i-1] {
				t.Fatalf("lines %v", s.Lines)
			}
		}
	})
}

func FuzzWorkbook(f *testing.F) {
	seeds(f, "*.xlsx")
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := decodeWorkbook("t", b, Options{})
		check(t, s, err)
	})
}

// FuzzSheet fuzzes inside the zip, where chance would hardly get.
func FuzzSheet(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" s="1"><v>43466</v></c></row>`)
	f.Add(`<row><c t="inlineStr"><is><r><t>a_x0041_</t></r></is></c><c t="b"><v>1</v></c></row>`)
	f.Fuzz(func(t *testing.T, rows string) {
		b := book(rows, nil)
		s, err := decodeWorkbook("t", b, Options{})
		check(t, s, err)
	})
}

func FuzzSav(f *testing.F) {
	seeds(f, "*sav")
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := decodeSav("t", b)
		check(t, s, err)
	})
}

// FuzzFile gives any bytes under any ending to what decides which format a file has.
func FuzzFile(f *testing.F) {
	seeds(f, "messy_*", "*.xlsx", "*sav", "*.parquet")
	f.Add([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
	f.Add([]byte("<html><table><tr><td>1"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, name := range []string{"t.csv", "t.xlsx", "t"} {
			s, err := Decode(name, b, Options{Sheet: "2"})
			check(t, s, err)
		}
	})
}
