// Package disk reads and writes files whole: what is read has an upper bound, and a file that is written appears complete or
// not at all.
package disk

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"
	"syscall"

	"gradus/internal/say"
)

// Open opens the file at path for reading. A folder is refused.
func Open(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, refusal(path, err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, refusal(path, errFolder)
	}
	return f, nil
}

// ReadLimited reads all of r, or refuses when it holds more than most bytes. name says in the error what was read.
func ReadLimited(r io.Reader, most int64, name string) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, refusal(name, err)
	}
	if int64(len(b)) > most {
		return nil, say.Error("disk.long", "path", name, "most", most)
	}
	return b, nil
}

var errFolder = errors.New("is a folder")

// refusal says what stood in the way of reading or writing path. What the writer itself refused passes as it is, and so does
// the user's wish to stop.
func refusal(path string, err error) error {
	if _, ok := errors.AsType[*say.Err](err); ok || errors.Is(err, context.Canceled) {
		return err
	}
	switch {
	case errors.Is(err, errFolder):
		return say.Error("disk.folder", "path", path)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return say.Error("disk.missing", "path", path)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return say.Error("disk.forbidden", "path", path)
	case full(err):
		return say.Failure("disk.full", "path", path)
	}
	return say.Failure("disk.failed", "path", path, "cause", plain(err))
}

// full tells whether err is that of a disk without space; Windows has two numbers of its own for it.
func full(err error) bool {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return true
	}
	return runtime.GOOS == "windows" && (errors.Is(err, syscall.Errno(39)) || errors.Is(err, syscall.Errno(112)))
}

// plain takes the operation and the path, which the sentence says itself, off an error of the system.
func plain(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
