package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gradus/lab"
)

// asking starts the lab's side for own data and asks it as the page does, of a table of that name; anything but success ends the test.
func asking(t *testing.T, name string) func(method, path string, body []byte) []byte {
	t.Helper()
	own := lab.NewOwn()
	server := httptest.NewServer(own)
	t.Cleanup(func() { own.Close(); server.Close() })
	return func(method, path string, body []byte) []byte {
		t.Helper()
		r, err := http.NewRequest(method, server.URL+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Gradus-Token", own.Token())
		r.Header.Set("X-Gradus-Name", name)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		b, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode >= 300 {
			t.Fatalf("%s: %d %v %.200s", path, answer.StatusCode, err, b)
		}
		return b
	}
}

// A table dropped on the page comes to the same protocol, model and reports, byte for byte, as the command line makes of it.
func TestLabDataIsTheCommandLine(t *testing.T) {
	ask := asking(t, "cohort.csv")
	path, out := bundledFile(t, "cohort"), filepath.Join(t.TempDir(), "out")
	table, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ask("POST", "/api/table", table)
	ask("POST", "/api/study", []byte(`{"target":"died_30d","folds":2,"inner":2,"draws":20,"threshold":"harm:9","seed":1,"lang":"en","roles":{"bmi":"dropped"}}`))
	gradus("", "study", path, "--target", "died_30d", "--out", out, "--outer", "2", "--inner", "2", "--draws", "20", "--threshold", "harm:9", "--drop", "bmi").ok(t)
	for until := time.Now().Add(2 * time.Minute); !strings.Contains(string(ask("GET", "/api/state", nil)), `"state":"done"`); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("the study does not end")
		}
	}
	files := folder(t, out)
	for name, at := range map[string]string{
		"report.ko.html": "/api/report?lang=ko", "report.en.html": "/api/report?lang=en", "study.yaml": "/api/protocol", "model.gradus": "/api/model",
	} {
		if got := ask("GET", at, nil); !bytes.Equal(got, files[name]) || len(got) < 500 {
			t.Errorf("%s has other bytes: %d and %d", name, len(got), len(files[name]))
		}
	}
}

// Survival asked on the page is what the command in its report makes again: the raw table is cleaned by the saved study, then studied.
func TestLabSurvivalIsTheCommandLine(t *testing.T) {
	ask := asking(t, "lifetimes.csv")
	path := bundledFile(t, "lifetimes")
	table, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ask("POST", "/api/table", table)
	ask("POST", "/api/study", []byte(`{"target":"died","event":"1","folds":2,"draws":20,"seed":3,"lang":"en","survival":{"time":"days","horizons":[365]}}`))
	for until := time.Now().Add(2 * time.Minute); !strings.Contains(string(ask("GET", "/api/state", nil)), `"state":"done"`); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("the study does not end: %.500s", ask("GET", "/api/state", nil))
		}
	}
	dir := t.TempDir()
	file, clean, out := filepath.Join(dir, "study.yaml"), filepath.Join(dir, "clean.csv"), filepath.Join(dir, "out")
	if err := os.WriteFile(file, ask("GET", "/api/protocol", nil), 0o600); err != nil {
		t.Fatal(err)
	}
	page := string(ask("GET", "/api/report?lang=en", nil))
	const first, second = "gradus check lifetimes.csv --study study.yaml --clean clean.csv", "gradus survival clean.csv --time days --event died --event-level 1 --horizon 365 --outer 2 --draws 20 --seed 3"
	if !strings.Contains(page, first) || !strings.Contains(page, second) {
		t.Fatal("the report does not say how it is made again")
	}
	gradus("", "check", path, "--study", file, "--clean", clean).ok(t)
	gradus("", strings.Fields(strings.Replace(strings.TrimPrefix(second, "gradus "), "clean.csv", clean, 1)+" --out "+out)...).ok(t)
	files := folder(t, out)
	for name, at := range map[string]string{"model.gradus": "/api/model", "cox.gradus": "/api/cox"} {
		if got := ask("GET", at, nil); !bytes.Equal(got, files[name]) || len(got) < 500 {
			t.Errorf("%s has other bytes: %d and %d", name, len(got), len(files[name]))
		}
	}
	verdict := func(b []byte) string { _, s, _ := strings.Cut(string(b), "<h2"); return s[:min(len(s), 3000)] }
	if got, want := verdict([]byte(page)), verdict(files["report.en.html"]); got != want {
		t.Errorf("the report says\n%s\nand the command line's\n%s", got, want)
	}
}
