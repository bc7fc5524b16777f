package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gradus/check"
	"gradus/data"
	"gradus/source"
	"gradus/store"
	"gradus/study"
)

// bundledFile writes a bundled table to a file.
func bundledFile(t *testing.T, name string) string {
	t.Helper()
	set, err := data.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name+".csv")
	if err := os.WriteFile(path, set.CSV(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// aStudy is a study small enough for a test.
func aStudy(path, target, out string, more ...string) []string {
	return append([]string{"study", path, "--target", target, "--out", out, "--outer", "3", "--inner", "2", "--draws", "20", "--epochs", "3"}, more...)
}

// A study prints its figures and its verdict, and leaves model, reports and figures, the same bytes again, and no checkpoint.
func TestStudy(t *testing.T) {
	path, out := bundledFile(t, "breast_cancer"), filepath.Join(t.TempDir(), "연구 1")
	r := gradus("", aStudy(path, "diagnosis", out)...).ok(t)
	for _, want := range []string{"nested cross-validation · 569 rows", "AUROC", "logistic regression here (ΔAUROC", "use the regression", "frozen", "external validation"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	files := folder(t, out)
	if len(files) != 6 || !strings.Contains(r.err, "--known worst_area") || files["report.ko.html"] == nil || files["study.json"] == nil {
		t.Errorf("%d files", len(files))
	}
	if _, err := os.Stat(out + "-checkpoint"); err == nil {
		t.Error("a checkpoint is left")
	}
	if bytes.Contains(files["study.json"], []byte(filepath.Dir(path))) || bytes.Contains(files["report.en.html"], []byte(filepath.Dir(path))) {
		t.Error("a path of this machine is in the files")
	}
	again := filepath.Join(t.TempDir(), "again")
	if r := gradus("", aStudy(path, "diagnosis", again, "--lang", "ko")...).ok(t); !strings.Contains(r.out, "회귀를 쓰십시오") {
		t.Error(r.out)
	}
	for name, b := range folder(t, again) {
		if !bytes.Equal(b, files[name]) && name != "study.yaml" { // its comments are in the language of who reads it
			t.Errorf("%s has other bytes", name)
		}
	}
	// the protocol that it left, with the table beside, is the whole study
	protocol := filepath.Join(filepath.Dir(path), "study.yaml")
	if err := os.WriteFile(protocol, files["study.yaml"], 0o600); err != nil {
		t.Fatal(err)
	}
	again = filepath.Join(t.TempDir(), "protocol")
	gradus("", "study", protocol, "--out", again, "--epochs", "3").ok(t)
	for name, b := range folder(t, again) {
		if !bytes.Equal(b, files[name]) {
			t.Errorf("%s has other bytes where the protocol is carried out again", name)
		}
	}
	gradus("", "evaluate", filepath.Join(out, "model.gradus"), path).ok(t)
}

// The other tasks, and JSON.
func TestStudyTasks(t *testing.T) {
	for _, name := range []string{"iris", "diabetes"} {
		out := filepath.Join(t.TempDir(), "s")
		set, _ := data.Get(name)
		var got struct {
			Verdict string
			Files   []string
			Nested  struct{ Verdict string }
		}
		gradus("", aStudy(bundledFile(t, name), set.Target, out, "--json")...).into(t, &got)
		if got.Verdict == "" || got.Nested.Verdict == "" || len(got.Files) != 6 {
			t.Errorf("%s: %+v", name, got)
		}
		if r := gradus("", aStudy(bundledFile(t, name), set.Target, out+"2")...).ok(t); !strings.Contains(r.out, got.Verdict) {
			t.Errorf("%s: %s", name, r.out)
		}
	}
}

func TestStudyRefuses(t *testing.T) {
	path, out := bundledFile(t, "breast_cancer"), filepath.Join(t.TempDir(), "s")
	gradus("", "study", path).refused(t, 2, "--target")
	gradus("", aStudy(path, "diagnosis", out, "--resume")...).refused(t, 2, "--resume")
	gradus("", aStudy(path, "diagnosis", out, "--outer", "0")...).refused(t, 2, "0")
	gradus("", aStudy(path, "diagnosis", out, "--threshold", "harm:much")...).refused(t, 2, "harm")
	gradus("", aStudy(path, "diagnosis", out, "--split", "tempora")...).refused(t, 2, "temporal")
	if _, err := os.Stat(out); err == nil {
		t.Error("a refused study leaves a folder")
	}
}

// A study that is stopped says where its folds are, and goes on from there to the same files.
func TestStudyGoesOn(t *testing.T) {
	path, folderOf := bundledFile(t, "cohort"), t.TempDir()
	args := func(out string, more ...string) []string {
		return append([]string{"study", path, "--target", "died_30d", "--out", filepath.Join(folderOf, out), "--outer", "6", "--inner", "2", "--draws", "20", "--epochs", "5"}, more...)
	}
	gradus("", args("whole")...).ok(t)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() { // once a fold is written
		for ctx.Err() == nil {
			if _, err := os.Stat(filepath.Join(folderOf, "part-checkpoint")); err == nil {
				stop()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	launch(ctx, "", nil, args("part", "--quiet")...).refused(t, 130, "--resume")
	gradus("", args("part", "--resume")...).ok(t)
	whole := folder(t, filepath.Join(folderOf, "whole"))
	for name, b := range folder(t, filepath.Join(folderOf, "part")) {
		if !bytes.Equal(b, whole[name]) {
			t.Errorf("%s has other bytes after a stop", name)
		}
	}
}

// A study file from gradus check is carried out: the same table, cleaned as it says, split by the patients it names, and nothing of a
// patient in what is written; a table that has changed since is refused.
func TestStudyProtocol(t *testing.T) {
	path := bundledFile(t, "cohort")
	protocol, out := filepath.Join(filepath.Dir(path), "연구.yaml"), filepath.Join(t.TempDir(), "out")
	gradus("", "check", path, "--target", "died_30d", "-o", protocol).ok(t)
	arguments := []string{"study", protocol, "--out", out, "--outer", "3", "--inner", "2", "--draws", "20", "--epochs", "2"}
	r := gradus("", arguments...).ok(t)
	for _, want := range []string{"AUROC", "logistic regression here"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	if !strings.Contains(r.err, "of 2400 records are studied") {
		t.Errorf("the records are not counted: %s", r.err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	patient := strings.SplitN(strings.SplitN(string(text), "\n", 3)[1], ",", 2)[0]
	for name, b := range folder(t, out) {
		if bytes.Contains(b, []byte(patient)) {
			t.Errorf("%s names patient %s", name, patient)
		}
	}
	if err := os.WriteFile(path, append(text, text[len(text)-40:]...), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := gradus("", arguments...); r.code != 2 || !strings.Contains(r.err, "cohort.csv") {
		t.Errorf("another table: exit %d, %s", r.code, r.err)
	}
}

// Each time the rows that a split by time judged are opened is counted, in the record and in the report; the table and a patient are not in
// the record. One core and two give the same files.
func TestStudyRecords(t *testing.T) {
	path, dir := bundledFile(t, "cohort"), t.TempDir()
	home := map[string]string{"XDG_DATA_HOME": filepath.Join(dir, "data"), "HOME": dir, "LocalAppData": dir}
	in := func(args ...string) result { return launch(context.Background(), "", home, args...) }
	study := func(out string, more ...string) result {
		return in(append(aStudy(path, "died_30d", filepath.Join(dir, out), "--split", "temporal"), more...)...)
	}
	study("first").ok(t)
	if r := study("second").ok(t); !strings.Contains(r.err, "opened 2 times") {
		t.Error(r.err)
	}
	in(aStudy(path, "died_30d", filepath.Join(dir, "folds"))...).ok(t)
	in(quick(filepath.Join(dir, "demo"))...).ok(t)
	var list []store.Run
	in("runs", "--json").into(t, &list)
	if len(list) != 4 || list[0].Command != "demo" || list[1].Held != "" || list[2].Command != "study" || list[2].Held == "" || list[2].Held != list[3].Held ||
		len(list[2].Study) != 64 || list[2].Study != list[3].Study || list[1].Study == list[2].Study {
		t.Errorf("%+v", list)
	}
	var files map[string][]byte
	for _, cores := range []int{1, 2} {
		before := runtime.GOMAXPROCS(cores)
		out := filepath.Join(dir, "cores", strconv.Itoa(cores))
		study(filepath.Join("cores", strconv.Itoa(cores)), "--no-record").ok(t)
		runtime.GOMAXPROCS(before)
		got := folder(t, out)
		for name, b := range files {
			if !bytes.Equal(b, got[name]) {
				t.Errorf("%s has other bytes on two cores", name)
			}
		}
		files = got
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	patient := strings.SplitN(strings.SplitN(string(text), "\n", 3)[1], ",", 2)[0]
	for name, b := range folder(t, filepath.Join(dir, "data", "gradus")) {
		if bytes.Contains(b, []byte(patient)) || bytes.Contains(b, []byte("cohort.csv")) || bytes.Contains(b, []byte("visit_date")) {
			t.Errorf("%s names a patient, a column or the table", name)
		}
	}
}

// A column that is released, one that is dropped and one that parts subgroups stand in the protocol; a wrong name is refused.
func TestStudyColumns(t *testing.T) {
	path, out := bundledFile(t, "cohort"), filepath.Join(t.TempDir(), "s")
	arguments := aStudy(path, "died_30d", out, "--drop", "crp", "--subgroup", "age:50", "--subgroup", "crp", "--threshold", "harm:9", "--time", "visit_date")
	gradus("", arguments...).ok(t)
	b := folder(t, out)["study.yaml"]
	made, err := check.ReadStudy("study.yaml", b)
	if err != nil || made.Threshold != "harm:9" || !slices.Equal(made.Subgroups, []string{"age:50", "crp"}) || made.Column("crp").Role != check.Dropped {
		t.Fatalf("%v\n%s", err, b)
	}
	var got study.Result
	if err := json.Unmarshal(folder(t, out)["study.json"], &got); err != nil {
		t.Fatal(err)
	}
	if g := got.Study.Subgroups; len(g) != 2 || g[0].Groups[1].Value != "≥ 50" || g[1].Kind != "number" || got.Nested.Rule != "harm" {
		t.Errorf("%+v", got.Study.Subgroups)
	}
	for _, term := range got.Study.Formula.Equations[0].Terms {
		if term.Column == "crp" {
			t.Error("a dropped column is a feature")
		}
	}
	gradus("", aStudy(path, "died_30d", out+"2", "--subgroup", "agee")...).refused(t, 2, "agee")
	gradus("", aStudy(path, "died_30d", out+"2", "--known", "died_30d")...).refused(t, 2, "died_30d")
	gradus("", aStudy(path, "died_30d", out+"2", "--drop", "crpp")...).refused(t, 2, "crpp")
}

// A raw file of Korean Windows, with titles, footers and people's names, is repaired as gradus check does.
func TestStudyRaw(t *testing.T) {
	out := filepath.Join(t.TempDir(), "s")
	raw := filepath.Join("..", "..", "check", "testdata", "messy_cp949.csv")
	r := gradus("", "study", raw, "--target", "30일내사망", "--outer", "2", "--inner", "2", "--draws", "10", "--epochs", "2", "--out", out).ok(t)
	if !strings.Contains(r.err, "records are studied") {
		t.Error(r.err)
	}
	b, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := source.Decode(raw, b, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range folder(t, out) {
		for _, record := range sheet.Records[1:] {
			for _, private := range record[:2] { // number and name
				if len(private) > 4 && regexp.MustCompile(`(^|[^0-9.])`+regexp.QuoteMeta(private)+`([^0-9]|$)`).Match(b) {
					t.Errorf("%s holds %q", name, private)
				}
			}
		}
	}
}
