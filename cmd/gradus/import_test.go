package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gradus/table"
)

// What scikit-learn wrote through skl2onnx becomes a model that answers as ONNX Runtime did, and that the other commands open.
func TestImport(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "내 모델")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, flags := range map[string][]string{
		"sklearn_binary": {"--levels", "malignant,benign"}, "sklearn_classes": nil, "sklearn_number": nil,
	} {
		file := filepath.Join("..", "..", "onnx", "testdata", name)
		var want struct{ X, Y [][]float64 }
		b, err := os.ReadFile(file + ".json")
		if err != nil || json.Unmarshal(b, &want) != nil {
			t.Fatal(err)
		}
		var head []string
		for i := range want.X[0] {
			head = append(head, "c"+strconv.Itoa(i))
		}
		lines := []string{strings.Join(head, ",")}
		for _, row := range want.X {
			cells := make([]string, len(row))
			for i, v := range row {
				cells[i] = table.Format(v)
			}
			lines = append(lines, strings.Join(cells, ","))
		}
		rows, out := filepath.Join(folder, "rows.csv"), filepath.Join(folder, name)
		if err := os.WriteFile(rows, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		args := append([]string{"import", file + ".onnx", "--target", "y", "--table", rows, "--out", out}, flags...)
		if r := gradus("", args...).ok(t); !strings.Contains(r.out, "not trained by gradus") {
			t.Errorf("%s: prints %s", name, r.out)
		}
		var said []struct {
			P          map[string]float64
			Prediction any
		}
		gradus("", "predict", out, rows, "--json").into(t, &said)
		levels := []string{"0", "1", "2"}
		if flags != nil {
			levels = strings.Split(flags[1], ",")
		}
		for r, y := range want.Y {
			for k, w := range y {
				got, _ := said[r].Prediction.(float64)
				if said[r].P != nil {
					got = said[r].P[levels[k]]
				}
				if math.Abs(got-w) > 2e-6*max(1, math.Abs(w)) {
					t.Fatalf("%s, row %d: %g, want %g", name, r, got, w)
				}
			}
		}
		gradus("", "inspect", out).ok(t)
		gradus("", "explain", out, rows, "--row", "1", "--json", "--level", map[bool]string{true: "1"}[name == "sklearn_classes"]).ok(t)
		for _, form := range []string{"onnx", "go", "json"} {
			gradus("", "export", out, "--to", form, "--quiet").ok(t)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	mlp := filepath.Join("..", "..", "onnx", "testdata", "sklearn_number.onnx")
	out := filepath.Join(folder, "out.gradus")
	for says, args := range map[string][]string{
		"--target":      {mlp},
		"torch.save":    {file("a.pt", "PK\x03\x04 and so on"), "--target", "y"},
		"w.path":        {file("a.keras", "PK\x03\x04 and so on"), "--target", "y"},
		"pickle":        {file("b.pt", "\x80\x02}q\x00."), "--target", "y"},
		"HDF5":          {file("c.h5", "\x89HDF\r\n\x1a\n"), "--target", "y"},
		"--columns":     {mlp, "--target", "y", "--columns", "a,b"},
		"d.onnx":        {file("d.onnx", "no network"), "--target", "y", "--columns", "a"},
		"e.safetensors": {file("e.safetensors", "\x02\x00\x00\x00\x00\x00\x00\x00{}"), "--target", "y"},
		"overwrite":     {mlp, "--target", "y", "--table", out},
		"missing.onnx":  {filepath.Join(folder, "missing.onnx"), "--target", "y"},
		"--epsilon":     {mlp, "--target", "y", "--epsilon", "-1"},
		"did you mean":  {mlp, "--target", "y", "--colums", "a"},
		"--output":      {mlp, "--target", "y", "--output", "softmx", "--columns", "a,b,c,d,e,f,g,h,i,j"},
	} {
		if r := gradus("", append(append([]string{"import"}, args...), "--out", out)...); r.code != 2 || !strings.Contains(r.err, says) {
			t.Errorf("%q: exit code %d, says %s", says, r.code, r.err)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a refused file was written")
	}
}

// Arrays in files of their own are read beside the model and below, and nowhere else.
func TestImportStaysInItsFolder(t *testing.T) {
	folder := t.TempDir()
	inner := filepath.Join(folder, "model")
	for _, f := range []string{filepath.Join(folder, "secret"), filepath.Join(inner, "data"), filepath.Join(inner, "deep", "data")} {
		if err := os.MkdirAll(filepath.Dir(f), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(folder, "secret"), filepath.Join(inner, "link")); err != nil {
		t.Skip("no symbolic links here")
	}
	read := neighbours(filepath.Join(inner, "m.onnx"))
	for name, allowed := range map[string]bool{"data": true, "deep/data": true, "../secret": false, filepath.Join(folder, "secret"): false, "link": false, "deep/../../secret": false} {
		if b, err := read(name); (err == nil) != allowed || allowed && string(b) != "x" {
			t.Errorf("%s: %q %v", name, b, err)
		}
	}
}
