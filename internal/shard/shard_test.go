package shard

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"gradus/internal/say"
)

func key(err error) string {
	if e, ok := errors.AsType[*say.Err](err); ok {
		return e.Key
	}
	return ""
}

func TestParse(t *testing.T) {
	slurm := func(id, count, least, most, step string) map[string]string {
		return map[string]string{
			"SLURM_ARRAY_TASK_ID": id, "SLURM_ARRAY_TASK_COUNT": count, "SLURM_ARRAY_TASK_MIN": least, "SLURM_ARRAY_TASK_MAX": most, "SLURM_ARRAY_TASK_STEP": step,
		}
	}
	pod := map[string]string{"JOB_COMPLETION_INDEX": "3"}
	for _, c := range []struct {
		text string
		env  map[string]string
		want string // the part, or the key of the refusal
	}{
		{"0/1", nil, "0/1"},
		{"3/10", slurm("7", "10", "0", "9", "1"), "3/10"}, // what is typed counts
		{"9/10", nil, "9/10"},
		{"10/10", nil, "shard.index"},
		{"-1/10", nil, "shard.index"},
		{"", nil, "shard.form"},
		{"3", nil, "shard.form"},
		{"/", nil, "shard.form"},
		{"a/b", nil, "shard.form"},
		{"1/0", nil, "shard.form"},
		{"1/100001", nil, "shard.form"},
		{"1/2/3", nil, "shard.form"},
		{"auto", nil, "shard.no_array"},
		{"auto/10", nil, "shard.no_index"},
		{"auto", pod, "shard.no_count"},
		{"auto/10", pod, "3/10"},
		{"auto/3", pod, "shard.index"},
		{"auto/10", map[string]string{"JOB_COMPLETION_INDEX": "x"}, "shard.form"},
		{"auto", slurm("0", "10", "0", "9", "1"), "0/10"},
		{"auto", slurm("9", "10", "0", "9", ""), "9/10"},
		{"auto", slurm("10", "10", "1", "10", "1"), "9/10"}, // an array from 1
		{"auto", slurm("7", "4", "1", "10", "3"), "2/4"},    // 1,4,7,10
		{"auto", slurm("7", "3", "0", "7", "1"), "shard.broken_array"},
		{"auto", slurm("3", "1", "3", "3", "1"), "shard.broken_array"}, // a lost one again
		{"auto", slurm("0", "1", "0", "0", "1"), "shard.broken_array"},
		{"auto", slurm("5", "4", "1", "10", "3"), "shard.broken_array"},
		{"auto", slurm("3", "", "0", "9", "1"), "shard.variable"},
		{"auto/10", slurm("3", "1", "3", "3", "1"), "3/10"}, // a lost one again
		{"auto/10", slurm("10", "10", "1", "10", "1"), "shard.index"},
	} {
		p, err := Parse(c.text, func(name string) string { return c.env[name] })
		if got := p.String(); err == nil && got != c.want || err != nil && key(err) != c.want {
			t.Errorf("%q %v: %s %v, want %s", c.text, c.env, got, err, c.want)
		}
	}
}

func TestDeal(t *testing.T) {
	units := []Unit{{"a", 1}, {"b", 5}, {"c", 3}, {"d", 3}, {"e", 1}}
	for n, want := range map[int][]int{1: {0, 0, 0, 0, 0}, 2: {0, 0, 1, 1, 0}, 3: {1, 0, 1, 2, 2}, 9: {3, 0, 1, 2, 4}} {
		if got := Deal(units, n); !slices.Equal(got, want) {
			t.Errorf("%d parts: %v, want %v", n, got, want)
		}
	}
	if Deal(nil, 3) == nil {
		t.Error("nothing cannot be dealt")
	}
}

// squares is work whose unit n is n².
type squares struct {
	n     int
	taken map[string]int
	made  atomic.Int64
	stop  func() // after the second unit
}

func (s *squares) Units() (list []Unit) {
	for i := range s.n {
		list = append(list, Unit{strconv.Itoa(i), 1})
	}
	return list
}

func (s *squares) Do(ctx context.Context, unit string) (any, error) {
	if s.made.Add(1) > 2 && s.stop != nil {
		s.stop()
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}
	n, err := strconv.Atoi(unit)
	return n * n, err
}

func (s *squares) Take(unit string, record json.RawMessage) error {
	n, err := strconv.Atoi(string(record))
	s.taken[unit] = n
	return err
}

var header = Header{Version: "1.0", Kind: "squares", Of: 3, Table: "t.csv", SHA256: "0123456789", Identity: "abcdefghij", Plan: json.RawMessage(`{"a":"<b>"}`)}

// folder makes all shards of n squares.
func folder(t *testing.T, n, parts int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range parts {
		h := header
		h.Shard, h.Of = i, parts
		if _, err := Run(t.Context(), &squares{n: n}, h, filepath.Join(dir, h.Part().File()), false, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// found gathers what lies in dir.
func found(t *testing.T, dir string) (*Set, []string) {
	t.Helper()
	paths, err := Find([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	set, problems := Gather(paths, "1.0", func(_ Header, p Part, resume bool) string { return "make " + p.String() + strconv.FormatBool(resume) })
	var keys []string
	for _, p := range problems {
		keys = append(keys, key(p))
		if p.Error() != say.In(say.English, p) || strings.Contains(p.Error(), "{") || strings.Contains(say.In(say.Korean, p), "{") {
			t.Errorf("no sentence: %v", p)
		}
	}
	return set, keys
}

func TestGather(t *testing.T) {
	for _, parts := range []int{1, 2, 5, 20} { // more parts than units: some are empty
		set, keys := found(t, folder(t, 7, parts))
		w := &squares{n: 7, taken: map[string]int{}}
		if keys != nil {
			t.Fatal(keys)
		}
		if err := set.Into(w); err != nil || len(w.taken) != 7 || w.taken["6"] != 36 {
			t.Errorf("%d parts: %v %v", parts, err, w.taken)
		}
		if err := set.Into(&squares{n: 8, taken: map[string]int{}}); key(err) != "shard.lacks" {
			t.Error(err)
		}
	}
}

func TestGatherRefuses(t *testing.T) {
	name := func(i int) string { return Part{i, 3}.File() }
	for _, c := range []struct {
		what string
		do   func(dir string) error
		want []string
	}{
		{"a missing one", func(dir string) error { return os.Remove(filepath.Join(dir, name(1))) }, []string{"shard.missing"}},
		{"an unfinished one", alter(name(1), func(f *File) { f.Complete = false }), []string{"shard.unfinished"}},
		{"another version", alter(name(1), func(f *File) { f.Version = "2.0" }), []string{"shard.other_version", "shard.missing"}},
		{"another table", alter(name(0), func(f *File) { f.SHA256 = "9" }), []string{"shard.other_table", "shard.missing"}},
		{"other settings", alter(name(2), func(f *File) { f.Identity = "z" }), []string{"shard.other_settings", "shard.missing"}},
		{"another kind", alter(name(2), func(f *File) { f.Kind = "cubes" }), []string{"shard.other_settings", "shard.missing"}},
		{"another arithmetic", alter(name(2), func(f *File) { f.Bits = "go" }), []string{"shard.other_bits", "shard.missing"}},
		{"another number", alter(name(2), func(f *File) { f.Of = 4 }), []string{"shard.other_number", "shard.missing"}},
		{"the same twice", alter(name(2), func(f *File) { f.Shard = 1 }), []string{"shard.overlap", "shard.missing"}},
		{"a unit twice", alter(name(2), func(f *File) { f.Records = append(f.Records, Record{"0", json.RawMessage("0")}) }), []string{"shard.overlap_unit"}},
		{"a copy beside", func(dir string) error {
			b, err := os.ReadFile(filepath.Join(dir, name(0)))
			return errors.Join(err, os.WriteFile(filepath.Join(dir, "copy"+Extension), b, 0o600))
		}, []string{"shard.overlap"}},
		{"a cut", bytesOf(name(0), func(b []byte) []byte { return b[:len(b)/2] }), []string{"shard.truncated", "shard.missing"}},
		{"a cut at the end of a line", bytesOf(name(0), func(b []byte) []byte { return b[:bytes.LastIndexByte(b[:len(b)-1], '\n')+1] }), []string{"shard.truncated", "shard.missing"}},
		{"the last letter gone", bytesOf(name(0), func(b []byte) []byte { return b[:len(b)-1] }), []string{"shard.truncated", "shard.missing"}},
		{"a changed record", bytesOf(name(0), func(b []byte) []byte { return bytes.Replace(b, []byte(`"record":9`), []byte(`"record":8`), 1) }), []string{"shard.changed", "shard.missing"}},
		{"a changed header", bytesOf(name(0), func(b []byte) []byte { return bytes.Replace(b, []byte(`"shard":0`), []byte(`"shard":1`), 1) }), []string{"shard.changed", "shard.missing"}},
		{"nothing in it", bytesOf(name(0), func([]byte) []byte { return nil }), []string{"shard.not_shard", "shard.missing"}},
		{"a newer format", bytesOf(name(0), func(b []byte) []byte {
			return bytes.Replace(b, []byte(`"gradus_shard":1`), []byte(`"gradus_shard":2`), 1)
		}), []string{"shard.newer", "shard.missing"}},
		{"all of another version", func(dir string) error {
			set := func(f *File) { f.Version = "0.9" }
			return errors.Join(alter(name(0), set)(dir), alter(name(1), set)(dir), alter(name(2), set)(dir))
		}, []string{"shard.version"}},
	} {
		dir := folder(t, 7, 3)
		if err := c.do(dir); err != nil {
			t.Fatal(err)
		}
		if _, keys := found(t, dir); !slices.Equal(keys, c.want) {
			t.Errorf("%s: %v, want %v", c.what, keys, c.want)
		}
	}
}

// alter writes a shard again, sealed, as do leaves it.
func alter(name string, do func(*File)) func(dir string) error {
	return func(dir string) error {
		f, err := Open(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		do(f)
		return f.Save(filepath.Join(dir, name))
	}
}

// bytesOf changes the bytes of a file.
func bytesOf(name string, do func([]byte) []byte) func(dir string) error {
	return func(dir string) error {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name), do(b), 0o600)
	}
}

// Of many lost shards the first are named each with its command, the others as sbatch takes them.
func TestManyLost(t *testing.T) {
	dir := folder(t, 7, 40)
	for i := range 40 {
		if i != 20 && i != 30 {
			if err := os.Remove(filepath.Join(dir, Part{i, 40}.File())); err != nil {
				t.Fatal(err)
			}
		}
	}
	paths, _ := Find([]string{dir})
	_, problems := Gather(paths, "1.0", func(_ Header, p Part, _ bool) string { return "make " + p.String() })
	if len(problems) != shown+1 || !strings.Contains(problems[0].Error(), "make 0/40") || !strings.Contains(problems[shown].Error(), "10-19,21-29,31-39") {
		t.Error(problems)
	}
	if _, err := Find([]string{t.TempDir()}); key(err) != "shard.none" {
		t.Error(err)
	}
}

// A shard that was stopped goes on where it was; one of other work is not gone on with.
func TestResume(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s"+Extension)
	h := header
	h.Shard, h.Of = 0, 1
	ctx, stop := context.WithCancel(t.Context())
	first := &squares{n: 9, stop: stop}
	if _, err := Run(ctx, first, h, path, true, func(int, int) {}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	half, err := Open(path)
	if err != nil || half.Complete || len(half.Records) == 0 || len(half.Records) > 2 {
		t.Fatal(err, half)
	}
	var told []int
	again := &squares{n: 9}
	f, err := Run(t.Context(), again, h, path, true, func(done, total int) { told = append(told, done) })
	if err != nil || !f.Complete || len(f.Records) != 9 || int(again.made.Load()) != 9-len(half.Records) || told[0] != len(half.Records) || told[len(told)-1] != 9 {
		t.Errorf("%v, made %d, told %v", err, again.made.Load(), told)
	}
	idle := &squares{n: 9}
	if _, err := Run(t.Context(), idle, h, path, true, func(int, int) {}); err != nil || idle.made.Load() != 0 {
		t.Error("what is finished is made again", err)
	}
	for _, change := range []func(*Header){func(h *Header) { h.Identity = "z" }, func(h *Header) { h.Of = 2 }, func(h *Header) { h.Shard, h.Of = 1, 2 }} {
		other := h
		change(&other)
		if _, err := Run(t.Context(), idle, other, path, true, func(int, int) {}); key(err) != "shard.resume_other" {
			t.Error(err)
		}
	}
	if err := os.WriteFile(path, []byte(`{"gradus_shard":1`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), idle, h, path, true, func(int, int) {}); key(err) != "shard.resume_damaged" {
		t.Error(err)
	}
	if f, err := Run(t.Context(), idle, h, path, false, func(int, int) {}); err != nil || !f.Complete {
		t.Error(err)
	}
}

// FuzzRead: whatever is read is written again to the same meaning, and nothing else is read.
func FuzzRead(f *testing.F) {
	file := File{Header: header, Records: []Record{{"a", json.RawMessage(`[1,2]`)}, {"b", json.RawMessage(`{"x":null}`)}}, Complete: true}
	var b bytes.Buffer
	if err := file.Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(bytes.Replace(b.Bytes(), []byte("[1,2]"), []byte("[1,3]"), 1))
	f.Add(b.Bytes()[:b.Len()/2])
	f.Add([]byte("{\"gradus_shard\":1}\n{\"units\":0,\"complete\":true,\"sha256\":\"x\"}\n"))
	f.Add([]byte("{\"gradus_shard\":"))
	f.Fuzz(func(t *testing.T, b []byte) {
		one, err := Read(b, "f")
		if err != nil {
			if one, err = Read(resealed(b), "f"); err != nil {
				return
			}
		}
		var out bytes.Buffer
		if err := one.Write(&out); err != nil {
			t.Fatal(err)
		}
		two, err := Read(out.Bytes(), "f")
		if err != nil || !one.Same(two.Header) || len(one.Records) != len(two.Records) || one.Complete != two.Complete {
			t.Fatalf("%v\n%s\n%s", err, b, out.Bytes())
		}
	})
}

// resealed is b with a last line that fits the others, so that what is behind the seal is read too.
func resealed(b []byte) []byte {
	lines := b[:bytes.LastIndexByte(b, '\n')+1]
	s := seal{Units: max(bytes.Count(lines, []byte("\n"))-1, 0), Complete: len(b)%2 == 0}
	s.SHA256 = s.hash(lines)
	end, _ := json.Marshal(s)
	return slices.Concat(lines, end, []byte("\n"))
}
