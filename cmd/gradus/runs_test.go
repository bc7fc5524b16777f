package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gradus/store"
)

func TestRecords(t *testing.T) {
	dir, m, tbl := wardModel(t)
	home := map[string]string{"XDG_DATA_HOME": filepath.Join(dir, "data"), "HOME": dir, "LocalAppData": dir}
	in := func(args ...string) result { return launch(context.Background(), "", home, args...) }
	in("runs").refused(t, 2, "no records yet")
	in("train", tbl, "--target", "died", "--drop", "patient_id", "--hidden", "4", "--epochs", "5", "--out", m).ok(t)
	in("evaluate", m, tbl).ok(t)
	again := in("evaluate", m, tbl, "--threshold", ".2").ok(t)
	if !strings.Contains(again.err, "opened 2 times") || !strings.Contains(again.err, "run 3") {
		t.Error(again.err)
	}
	if r := in("evaluate", m, tbl, "--no-record").ok(t); strings.Contains(r.err, "ecorded") {
		t.Error(r.err)
	}
	var list []store.Run
	in("runs", "--json").into(t, &list)
	if len(list) != 3 || list[2].Command != "train" || list[0].Held == "" || list[0].Held != list[1].Held || list[2].Model != list[0].Model {
		t.Fatalf("%+v", list)
	}
	if r := in("runs", "--limit", "1").ok(t); strings.Count(r.out, "\n") != 2 || !strings.Contains(r.out, "AUROC") {
		t.Error(r.out)
	}
	if r := in("compare", "2", "3", "--lang", "ko").ok(t); strings.Count(r.out, "≠") < 2 || strings.Contains(r.out, "[store") {
		t.Error(r.out)
	}
	if r := in("runs", "--audit").ok(t); !strings.Contains(r.out, "3 entries") {
		t.Error(r.out)
	}
	in("compare", "1", "9").refused(t, 2, "run 9")
	in("compare", "1", "x").refused(t, 2, `"x"`)
	in("runs", "--limit", "-1").refused(t, 2, "limit")
	path, err := (&app{world: world{env: func(k string) string { return home[k] }}}).place("")
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"PID", "SECRET", "patient_id", "ward.csv", dir} {
		if strings.Contains(string(b), word) {
			t.Errorf("the records hold %q", word)
		}
	}
}

// Where nothing can be recorded the run goes on and says so in one sentence.
func TestNoPlaceForRecords(t *testing.T) {
	dir, m, tbl := wardModel(t)
	noise := filepath.Join(dir, "noise")
	if err := os.WriteFile(noise, []byte("no folder"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, r := range map[string]result{
		"--store FILE": gradus("", "evaluate", m, tbl),
		"Not recorded": gradus("", "evaluate", m, tbl, "--store", filepath.Join(noise, "runs.db")),
	} {
		if r.ok(t); strings.Count(r.err, "\n") != 2 && strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, want) || !strings.Contains(r.out, "AUROC") {
			t.Errorf("%q", r.err)
		}
	}
	gradus("", "runs").refused(t, 1, "--store")
}
