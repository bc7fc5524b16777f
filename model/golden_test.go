package model_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gradus/fit"
	"gradus/model"
	"gradus/table"
)

var update = flag.Bool("update", false, "write the golden files of testdata/v1 that are not there; one that is there is never written again")

const goldens = "testdata/v1"

// golden are the kept files of format version 1: the table each was made from, how, and what it must predict in every later version.
var golden = []struct {
	name, target string
	s            model.Settings
	table        func() string
}{
	{"binary", "died", model.Settings{Hidden: []int{5, 3}, Epochs: 20, Batch: 8, Seed: 3}, binaryTable},
	{"classes", "등급", model.Settings{Hidden: []int{}, Epochs: 20, Batch: 16, Alpha: .05}, classesTable},
	{"number", "stay", model.Settings{Hidden: []int{6}, Activation: "relu", Dropout: .2, Epochs: 20, Validation: new(float64), Optimizer: "rmsprop", Alpha: .02}, numberTable},
	{"layers", "stay", model.Settings{Hidden: []int{}, Epochs: 1}, numberTable}, // each kind of layer
}

// binaryTable has missing values, rare levels, an identifier, dates and a constant.
func binaryTable() string {
	var b strings.Builder
	fmt.Fprintln(&b, "patient_id,visit,age,crp,sex,ward,unit,died")
	for i := range 60 {
		crp, ward := fmt.Sprint(float64(i*i%97)/4), []string{"A", "B", "C, east"}[i%3]
		if i%7 == 0 {
			crp = "NA"
		}
		if i%11 == 0 {
			ward = ""
		}
		if i%29 == 3 {
			ward = "rare"
		}
		fmt.Fprintf(&b, "P%03d,2024-01-%02d,%d,%s,%s,%q,x,%s\n", i, i%28+1, 20+i*37%61, crp, []string{"F", "M"}[i*i%3%2], ward, []string{"no", "yes", "no"}[i*5%7%3])
	}
	return b.String()
}

func classesTable() string {
	var b strings.Builder
	fmt.Fprintln(&b, "키 (cm),\"몸무게, kg\",흡연,등급")
	for i := range 48 {
		fmt.Fprintf(&b, "%d,%v,%s,%s\n", 150+i*17%45, 45+float64(i*23%51)/2, []string{"예", "아니요"}[i%2], []string{"가", "나", "다"}[(i*17%45)/16])
	}
	return b.String()
}

func numberTable() string {
	var b strings.Builder
	fmt.Fprintln(&b, "age,score,stay")
	for i := range 50 {
		fmt.Fprintf(&b, "%d,%v,%v\n", 30+i*13%50, float64(i*7%20)/8-1, 1.5+float64(i*13%50)/10+float64(i*7%20)/4)
	}
	return b.String()
}

// TestGoldenFiles reads every kept file with this version and predicts its table; the expected values were computed when it was made.
func TestGoldenFiles(t *testing.T) {
	for _, g := range golden {
		path := filepath.Join(goldens, g.name)
		if _, err := os.Stat(path + ".gradus"); errors.Is(err, fs.ErrNotExist) && *update {
			keep(t, path, g.table(), g.target, g.s)
		}
		b, err := os.ReadFile(path + ".gradus")
		if err != nil {
			t.Fatal(err)
		}
		m, err := model.Read(b, path)
		if err != nil {
			t.Errorf("%s: a file of version 1 must be read for ever: %v", g.name, err)
			continue
		}
		csv, err := os.ReadFile(path + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		want := expected(t, path)
		got, _, err := m.All(readFor(t, m, string(csv)))
		if err != nil || len(got.Data) != len(want) {
			t.Fatalf("%s: %d predictions, want %d (%v)", g.name, len(got.Data), len(want), err)
		}
		for i, w := range want {
			if math.Abs(got.Data[i]-w) > 1e-6*max(1, math.Abs(w)) {
				t.Errorf("%s: prediction %d is %v, want %v", g.name, i, got.Data[i], w)
			}
		}
	}
	kept, _ := filepath.Glob(goldens + "/*.gradus")
	if len(kept) != len(golden) {
		t.Errorf("%d files are kept, %d are known here", len(kept), len(golden))
	}
}

func readFor(t testing.TB, m *model.Model, csv string) *table.Table {
	t.Helper()
	tbl, err := table.Read(strings.NewReader(csv), "t.csv", table.Options{Kinds: m.Preparation.Kinds()})
	if err != nil {
		t.Fatal(err)
	}
	return tbl
}

func expected(t testing.TB, path string) (values []float64) {
	t.Helper()
	b, err := os.ReadFile(path + ".json")
	if err == nil {
		err = json.Unmarshal(b, &values)
	}
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// keep trains a model and keeps it with its table and predictions; some rows are unlike those of training.
func keep(t *testing.T, path, csv, target string, s model.Settings) {
	t.Helper()
	tbl := read(t, csv)
	goal, y, err := table.NewTarget(tbl, target, table.TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	run, err := fit.New(tbl, nil, goal, y, s)
	if err != nil {
		t.Fatal(err)
	}
	m, err := run.Train(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Base(path) == "layers" {
		m.Network = everyLayer(t, m.Network.In())
	}
	lines := strings.SplitAfter(csv, "\n")[:13]
	cells := strings.Count(lines[1], ",") - strings.Count(lines[1], ", ") // a quoted comma has a space behind it
	lines = append(lines, strings.Repeat("NA,", cells)+"1\n")             // nothing known
	var far string
	if first, rest, ok := strings.Cut(lines[2], ","); ok && cells < 4 { // the first column is a number: far beyond training
		far = first + "99999," + rest
	} else {
		far = strings.Replace(lines[2], ",M,", ",other,", 1)
	}
	lines = append(lines, far)
	rows := strings.Join(lines, "")
	out, _, err := m.All(readFor(t, m, rows))
	if err != nil {
		t.Fatal(err)
	}
	values, _ := json.Marshal(out.Data)
	for ext, b := range map[string][]byte{".gradus": written(t, m), ".csv": []byte(rows), ".json": values} {
		if err := os.WriteFile(path+ext, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The tables behind the golden files hold what the format has: every feature of a preparation.
func TestGoldensCoverTheFormat(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(goldens, "binary.gradus"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.Read(b, "binary")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range m.Preparation.Features() {
		names = append(names, f.String())
	}
	want := []string{"age", "crp", "crp missing", "sex=F", "sex=M", "ward=A", "ward=B", "ward=C, east", "ward=other", "ward missing"}
	if !slices.Equal(names, want) {
		t.Errorf("features %q, want %q", names, want)
	}
	for _, secret := range []string{"P001", "P05", "2024-01", "rare", ".csv"} {
		if bytes.Contains(b, []byte(secret)) {
			t.Errorf("the file holds %q", secret)
		}
	}
}
