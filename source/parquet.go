package source

import (
	"encoding/binary"
	"errors"

	"gradus/internal/say"
)

// leaf is one column of a Parquet file.
type leaf struct {
	name     string
	physical int64
	length   int  // of a fixed length
	optional bool // a cell may be missing
	show     func(raw []byte) string
	date     bool
	cells    []string // of one row group
}

// The physical types.
const (
	pBoolean = iota
	pInt32
	pInt64
	pInt96
	pFloat
	pDouble
	pBytes
	pFixed
)

// fewestCells is how many cells a file of any size may hold: a column that repeats one value takes next to no room.
const fewestCells = 1 << 23

// decodeParquet reads a Parquet file of plain columns, in the encodings and with the compressions that pandas, R, Spark and DuckDB write by
// default; what it cannot read it names. No claimed size is believed: lengths are held against the bytes that are there, pages against
// what their compression can make of them, and cells against the size of the file.
func decodeParquet(name string, b []byte) (*Sheet, error) {
	n := len(b)
	if n < 12 || string(b[n-4:]) != "PAR1" || int64(binary.LittleEndian.Uint32(b[n-8:])) > int64(n-12) {
		return nil, say.Error("source.damaged", "file", name, "cause", errShort)
	}
	footer := n - 8 - int(binary.LittleEndian.Uint32(b[n-8:]))
	c := compact{b: b[footer : n-8]}
	meta := c.fields(0)
	if c.bad {
		return nil, say.Error("source.damaged", "file", name, "cause", errShort)
	}
	leaves, err := leavesOf(name, meta.list(2))
	if err != nil {
		return nil, err
	}
	s := &Sheet{Encoding: "parquet", Dates: map[int]bool{}}
	for j, l := range leaves {
		s.Header = append(s.Header, l.name)
		if l.date {
			s.Dates[j] = true
		}
	}
	most := min(mostCells, max(fewestCells, 64*n)) / len(leaves)
	for _, g := range meta.list(4) {
		group, _ := g.(fields)
		rows := group.int(3)
		if rows < 0 || rows > int64(most-len(s.Records)) {
			return nil, say.Error("source.many_cells", "file", name, "limit", mostCells)
		}
		switch err := s.group(b[:footer], group.list(1), leaves, int(rows)); {
		case errors.Is(err, errCodec):
			return nil, say.Error("source.codec", "file", name)
		case err != nil:
			return nil, asSentence(name, err)
		}
	}
	return s, nil
}

// leavesOf are the columns of a schema: its root and, of plain tables, one element for each column.
func leavesOf(name string, schema []any) ([]*leaf, error) {
	var leaves []*leaf
	for i, e := range schema {
		f, _ := e.(fields)
		if i == 0 {
			continue
		}
		if f.int(5) > 0 || f.int(3) == 2 {
			return nil, say.Error("source.nested", "file", name, "column", f.text(4))
		}
		l := &leaf{name: f.text(4), physical: f.int(1), length: int(f.int(2)), optional: f.int(3) == 1}
		if l.physical < pBoolean || l.physical > pFixed || l.physical == pFixed && (l.length < 1 || l.length > 1<<20) {
			return nil, say.Error("source.damaged", "file", name, "cause", errShort)
		}
		l.show, l.date = shownBy(l, f)
		leaves = append(leaves, l)
	}
	if len(leaves) == 0 {
		return nil, say.Error("source.damaged", "file", name, "cause", errShort)
	}
	return leaves, nil
}

// group appends the rows of one row group.
func (s *Sheet) group(b []byte, chunks []any, leaves []*leaf, rows int) error {
	if len(chunks) != len(leaves) {
		return errShort
	}
	for i, l := range leaves {
		chunk, _ := chunks[i].(fields)
		l.cells = l.cells[:0]
		if err := l.read(b, chunk.sub(3), rows); err != nil {
			return err
		}
	}
	page := make([]string, rows*len(leaves))
	for r := range rows {
		record := page[r*len(leaves) : (r+1)*len(leaves) : (r+1)*len(leaves)]
		for j, l := range leaves {
			record[j] = l.cells[r]
		}
		s.Records, s.Lines = append(s.Records, record), append(s.Lines, len(s.Records)+1)
	}
	return nil
}
