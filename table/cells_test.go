package table

import (
	"errors"
	"math"
	"strings"
	"testing"

	"gradus/internal/say"
)

// Cells are typed as the same cells of a file.
func TestCellsAreThoseOfAFile(t *testing.T) {
	const csv = "n,c,d,e,m\n1.5, F ,2021-03-05,,1\n,M,2021-03-06,,2\n-2,NA,2021-03-07,.,x\n"
	want, err := Read(strings.NewReader(csv), "data", Options{Kinds: map[string]Kind{"n": Number, "c": Category, "d": Category, "e": Category, "m": Category}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := FromCells("data", 3, []Cells{
		{Name: "n", Numbers: []float64{1.5, math.NaN(), -2}},
		{Name: "c", Levels: []string{"NA", "M", " F "}, Codes: []int32{2, 1, 0}},
		{Name: "d", Levels: []string{"2021-03-05", "2021-03-06", "2021-03-07"}, Codes: []int32{0, 1, 2}},
		{Name: "e", Levels: []string{"."}, Codes: []int32{-1, -1, 0}},
		{Name: "m", Levels: []string{"1", "2", "x"}, Codes: []int32{0, 1, 2}, Category: true},
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	kinds := []Kind{Number, Category, Date, Empty, Category}
	for i := range want.Columns {
		if got.Columns[i].Kind != kinds[i] {
			t.Errorf("%s is of kind %s", got.Columns[i].Name, got.Columns[i].Kind)
		}
		for r := range want.Rows {
			if a, b := want.Columns[i].Text(r), got.Columns[i].Text(r); a != b {
				t.Errorf("%s, row %d: %q, not %q", got.Columns[i].Name, r, b, a)
			}
		}
	}
	exact, err := FromCells("data", 2, []Cells{{Name: "x", Levels: []string{"-", " "}, Codes: []int32{0, 1}, Exact: true}}, Options{})
	if err != nil || exact.Columns[0].Text(0) != "-" || exact.Columns[0].Text(1) != " " || exact.Columns[0].Missing(0) {
		t.Errorf("exact levels: %v %v", exact, err)
	}
}

func TestCellsRefused(t *testing.T) {
	for key, cells := range map[string]Cells{
		"table.cell_code":      {Name: "x", Levels: []string{"a"}, Codes: []int32{0, 1}},
		"table.not_finite":     {Name: "x", Numbers: []float64{1, math.Inf(-1)}},
		"table.text_in_number": {Name: "x", Levels: []string{"1", "2", "3", "b"}, Codes: []int32{0, 1, 2, 3}},
		"table.empty_name":     {Name: " ", Numbers: []float64{1, 2}},
	} {
		_, err := FromCells("data", 2, []Cells{cells}, Options{})
		if e, ok := errors.AsType[*say.Err](err); !ok || e.Key != key {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// A target that a program gives may have a level of one row; what a person writes may not.
func TestGivenTarget(t *testing.T) {
	tbl, err := FromCells("data", 3, []Cells{{Name: "y", Levels: []string{"a", "b"}, Codes: []int32{0, 0, 1}, Exact: true}, {Name: "c", Numbers: []float64{4, 4, 4}}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := NewTarget(tbl, "y", "", ""); err == nil {
		t.Error("a level of one row was taken")
	}
	if target, y, err := GivenTarget(tbl, "y", "", ""); err != nil || target.Event != "b" || y[2] != 1 {
		t.Errorf("%v %v %v", target, y, err)
	}
	if _, _, err := GivenTarget(tbl, "c", TaskClasses, ""); err == nil {
		t.Error("one class was taken")
	}
	if _, _, err := GivenTarget(tbl, "c", TaskNumber, ""); err != nil {
		t.Error(err)
	}
	p, err := Fit(tbl, nil, "y", PrepareOptions{Constant: true})
	if err != nil || p.Width() != 1 || p.Valid() != nil {
		t.Errorf("%v %v", p, err)
	}
	if _, err := Fit(tbl, nil, "y", PrepareOptions{}); err == nil {
		t.Error("a table of constants was prepared")
	}
}
