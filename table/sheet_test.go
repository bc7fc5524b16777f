package table

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
)

// The rows of a sheet are prepared as the same cells of a file: features, doubts and their order, also when its memory serves again.
func TestSheetIsAFile(t *testing.T) {
	train := "age,sex,bmi,smoker\n"
	for i := range 60 {
		train += fmt.Sprintf("%d,%s,%g,%s\n", 30+i, []string{"F", "M", ""}[i%3], 20+float64(i)/7, []string{"never", "current", "former", "x"}[min(i%13, 3)])
	}
	fitted, err := Read(bytes.NewReader([]byte(train)), "train.csv", Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Fit(fitted, nil, "", PrepareOptions{})
	if err != nil {
		t.Fatal(err)
	}
	cells := [][]string{
		{"41", "F", "23.5", "never"}, {"", "M", "1e300", " current "}, {"-3", "X", "", "처음"}, {"200", "NA", "22", "X"}, {"41.25", " F", "-0", "."}, {"33", "X", "20", "처음"},
	}
	sheet := p.NewSheet(4)
	bound, err := p.Bind(&sheet.Table)
	if err != nil {
		t.Fatal(err)
	}
	for start := 0; start < len(cells); start += 3 {
		part := cells[start : start+3]
		tbl, err := FromRecords("part.csv", []string{"age", "sex", "bmi", "smoker"}, part, Options{Kinds: p.Kinds()})
		if err != nil {
			t.Fatal(err)
		}
		want, doubts, err := p.Apply(tbl, nil)
		if err != nil {
			t.Fatal(err)
		}
		sheet.Begin(3)
		for r, row := range part {
			for i := range p.Inputs {
				cell := []byte(row[slices.Index([]string{"age", "sex", "bmi", "smoker"}, p.Inputs[i].Name)])
				if p.Inputs[i].Kind != Number {
					if !sheet.SetText(i, r, cell) {
						t.Errorf("%q is refused", cell)
					}
					continue
				}
				v, ok := ParseNumber(cell)
				if !ok {
					v = math.NaN()
				}
				sheet.Numbers(i)[r] = v
			}
		}
		got := want.Clone()
		if found := bound.Fill(got, 0, nil); !reflect.DeepEqual(found, doubts) {
			t.Errorf("doubts %v, want %v", found, doubts)
		}
		if !slices.Equal(got.Data, want.Data) {
			t.Errorf("features %v, want %v", got.Data, want.Data)
		}
	}
	if sheet.SetText(1, 0, []byte("a\xff")) || sheet.SetText(1, 0, []byte("a\x00b")) {
		t.Error("bytes that are no text are taken")
	}
}
