package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every form is written to a file of a Korean name, twice to the same bytes, and to the standard output; none holds an identifier or a path.
func TestExport(t *testing.T) {
	m, _ := drifting(t)
	patient := regexp.MustCompile(`P\d{5}`)
	folder := filepath.Join(t.TempDir(), "바탕 화면")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range forms("model") {
		path := filepath.Join(folder, "모델."+f.name)
		r := gradus("", "export", m, "--to", f.name, "--out", path).ok(t)
		if r.out != "" || !strings.Contains(r.err, "모델."+f.name) {
			t.Errorf("%s: prints %q, says %q", f.name, r.out, r.err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := gradus("", "export", m, "--to", f.name, "--quiet").ok(t); got.out != string(b) || len(b) < 1000 {
			t.Errorf("%s: the standard output has other bytes than the file of %d", f.name, len(b))
		}
		if patient.Match(b) || strings.Contains(string(b), filepath.Dir(m)) {
			t.Errorf("%s holds an identifier or a path", f.name)
		}
	}
}

func TestExportRefuses(t *testing.T) {
	m, later := drifting(t)
	for _, c := range []struct{ args, says string }{
		{m, "--to"},
		{m + " --to onx", "onnx"},
		{m + " --to go --package func", "func"},
		{m + " --to json --out " + m, "overwrite"},
		{later + " --to c", filepath.Base(later)},
		{m + ".none --to c", "no such file"},
	} {
		if r := gradus("", append([]string{"export"}, strings.Fields(c.args)...)...); r.code != 2 || !strings.Contains(r.err, c.says) || r.out != "" {
			t.Errorf("%s: %d, %q, want a sentence with %q", c.args, r.code, r.err, c.says)
		}
	}
}
