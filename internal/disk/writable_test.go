package disk

import (
	"path/filepath"
	"testing"
)

func TestWritable(t *testing.T) {
	d := t.TempDir()
	path := filepath.Join(d, "모델.gradus")
	for range 2 { // before and after the file is there
		if err := Writable(path); err != nil {
			t.Fatal(err)
		}
		if err := WriteFile(path, content("x")); err != nil {
			t.Fatal(err)
		}
		holds(t, d, map[string]string{"모델.gradus": "x"})
	}
	if got := key(Writable(filepath.Join(d, "no such folder", "m"))); got != "disk.missing" {
		t.Error(got)
	}
	if got := key(Writable(d)); got != "disk.folder" {
		t.Error(got)
	}
	if err := Writable("/dev/null"); err != nil && filepath.Separator == '/' {
		t.Error(err)
	}
}
