package table

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/internal/say"
	"gradus/mat"
)

const small = "age,sex,bmi,y\n60,M,20,1\n70,F,NA,0\n50,F,30,1\n80,M,25,0\n"

func TestTableThatDoesNotFit(t *testing.T) {
	p := fit(t, read(t, small), nil, "y", PrepareOptions{MinRows: 1})
	for _, c := range []struct {
		name, in, key string
		parts         []string
	}{
		{"missing column", "age,sex\n1,M\n", "table.lacks_column", []string{`"bmi"`, "f.csv"}},
		{"renamed column", "age,gender,sexx,bmi\n1,M,M,2\n", "table.renamed_column", []string{`"sex"`, `"sexx"`}},
		{"text in a number column", "age,sex,bmi\n-,M,1\nold,M,2\n", "table.text_in_number", []string{"2", "3", `"age"`, `"old"`}},
	} {
		_, _, err := p.Apply(read(t, c.in), nil)
		wantError(t, c.name, err, c.key, c.parts...)
		_, err = p.Check(read(t, c.in))
		wantError(t, c.name, err, c.key)
	}
	tbl, err := FromRecords("f.csv", []string{"age", "sex", "bmi"}, [][]string{{"1", "M", "2"}}, Options{Kinds: map[string]Kind{"age": Category, "sex": Category, "bmi": Number}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Bind(tbl)
	wantError(t, "numbers read as text", err, "table.read_as_text", `"age"`)
}

func TestExtraColumnsAreIgnoredAloud(t *testing.T) {
	p := fit(t, read(t, small), nil, "y", PrepareOptions{MinRows: 1})
	for _, opt := range []Options{{}, {Kinds: p.Kinds()}} {
		tbl, err := Read(strings.NewReader("note,bmi,age,sex,y\nhello,22,60,M,1\n"), "f.csv", opt)
		if err != nil {
			t.Fatal(err)
		}
		notes, err := p.Check(tbl)
		if err != nil || len(notes) != 1 || !strings.Contains(notes[0].In(say.Korean), "note") || strings.Contains(notes[0].In(say.English), "y,") {
			t.Errorf("%v %v", notes, err)
		}
	}
}

// Column order does not matter; a row is prepared alike wherever it stands and whatever stands beside it.
func TestOrderDoesNotMatter(t *testing.T) {
	tbl := read(t, small)
	p := fit(t, tbl, nil, "y", PrepareOptions{MinRows: 1})
	m, _, _ := p.Apply(tbl, nil)
	other, _, err := p.Apply(read(t, "bmi,y,sex,age\n30,1,F,50\n20,1,M,60\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	picked, warnings, err := p.Apply(tbl, []int{2, 0, 1})
	if err != nil || len(warnings) != 1 || warnings[0].Row != 1 {
		t.Errorf("%v %v", warnings, err)
	}
	for c := range m.Cols {
		if other.At(0, c) != m.At(2, c) || other.At(1, c) != m.At(0, c) || picked.At(0, c) != m.At(2, c) || picked.At(2, c) != m.At(1, c) {
			t.Errorf("column %d differs", c)
		}
	}
}

// Standardised training columns have mean 0 and variance 1.
func TestStandardised(t *testing.T) {
	tbl := read(t, small)
	p := fit(t, tbl, nil, "y", PrepareOptions{MinRows: 1})
	m, _, _ := p.Apply(tbl, nil)
	sum, squares := 0.0, 0.0
	for r := range m.Rows {
		v := float64(m.At(r, 0))
		sum, squares = sum+v, squares+v*v
	}
	if math.Abs(sum) > 1e-6 || math.Abs(squares-4) > 1e-6 {
		t.Errorf("sum %v, squares %v", sum, squares)
	}
}

func TestClip(t *testing.T) {
	tbl := read(t, small)
	for clip, want := range map[float64]float32{0: clipAt, 3: 3, -1: math.MaxFloat32} {
		p := fit(t, tbl, nil, "y", PrepareOptions{MinRows: 1, Clip: clip})
		m, warnings, err := p.Apply(read(t, "age,sex,bmi\n1.7e308,M,20\n-1.7e308,M,20\n"), nil)
		if err != nil || m.At(0, 0) != want || m.At(1, 0) != -want {
			t.Errorf("clip %v: %v %v, %v", clip, m.At(0, 0), m.At(1, 0), err)
		}
		if len(warnings) != 2 || warnings[0].Doubt != OutOfRange || warnings[0].Low != 50 || warnings[0].High != 80 {
			t.Errorf("%v", warnings)
		}
	}
}

func TestRangeEdgesAreInside(t *testing.T) {
	p := fit(t, read(t, small), nil, "y", PrepareOptions{MinRows: 1})
	_, warnings, err := p.Apply(read(t, "age,sex,bmi\n50,M,20\n80,F,30\n49.9,M,20\n"), nil)
	if err != nil || len(warnings) != 1 || warnings[0].Row != 2 {
		t.Errorf("%v %v", warnings, err)
	}
}

// A category whose levels look like numbers fits a table read without kinds too.
func TestNumbersForACategory(t *testing.T) {
	train, err := Read(strings.NewReader("code,x\n1,1\n2,2\n1,3\nNA,4\n"), "f.csv", Options{Kinds: map[string]Kind{"code": Category, "x": Number}})
	if err != nil {
		t.Fatal(err)
	}
	p := fit(t, train, nil, "", PrepareOptions{MinRows: 1})
	want, _, _ := p.Apply(train, nil)
	got, warnings, err := p.Apply(read(t, "code,x\n1,1\n2,2\n1,3\nNA,4\n9,1\n"), nil)
	if err != nil || len(warnings) != 2 || warnings[0].Doubt != WasMissing || warnings[1].Level != "9" {
		t.Fatalf("%v %v", warnings, err)
	}
	for i, v := range want.Data {
		if got.Data[i] != v {
			t.Errorf("%d: %v, want %v", i, got.Data[i], v)
		}
	}
}

// A column that holds nothing in this table is missing in every row.
func TestEmptyColumnIsMissing(t *testing.T) {
	p := fit(t, read(t, small), nil, "y", PrepareOptions{MinRows: 1})
	m, warnings, err := p.Apply(read(t, "age,sex,bmi\n50,,\n"), nil)
	if err != nil || len(warnings) != 2 {
		t.Fatalf("%v %v", warnings, err)
	}
	if m.At(0, m.Cols-1) != 1 || m.At(0, 1) != 0 || m.At(0, 2) != 0 {
		t.Errorf("%v", m.Data)
	}
}

// An indicator of a missing value exists only where a training row missed one. A column that was whole there gets the median and a warning,
// and no input more: a network cannot have learnt what that means.
func TestIndicatorsOnlyOfWhatTrainingMissed(t *testing.T) {
	training := read(t, "whole,holed\n1,1\n2,NA\n3,3\n4,4\n9,5\n")
	p := fit(t, training, nil, "", PrepareOptions{MinRows: 1})
	if got := fmt.Sprint(p.Features()); got != "[whole holed holed missing]" {
		t.Fatal(got)
	}
	m, warnings, err := p.Apply(read(t, "whole,holed\nNA,NA\n3,\n"), nil)
	if err != nil || m.Cols != 3 || m.At(0, 0) != m.At(1, 0) { // the median is 3
		t.Fatalf("%v %v", m, err)
	}
	if m.At(0, 2) != 1 || len(warnings) != 3 || warnings[0].Column != "whole" || warnings[0].Doubt != WasMissing {
		t.Errorf("%v %v", m, warnings)
	}
	some := fit(t, read(t, "whole,holed\n1,1\n2,NA\n3,3\n4,4\n"), []int{0, 2, 3}, "", PrepareOptions{MinRows: 1})
	if got := fmt.Sprint(some.Features()); got != "[whole holed]" { // the hole is in a row that is not of the training part
		t.Error(got)
	}
}

func TestWarningsInWords(t *testing.T) {
	for _, c := range []struct {
		w     Warning
		parts []string
	}{
		{Warning{Column: "bmi", Doubt: WasMissing}, []string{"bmi"}},
		{Warning{Column: "sex", Doubt: UnknownLevel, Level: "X\n"}, []string{"sex", `"X·"`}},
		{Warning{Column: "age", Doubt: OutOfRange, Value: 120, Low: 18, High: 95}, []string{"age", "120", "18", "95"}},
	} {
		for _, lang := range []say.Lang{say.English, say.Korean} {
			for _, part := range c.parts {
				if s := c.w.In(lang); !strings.Contains(s, part) || strings.Contains(s, "{") {
					t.Errorf("%q lacks %q", s, part)
				}
			}
		}
	}
}

// Many rows at once, over the ends of pieces of memory, are the rows one by one, their doubts too, in order.
func TestFillByColumnsIsFillByRows(t *testing.T) {
	p := fit(t, read(t, small), nil, "y", PrepareOptions{MinRows: 1})
	var b strings.Builder
	b.WriteString("age,sex,bmi\n")
	for r := range 2*chunkRows + 100 {
		b.WriteString([]string{"60,M,20\n", "NA,,\n", "5,X,99\n", "-3,F,\n", "75,F,25\n"}[r*r%5])
	}
	tbl := read(t, b.String())
	whole, doubts, err := p.Apply(tbl, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]int, tbl.Rows)
	for r := range rows {
		rows[r] = r
	}
	single, want, _ := p.Apply(tbl, rows)
	if !slices.Equal(whole.Data, single.Data) || !slices.Equal(doubts, want) || len(want) < tbl.Rows {
		t.Errorf("%d doubts, want %d", len(doubts), len(want))
	}
	bound, _ := p.Bind(tbl)
	part := mat.New[float32](200, bound.Width())
	kept := Warning{Row: 1 << 30}
	part2 := bound.Fill(part, chunkRows-77, []Warning{kept})
	if !slices.Equal(part.Data, whole.Data[(chunkRows-77)*whole.Cols:(chunkRows+123)*whole.Cols]) || part2[0] != kept || part2[1].Row < chunkRows-77 {
		t.Error("a part differs")
	}
}

func TestFillDoesNotAllocate(t *testing.T) {
	tbl := read(t, small)
	p := fit(t, tbl, nil, "y", PrepareOptions{MinRows: 1})
	b, err := p.Bind(tbl)
	if err != nil {
		t.Fatal(err)
	}
	x, warnings := mat.New[float32](tbl.Rows, b.Width()), make([]Warning, 0, 8)
	if n := testing.AllocsPerRun(100, func() { warnings = b.Fill(x, 0, warnings[:0]) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	defer func() {
		if recover() == nil {
			t.Error("a narrow x passes")
		}
	}()
	b.Fill(mat.New[float32](1, b.Width()-1), 0, nil)
}

// A preparation read from any bytes is refused or prepares without panic and without NaN.
func FuzzPreparation(f *testing.F) {
	f.Add([]byte(`{"inputs":[{"name":"age","kind":"number","missing":true,"mean":1,"sd":2,"median":1,"low":0,"high":3}],"clip":10,"target":"y"}`))
	f.Add([]byte(`{"inputs":[{"name":"sex","kind":"category","mean":0,"sd":0,"levels":["F","M"],"other":true}],"clip":0}`))
	f.Add([]byte(`{"inputs":[{"name":"bmi","kind":"number","mean":-1.7e308,"sd":5e-324,"low":-1e308,"high":1e308}]}`))
	f.Add([]byte(`{"inputs":[{"name":"bmi","kind":"category","levels":["20","30"],"missing":true}]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		var p Preparation
		if json.Unmarshal(in, &p) != nil || p.Valid() != nil {
			return
		}
		tbl, err := Read(strings.NewReader(small), "f.csv", Options{})
		if err != nil {
			t.Fatal(err)
		}
		m, _, err := p.Apply(tbl, nil)
		if err != nil {
			return
		}
		for _, v := range m.Data {
			if v != v || math.IsInf(float64(v), 0) {
				t.Fatalf("%s gives %v", in, v)
			}
		}
	})
}
