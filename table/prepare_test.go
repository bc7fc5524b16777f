package table

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"gradus/data"
	"gradus/internal/say"
)

func fit(t *testing.T, tbl *Table, rows []int, target string, opt PrepareOptions) *Preparation {
	t.Helper()
	p, err := Fit(tbl, rows, target, opt)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Valid(); err != nil {
		t.Fatal(err)
	}
	return p
}

// oracle is testdata/preprocessing.json; testdata/README.md says how it was made.
type oracle struct {
	TrainN   int `json:"train_n"`
	Medians  map[string]float64
	Mean     map[string]float64        `json:"mean_after_impute"`
	SD       map[string]float64        `json:"sd_ddof0_after_impute"`
	Names    []string                  `json:"feature_names"`
	Rows     []map[string]any          `json:"input_rows"`
	Unscaled [][]float64               `json:"output_unscaled"`
	Scaled   [][]float64               `json:"output_numeric_scaled"`
	Counts   map[string]map[string]int `json:"category_counts_train"`
	Missing  []string                  `json:"missing_indicator_columns"`
}

var oracleKinds = map[string]Kind{
	"age": Number, "bmi": Number, "sbp": Number, "creatinine": Number, "crp": Number, "sex": Category, "diabetes": Category, "smoking": Category,
}

func readOracle(t *testing.T) (o oracle, cohort *Table, train []int) {
	t.Helper()
	b, err := os.ReadFile("testdata/preprocessing.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &o); err != nil {
		t.Fatal(err)
	}
	split, err := os.ReadFile("testdata/cohort_split.txt")
	if err != nil {
		t.Fatal(err)
	}
	for i, part := range bytes.TrimSpace(split) {
		if part == 'T' {
			train = append(train, i)
		}
	}
	set, _ := data.Get("cohort")
	if cohort, err = Read(bytes.NewReader(set.CSV()), "cohort", Options{Kinds: oracleKinds}); err != nil {
		t.Fatal(err)
	}
	return o, cohort, train
}

func TestFitAgainstScikitLearn(t *testing.T) {
	o, cohort, train := readOracle(t)
	if len(train) != o.TrainN {
		t.Fatalf("%d training rows, want %d", len(train), o.TrainN)
	}
	p := fit(t, cohort, train, "", PrepareOptions{MinRows: 60, Clip: -1})
	for _, in := range p.Inputs {
		if in.Kind == Number {
			for what, pair := range map[string][2]float64{"median": {in.Median, o.Medians[in.Name]}, "mean": {in.Mean, o.Mean[in.Name]}, "sd": {in.SD, o.SD[in.Name]}} {
				if math.Abs(pair[0]-pair[1]) > 1e-11*math.Abs(pair[1]) { // the oracle has 12 digits
					t.Errorf("%s %s: %v, want %v", in.Name, what, pair[0], pair[1])
				}
			}
			if in.Missing != slices.Contains(o.Missing, in.Name) {
				t.Errorf("%s: missing %v", in.Name, in.Missing)
			}
			continue
		}
		for _, l := range in.Levels {
			if o.Counts[in.Name][l] == 0 {
				t.Errorf("%s: level %s", in.Name, l)
			}
		}
		if in.Other {
			t.Errorf("%s: a level was merged", in.Name)
		}
	}
	if p.Width() != len(o.Names) {
		t.Errorf("%d features, want %d: %v", p.Width(), len(o.Names), p.Features())
	}
}

// oracleName gives a feature the name it has in the oracle.
func oracleName(f Feature, kind Kind) string {
	level, isLevel := strings.CutPrefix(f.Part, "=")
	switch {
	case isLevel:
		return "c__" + f.Column + "_" + level
	case f.Part == "missing" && kind == Category:
		return "c__" + f.Column + "_missing"
	case f.Part == "missing":
		return "n__missingindicator_" + f.Column
	}
	return "n__" + f.Column
}

// The three awkward rows: missing with and without an indicator, far outside the range, levels that are not known.
func TestApplyAgainstScikitLearn(t *testing.T) {
	o, cohort, train := readOracle(t)
	p := fit(t, cohort, train, "", PrepareOptions{MinRows: 60, Clip: -1})
	names := []string{"age", "bmi", "sbp", "creatinine", "crp", "sex", "diabetes", "smoking"}
	var records [][]string
	for _, row := range o.Rows {
		var record []string
		for _, n := range names {
			cell := ""
			if row[n] != nil {
				cell = fmt.Sprint(row[n])
			}
			record = append(record, cell)
		}
		records = append(records, record)
	}
	tbl, err := FromRecords("rows", names, records, Options{Kinds: p.Kinds()})
	if err != nil {
		t.Fatal(err)
	}
	m, warnings, err := p.Apply(tbl, nil)
	if err != nil {
		t.Fatal(err)
	}
	for c, f := range p.Features() {
		at := slices.Index(o.Names, oracleName(f, oracleKinds[f.Column]))
		if at < 0 {
			t.Fatalf("no feature %v in the oracle", f)
		}
		for r := range o.Unscaled {
			want := o.Unscaled[r][at]
			if f.Part == "" {
				want = o.Scaled[r][at]
			}
			if got := float64(m.At(r, c)); math.Abs(got-want) > 1e-6*max(1, math.Abs(want)) { // float32
				t.Errorf("row %d, %v: %v, want %v", r, f, got, want)
			}
		}
	}
	var got []string
	for _, w := range warnings {
		got = append(got, fmt.Sprint(w.Row, " ", w.Column, " ", w.Doubt))
	}
	for _, want := range []string{"0 bmi missing", "0 crp missing", "1 sbp missing", "1 smoking missing", "2 sex unknown_level", "2 diabetes unknown_level", "2 smoking unknown_level", "2 creatinine out_of_range"} {
		if !slices.Contains(got, want) {
			t.Errorf("no warning %q in %q", want, got)
		}
	}
}

// What the training rows do not say must not reach the preparation: change every other row, and no byte changes.
func TestTestRowsDoNotLeak(t *testing.T) {
	set, _ := data.Get("cohort")
	lines := strings.Split(strings.TrimSpace(string(set.CSV())), "\n")
	header, body := lines[0], lines[1:]
	train := make([]int, 0, len(body))
	for r := range body {
		if r%3 > 0 {
			train = append(train, r)
		}
	}
	prepared := func(body []string) []byte {
		tbl := read(t, header+"\n"+strings.Join(body, "\n")+"\n")
		b, err := json.Marshal(fit(t, tbl, train, "died_30d", PrepareOptions{}))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	want := prepared(body)
	changed := slices.Clone(body)
	for r := 0; r < len(body); r += 3 { // test rows change places, and one of them is absurd
		changed[r] = body[(r+300)%(len(body)/3*3)/3*3]
	}
	changed[3] = "P9,1999-01-01,Z,1e9,X,-1e9,1,1,1,9,vape,1"
	if got := prepared(changed); !bytes.Equal(got, want) {
		t.Errorf("the test rows changed the preparation:\n%s\n%s", want, got)
	}
	train[0] = 0 // and one training row more must change it, or this test proves nothing
	if got := prepared(changed); bytes.Equal(got, want) {
		t.Error("the training rows do not matter")
	}
}

func TestColumnsLeftOut(t *testing.T) {
	var in strings.Builder
	in.WriteString("name,patient_id,visit,empty,same,flat,x,sex,asked,y\n")
	for r := range 60 {
		fmt.Fprintf(&in, "n%d,%d,2021-01-%02d,,5,a,%d,%c,%d,%d\n", r, r, r%28+1, r%9, "MF"[r%2], r%5, r%2)
	}
	tbl := read(t, in.String())
	p := fit(t, tbl, nil, "y", PrepareOptions{Leave: []string{"asked"}})
	want := []Left{
		{"name", "identifier"},
		{"patient_id", "identifier"},
		{"visit", "date"},
		{"empty", "empty"},
		{"same", "constant"},
		{"flat", "constant"},
		{"asked", "asked"},
	}
	if !slices.Equal(p.Left, want) {
		t.Errorf("left %v", p.Left)
	}
	if got := fmt.Sprint(p.Features()); got != "[x sex=F sex=M]" {
		t.Errorf("features %s", got)
	}
	var said string
	for _, n := range p.Notes() {
		said += n.In(say.English) + n.In(say.Korean)
	}
	for _, name := range []string{"name, patient_id", "visit", "empty", "same, flat"} {
		if strings.Count(said, name) < 2 {
			t.Errorf("%q does not name %s in both languages", said, name)
		}
	}
	notes, err := p.Check(tbl)
	if err != nil || len(notes) != 0 {
		t.Errorf("columns left out are not extra: %v %v", notes, err)
	}
}

// Levels of fewer than five rows become other, and their names are nowhere in the file.
func TestRareLevelsAreNotStored(t *testing.T) {
	var in strings.Builder
	in.WriteString("ward,x\n")
	for ward, n := range map[string]int{"A": 10, "B": 5, "rare-one": 4, "rare-two": 1} {
		for i := range n {
			fmt.Fprintf(&in, "%s,%d\n", ward, i)
		}
	}
	in.WriteString("NA,1\n")
	p := fit(t, read(t, in.String()), nil, "", PrepareOptions{})
	b, _ := json.Marshal(p)
	if strings.Contains(string(b), "rare") {
		t.Errorf("%s", b)
	}
	if got := fmt.Sprint(p.Features()); got != "[ward=A ward=B ward=other ward missing x]" {
		t.Errorf("features %s", got)
	}
	m, warnings, err := p.Apply(read(t, "ward,x\nA,1\nrare-one,1\nnew,1\nNA,1\n"), nil)
	if err != nil || len(warnings) != 3 || warnings[1].Level != "new" {
		t.Fatalf("%v %v", warnings, err)
	}
	for r, hot := range []int{0, 2, 2, 3} {
		for c := range 4 {
			if got := m.At(r, c); (got == 1) != (c == hot) {
				t.Errorf("row %d, column %d: %v", r, c, got)
			}
		}
	}
	p = fit(t, read(t, in.String()), nil, "", PrepareOptions{MinRows: 1})
	if got := fmt.Sprint(p.Inputs[0].Levels, p.Inputs[0].Other); got != "[A B rare-one rare-two] false" {
		t.Errorf("least 1: %s", got)
	}
}

// At most maxLevels levels get an indicator: the most frequent.
func TestManyLevels(t *testing.T) {
	var in strings.Builder
	in.WriteString("code,x\n")
	for l := range maxLevels + 20 {
		for i := range 5 + l%2 {
			fmt.Fprintf(&in, "L%d,%d\n", l, i)
		}
	}
	p := fit(t, read(t, in.String()), nil, "", PrepareOptions{})
	in0 := p.Inputs[0]
	if len(in0.Levels) != maxLevels || !in0.Other || !slices.Contains(in0.Levels, "L119") || slices.Contains(in0.Levels, "L98") {
		t.Errorf("%d levels, other %v: %v", len(in0.Levels), in0.Other, in0.Levels)
	}
}

// Presence alone can say something: a constant number with missing values leaves its indicator.
func TestConstantWithMissing(t *testing.T) {
	p := fit(t, read(t, "flag,x\n1,1\nNA,2\n1,3\n"), nil, "", PrepareOptions{})
	if got := fmt.Sprint(p.Features()); got != "[flag missing x]" {
		t.Fatal(got)
	}
	m, _, err := p.Apply(read(t, "flag,x\nNA,2\n1,2\n"), nil)
	if err != nil || m.At(0, 0) != 1 || m.At(1, 0) != 0 {
		t.Errorf("%v %v", m, err)
	}
}

func TestIDNames(t *testing.T) {
	for _, s := range []string{"id", "ID", "patient_id", "Patient ID", "studyID", "mrn", "등록번호", "환자 번호", "row.id"} {
		if !isIDName(s) {
			t.Errorf("%q names an identifier", s)
		}
	}
	for _, s := range []string{"acid", "age", "hybrid", "LIPID", "id_age", "width", "", "123", "proline", "od280/od315_of_diluted_wines"} {
		if isIDName(s) {
			t.Errorf("%q names no identifier", s)
		}
	}
	for _, s := range data.All() {
		if p := fit(t, read(t, string(s.CSV())), nil, s.Target, PrepareOptions{}); !s.Synthetic {
			for _, l := range p.Left {
				if l.Why != whyConstant { // three pixels of digits never change
					t.Errorf("%s: %v", s.Name, l)
				}
			}
		} else if !slices.Contains(p.Left, Left{"patient_id", whyIdentifier}) || !slices.Contains(p.Left, Left{"visit_date", whyDate}) {
			t.Errorf("%s: %v", s.Name, p.Left)
		}
	}
}

func TestFitRefuses(t *testing.T) {
	tbl := read(t, "id,y\n1,2\n3,4\n")
	_, err := Fit(tbl.Drop("id"), nil, "y", PrepareOptions{})
	wantError(t, "only a target", err, "table.no_other_column", "f.csv")
	_, err = Fit(tbl, []int{}, "y", PrepareOptions{})
	wantError(t, "no rows", err, "table.no_rows", "f.csv")
	_, err = Fit(tbl, []int{0}, "y", PrepareOptions{})
	wantError(t, "one row: all constant", err, "table.no_inputs", "id")
	_, err = Fit(tbl, nil, "y", PrepareOptions{Leave: []string{"ids"}})
	wantError(t, "unknown column to leave", err, "table.no_column", `"ids"`)
	for _, opt := range []PrepareOptions{{MinRows: -1}, {Clip: math.NaN()}, {Clip: math.Inf(1)}} {
		_, err = Fit(tbl, nil, "y", opt)
		wantError(t, "options", err, "table.prepare_options")
	}
}

func TestPreparationSurvivesJSON(t *testing.T) {
	_, cohort, train := readOracle(t)
	p := fit(t, cohort, train, "", PrepareOptions{})
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var again Preparation
	if err := json.Unmarshal(b, &again); err != nil || again.Valid() != nil {
		t.Fatal(err)
	}
	if b2, _ := json.Marshal(again); !bytes.Equal(b, b2) {
		t.Errorf("%s\n%s", b, b2)
	}
	m, _, _ := p.Apply(cohort, nil)
	m2, _, err := again.Apply(cohort, nil)
	if err != nil || !slices.Equal(m.Data, m2.Data) {
		t.Error("it prepares otherwise after reading", err)
	}
}

func TestBrokenPreparations(t *testing.T) {
	good := func() Input {
		return Input{Name: "x", Kind: Number, Scale: Scale{Mean: 1, SD: 1}, Median: 1, Low: 0, High: 2}
	}
	p := Preparation{Inputs: []Input{good()}, Clip: 10, Target: "y"}
	if err := p.Valid(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Preparation){
		"no input":         func(p *Preparation) { p.Inputs = nil },
		"twice":            func(p *Preparation) { p.Inputs = append(p.Inputs, good()) },
		"the target":       func(p *Preparation) { p.Target = "x" },
		"clip":             func(p *Preparation) { p.Clip = -1 },
		"clip NaN":         func(p *Preparation) { p.Clip = math.NaN() },
		"no name":          func(p *Preparation) { p.Inputs[0].Name = "" },
		"kind":             func(p *Preparation) { p.Inputs[0].Kind = Date },
		"sd":               func(p *Preparation) { p.Inputs[0].SD = -1 },
		"no width":         func(p *Preparation) { p.Inputs[0].SD = 0 },
		"range":            func(p *Preparation) { p.Inputs[0].Low = 3 },
		"median":           func(p *Preparation) { p.Inputs[0].Median = 5 },
		"levels of number": func(p *Preparation) { p.Inputs[0].Levels = []string{"a"} },
		"levels twice":     func(p *Preparation) { p.Inputs[0] = Input{Name: "x", Kind: Category, Levels: []string{"a", "a"}} },
		"levels unsorted":  func(p *Preparation) { p.Inputs[0] = Input{Name: "x", Kind: Category, Levels: []string{"b", "a"}} },
	} {
		p := Preparation{Inputs: []Input{good()}, Clip: 10, Target: "y"}
		spoil(&p)
		if key(p.Valid()) != "table.broken_preparation" {
			t.Errorf("%s passes", name)
		}
	}
}
