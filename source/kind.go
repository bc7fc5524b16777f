package source

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf16"

	"gradus/internal/say"
)

// magic are the first bytes of what is known, and of what people send instead of a table.
var magic = []struct{ first, kind string }{
	{"$FL2", "sav"},
	{"$FL3", "sav"},
	{"PAR1", "parquet"},
	{"%PDF", "pdf"},
	{"\x89PNG", "image"},
	{"\xff\xd8\xff", "image"},
	{"GIF8", "image"},
	{"II*\x00", "image"},
	{"MM\x00*", "image"},
	{"\x1f\x8b", "packed"},
	{"7z\xbc\xaf\x27\x1c", "packed"},
	{"Rar!", "packed"},
	{"BZh", "packed"},
	{"\xfd7zXZ", "packed"},
	{"SAS7BDAT", "statistics"},
	{"<stata_dta>", "statistics"},
	{"{\\rtf", "document"},
	{"SQLite format 3\x00", "database"},
}

// sniff says what b is: text, xlsx, sav, parquet, or what it is instead (the end of a key source.not_…). Content decides; the
// name only helps where the content says nothing.
func sniff(b []byte, ext string) string {
	for _, m := range magic {
		if bytes.HasPrefix(b, []byte(m.first)) {
			return m.kind
		}
	}
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")), bytes.HasPrefix(b, []byte("PK\x05\x06")):
		return "xlsx"
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return sniffOLE(b)
	case strings.EqualFold(ext, ".sas7bdat") || strings.EqualFold(ext, ".dta"):
		return "statistics"
	}
	return sniffMarkup(b)
}

// sniffOLE tells apart what Microsoft's old container holds, by the names in its directory.
func sniffOLE(b []byte) string {
	switch {
	case bytes.Contains(b, wide("EncryptedPackage")):
		return "locked"
	case bytes.Contains(b, wide("Workbook")), bytes.Contains(b, wide("Book")):
		return "xls"
	}
	return "document"
}

// wide is s as UTF-16LE.
func wide(s string) (b []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

// sniffMarkup finds the web page and the XML that hospital systems save under the name .xls.
func sniffMarkup(b []byte) string {
	head := strings.ToLower(string(bytes.TrimLeft(b[:min(len(b), 1024)], "\xef\xbb\xbf \t\r\n")))
	for _, tag := range []string{"<!doctype html", "<html", "<table", "<head", "<meta", "<style"} {
		if strings.HasPrefix(head, tag) {
			return "html"
		}
	}
	if strings.HasPrefix(head, "<?xml") {
		if strings.Contains(head, "<html") {
			return "html"
		}
		return "xml"
	}
	return "text"
}

// limited reads r and refuses, by name, what is longer than left bytes.
type limited struct {
	r    io.Reader
	name string
	left int64
}

// Read implements io.Reader.
func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return n, say.Error("source.large", "file", l.name, "limit", mostBytes>>30)
	}
	if err != nil && err != io.EOF {
		return n, say.Failure("source.read", "file", l.name, "cause", err)
	}
	return n, err
}
