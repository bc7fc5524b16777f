// Package source turns the bytes of a file into records of text.
package source

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
)

// Sheet is the records of one table with what was found out on the way.
type Sheet struct {
	Encoding  string
	BOM       bool
	Delimiter string
	Name      string
	Sheets    []string
	Records   [][]string
	Lines     []int
	Dates     map[int]bool
	Labels    map[int]map[string]string
	Missing   map[int][]string
	Header    []string
}

// Options overrides what Read finds out.
type Options struct{ Sheet, Encoding, Delimiter string }

// Read reads the file at path.
func Read(path string, opt Options) (*Sheet, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Decode(filepath.Base(path), b, opt)
}

// Decode reads the bytes of the file called name.
func Decode(name string, b []byte, opt Options) (*Sheet, error) {
	text := bytes.TrimPrefix(b, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	records, err := r.ReadAll()
	s := &Sheet{Encoding: "utf-8", BOM: len(text) < len(b), Delimiter: ",", Records: records}
	for i := range records {
		s.Lines = append(s.Lines, i+1)
	}
	return s, err
}
