package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gradus/data"
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
	if len(files) != 5 || !strings.Contains(r.err, "--known worst_area") || files["report.ko.html"] == nil || files["study.json"] == nil {
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
		if got.Verdict == "" || got.Nested.Verdict == "" || len(got.Files) != 3 {
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
