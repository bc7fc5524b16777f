package disk

import (
	"os"
	"path/filepath"
)

// Folder makes the folder at path, and those above it, and makes sure that files can be written there. undo takes away what it made
// while that is still empty; it is never nil.
func Folder(path string) (undo func(), err error) {
	var made []string
	for at := filepath.Clean(path); ; at = filepath.Dir(at) {
		if _, err := os.Lstat(at); err == nil || at == filepath.Dir(at) {
			break
		}
		made = append(made, at)
	}
	undo = func() {
		for _, at := range made {
			_ = os.Remove(at) // refuses what is not empty
		}
	}
	if err := os.MkdirAll(path, 0o777); err != nil {
		undo()
		return func() {}, refusal(path, err)
	}
	f, err := temporary(filepath.Join(path, "probe"), 0o666)
	if err != nil {
		undo()
		return func() {}, refusal(path, err)
	}
	f.Close()
	return undo, os.Remove(f.Name())
}
