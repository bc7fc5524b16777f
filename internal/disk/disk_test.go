package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gradus/internal/say"
)

func content(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// holds checks what is in the folder and that nothing else lies beside it.
func holds(t *testing.T, folder string, want map[string]string) {
	t.Helper()
	list, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(want) {
		t.Errorf("%d entries, want %d: %v", len(list), len(want), list)
	}
	for name, content := range want {
		if b, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(b) != content {
			t.Errorf("%s holds %q (%v), want %q", name, b, err, content)
		}
	}
}

func key(err error) string {
	if e, ok := errors.AsType[*say.Err](err); ok {
		return e.Key
	}
	return fmt.Sprint(err)
}

func TestWriteFile(t *testing.T) {
	d := t.TempDir()
	path := filepath.Join(d, "모델 한 개.gradus") // names of any script, with spaces
	for _, body := range []string{"first", "second, longer", ""} {
		if err := WriteFile(path, content(body)); err != nil {
			t.Fatal(err)
		}
		holds(t, d, map[string]string{"모델 한 개.gradus": body})
	}
}

// Whatever goes wrong in the middle, the old content stays and no scrap is left.
func TestNothingHalfWritten(t *testing.T) {
	own := say.Error("disk.folder", "path", "x")
	for name, c := range map[string]struct {
		write func(io.Writer) error
		want  string
	}{
		"own sentence": {func(w io.Writer) error { _ = content("half")(w); return own }, "disk.folder"},
		"stopped":      {func(w io.Writer) error { _ = content("half")(w); return context.Canceled }, "context canceled"},
		"foreign":      {func(w io.Writer) error { _ = content("half")(w); return errors.New("bad luck") }, "disk.failed"},
	} {
		for _, before := range []map[string]string{{}, {"f": "old"}} {
			d := t.TempDir()
			for n, content := range before {
				if err := os.WriteFile(filepath.Join(d, n), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if got := key(WriteFile(filepath.Join(d, "f"), c.write)); got != c.want {
				t.Errorf("%s: %s, want %s", name, got, c.want)
			}
			holds(t, d, before)
		}
	}
}

func TestPanickingWriterLeavesNothing(t *testing.T) {
	d := t.TempDir()
	func() {
		defer func() { _ = recover() }()
		_ = WriteFile(filepath.Join(d, "f"), func(io.Writer) error { panic("inside") })
	}()
	holds(t, d, map[string]string{})
}

func TestRefusals(t *testing.T) {
	d := t.TempDir()
	file := filepath.Join(d, "file")
	if err := WriteFile(file, content("x")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		d:                                 "disk.folder",
		filepath.Join(d, "no", "such"):    "disk.missing",
		filepath.Join(file, "below"):      "disk.missing",
		filepath.Join(d, "nul\x00inside"): "disk.failed",
	} {
		err := WriteFile(path, content("x"))
		if got := key(err); got != want {
			t.Errorf("write %q: %v, want %s", path, err, want)
		}
		if _, err := Open(path); err == nil {
			t.Errorf("open %q succeeded", path)
		}
	}
	holds(t, d, map[string]string{"file": "x"})
}

// Permissions, links and pipes as Unix has them.
func TestUnix(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "js" {
		return // neither has them
	}
	d := t.TempDir()
	file, link := filepath.Join(d, "file"), filepath.Join(d, "link")
	if err := os.WriteFile(file, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("file", link); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(link, content("new")); err != nil {
		t.Fatal(err)
	}
	holds(t, d, map[string]string{"file": "new", "link": "new"})
	if info, _ := os.Lstat(link); info.Mode()&fs.ModeSymlink == 0 {
		t.Error("the link became a file")
	}
	if info, _ := os.Stat(file); info.Mode().Perm() != 0o640 {
		t.Errorf("the mode became %v", info.Mode())
	}
	if err := os.Chmod(file, 0o440); err != nil {
		t.Fatal(err)
	}
	if got := key(WriteFile(file, content("newer"))); got != "disk.forbidden" {
		t.Errorf("read-only file: %s", got)
	}
	holds(t, d, map[string]string{"file": "new", "link": "new"})
	if err := WriteFile(os.DevNull, content("anything")); err != nil {
		t.Errorf("%s: %v", os.DevNull, err)
	}
	if info, _ := os.Stat(os.DevNull); info.Mode().IsRegular() {
		t.Fatalf("%s was replaced by a file", os.DevNull)
	}
}

// A full disk is a failure of the run, not of the input.
func TestDiskFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		return // only Linux has this device
	}
	err := WriteFile("/dev/full", content("x"))
	e, ok := errors.AsType[*say.Err](err)
	if !ok || e.Key != "disk.full" || !e.Fault {
		t.Errorf("%v", err)
	}
}

func TestReadLimited(t *testing.T) {
	for n, want := range map[int64]string{4: "disk.long", 5: "", 6: ""} {
		b, err := ReadLimited(strings.NewReader("12345"), n, "five")
		if want == "" && (err != nil || string(b) != "12345") || want != "" && key(err) != want {
			t.Errorf("limit %d: %q, %v", n, b, err)
		}
	}
	if b, err := ReadLimited(strings.NewReader(""), 0, "empty"); err != nil || len(b) != 0 {
		t.Errorf("empty: %q, %v", b, err)
	}
	if _, err := ReadLimited(broken{}, 9, "torn"); key(err) != "disk.failed" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("torn: %v", err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
