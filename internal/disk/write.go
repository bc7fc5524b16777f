package disk

import (
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// WriteFile writes the file at path through write. The content goes to a temporary file in the same folder, is flushed to
// the disk and then takes the name: on any error the file that was there before stays as it was. A link keeps pointing where
// it does, and what is no regular file (a pipe, a device) is written straight.
func WriteFile(path string, write func(io.Writer) error) error {
	target := path
	if to, err := filepath.EvalSymlinks(path); err == nil {
		target = to
	}
	mode := fs.FileMode(0o666) // before the umask, as any new file
	switch info, err := os.Stat(target); {
	case err == nil && info.IsDir():
		return refusal(path, errFolder)
	case err == nil && !info.Mode().IsRegular():
		return straight(path, write)
	case err == nil:
		mode = info.Mode().Perm()
		if mode&0o200 == 0 {
			return refusal(path, fs.ErrPermission)
		}
	}
	f, err := temporary(target, mode)
	if err != nil {
		return refusal(path, err)
	}
	if err := fill(f, write); err != nil {
		os.Remove(f.Name())
		return refusal(path, err)
	}
	if err := os.Rename(f.Name(), target); err != nil {
		os.Remove(f.Name())
		return refusal(path, err)
	}
	syncFolder(filepath.Dir(target))
	return nil
}

// temporary creates a file of a new name beside target.
func temporary(target string, mode fs.FileMode) (*os.File, error) {
	folder, base := filepath.Split(target)
	for {
		name := filepath.Join(folder, "."+base+"."+strconv.FormatUint(rand.Uint64(), 36))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// fill writes, flushes and closes f; also when write panics it is closed and removed.
func fill(f *os.File, write func(io.Writer) error) (err error) {
	finished := false
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
		if !finished {
			os.Remove(f.Name())
		}
	}()
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	finished = true
	return err
}

func straight(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return refusal(path, err)
	}
	err = write(f)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return refusal(path, err)
	}
	return nil
}

// syncFolder makes the new name last through a power cut, where the system can do that for a folder.
func syncFolder(folder string) {
	if d, err := os.Open(folder); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
