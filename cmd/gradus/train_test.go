package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gradus/data"
	"gradus/model"
)

// workplace is a folder to work in, with a Korean name and spaces; in it, place gives the path of a file.
type workplace string

func newFolder(t *testing.T) workplace {
	t.Helper()
	d := workplace(filepath.Join(t.TempDir(), "환자 자료, 1차"))
	if err := os.Mkdir(string(d), 0o777); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d workplace) place(name string) string { return filepath.Join(string(d), name) }

func (d workplace) write(t *testing.T, name, content string) string {
	t.Helper()
	if err := os.WriteFile(d.place(name), []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
	return d.place(name)
}

func (d workplace) read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(d.place(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// holds checks which files lie in the folder.
func (d workplace) holds(t *testing.T, want ...string) {
	t.Helper()
	list, err := os.ReadDir(string(d))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("the folder holds %q, want %q", names, want)
	}
}

// wards is a table with what a hospital's has: an identifier, a date, a Korean name, a comma in a name, missing values.
func wards(n int) string {
	var b strings.Builder
	b.WriteString("patient_id,나이,\"bmi, kg/m2\",ward,visit,died\n")
	for i := range n {
		bmi := fmt.Sprint(18 + float64(i*7%40)/2)
		if i%9 == 4 {
			bmi = "NA"
		}
		fmt.Fprintf(&b, "P%04d,%d,%s,%q,2024-03-%02d,%s\n", i, 30+i*11%50, bmi, []string{"A", "B, east"}[i%2], i%28+1, []string{"no", "no", "yes"}[(i*11%50)/17])
	}
	return b.String()
}

// trained trains on the wards and returns the folder with its model.
func trained(t *testing.T) workplace {
	t.Helper()
	d := newFolder(t)
	d.write(t, "wards.csv", wards(60))
	gradus("", "train", d.place("wards.csv"), "--target", "died", "--out", d.place("m.gradus"), "--epochs", "3", "--quiet").ok(t)
	return d
}

// Every bundled table trains without a flag but the target: what to leave out is found and said.
func TestTrainBundled(t *testing.T) {
	for _, s := range data.All() {
		if s.Task == "survival" {
			continue // gradus survival learns it
		}
		d := newFolder(t)
		path := d.write(t, s.Name+".csv", string(s.CSV()))
		r := gradus("", "train", path, "--target", s.Target, "--out", d.place("m.gradus"), "--epochs", "2").ok(t)
		d.holds(t, "m.gradus", s.Name+".csv")
		if !strings.Contains(r.err, "Task: "+s.Task) || !strings.Contains(r.out, s.Target) || !strings.Contains(r.out, "gradus evaluate "+d.place("m.gradus")) {
			t.Errorf("%s: %s%s", s.Name, r.out, r.err)
		}
		if s.Name == "cohort" && (!strings.Contains(r.err, "identifiers: patient_id") || !strings.Contains(r.err, "dates: visit_date")) {
			t.Errorf("nothing said of identifier and date: %s", r.err)
		}
		if r := gradus("", "evaluate", d.place("m.gradus"), path, "--quiet").ok(t); r.err != "" || !strings.Contains(r.out, fmt.Sprint(s.Rows)) {
			t.Errorf("%s: %s%s", s.Name, r.out, r.err)
		}
	}
}

func TestTrainDeterministic(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	d := newFolder(t)
	path := d.write(t, "wards.csv", wards(200))
	args := []string{"train", path, "--target", "died", "--epochs", "4", "--dropout", "0.1", "--validation", "0.2", "--seed", "9"}
	for _, cores := range []int{1, 2} {
		runtime.GOMAXPROCS(cores)
		gradus("", append(args, "--out", d.place(fmt.Sprint(cores)))...).ok(t)
	}
	runtime.GOMAXPROCS(2)
	gradus(wards(200), append(append([]string{"train", "-"}, args[2:]...), "--out", d.place("stdin"))...).ok(t)
	gradus("", append(args, "--seed", "10", "--out", d.place("other"))...).ok(t)
	if d.read(t, "1") != d.read(t, "2") || d.read(t, "1") != d.read(t, "stdin") {
		t.Error("cores or the way in change the bytes")
	}
	if d.read(t, "1") == d.read(t, "other") {
		t.Error("the seed changes nothing")
	}
}

// --precision float64 gives the same bytes on any cores and others than float32, which is the default; inspect names it.
func TestTrainPrecision(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	d := newFolder(t)
	args := []string{"train", d.write(t, "wards.csv", wards(200)), "--target", "died", "--epochs", "4", "--dropout", "0.1", "--validation", "0.2", "--quiet"}
	model := func(cores int, flags ...string) string {
		runtime.GOMAXPROCS(cores)
		gradus("", append(append(args, "--out", d.place("m.gradus")), flags...)...).ok(t)
		return d.read(t, "m.gradus")
	}
	if model(1) != model(2, "--precision", "float32") {
		t.Error("float32 is not the default")
	}
	if double := model(1, "--precision", "float64"); double != model(2, "--precision", "float64") || double == model(1) {
		t.Error("float64: other bytes on other cores, or those of float32")
	}
	model(2, "--precision", "float64")
	gradus("", "evaluate", d.place("m.gradus"), d.place("wards.csv")).ok(t)
	for lang, want := range map[string]string{"en": "trained in", "ko": "학습 정밀도"} {
		if r := gradus("", "inspect", d.place("m.gradus"), "--lang", lang).ok(t); !strings.Contains(r.out, want) || !strings.Contains(r.out, "float64") {
			t.Errorf("inspect does not say it: %s", r.out)
		}
	}
	gradus("", append(args, "--precision", "half", "--lang", "ko")...).refused(t, 2, "--precision half", "float32, float64")
}

func TestTrainJSONAndLanguages(t *testing.T) {
	d := newFolder(t)
	path := d.write(t, "표.csv", wards(60))
	args := []string{"train", path, "--target", "died", "--epochs", "2", "--drop", `ward,"bmi, kg/m2"`, "--hidden", "3", "--out", d.place("모델.gradus")}
	var got struct {
		Target   struct{ Event string }
		Features []string
		Left     []struct{ Name, Why string }
		Layers   []struct{ Units int }
		Weights  int
		Card     model.Card
		Out      string
	}
	r := gradus("", append(args, "--json", "--quiet")...)
	r.into(t, &got)
	if r.err != "" || got.Target.Event != "yes" || fmt.Sprint(got.Features) != "[나이]" || len(got.Left) != 4 || got.Weights != 10 || got.Card.Epochs != 2 || got.Out != d.place("모델.gradus") {
		t.Errorf("%+v %s", got, r.err)
	}
	ko := gradus("", append(args, "--lang", "ko")...).ok(t)
	if !strings.Contains(ko.out, "의료기기가 아닙니다") || !strings.Contains(ko.err, "사건은 died = yes") || strings.Contains(ko.out+ko.err, "[cmd.") {
		t.Error(ko.out, ko.err)
	}
	for _, lang := range []string{"en", "ko"} {
		r := gradus("", "inspect", d.place("모델.gradus"), "--lang", lang).ok(t)
		if strings.Contains(r.out, "[") || !strings.Contains(r.out, "나이") || !strings.Contains(r.out, "patient_id") {
			t.Error(r.out)
		}
	}
	var seen struct{ Left, Features, Inputs []any }
	gradus("", "inspect", d.place("모델.gradus"), "--json").into(t, &seen)
	if len(seen.Left) != 4 || len(seen.Inputs) != 1 {
		t.Errorf("%+v", seen)
	}
}

// badTables are refused by train whatever the flags, each by a sentence that names the place.
var badTables = []struct {
	name, csv, target string
	want              []string
}{
	{"empty file", "", "y", []string{"t.csv is empty"}},
	{"header only", "a,y\n", "y", []string{"header line and no row"}},
	{"ragged row", "a,y\n1,0\n2\n", "y", []string{"row 2 (line 3)", "1 cells", "header has 2"}},
	{"duplicate column", "a,y,a\n1,0,2\n", "y", []string{`"a" stands twice`, "columns 1 and 3"}},
	{"NaN", "a,y\n1,0\nNaN,1\n", "y", []string{"row 2 (line 3)", `column "a"`, `"NaN"`}},
	{"+Inf", "a,y\n1,0\n+Inf,1\n", "y", []string{`"+Inf"`}},
	{"-Inf", "a,y\n1,0\n-inf,1\n", "y", []string{`"-inf"`}},
	{"1e400", "a,y\n1,0\n1e400,1\n", "y", []string{`"1e400"`}},
	{"target missing in a row", "a,y\n1,0\n2,\n3,1\n", "y", []string{`"y" is missing in row 2 (line 3)`}},
	{"no target column", "a,died\n1,0\n2,1\n", "dyed", []string{`no column "dyed"`, `"died"`}},
	{"constant target", "a,y\n1,0\n2,0\n", "y", []string{`"0" in every row`}},
	{"one row of a class", "a,y\n1,no\n2,no\n3,yes\n", "y", []string{`only one row has the value "yes"`}},
	{"only identifiers", "patient_id,y\n" + strings.Repeat("x,0\ny,1\n", 1) + numbered(60), "y", []string{"no column is left"}},
	{"text in a quote", "a,y\n\"1,0\n", "y", []string{"quote"}},
	{"not UTF-8", "a,y\n\xb0\xa1,0\n\xb0\xa2,1\n", "y", []string{"UTF-8"}},
}

// numbered are rows with an identifier that differs in each.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "P%d,%d\n", i, i%2)
	}
	return b.String()
}

func TestTrainRefusesTables(t *testing.T) {
	for _, c := range badTables {
		d := newFolder(t)
		path := d.write(t, "t.csv", c.csv)
		for _, lang := range []string{"en", "ko"} {
			r := gradus("", "train", path, "--target", c.target, "--out", d.place("m.gradus"), "--lang", lang, "--quiet")
			if lang == "en" {
				r.refused(t, 2, c.want...)
			} else {
				r.refused(t, 2)
			}
		}
		d.holds(t, "t.csv")
	}
}

func TestTrainRefusesFlags(t *testing.T) {
	d := newFolder(t)
	path := d.write(t, "t.csv", wards(60))
	for _, c := range []struct{ flags, want string }{
		{"--alpha 0", "--alpha 0"},
		{"--alpha -0.1", "--alpha -0.1"},
		{"--alpha nan", "--alpha NaN"},
		{"--alpha inf", "--alpha"},
		{"--alpha 1e400", "--alpha"},
		{"--alpha small", "such as 0.001"},
		{"--batch 0", "--batch 0"},
		{"--batch -1", "≥ 1"},
		{"--batch 1.5", "whole number"},
		{"--epochs 0", "--epochs 0"},
		{"--epochs 99999999", "--epochs 99999999"},
		{"--patience 0", "--patience"},
		{"--dropout 1", "--dropout 1"},
		{"--dropout nan", "--dropout NaN"},
		{"--validation 1", "--validation 1"},
		{"--validation nan", "--validation"},
		{"--weight-decay -1", "--weight-decay -1"},
		{"--weight-decay nan", "--weight-decay"},
		{"--hidden 0,4", `"0"`},
		{"--hidden 64;32", "such as 64,32"},
		{"--hidden 9999999", "1048576"},
		{"--hidden 1048576,1048576", "fewer neurons"},
		{"--activation rleu", `"relu"`},
		{"--activation step", "no gradient"},
		{"--optimizer adm", `"adam"`},
		{"--precision float16", "--precision float16 is not allowed; allowed: float32, float64"},
		{"--task clases", `"classes"`},
		{"--task number", "--task classes"},
		{"--event yess", `"yes"`},
		{"--task classes --event yes", "binary"},
		{"--drop wardd", `"ward"`},
		{"--drop died", "--drop"},
		{"--drop ward,", `""`},
		{"--seed -1", "--seed"},
		{"--out -", "--out model.gradus"},
		{"--resume", "no checkpoint"},
		{"--otu m", "--out"},
		{"extra", "2"},
	} {
		r := gradus("", append([]string{"train", path, "--target", "died", "--quiet", "--out", d.place("m.gradus")}, strings.Fields(c.flags)...)...)
		r.refused(t, 2, c.want)
	}
	gradus("", "train", path).refused(t, 2, "--target")
	gradus("", "train").refused(t, 2, "TABLE.csv")
	gradus("", "train", d.place("none.csv"), "--target", "y", "--out", d.place("m.gradus")).refused(t, 2, "none.csv")
	gradus("", "train", string(d), "--target", "y", "--out", d.place("m.gradus")).refused(t, 2, "folder")
	gradus("", "train", path, "--target", "died", "--quiet", "--alpha", "1e6", "--optimizer", "descent", "--out", d.place("m.gradus")).refused(t, 1, "diverged", "learning rate α", "smaller")
	d.holds(t, "t.csv")
}

// Neither the table nor any other file is overwritten or taken away by a slip of the flags.
func TestTrainSparesOtherFiles(t *testing.T) {
	d := newFolder(t)
	path := d.write(t, "t.csv", wards(60))
	notes := d.write(t, "notes.txt", "mine")
	train := func(flags ...string) result {
		return gradus("", append([]string{"train", path, "--target", "died", "--epochs", "1", "--quiet"}, flags...)...)
	}
	train("--out", path).refused(t, 2, "--out", "overwrite")
	train("--out", string(d)+"/../"+filepath.Base(string(d))+"/t.csv").refused(t, 2, "overwrite")
	train("--out", d.place("m"), "--checkpoint", path).refused(t, 2, "--checkpoint", "overwrite")
	train("--out", d.place("m"), "--checkpoint", d.place("m")).refused(t, 2, "--checkpoint", "overwrite")
	train("--out", d.place("no/such/m")).refused(t, 2, "no such file or folder")
	train("--out", d.place("m"), "--checkpoint", d.place("no/such/c")).refused(t, 2, "no such file or folder")
	train("--out", string(d)).refused(t, 2, "folder")
	train("--out", d.place("m"), "--resume", "--checkpoint", notes).refused(t, 2, "checkpoint")
	train("--out", d.place("m"), "--resume", "--checkpoint", string(d)).refused(t, 2, "folder")
	train("--out", d.place("m"), "--checkpoint", notes).ok(t)
	d.holds(t, "m", "notes.txt", "t.csv")
	if d.read(t, "notes.txt") != "mine" || d.read(t, "t.csv") != wards(60) {
		t.Error("a file of the user's was changed")
	}
	if os.Getuid() != 0 && runtime.GOOS != "windows" {
		if err := os.Chmod(string(d), 0o555); err != nil {
			t.Fatal(err)
		}
		train("--out", d.place("m2")).refused(t, 2)
		_ = os.Chmod(string(d), 0o755)
	}
}

// A model that cannot be written ends with 1, and what was trained is kept.
func TestTrainOntoAFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		return // only Linux has this device
	}
	d := newFolder(t)
	args := []string{"train", d.write(t, "t.csv", wards(60)), "--target", "died", "--epochs", "2", "--checkpoint", d.place("c"), "--quiet"}
	gradus("", append(args, "--out", "/dev/full")...).refused(t, 1, "/dev/full", "full")
	d.holds(t, "c", "t.csv")
	gradus("", append(args, "--out", d.place("m"), "--resume")...).ok(t)
	d.holds(t, "m", "t.csv")
	gradus("", append(args, "--out", d.place("n"))...).ok(t)
	if d.read(t, "m") != d.read(t, "n") {
		t.Error("what was kept is another model")
	}
	if info, err := os.Stat("/dev/full"); err != nil || info.Mode().IsRegular() {
		t.Error("the device is gone")
	}
}

// Numbers that are dates, Korean headings, quoted commas: what the table shows is what the model knows.
func TestOddNames(t *testing.T) {
	d := trained(t)
	r := gradus("", "predict", d.place("m.gradus"), d.place("wards.csv"), "--keep", `나이,"bmi, kg/m2",patient_id`).ok(t)
	rows, err := csv.NewReader(strings.NewReader(r.out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(rows[0]) != "[row 나이 bmi, kg/m2 patient_id p_no p_yes prediction warnings]" || fmt.Sprint(rows[5][:4]) != "[5 74 NA P0004]" {
		t.Errorf("%q %q", rows[0], rows[5])
	}
	if rows[5][7] != "bmi, kg/m2 is missing" {
		t.Errorf("warnings %q", rows[5][7])
	}
}
