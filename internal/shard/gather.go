package shard

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gradus/internal/say"
)

// Find lists the shards among paths: those that lie in a folder, and files as they are; each once.
func Find(paths []string) (list []string, err error) {
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			list = append(list, path) // reading it says what is wrong
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, say.Failure("disk.failed", "path", path, "cause", err)
		}
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), Extension) && !strings.HasPrefix(e.Name(), ".") {
				list = append(list, filepath.Join(path, e.Name()))
			}
		}
	}
	if len(list) == 0 {
		return nil, say.Error("shard.none", "paths", paths, "extension", Extension)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// Set is what all shards of one piece of work made.
type Set struct {
	Header
	records map[string]json.RawMessage
	from    map[string]string // the file that a unit is from
}

// gathering is a set that is being put together, and what stands against it.
type gathering struct {
	Set
	files    map[string]*File
	rerun    func(h Header, p Part, resume bool) string
	problems []error
}

// Gather reads the shards at paths, which are all shards of one piece of work made by this version, else every reason why not; rerun is the
// command that makes the shard p again.
func Gather(paths []string, version string, rerun func(h Header, p Part, resume bool) string) (*Set, []error) {
	g := &gathering{files: map[string]*File{}, rerun: rerun}
	g.records, g.from = map[string]json.RawMessage{}, map[string]string{}
	for _, path := range paths {
		f, err := Open(path)
		if err != nil {
			g.refuse(err)
			continue
		}
		g.files[path] = f
	}
	if len(g.files) == 0 {
		return nil, g.problems
	}
	g.reference(paths)
	if g.Version != version {
		g.refuse(say.Error("shard.version", "version", g.Version, "own", version))
	}
	g.whole(g.belonging(paths))
	return &g.Set, g.problems
}

func (g *gathering) refuse(err error) { g.problems = append(g.problems, err) }

// reference takes for the header of the whole that which most files have.
func (g *gathering) reference(paths []string) {
	most := 0
	for _, path := range paths {
		f, n := g.files[path], 0
		if f == nil {
			continue
		}
		for _, other := range g.files {
			if f.Same(other.Header) {
				n++
			}
		}
		if n > most {
			most, g.Header = n, f.Header
		}
	}
}

// Same tells whether two shards are parts of the same work.
func (h Header) Same(other Header) bool { return h.differs(other) == "" }

// differs is in what two shards are not parts of the same work: the key of its sentence.
func (h Header) differs(other Header) string {
	switch {
	case h.Version != other.Version:
		return "shard.other_version"
	case h.SHA256 != other.SHA256:
		return "shard.other_table"
	case h.Kind != other.Kind || h.Identity != other.Identity:
		return "shard.other_settings"
	case h.Bits != other.Bits:
		return "shard.other_bits"
	case h.Of != other.Of:
		return "shard.other_number"
	}
	return ""
}

// belonging is the file of each shard, of which there is one.
func (g *gathering) belonging(paths []string) map[int]string {
	of := map[int]string{}
	for _, path := range paths {
		f := g.files[path]
		if f == nil {
			continue
		}
		if key := g.differs(f.Header); key != "" {
			g.refuse(&say.Err{Key: key, Args: []any{"path", path, "found", f.feature(key), "expected", g.feature(key)}})
			continue
		}
		if first := of[f.Shard]; first != "" {
			g.refuse(say.Error("shard.overlap", "first", first, "second", path, "shard", f.Shard, "of", f.Of))
			continue
		}
		of[f.Shard] = path
	}
	return of
}

// feature is what a sentence about the difference key names.
func (h Header) feature(key string) string {
	switch key {
	case "shard.other_version":
		return h.Version
	case "shard.other_table":
		return h.Table + " (SHA-256 " + h.SHA256[:min(8, len(h.SHA256))] + "…)"
	case "shard.other_bits":
		return h.Bits
	case "shard.other_number":
		return strconv.Itoa(h.Of)
	}
	return h.Kind + " " + h.Identity[:min(8, len(h.Identity))]
}

// shown is how many lost shards are named each with its command; the others by number.
const shown = 10

// whole takes the units of every shard, all of which must be there, finished, and no unit in two.
func (g *gathering) whole(of map[int]string) {
	var more []int
	lost := 0
	for i := range g.Of {
		path, there := of[i]
		if there && g.files[path].Complete {
			g.take(path)
			continue
		}
		if lost++; lost > shown {
			more = append(more, i)
			continue
		}
		key, args := "shard.missing", []any{"shard", i, "of", g.Of, "last", g.Of - 1, "command", g.rerun(g.Header, Part{i, g.Of}, there)}
		if there {
			key, args = "shard.unfinished", append(args, "path", path)
		}
		g.refuse(&say.Err{Key: key, Args: args})
	}
	if more != nil {
		g.refuse(say.Error("shard.missing_more", "shards", ranges(more), "n", len(more), "of", g.Of))
	}
}

// take takes in the units of a file.
func (g *gathering) take(path string) {
	for _, r := range g.files[path].Records {
		if first := g.from[r.Unit]; first != "" {
			g.refuse(say.Error("shard.overlap_unit", "first", first, "second", path, "unit", r.Unit))
			return
		}
		g.records[r.Unit], g.from[r.Unit] = r.Record, path
	}
}

// ranges writes ascending numbers as Slurm's --array takes them: 3,7-9.
func ranges(list []int) string {
	var words []string
	for i := 0; i < len(list); i++ {
		first := list[i]
		for i+1 < len(list) && list[i+1] == list[i]+1 {
			i++
		}
		word := strconv.Itoa(first)
		if list[i] > first {
			word += "-" + strconv.Itoa(list[i])
		}
		words = append(words, word)
	}
	return strings.Join(words, ",")
}

// Into gives w every unit; one that is not there, or that w cannot take, is named with its file.
func (s *Set) Into(w Work) error {
	for _, u := range w.Units() {
		record, there := s.records[u.Name]
		if !there {
			return say.Error("shard.lacks", "unit", u.Name)
		}
		if err := w.Take(u.Name, record); err != nil {
			return say.Error("shard.changed", "path", s.from[u.Name])
		}
	}
	return nil
}
