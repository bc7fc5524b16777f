package disk

import (
	"io/fs"
	"os"
)

// Writable tells, before a long run, why WriteFile could not write path; nil when it could. Nothing is left behind and the file at
// path is not touched.
func Writable(path string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return refusal(path, errFolder)
	case err == nil && !info.Mode().IsRegular():
		return nil // a pipe or a device: only writing tells
	case err == nil && info.Mode().Perm()&0o200 == 0:
		return refusal(path, fs.ErrPermission)
	}
	f, err := temporary(path, 0o666)
	if err != nil {
		return refusal(path, err)
	}
	f.Close()
	return os.Remove(f.Name())
}
