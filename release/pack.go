package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// item is one file of an archive.
type item struct {
	name    string // with / and the name of the packed folder first
	mode    fs.FileMode
	content []byte
}

// items lists the files below dir by name. A program may be run by all, everything else be read; links are refused.
func items(dir string) ([]item, error) {
	var list []item
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !d.Type().IsRegular() {
			return fmt.Errorf("%s is no plain file", path)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(filepath.Dir(dir), path)
		i := item{filepath.ToSlash(name), 0o644, content}
		if isProgram(i.name) {
			i.mode = 0o755
		}
		list = append(list, i)
		return err
	})
	return list, err // WalkDir goes in the order of names
}

// isProgram says whether a file of an archive is a binary: gradus… right below the archive's own folder.
func isProgram(name string) bool {
	_, base, _ := strings.Cut(name, "/")
	return base == "gradus" || base == "gradus-mpi" || base == "gradus.exe"
}

// pack writes the folder dir as archive: files by name, one time for all, no owner. The same files give the same bytes.
func pack(dir, archive string, epoch int64) error {
	list, err := items(filepath.Clean(dir))
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return fmt.Errorf("%s holds no file", dir)
	}
	f, err := os.Create(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	at := time.Unix(epoch, 0).UTC()
	switch {
	case strings.HasSuffix(archive, ".tar.gz"):
		err = packTar(f, list, at)
	case strings.HasSuffix(archive, ".zip"):
		err = packZip(f, list, at)
	default:
		err = fmt.Errorf("%s is neither .tar.gz nor .zip", archive)
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func packTar(w io.Writer, list []item, at time.Time) error {
	z, err := gzip.NewWriterLevel(w, gzip.DefaultCompression)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	for _, i := range list {
		h := tar.Header{Typeflag: tar.TypeReg, Name: i.name, Size: int64(len(i.content)), Mode: int64(i.mode), ModTime: at, Format: tar.FormatPAX}
		if err := t.WriteHeader(&h); err != nil {
			return err
		}
		if _, err := t.Write(i.content); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return z.Close()
}

func packZip(w io.Writer, list []item, at time.Time) error {
	z := zip.NewWriter(w)
	for _, i := range list {
		h := zip.FileHeader{Name: i.name, Method: zip.Deflate, Modified: at}
		h.SetMode(i.mode)
		part, err := z.CreateHeader(&h)
		if err != nil {
			return err
		}
		if _, err := part.Write(i.content); err != nil {
			return err
		}
	}
	return z.Close()
}
