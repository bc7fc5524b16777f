package check

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"gradus/internal/say"
	"gradus/source"
)

// maxColumns bounds what a header may ask for.
const maxColumns = 65536

// frame is where the table stands in its sheet.
type frame struct {
	sheet    *source.Sheet
	header   int // place of the header in the records, -1 where the format names columns itself
	names    []string
	rows     []int // places of the rows in the records
	excluded []Excluded
	seed     maphash.Seed
	styles   []style // by column; nil before they are known
	repeated int     // exact repetitions that were kept, since most rows are one
}

// frameOf finds titles, header, footers, blank and repeated rows.
func frameOf(name string, s *source.Sheet) (*frame, error) {
	f := &frame{sheet: s, header: -1, seed: maphash.MakeSeed(), excluded: []Excluded{}}
	if s.Header == nil {
		f.header = headerOf(s.Records)
		if f.header < 0 {
			return nil, say.Error("check.empty", "file", name)
		}
		for i := range f.header {
			f.leave(i, "title")
		}
	}
	header := s.Header
	if f.header >= 0 {
		header = s.Records[f.header]
	}
	if len(header) > maxColumns {
		return nil, say.Error("check.many_columns", "file", name, "found", len(header), "limit", maxColumns)
	}
	f.name(header)
	if err := f.sift(name); err != nil {
		return nil, err
	}
	if f.unrepeat(); len(f.rows) == 0 {
		return nil, say.Error("check.no_rows", "file", name)
	}
	slices.SortFunc(f.excluded, func(a, b Excluded) int { return a.Record - b.Record })
	return f, nil
}

func (f *frame) leave(at int, why string) { f.excluded = append(f.excluded, Excluded{at + 1, why}) }

// filled counts the cells that are not blank.
func filled(record []string) int {
	n := 0
	for _, c := range record {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// headerOf is the first record that fills more than half as many cells as records commonly do; titles above fill fewer.
func headerOf(records [][]string) int {
	var widths []int
	for _, r := range records[:min(len(records), 50)] {
		if n := filled(r); n > 0 {
			widths = append(widths, n)
		}
	}
	if len(widths) == 0 {
		return -1
	}
	slices.Sort(widths)
	common := widths[len(widths)/2]
	return slices.IndexFunc(records, func(r []string) bool { return 2*filled(r) > common })
}

// name gives every column a name of its own.
func (f *frame) name(header []string) {
	seen := map[string]bool{}
	for _, cell := range header {
		seen[norm.NFC.String(strings.TrimSpace(cell))] = true
	}
	used, next := map[string]bool{}, map[string]int{}
	for i, cell := range header {
		base := strings.Join(strings.Fields(norm.NFC.String(strings.ToValidUTF8(cell, "�"))), " ")
		if base == "" {
			base = fmt.Sprintf("column %d", i+1)
		}
		name := base
		for used[name] || name != base && seen[name] {
			next[base]++
			name = fmt.Sprintf("%s (%d)", base, next[base]+1)
		}
		used[name] = true
		f.names = append(f.names, name)
	}
}

// find is the place of the column called name.
func (f *frame) find(file, name string) (int, error) {
	if i := slices.Index(f.names, norm.NFC.String(strings.TrimSpace(name))); i >= 0 {
		return i, nil
	}
	return 0, say.Error("check.no_column", "file", file, "column", name, "nearest", say.Nearest(name, f.names))
}

// totals begin a record that sums up the others.
var totals = words("합계 총계 소계 총합 평균 계 total sum mean average subtotal grand")

func words(s string) []string { return strings.Fields(s) }

// sift leaves out blank records and footers.
func (f *frame) sift(name string) error {
	full := make([]int, len(f.sheet.Records))
	for i := f.header + 1; i < len(full); i++ {
		r := f.sheet.Records[i]
		full[i] = filled(r)
		if len(r) > len(f.names) && filled(r[len(f.names):]) > 0 {
			return say.Error("check.ragged", "file", name, "line", f.line(i), "found", len(r), "expected", len(f.names))
		}
	}
	sorted := slices.Sorted(slices.Values(full[f.header+1:]))
	common := 0
	if len(sorted) > 0 {
		common = sorted[len(sorted)/2]
	}
	for i := f.header + 1; i < len(full); i++ {
		switch n := full[i]; {
		case n == 0:
			f.leave(i, "blank")
		case 5*n < len(f.names) && 2*n < common, sums(f.sheet.Records[i]):
			f.leave(i, "footer")
		default:
			f.rows = append(f.rows, i)
		}
	}
	return nil
}

func (f *frame) line(i int) int {
	if i < len(f.sheet.Lines) {
		return f.sheet.Lines[i]
	}
	return i + 1
}

// sums reports whether a record begins with a word for a total.
func sums(record []string) bool {
	first := strings.TrimSpace(record[0])
	if first == "" || first[0] >= '0' && first[0] <= '9' || len(first) > 20 {
		return false
	}
	return slices.Contains(totals, strings.ToLower(strings.TrimRight(strings.Fields(first)[0], ":：")))
}

// unrepeat leaves out all but the first of equal rows, unless most rows are repetitions: then they are no mistake.
func (f *frame) unrepeat() {
	first := make(map[uint64]int, len(f.rows))
	var kept, again []int
	for _, i := range f.rows {
		h := uint64(14695981039346656037)
		for c := range f.names {
			h = (h ^ maphash.String(f.seed, f.cell(i, c))) * 1099511628211
		}
		j, twice := first[h]
		if twice && f.same(i, j) {
			again = append(again, i)
			continue
		}
		if !twice {
			first[h] = i
		}
		kept = append(kept, i)
	}
	if 2*len(again) > len(f.rows) {
		f.repeated = len(again)
		return
	}
	f.rows = kept
	for _, i := range again {
		f.leave(i, "duplicate")
	}
}

func (f *frame) same(i, j int) bool {
	for c := range f.names {
		if f.cell(i, c) != f.cell(j, c) {
			return false
		}
	}
	return true
}

// cell is the trimmed text of record i in column c, its letters composed (NFC); "" where the record is short.
func (f *frame) cell(i, c int) string {
	r := f.sheet.Records[i]
	if c >= len(r) {
		return ""
	}
	if f.styles == nil || f.styles[c] == common {
		return clean(r[c])
	}
	return f.styles[c].rewrite(clean(r[c]))
}

// clean trims s and composes its letters.
func clean(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return strings.TrimSpace(norm.NFC.String(strings.ToValidUTF8(s, "�")))
		}
	}
	return strings.TrimSpace(s)
}
