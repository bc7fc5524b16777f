package serve_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"gradus/data"
	"gradus/fit"
	"gradus/model"
	"gradus/serve"
	"gradus/table"
)

// file writes the file of a small model into dir.
func file(dir string) string {
	set, err := data.Get("iris")
	if err != nil {
		log.Fatal(err)
	}
	tbl, err := table.Read(bytes.NewReader(set.CSV()), set.Name, table.Options{})
	if err != nil {
		log.Fatal(err)
	}
	target, y, err := table.NewTarget(tbl, set.Target, table.TaskAuto, "")
	if err != nil {
		log.Fatal(err)
	}
	run, err := fit.New(tbl, nil, target, y, model.Settings{Hidden: []int{8}, Epochs: 60, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	m, err := run.Train(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		log.Fatal(err)
	}
	path := filepath.Join(dir, "iris.gradus")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		log.Fatal(err)
	}
	return path
}

// The service is an http.Handler: in a server of your own it stands behind any path.
func ExampleNew() {
	dir, err := os.MkdirTemp("", "serve")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	server, err := serve.New(serve.Options{Files: []serve.File{{Name: "iris", Path: file(dir)}}})
	if err != nil {
		log.Fatal(err)
	}
	ask := httptest.NewRequest("POST", "/predict", strings.NewReader(
		`{"rows":[{"sepal_length_(cm)":5.1,"sepal_width_(cm)":3.5,"petal_length_(cm)":1.4,"petal_width_(cm)":0.2}]}`))
	ask.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	server.ServeHTTP(answer, ask)
	fmt.Println(answer.Code, strings.Contains(answer.Body.String(), `"prediction":"setosa"`))
	// Output: 200 true
}
