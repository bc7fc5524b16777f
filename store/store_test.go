package store

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gradus/table"
)

func at(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var sample = Run{
	Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Ended: time.Date(2026, 1, 2, 3, 4, 9, 0, time.UTC), Command: "train",
	File: strings.Repeat("ab", 32), Seed: 1<<64 - 1, Version: "1.2.3", Settings: json.RawMessage(`{"alpha":0.01,"hidden":[8,4]}`),
	Figures: json.RawMessage(`{"auroc":{"value":0.81},"n":20}`), Held: strings.Repeat("cd", 32),
}

func add(t testing.TB, s *Store, r Run) int64 {
	t.Helper()
	id, err := s.Add(r)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "새 폴더?#%", "runs.db")
	s := at(t, path)
	for range 3 {
		add(t, s, sample)
	}
	other := sample
	other.Held, other.Command = "", "evaluate"
	add(t, s, other)
	s.Close()
	s = at(t, path)
	got, err := s.Run(2)
	want := sample
	want.ID = 2
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if err != nil || string(a) != string(b) {
		t.Errorf("%v\n%s\n%s", err, a, b)
	}
	list, err := s.Runs(2)
	if err != nil || len(list) != 2 || list[0].ID != 4 || list[1].ID != 3 {
		t.Errorf("%v %+v", err, list)
	}
	if times, err := s.Opened(sample.Held); err != nil || times != 3 {
		t.Errorf("opened %d times, want 3: %v", times, err)
	}
	if times, _ := s.Opened(""); times != 0 {
		t.Errorf("no set was opened %d times", times)
	}
	if _, err := s.Run(5); err == nil || !strings.Contains(err.Error(), "no run 5") {
		t.Error(err)
	}
	if a, err := s.Verify(); err != nil || a.Fault != "" || a.Entries != 4 || len(a.Head) != 64 {
		t.Errorf("%v %+v", err, a)
	}
}

func TestNothingThatNamesAPatient(t *testing.T) {
	s := at(t, filepath.Join(t.TempDir(), "runs.db"))
	for _, spoil := range []func(*Run){
		func(r *Run) { r.File = "/data/kim.csv" }, func(r *Run) { r.Model = "model.gradus" }, func(r *Run) { r.Command = "train kim.csv" },
		func(r *Run) { r.Held = "ABCD" }, func(r *Run) { r.Study = "x" }, func(r *Run) { r.Figures = json.RawMessage("{") },
	} {
		r := sample
		spoil(&r)
		if _, err := s.Add(r); err == nil {
			t.Errorf("kept %+v", r)
		}
	}
	if list, err := s.Runs(0); err != nil || len(list) != 0 {
		t.Error(err, list)
	}
}

// Each way to tamper is found, at the entry where it was done.
func TestBrokenChain(t *testing.T) {
	for _, c := range []struct {
		do    string
		fault Fault
		at    int64
	}{
		{"UPDATE runs SET figures = '{\"auroc\":0.99}' WHERE id = 3", Changed, 3},
		{"UPDATE runs SET seed = 'no number' WHERE id = 3", Changed, 3},
		{"DELETE FROM runs WHERE id = 2", Removed, 2},
		{"DELETE FROM audit WHERE id = 2; DELETE FROM runs WHERE id = 2", Missing, 2},
		{"DELETE FROM audit WHERE id = 5", Unchained, 5},
		{"UPDATE audit SET sum = 'x' WHERE id = 4", Altered, 4},
		{"UPDATE audit SET before = 'x' WHERE id = 1", Altered, 1},
		{"UPDATE audit SET run = 99 WHERE id = 1", Altered, 1},
	} {
		s := at(t, filepath.Join(t.TempDir(), "runs.db"))
		for range 5 {
			add(t, s, sample)
		}
		if _, err := s.db.Exec(c.do); err != nil {
			t.Fatal(err)
		}
		if a, err := s.Verify(); err != nil || a.Fault != c.fault || a.At != c.at {
			t.Errorf("%s: %v %+v, want %s at %d", c.do, err, a, c.fault, c.at)
		}
	}
}

// Goroutines and programs write at once and lose nothing.
func TestManyWriters(t *testing.T) {
	const programs, each = 3, 15
	path := os.Getenv("GRADUS_STORE_TEST")
	if path != "" { // this is one of the programs
		s := at(t, path)
		for range each {
			add(t, s, sample)
		}
		return
	}
	path = filepath.Join(t.TempDir(), "runs.db")
	var wait sync.WaitGroup
	for range programs {
		wait.Go(func() {
			c := exec.Command(os.Args[0], "-test.run=^TestManyWriters$")
			c.Env = append(os.Environ(), "GRADUS_STORE_TEST="+path)
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
		wait.Go(func() {
			s, err := Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			for range each {
				if _, err := s.Add(sample); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if a, err := at(t, path).Verify(); err != nil || a.Fault != "" || a.Entries != 2*programs*each {
		t.Errorf("%v %+v, want %d entries", err, a, 2*programs*each)
	}
}

func TestRefusedFiles(t *testing.T) {
	dir := t.TempDir()
	noise := filepath.Join(dir, "noise.db")
	if err := os.WriteFile(noise, []byte(strings.Repeat("no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(noise); err == nil || !strings.Contains(err.Error(), "noise.db") || strings.Contains(err.Error(), dir) {
		t.Error(err)
	}
	if _, err := Open(filepath.Join(noise, "below", "runs.db")); err == nil {
		t.Error("a folder below a file was made")
	}
	if _, err := OpenExisting(filepath.Join(dir, "none.db")); err == nil || !strings.Contains(err.Error(), "no records yet") {
		t.Error(err)
	}
	newer := at(t, filepath.Join(dir, "newer.db"))
	if _, err := newer.db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(dir, "newer.db")); err == nil || !strings.Contains(err.Error(), "99") {
		t.Error(err)
	}
}

// A file cut or changed anywhere is an error or a store, never a crash.
func FuzzOpen(f *testing.F) {
	path := filepath.Join(f.TempDir(), "runs.db")
	s := at(f, path)
	add(f, s, sample)
	s.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(10, byte(7), len(whole))
	f.Add(200, byte(255), len(whole)/2)
	f.Fuzz(func(t *testing.T, at int, change byte, length int) {
		b := append([]byte{}, whole...)
		if at >= 0 && at < len(b) {
			b[at] ^= change
		}
		b = b[:min(max(length, 0), len(b))]
		path := filepath.Join(t.TempDir(), "runs.db")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path)
		if err != nil {
			return
		}
		defer s.Close()
		_, _ = s.Runs(0)
		_, _ = s.Verify()
		_, _ = s.Add(sample)
	})
}

func FuzzCompare(f *testing.F) {
	f.Add(`{"a":{"b":[1,2]},"c":"x"}`, `{"a":null}`)
	f.Add(`[[[]]]`, `7`)
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := Run{Figures: document(a)}, Run{Figures: document(b)}
		for _, l := range Compare(x, x) {
			if !l.Same {
				t.Errorf("%+v differs from itself", l)
			}
		}
		if len(Compare(x, y)) < 7 {
			t.Error("lines are lost")
		}
	})
}

func TestCompare(t *testing.T) {
	other := sample
	other.Seed, other.Figures = 2, json.RawMessage(`{"auroc":{"value":0.83},"n":20,"slope":null}`)
	found := map[string]Line{}
	for _, l := range Compare(sample, other) {
		found[l.Part+" "+l.Name] = l
	}
	for name, want := range map[string][2]string{
		"run seed": {strconv.FormatUint(sample.Seed, 10), "2"}, "settings hidden": {"[8,4]", "[8,4]"}, "figures auroc.value": {"0.81", "0.83"},
		"figures n": {"20", "20"}, "figures slope": {"", "null"},
	} {
		if l := found[name]; l.A != want[0] || l.B != want[1] || l.Same != (want[0] == want[1]) {
			t.Errorf("%s: %+v, want %v", name, l, want)
		}
	}
}

func TestRows(t *testing.T) {
	read := func(csv string) *table.Table {
		tbl, err := table.Read(strings.NewReader(csv), "t.csv", table.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return tbl
	}
	h := Rows(read("a,b\n1,x\n2,y\n3,\n"), nil)
	if again := Rows(read("b,a\ny,2.0\n\"\",3\nx,1e0\n"), nil); again != h {
		t.Error("another order of rows and columns is another set")
	}
	if part := Rows(read("a,b\n9,q\n3,\n1,x\n2,y\n"), []int{3, 1, 2}); part != h {
		t.Error("the same rows out of a longer table are another set")
	}
	for _, csv := range []string{"a,b\n1,x\n2,y\n", "a,b\n1,x\n2,y\n3,z\n", "a,c\n1,x\n2,y\n3,\n", "a,b\n1,x\n2,y\n3,\n3,\n"} {
		if Rows(read(csv), nil) == h {
			t.Errorf("%q has the hash of other rows", csv)
		}
	}
}

func TestPlace(t *testing.T) {
	env := func(pairs ...string) func(string) string {
		return func(k string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == k {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	for _, c := range []struct {
		goos string
		env  func(string) string
		want string
	}{
		{"linux", env("HOME", "/h"), "/h/.local/share/gradus/runs.db"},
		{"linux", env("HOME", "/h", "XDG_DATA_HOME", "/x"), "/x/gradus/runs.db"},
		{"linux", env("HOME", "/h", "XDG_DATA_HOME", "relative"), "/h/.local/share/gradus/runs.db"},
		{"darwin", env("HOME", "/h"), "/h/Library/Application Support/gradus/runs.db"},
		{"windows", env("LocalAppData", "/l"), "/l/gradus/runs.db"},
		{"linux", env(), ""},
	} {
		if got := filepath.ToSlash(Place(c.goos, c.env)); got != c.want {
			t.Errorf("%s: %q, want %q", c.goos, got, c.want)
		}
	}
}
