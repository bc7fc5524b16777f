package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"gradus/table"
)

// Rows is the hash of the given rows of tbl, of all where rows is nil, by the names and values of its columns: the same rows in
// another order, or written otherwise in another file, have the same hash.
func Rows(tbl *table.Table, rows []int) string {
	n := tbl.Rows
	if rows != nil {
		n = len(rows)
	}
	order := make([]*table.Column, len(tbl.Columns))
	for i := range order {
		order[i] = &tbl.Columns[i]
	}
	slices.SortStableFunc(order, func(a, b *table.Column) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	var line []byte
	sums := make([][sha256.Size]byte, n)
	for i := range sums {
		row := i
		if rows != nil {
			row = rows[i]
		}
		line = line[:0]
		for _, c := range order {
			line = append(append(line, c.Text(row)...), 0)
		}
		sums[i] = sha256.Sum256(line)
	}
	slices.SortFunc(sums, func(a, b [sha256.Size]byte) int { return bytes.Compare(a[:], b[:]) })
	h := sha256.New()
	for _, c := range order {
		h.Write(append([]byte(c.Name), 0))
	}
	for i := range sums {
		h.Write(sums[i][:])
	}
	return hex.EncodeToString(h.Sum(nil))
}
