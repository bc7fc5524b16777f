// Package source turns the bytes of a hospital's file into records of text cells: CSV in the encodings Korean systems write,
// Excel workbooks, SPSS system files, and Parquet. Nothing is decided yet: title rows, blank rows, ragged
// records come as they stand.
package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"
	"path/filepath"
	"unsafe"

	"gradus/internal/disk"
	"gradus/internal/say"
)

// Sheet is one table as it stands in a file: every record with its cells as text. Cells are pieces of one buffer where the
// format allows it.
type Sheet struct {
	Encoding  string   // cp949 utf-8 utf-16le utf-16be xlsx sav parquet
	BOM       bool     // whether a byte order mark stood in front
	Delimiter string   // "," ";" "\t" "|"; "" where there is none
	Name      string   // of the sheet of a workbook
	Sheets    []string // all sheets of a workbook, hidden ones too
	Hidden    []string // those of Sheets that Excel does not show

	SHA256 string // of the file; of a folder, of the names and bytes of its tables in order. "" of Decode

	Records [][]string // the header and titles among them; of a workbook each ends at its last filled cell
	Lines   []int      // line or row number in the file of each record, from 1

	Dates   map[int]bool              // xlsx, sav, parquet: columns (from 0) that hold real dates, rendered as 2006-01-02 (or with time)
	Labels  map[int]map[string]string // sav: value labels by column, text of the value -> label
	Missing map[int][]string          // sav: user-missing codes by column, as text; of a range those that occur
	Header  []string                  // where the format itself names the columns (sav, parquet), else nil
}

// Options are what the user says about a file; empty means: find out.
type Options struct {
	Sheet     string // name or number of the sheet of a workbook; "" the first with data
	Encoding  string // cp949 utf-8 utf-16le utf-16be
	Delimiter string // "," ";" "\t" "|"
}

// What is read at most. A cell costs 16 bytes beside its text, so these bound the memory too.
const (
	mostBytes = 4 << 30
	mostCells = 1 << 28
)

// Read reads the table in the file at path, known by its content. A folder of text tables that share one header reads as one.
func Read(path string, opt Options) (*Sheet, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return readFolder(path, opt)
	}
	h := sha256.New()
	return hashed(h)(readFile(path, opt, h))
}

// hashed gives a sheet that was read the sum of h.
func hashed(h hash.Hash) func(*Sheet, error) (*Sheet, error) {
	return func(s *Sheet, err error) (*Sheet, error) {
		if err == nil {
			s.SHA256 = hex.EncodeToString(h.Sum(nil))
		}
		return s, err
	}
}

// readFile reads one file; the very bytes that are decoded are written to h, so that no second reading can see others.
func readFile(path string, opt Options, h io.Writer) (*Sheet, error) {
	b, err := whole(path)
	if err != nil {
		return nil, err
	}
	_, _ = h.Write(b) // a hash takes all
	return Decode(path, b, opt)
}

// whole reads the file at path and makes sure that nobody wrote to it meanwhile.
func whole(path string) ([]byte, error) {
	f, err := disk.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return nil, say.Failure("source.read", "file", path, "cause", err)
	}
	room := bytes.NewBuffer(make([]byte, 0, min(before.Size(), mostBytes)+bytes.MinRead))
	if _, err := room.ReadFrom(&limited{f, path, mostBytes}); err != nil {
		return nil, err
	}
	after, err := os.Stat(path)
	if err != nil || !unchanged(before, after, int64(room.Len())) {
		return nil, say.Failure("source.changed", "file", path)
	}
	return room.Bytes(), nil
}

// unchanged tells whether the n bytes read are those of the file before and after. A pipe has no size to compare.
func unchanged(before, after os.FileInfo, n int64) bool {
	if !before.Mode().IsRegular() {
		return true
	}
	return os.SameFile(before, after) && before.Size() == n && after.Size() == n && before.ModTime().Equal(after.ModTime())
}

// Decode reads the table in b, the content of the file called name. The cells are pieces of b: it must not change afterwards.
func Decode(name string, b []byte, opt Options) (*Sheet, error) {
	if len(b) == 0 {
		return nil, say.Error("source.empty", "file", name)
	}
	switch kind := sniff(b, filepath.Ext(name)); kind {
	case "text":
		return decodeText(name, b, opt)
	case "xlsx":
		return decodeWorkbook(name, b, opt)
	case "sav":
		return decodeSav(name, b)
	case "parquet":
		return decodeParquet(name, b)
	default:
		return nil, say.Error("source.not_"+kind, "file", name)
	}
}

// text is b as a string without a copy.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
