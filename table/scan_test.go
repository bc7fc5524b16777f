package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"gradus/internal/say"
)

// records reads all records of a file as copies.
func records(r io.Reader) ([][]string, error) { return recordsBy(r, window) }

func recordsBy(r io.Reader, window int) (out [][]string, err error) {
	k := cutter{r: r, file: "f.csv", window: window}
	s := scanner{file: "f.csv"}
	var t text
	for line := 1; ; line = s.next {
		if err := k.next(&t); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, err
		}
		for s.over(&t, line); ; {
			cells, err := s.record()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, err
			}
			record := make([]string, len(cells))
			for i, c := range cells {
				record[i] = string(c)
			}
			out = append(out, record)
		}
	}
}

// key is the catalogue key of an error, "" for none.
func key(err error) string {
	if e, ok := errors.AsType[*say.Err](err); ok {
		return e.Key
	}
	if err != nil {
		return "not of the catalogue: " + err.Error()
	}
	return ""
}

func TestRecords(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     [][]string
	}{
		{"plain", "a,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}},
		{"no last line break", "a,b\n1,2", [][]string{{"a", "b"}, {"1", "2"}}},
		{"CRLF", "a,b\r\n1,2\r\n", [][]string{{"a", "b"}, {"1", "2"}}},
		{"byte order mark", "\xEF\xBB\xBFa\n1\n", [][]string{{"a"}, {"1"}}},
		{"byte order mark before a quote", "\xEF\xBB\xBF\"a,b\"\n", [][]string{{"a,b"}}},
		{"comma in quotes", "\"a,b\",c\n", [][]string{{"a,b", "c"}}},
		{"doubled quotes", "\"say \"\"hi\"\"\",\"\"\n", [][]string{{`say "hi"`, ""}}},
		{"only doubled quotes", "\"\"\"\"\n", [][]string{{`"`}}},
		{"line break in quotes", "\"a\nb\",c\n1,2\n", [][]string{{"a\nb", "c"}, {"1", "2"}}},
		{"CRLF in quotes is LF", "\"a\r\nb\r\n\",c\r\n", [][]string{{"a\nb\n", "c"}}},
		{"quoted end of file", "a,\"b\"", [][]string{{"a", "b"}}},
		{"quoted, then CR at the end", "a,\"b\"\r", [][]string{{"a", "b"}}},
		{"empty lines", "\n\r\na,b\n\n1,2\n\n\n", [][]string{{"a", "b"}, {"1", "2"}}},
		{"empty cells", ",,\n", [][]string{{"", "", ""}}},
		{"empty last cell at the end", "a,", [][]string{{"a", ""}}},
		{"CR inside", "a\rb,c\n", [][]string{{"a\rb", "c"}}},
		{"CR alone at the end", "a\n\r", [][]string{{"a"}}},
		{"spaces stay", " a , b\n", [][]string{{" a ", " b"}}},
		{"nothing", "", nil},
	} {
		for _, r := range []io.Reader{strings.NewReader(c.in), iotest.OneByteReader(strings.NewReader(c.in)), iotest.DataErrReader(strings.NewReader(c.in))} {
			got, err := records(r)
			if err != nil || !slices.EqualFunc(got, c.want, slices.Equal) {
				t.Errorf("%s: %q, %v", c.name, got, err)
			}
		}
	}
}

func TestRecordsRefused(t *testing.T) {
	for in, want := range map[string]string{
		"a,b\"c\n":       "table.quote",
		"a,\"b\"c\n":     "table.quote",
		"a,\"b\" ,c\n":   "table.quote",
		"\"a\"\r\r\n":    "table.quote",
		"a,\"b\n1,2\n":   "table.open_quote",
		"a,\"b\"\"":      "table.open_quote",
		"x\n1,2\n\"":     "table.open_quote",
		"a\n\"b\nc\"d\n": "table.quote",
	} {
		if _, err := records(strings.NewReader(in)); key(err) != want {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
	_, err := records(strings.NewReader("a\n1\n\"b\nc\"d\n"))
	if e, ok := errors.AsType[*say.Err](err); !ok || !slices.Contains(e.Args, any(4)) {
		t.Errorf("the quote stands on line 4: %v", err)
	}
}

// A record longer than the window is read, one longer than the bound is refused, and both in linear memory.
func TestLongRecords(t *testing.T) {
	long := strings.Repeat("x", 3*window)
	got, err := records(strings.NewReader("a,b\n" + long + ",\"" + long + "\n\"\n1,2\n"))
	if err != nil || len(got) != 3 || got[1][0] != long || got[1][1] != long+"\n" || got[2][1] != "2" {
		t.Errorf("%d records, %v", len(got), err)
	}
	for _, start := range []string{"a\n", "a\n\""} {
		_, err = records(io.MultiReader(strings.NewReader(start), &repeat{block: []byte(long), times: maxRecord/len(long) + 2}))
		if key(err) != "table.long_record" {
			t.Errorf("%q: %v", start, err)
		}
	}
}

// Records keep their cells right when they cross the end of the window at every place.
func TestWindowEdges(t *testing.T) {
	record := "12,\"a\"\"b\r\nc\",3.5\r\n"
	for shift := range len(record) {
		in := strings.Repeat("x", shift+1) + ",y,z\n" + strings.Repeat(record, 2*window/len(record))
		got, err := records(strings.NewReader(in))
		if err != nil || len(got) != 1+2*window/len(record) {
			t.Fatalf("shift %d: %d records, %v", shift, len(got), err)
		}
		for i, r := range got[1:] {
			if len(r) != 3 || r[0] != "12" || r[1] != "a\"b\nc" || r[2] != "3.5" {
				t.Fatalf("shift %d, record %d: %q", shift, i, r)
			}
		}
	}
}

func TestReaderFailures(t *testing.T) {
	broken := errors.New("disk gone")
	_, err := records(io.MultiReader(strings.NewReader("a\n1\n"), iotest.ErrReader(broken)))
	if e, ok := errors.AsType[*say.Err](err); !ok || e.Key != "table.read" || !e.Fault || !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if _, err := records(idle{}); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("%v", err)
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

// The scanner accepts what encoding/csv accepts, with the same cells, and refuses what it refuses.
func FuzzRecords(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "\"a\"\"\r\n\",b\r\n", "a\r\n\r\nb", ",\n\"\"", "\"a\" ,", "\r", "\n\r\n", "a\rb", "\"\r", "\"a\"\r", "x,\"\n", "\"a\"\r\r\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if bytes.HasPrefix(in, []byte("\xEF\xBB\xBF")) {
			t.Skip("encoding/csv keeps the byte order mark")
		}
		reader := csv.NewReader(bytes.NewReader(in))
		reader.FieldsPerRecord = -1
		want, wantErr := reader.ReadAll()
		got, err := recordsBy(iotest.OneByteReader(bytes.NewReader(in)), 1+len(in)%7)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: %v, encoding/csv: %v", in, err, wantErr)
		}
		if err == nil && !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("%q: %q, encoding/csv: %q", in, got, want)
		}
	})
}
