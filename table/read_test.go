package table

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/internal/say"
)

func read(t *testing.T, in string) *Table {
	t.Helper()
	tbl, err := Read(strings.NewReader(in), "f.csv", Options{})
	if err != nil {
		t.Fatalf("%q: %v", in, err)
	}
	return tbl
}

// wantError checks an error's key and that both languages hold every part.
func wantError(t *testing.T, what string, err error, wantKey string, parts ...string) {
	t.Helper()
	if key(err) != wantKey {
		t.Errorf("%s: %v, want %s", what, err, wantKey)
		return
	}
	for _, lang := range []say.Lang{say.English, say.Korean} {
		sentence := say.In(lang, err)
		for _, part := range parts {
			if !strings.Contains(sentence, part) {
				t.Errorf("%s: %q lacks %q", what, sentence, part)
			}
		}
		if strings.ContainsAny(sentence, "{}") {
			t.Errorf("%s: a place is left open: %q", what, sentence)
		}
	}
}

func TestKinds(t *testing.T) {
	tbl := read(t, "age,sex,when,note,code,flag\n61,M,2019-01-05,,1,0\nNA,F,2019.2.3,-,W2,1\n 58 ,M,,NULL,W2,.\n-1e2, F ,2019/03/01,,W3,1\n")
	want := []Kind{Number, Category, Date, Empty, Category, Number}
	for i, k := range want {
		if tbl.Columns[i].Kind != k {
			t.Errorf("%s is %s, want %s", tbl.Columns[i].Name, tbl.Columns[i].Kind, k)
		}
	}
	age, sex := tbl.Column("age"), tbl.Column("sex")
	if tbl.Rows != 4 || age.Number(0) != 61 || !math.IsNaN(age.Number(1)) || !age.Missing(1) || age.Number(2) != 58 || age.Number(3) != -100 {
		t.Errorf("age: %v", age.Numbers(nil))
	}
	if !slices.Equal(sex.Levels(), []string{"M", "F"}) || sex.Code(1) != 1 || sex.Code(3) != 1 || sex.Text(3) != "F" {
		t.Errorf("sex: %v", sex.Levels())
	}
	if code := tbl.Column("code"); !slices.Equal(code.Levels(), []string{"1", "W2", "W3"}) {
		t.Errorf("code: %v", code.Levels())
	}
	if age.Code(0) != -1 || !math.IsNaN(sex.Number(0)) || age.Text(3) != "-100" || age.Text(1) != "" || sex.Missing(0) {
		t.Error("a column answers for what it is not")
	}
	if got := age.Numbers([]int{3, 0}); got[0] != -100 || got[1] != 61 {
		t.Errorf("picked %v", got)
	}
}

func TestBadFiles(t *testing.T) {
	for _, c := range []struct {
		name, in, key string
		parts         []string
	}{
		{"empty", "", "table.empty_file", []string{"f.csv"}},
		{"only line breaks", "\n\r\n\n", "table.empty_file", nil},
		{"only a byte order mark", "\xEF\xBB\xBF", "table.empty_file", nil},
		{"header only", "a,b\n", "table.header_only", []string{"f.csv"}},
		{"short row", "a,b\n1,2\n\n3\n", "table.ragged", []string{"2", "4", "1"}},
		{"long row", "a,b\n\"x\ny\",2\n3,4,5\n", "table.ragged", []string{"2", "4", "3"}},
		{"twice", "a,b, a\n1,2,3\n", "table.duplicate_column", []string{`"a"`, "1", "3"}},
		{"no name", "a,,c\n1,2,3\n", "table.empty_name", []string{"2"}},
		{"trailing comma", "a,b,\n1,2,\n", "table.empty_name", []string{"3"}},
		{"text in numbers", "x,age\na,1\nb,2\nc,old\nd,4\n", "table.text_in_number", []string{"f.csv", "3", "4", `"age"`, `"old"`, "N/A"}},
		{"NaN", "age\n1\n2\nNaN\n", "table.not_finite", []string{"3", "4", `"age"`, `"NaN"`}},
		{"Inf", "age\n-Inf\n2\n3\n", "table.not_finite", []string{"1", `"-Inf"`}},
		{"1e400", "age\n1\n1e400\n", "table.not_finite", []string{"2", `"1e400"`}},
		{"only NaN", "age\nnan\nnan\n", "table.not_finite", []string{`"nan"`}},
		{"the first of two", "age\n1\nold\n2\nNaN\n3\n", "table.text_in_number", []string{`"old"`}},
		{"line after a quoted break", "x,age\n\"a\nb\",1\nc,2\nd,2 mg\n", "table.text_in_number", []string{"3", "5", `"2 mg"`}},
		{"CP949", "a\n\xB0\xA1\n", "table.encoding", []string{"1", "2", `"a"`, "CP949"}},
		{"CP949 header", "\xB0\xA1,b\n1,2\n", "table.encoding_header", []string{"1"}},
		{"UTF-16", "\xFF\xFEa\x00,\x00b\x00\n\x001\x00", "table.encoding_header", []string{"UTF-16"}},
		{"NUL", "a\nx\x00y\n", "table.encoding", nil},
		{"NUL in a number column", "a\n1\n2\n3\x00\n", "table.encoding", []string{"3", "4"}},
		{"a zip, as xlsx is", "PK\x03\x04\x14\x00\x06\x00\x08\n\x00\x00", "table.encoding_header", []string{"xlsx"}},
		{"bare quote", "a\nb\"c\n", "table.quote", []string{"2"}},
		{"open quote", "a\n\"b\n", "table.open_quote", []string{"2"}},
	} {
		_, err := Read(strings.NewReader(c.in), "f.csv", Options{})
		wantError(t, c.name, err, c.key, c.parts...)
	}
}

func TestManyColumns(t *testing.T) {
	var header strings.Builder
	for i := range maxColumns + 1 {
		fmt.Fprintf(&header, "c%d,", i)
	}
	_, err := Read(strings.NewReader(header.String()+"z\n"), "f.csv", Options{})
	wantError(t, "columns", err, "table.many_columns", "65536")
}

// Half of the cells decide: more than half numbers is a number column with text in it, not more is a category.
func TestMostlyNumbers(t *testing.T) {
	if c := read(t, "a\n1\nx\n").Column("a"); c.Kind != Category || c.Text(0) != "1" {
		t.Error("one number of two is text")
	}
	_, err := Read(strings.NewReader("a\n1\n2\nx\n"), "f.csv", Options{})
	wantError(t, "two of three", err, "table.text_in_number")
}

// A column is settled after settleAfter cells: codes of text before and after it, text late in a column of numbers.
func TestSettling(t *testing.T) {
	var in strings.Builder
	in.WriteString("n,text,late\n")
	rows := settleAfter + 2*chunkRows
	for r := range rows {
		late := ""
		if r > settleAfter {
			late = fmt.Sprint(r % 3)
		}
		fmt.Fprintf(&in, "%d.50,w%d,%s\n", r, r%7, late)
	}
	tbl := read(t, in.String())
	for r := range rows {
		if tbl.Column("n").Number(r) != float64(r)+.5 || tbl.Column("text").Text(r) != fmt.Sprint("w", r%7) {
			t.Fatalf("row %d: %v %s", r, tbl.Column("n").Number(r), tbl.Column("text").Text(r))
		}
		if v := tbl.Column("late").Number(r); r > settleAfter && v != float64(r%3) || r <= settleAfter && !math.IsNaN(v) {
			t.Fatalf("row %d: late %v", r, v)
		}
	}
	if got := tbl.Column("n").Numbers(nil); len(got) != rows || got[rows-1] != float64(rows)-.5 {
		t.Errorf("%d numbers", len(got))
	}
	_, err := Read(strings.NewReader(in.String()+"old,w,1\n"), "f.csv", Options{})
	wantError(t, "late text", err, "table.text_in_number", fmt.Sprint(rows+1), fmt.Sprint(rows+2), `"old"`)
}

func TestForcedKinds(t *testing.T) {
	kinds := map[string]Kind{"code": Category, "x": Number}
	tbl, err := Read(strings.NewReader("id,code,x\n1,01,\nb,2,3\n"), "f.csv", Options{Kinds: kinds, Keep: []string{"id", "x"}})
	if err != nil {
		t.Fatal(err)
	}
	if tbl.Column("code").Text(0) != "01" || tbl.Column("x").Kind != Number || tbl.Column("id") != nil || !slices.Equal(tbl.Ignored, []string{"id"}) {
		t.Errorf("%v, ignored %v", tbl.Names(), tbl.Ignored)
	}
	if tbl.Kept("id").Text(1) != "b" || tbl.Kept("x").Text(0) != "" || tbl.Kept("x").Text(1) != "3" || tbl.Kept("code") != nil {
		t.Error("kept text")
	}
	_, err = Read(strings.NewReader("code,x\n1,a\n"), "f.csv", Options{Kinds: kinds})
	wantError(t, "text where the schema has a number", err, "table.text_in_number", `"a"`)
	_, err = Read(strings.NewReader("id,x\n\xFF,1\n"), "f.csv", Options{Kinds: kinds})
	wantError(t, "bytes in an ignored column", err, "table.encoding")
	_, err = Read(strings.NewReader("id,x\n\xFF,1\n"), "f.csv", Options{Keep: []string{"id"}})
	wantError(t, "bytes in a kept column", err, "table.encoding")
	_, err = Read(strings.NewReader("id,x\n1,1\n"), "f.csv", Options{Keep: []string{"idd"}})
	wantError(t, "unknown column to keep", err, "table.no_column", `"idd"`, `"id"`)
}

// Kept text is the cell byte for byte: zeros, spaces and missing codes stay.
func TestKeptText(t *testing.T) {
	tbl, err := Read(strings.NewReader("mrn,x\n00711, 1.50 \n00012,NA\n"), "f.csv", Options{Keep: []string{"mrn", "x"}})
	if err != nil {
		t.Fatal(err)
	}
	if tbl.Kept("mrn").Text(0) != "00711" || tbl.Kept("x").Text(0) != " 1.50 " || tbl.Kept("x").Text(1) != "NA" || tbl.Column("mrn").Number(0) != 711 {
		t.Error("kept text differs from the file")
	}
}

func TestFromRecords(t *testing.T) {
	tbl, err := FromRecords("r", []string{"a", "b"}, [][]string{{"1", "x"}, {"", "y"}}, Options{})
	if err != nil || tbl.Rows != 2 || tbl.Column("a").Kind != Number || tbl.Column("b").Text(1) != "y" {
		t.Errorf("%v", err)
	}
	_, err = FromRecords("r", []string{"a", "b"}, [][]string{{"1"}}, Options{})
	wantError(t, "ragged", err, "table.ragged", "r")
	_, err = FromRecords("r", nil, nil, Options{})
	wantError(t, "nothing", err, "table.header_only")
	_, err = FromRecords("r", []string{""}, nil, Options{})
	wantError(t, "no name", err, "table.empty_name")
}

func TestSelectDropLines(t *testing.T) {
	tbl := read(t, "a,b\n\"x\ny\",1\n\nz,2\nx,3\n")
	for row, line := range []int{2, 5, 6} {
		if tbl.Line(row) != line {
			t.Errorf("row %d is on line %d, want %d", row, tbl.Line(row), line)
		}
	}
	s := tbl.Select([]int{2, 0, 2})
	if s.Rows != 3 || s.Column("b").Number(0) != 3 || s.Column("a").Text(1) != "x\ny" || s.Line(0) != 6 || s.Line(1) != 2 || s.Line(2) != 6 {
		t.Errorf("selected lines %d %d %d", s.Line(0), s.Line(1), s.Line(2))
	}
	d := tbl.Drop("a", "nothing")
	if len(d.Columns) != 1 || len(tbl.Columns) != 2 || d.Column("b").Number(1) != 2 {
		t.Error("drop")
	}
	_, err := tbl.Need("c")
	wantError(t, "no such column", err, "table.no_column", `"c"`)
}

func TestWriteCSV(t *testing.T) {
	tbl := read(t, "name,x\n\"a,\"\"b\"\"\",1.50\n\"line\nbreak\",NA\nNA,1e-9\n가,1e30\n")
	var out bytes.Buffer
	if err := tbl.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	if want := "name,x\n\"a,\"\"b\"\"\",1.5\n\"line\nbreak\",\n,1e-09\n가,1e+30\n"; out.String() != want {
		t.Errorf("%q", out.String())
	}
	again := read(t, out.String())
	for r := range tbl.Rows {
		if again.Column("name").Text(r) != tbl.Column("name").Text(r) || again.Column("x").Text(r) != tbl.Column("x").Text(r) {
			t.Errorf("row %d changed", r)
		}
	}
	out.Reset()
	if err := read(t, "a\n1\nNA\n").WriteCSV(&out); err != nil || out.String() != "a\n1\nNA\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
	if err := tbl.WriteCSV(fullDisk{}); err == nil {
		t.Error("a full disk goes unnoticed")
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, fmt.Errorf("disk full") }

// Nothing panics, errors are of the catalogue, and what is read survives being written and read again.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,x\nNA,y\n", "\xEF\xBB\xBFa\n1\n", "a\n2021-03-05\n", "a\n1\nx\n2\n", "a,a\n1,2\n", "a\nNaN\n", "a\n\xFF\n", "\"a\"\n\"\"\n", "a\n-0\n1e400\n", "a\r\n1\r\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		tbl, err := Read(bytes.NewReader(in), "f.csv", Options{})
		if err != nil {
			if k := key(err); !say.Has(k) {
				t.Fatal(k)
			}
			return
		}
		var out bytes.Buffer
		if err := tbl.WriteCSV(&out); err != nil {
			t.Fatal(err)
		}
		kinds := map[string]Kind{}
		for _, c := range tbl.Columns {
			kinds[c.Name] = c.Kind
		}
		again, err := Read(&out, "f.csv", Options{Kinds: kinds})
		if err != nil || again.Rows != tbl.Rows {
			t.Fatalf("%q, written %q: %v", in, out.String(), err)
		}
		for i := range tbl.Columns {
			for r := range tbl.Rows {
				if a, b := tbl.Columns[i].Text(r), again.Columns[i].Text(r); a != b {
					t.Fatalf("%q: row %d: %q became %q", in, r, a, b)
				}
			}
		}
	})
}

// encoding/csv sees the same table.
func TestAgainstEncodingCSV(t *testing.T) {
	in := "id,x\n\"a,1\",0.1\nb,-2e3\n\"c\r\nd\",\n"
	want, _ := csv.NewReader(strings.NewReader(in)).ReadAll()
	tbl := read(t, in)
	for r, record := range want[1:] {
		if tbl.Column("id").Text(r) != record[0] {
			t.Errorf("row %d: %q, want %q", r, tbl.Column("id").Text(r), record[0])
		}
	}
}

// No cell of numbers allocates, and no row: thousands of rows more cost only the chunks they fill (and under the race detector, which
// throws some pages away that could be used again, those).
func TestNoAllocationPerCell(t *testing.T) {
	cost := func(rows int) float64 {
		return testing.AllocsPerRun(2, func() {
			if _, err := Read(numbersFile(rows, "%.17g"), "f.csv", Options{Kinds: numberKinds()}); err != nil {
				t.Fatal(err)
			}
		})
	}
	small, large := cost(chunkRows/1000*1000), cost(2*(chunkRows/1000)*1000)
	if extra := large - small; extra > 1000 {
		t.Errorf("%v allocations for %d more cells", extra, 30*8000)
	}
}

func numberKinds() map[string]Kind {
	kinds := map[string]Kind{}
	for c := range 30 {
		kinds[fmt.Sprint("c", c)] = Number
	}
	return kinds
}
