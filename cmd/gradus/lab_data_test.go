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

// A table dropped on the page comes to the same protocol, model and reports, byte for byte, as the command line makes of it.
func TestLabDataIsTheCommandLine(t *testing.T) {
	own := lab.NewOwn()
	server := httptest.NewServer(own)
	t.Cleanup(func() { own.Close(); server.Close() })
	ask := func(method, path string, body []byte) []byte {
		t.Helper()
		r, err := http.NewRequest(method, server.URL+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Gradus-Token", own.Token())
		r.Header.Set("X-Gradus-Name", "cohort.csv")
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
