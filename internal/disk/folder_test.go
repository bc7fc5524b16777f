package disk

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFolder(t *testing.T) {
	d := t.TempDir()
	path := filepath.Join(d, "a", "둘째 b")
	undo, err := Folder(path)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, path, map[string]string{})
	undo()
	holds(t, d, map[string]string{}) // it made both, so it takes both away
	if undo, err = Folder(path); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(filepath.Join(path, "f"), content("x")); err != nil {
		t.Fatal(err)
	}
	undo()
	holds(t, path, map[string]string{"f": "x"}) // what is not empty stays
	if undo, err = Folder(path); err != nil {
		t.Fatal(err)
	}
	undo()
	holds(t, path, map[string]string{"f": "x"}) // and so does a folder that was there before
}

func TestFolderRefuses(t *testing.T) {
	d := t.TempDir()
	file := filepath.Join(d, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "below"), filepath.Join(d, "new", "nul\x00inside")} {
		if undo, err := Folder(path); err == nil || undo == nil {
			t.Errorf("%q: %v", path, err)
		}
	}
	holds(t, d, map[string]string{"file": "x"})
}
