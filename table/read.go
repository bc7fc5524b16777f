package table

import (
	"io"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gradus/internal/say"
)

// maxColumns bounds what a header may ask for.
const maxColumns = 65536

// Options says how a table is read; the zero value infers the kind of every column.
type Options struct {
	// Kinds, where not nil, gives the kind of the columns to read, as a fitted Preparation and Target know them; columns
	// that it does not name are not read but listed in Table.Ignored. A cell that does not fit its kind is an error.
	Kinds map[string]Kind
	// Keep names columns whose text is kept as it stands beside the typed values, for output.
	Keep []string
	// Workers is how many goroutines turn text into values, 0 for as many as Go uses processors.
	Workers int

	window int // bytes read at a time, for tests; 0 for window
}

// Crew is how many goroutines that is.
func (opt Options) Crew() int {
	if opt.Workers > 0 {
		return opt.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// Read reads a CSV file: UTF-8 (a byte order mark is dropped), commas, quotes as in RFC 4180, a header line. name is the
// file's name in messages. The table and the error are the same with any number of workers.
func Read(r io.Reader, name string, opt Options) (*Table, error) {
	f, err := open(r, name, opt)
	if err != nil {
		return nil, err
	}
	if err := inOrder(opt.Crew(), f.next, f.parse, f.merge); err != nil {
		return nil, err
	}
	return f.b.finish()
}

// FromRecords types records that another reader made; header and cells as in a file.
func FromRecords(name string, header []string, records [][]string, opt Options) (*Table, error) {
	cells := bytesOf(nil, header)
	b, err := newBuilder(name, cells, opt)
	if err != nil {
		return nil, err
	}
	for i, record := range records {
		cells = bytesOf(cells[:0], record)
		if err := b.add(cells, i+2); err != nil {
			return nil, err
		}
	}
	return b.finish()
}

func bytesOf(dst [][]byte, cells []string) [][]byte {
	for _, c := range cells {
		dst = append(dst, []byte(c))
	}
	return dst
}

// readHeader checks the column names: text, none empty, none twice.
func readHeader(file string, cells [][]byte) ([]string, error) {
	if len(cells) > maxColumns {
		return nil, say.Error("table.many_columns", "file", file, "found", len(cells), "limit", maxColumns)
	}
	names, seen := make([]string, len(cells)), make(map[string]int, len(cells))
	for i, cell := range cells {
		if !isUTF8(cell) {
			return nil, say.Error("table.encoding_header", "file", file, "column", i+1)
		}
		name := string(trim(cell))
		if name == "" {
			return nil, say.Error("table.empty_name", "file", file, "column", i+1)
		}
		if first, twice := seen[name]; twice {
			return nil, say.Error("table.duplicate_column", "file", file, "name", shown(name), "first", first, "second", i+1)
		}
		names[i], seen[name] = name, i+1
	}
	return names, nil
}

func isUTF8(b []byte) bool { return utf8.Valid(b) && !slices.Contains(b, 0) }

// shown cuts a value for a message and takes its control characters out.
func shown(s string) string {
	const limit = 60
	if utf8.RuneCountInString(s) > limit {
		s = string([]rune(s)[:limit]) + "…"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '·'
		}
		return r
	}, s)
}

// brief lists the first names of a long list.
func brief(names []string) string {
	const limit = 12
	more := ""
	if len(names) > limit {
		names, more = names[:limit], ", …"
	}
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = shown(n)
	}
	return strings.Join(out, ", ") + more
}
