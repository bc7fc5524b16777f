package table

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"gradus/data"
)

// Every number and every text of the bundled tables is what encoding/csv and strconv read.
func TestBundledCells(t *testing.T) {
	for _, s := range data.All() {
		want, err := csv.NewReader(bytes.NewReader(s.CSV())).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		tbl := read(t, string(s.CSV()))
		for i := range tbl.Columns {
			c := &tbl.Columns[i]
			for r, record := range want[1:] {
				if c.Kind != Number {
					if c.Text(r) != record[i] {
						t.Fatalf("%s, row %d, %s: %q, want %q", s.Name, r+1, c.Name, c.Text(r), record[i])
					}
				} else if v, err := strconv.ParseFloat(record[i], 64); err == nil && c.Number(r) != v || err != nil && !c.Missing(r) {
					t.Fatalf("%s, row %d, %s: %v, want %q", s.Name, r+1, c.Name, c.Number(r), record[i])
				}
			}
		}
	}
}

// Written and read again, a bundled table prepares to the same bytes; every number is finite and within the clip.
func TestBundledPreparation(t *testing.T) {
	for _, s := range data.All() {
		tbl := read(t, string(s.CSV()))
		p := fit(t, tbl, nil, s.Target, PrepareOptions{})
		var out bytes.Buffer
		if err := tbl.WriteCSV(&out); err != nil {
			t.Fatal(err)
		}
		again := fit(t, read(t, out.String()), nil, s.Target, PrepareOptions{})
		a, _ := json.Marshal(p)
		b, _ := json.Marshal(again)
		if !bytes.Equal(a, b) {
			t.Errorf("%s: %s became %s", s.Name, a, b)
		}
		m, warnings, err := p.Apply(tbl, nil)
		if err != nil || m.Rows != s.Rows || m.Cols != p.Width() || len(p.Features()) != p.Width() {
			t.Fatalf("%s: (%d,%d) %v", s.Name, m.Rows, m.Cols, err)
		}
		for _, v := range m.Data {
			if !(math.Abs(float64(v)) <= clipAt) {
				t.Fatalf("%s: %v", s.Name, v)
			}
		}
		for _, w := range warnings { // no training row is outside the training range
			if w.Doubt != WasMissing {
				t.Fatalf("%s: %+v", s.Name, w)
			}
		}
	}
}

// Rows far apart come together in a Select, across the pieces a column is kept in.
func TestSelectAcrossChunks(t *testing.T) {
	var in strings.Builder
	in.WriteString("n,w\n")
	for r := range 3 * chunkRows {
		fmt.Fprintf(&in, "%d,w%d\n", r, r%5)
	}
	tbl, err := Read(strings.NewReader(in.String()), "f.csv", Options{Keep: []string{"n"}})
	if err != nil {
		t.Fatal(err)
	}
	var rows []int
	for r := 3*chunkRows - 1; r >= 0; r -= 2 {
		rows = append(rows, r)
	}
	s := tbl.Select(rows)
	for i, r := range rows {
		if s.Column("n").Number(i) != float64(r) || s.Column("w").Text(i) != fmt.Sprint("w", r%5) || s.Kept("n").Text(i) != fmt.Sprint(r) || s.Line(i) != r+2 {
			t.Fatalf("row %d: %v %s %s line %d", r, s.Column("n").Number(i), s.Column("w").Text(i), s.Kept("n").Text(i), s.Line(i))
		}
	}
}

// Lines stay right when every record spans several.
func TestLinesOfLongRecords(t *testing.T) {
	var in strings.Builder
	in.WriteString("a,b\n")
	line := 2
	var want []int
	for r := range 500 {
		want = append(want, line)
		fmt.Fprintf(&in, "\"x%s\",%d\r\n", strings.Repeat("\n", r%4), r)
		line += 1 + r%4
	}
	tbl := read(t, in.String())
	for r, w := range want {
		if tbl.Line(r) != w {
			t.Fatalf("row %d is on line %d, want %d", r, tbl.Line(r), w)
		}
	}
}

// A model's kinds and a target's, joined, read a table for evaluation; text of a class stays as it is written.
func TestReadForEvaluation(t *testing.T) {
	train := read(t, "x,ward,y\n1,A,yes\n2,B,no\n3,A,yes\n4,B,no\n")
	target, _, err := NewTarget(train, "y", TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	kinds := fit(t, train, nil, "y", PrepareOptions{MinRows: 1}).Kinds()
	if len(kinds) != 2 || kinds["x"] != Number || kinds["ward"] != Category {
		t.Fatalf("%v", kinds)
	}
	kinds[target.Column] = target.Kind
	tbl, err := Read(strings.NewReader("y,ward,extra,x\nno,1,1,7\nyes,A,oops,8\n"), "f.csv", Options{Kinds: kinds})
	if err != nil {
		t.Fatal(err)
	}
	y, err := target.Encode(tbl)
	if err != nil || y[0] != 0 || y[1] != 1 || tbl.Column("ward").Text(0) != "1" {
		t.Errorf("%v %v", y, err)
	}
}
