package source

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gradus/internal/say"
)

// readFolder reads the text tables of a folder, in the order of their names, as one: they must share their first filled record,
// which is kept once. Lines count within each file.
func readFolder(folder string, opt Options) (*Sheet, error) {
	list, err := os.ReadDir(folder)
	if err != nil {
		return nil, say.Failure("source.read", "file", folder, "cause", err)
	}
	var all *Sheet
	first, h := "", sha256.New()
	for _, entry := range list {
		path := filepath.Join(folder, entry.Name())
		if !tabular(entry.Name()) {
			continue
		}
		fmt.Fprintf(h, "%s\n", entry.Name())
		s, err := readFile(path, opt, h)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all, first = s, path
			continue
		}
		if err := all.join(s, first, path); err != nil {
			return nil, err
		}
	}
	if all == nil {
		return nil, say.Error("source.no_tables", "folder", folder)
	}
	return hashed(h)(all, nil)
}

func tabular(name string) bool {
	return slices.Contains([]string{".csv", ".tsv", ".txt"}, strings.ToLower(filepath.Ext(name))) && !strings.HasPrefix(name, ".")
}

// join appends the records of t that follow its header.
func (s *Sheet) join(t *Sheet, first, path string) error {
	i, j := s.top(), t.top()
	if i < 0 || j < 0 || !slices.Equal(s.Records[i], t.Records[j]) {
		return say.Error("source.other_header", "file", path, "first", first)
	}
	s.Records = append(s.Records, t.Records[j+1:]...)
	s.Lines = append(s.Lines, t.Lines[j+1:]...)
	return nil
}

// top is the first record that is not empty, -1 where there is none.
func (s *Sheet) top() int {
	return slices.IndexFunc(s.Records, func(r []string) bool {
		return slices.ContainsFunc(r, func(cell string) bool { return cell != "" })
	})
}
