package source

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

var (
	written = []string{"등록번호", "p", "note"}
	rows    = [][]string{{"00711", "0.25", "=1+1"}, {"00712", "-3", "@SUM(A1)"}, {"1234567890123456", "1e5", "a\n\"b\", <c>"}, {"", "10", ""}}
)

// What is written comes back: names as text, numbers as numbers, and what looks like a formula as the text it is.
func TestWriteXLSX(t *testing.T) {
	var b, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&b, &again} {
		if err := WriteXLSX(w, written, slices.Values(rows)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("the same rows gave other bytes")
	}
	s, err := Decode("w.xlsx", b.Bytes(), Options{})
	want := append([][]string{written}, rows...)
	want[4] = []string{"", "10"}
	if err != nil || !reflect.DeepEqual(s.Records, want) {
		t.Fatalf("%q %v", s.Records, err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	for cell, number := range map[string]bool{"A2": false, "A4": false, "B2": true, "B3": true, "B4": false, "C2": false} {
		kind, _ := f.GetCellType("Sheet1", cell)
		formula, _ := f.GetCellFormula("Sheet1", cell)
		if got := kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber; got != number || formula != "" {
			t.Errorf("%s: kind %v, formula %q", cell, kind, formula)
		}
	}
}

// Signs that XML lacks, and text that looks like their codes, come back to us and to another reader; columns beyond Z are in their place.
func TestWriteXLSXSigns(t *testing.T) {
	record := make([]string, 704)
	record[0], record[1], record[27], record[703] = "a\x01b\r\nc", "_x0041_ _x00", " <&>\"'\t ", "end"
	var b bytes.Buffer
	if err := WriteXLSX(&b, []string{"h"}, slices.Values([][]string{record})); err != nil {
		t.Fatal(err)
	}
	s, err := Decode("w.xlsx", b.Bytes(), Options{})
	if err != nil || !reflect.DeepEqual(s.Records[1], record) {
		t.Errorf("%+v %v", s, err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{"A2": record[0], "B2": record[1], "AB2": record[27], "AAB2": "end"} {
		if got, err := f.GetCellValue("Sheet1", cell); err != nil || got != want {
			t.Errorf("%s: %q %v", cell, got, err)
		}
	}
}

func TestWriteXLSXRefuses(t *testing.T) {
	for want, record := range map[string][]string{"source.many_columns": make([]string, mostColumns+1), "source.long_cell": {strings.Repeat("가", mostSigns+1)}} {
		if err := WriteXLSX(&bytes.Buffer{}, written, slices.Values([][]string{record})); key(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if err := putRow(nil, nil, true, mostRows+1); key(err) != "source.many_rows" {
		t.Error(err)
	}
	if err := WriteXLSX(&bytes.Buffer{}, []string{strings.Repeat("가", mostSigns)}, slices.Values(rows)); err != nil {
		t.Error(err)
	}
}

func TestWriteCSV(t *testing.T) {
	for _, mark := range []bool{false, true} {
		var b bytes.Buffer
		if err := WriteCSV(&b, written, slices.Values(rows), mark); err != nil {
			t.Fatal(err)
		}
		s, err := Decode("w.csv", b.Bytes(), Options{})
		if err != nil || s.BOM != mark || !reflect.DeepEqual(s.Records, append([][]string{written}, rows...)) {
			t.Errorf("%+v %v", s, err)
		}
	}
}
