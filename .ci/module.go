// Program module writes a copy of this module under another path, one with a host, so that others can go get it:
//
//	go run .ci/module.go github.com/acme/gradus out/module
//
// Every import, linker flag, test and page says the new path; what git ignores stays here, but for the built page of the lab.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "module:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 || args[1] == "" {
		return errors.New("usage: make module PATH=github.com/acme/gradus DIR=out/module")
	}
	path, dir := args[0], args[1]
	if !host.MatchString(path) {
		return fmt.Errorf("%q is no module path that go get finds: it begins with a host, as github.com/acme/gradus does", path)
	}
	if err := empty(dir, path); err != nil {
		return err
	}
	names, err := files()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := carry(name, filepath.Join(dir, name), path); err != nil {
			return err
		}
	}
	fmt.Printf("%s: %d files; go build ./... there, then push them to %s\n", dir, len(names), path)
	return nil
}

// host is a module path whose first part is the name of a machine.
var host = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$`)

// empty takes away what an earlier run wrote to dir, and nothing else.
func empty(dir, path string) error {
	list, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(list) == 0 {
		return nil
	}
	if mod, err := os.ReadFile(filepath.Join(dir, "go.mod")); err != nil || !bytes.HasPrefix(mod, []byte("module "+path+"\n")) {
		return fmt.Errorf("%s holds something else than a copy of %s; take it away, or name another folder", dir, path)
	}
	for _, e := range list {
		if e.Name() == ".git" {
			continue // the history of the copy is its owner's
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// files are those that belong to the source, and the page if it was built.
func files() ([]string, error) {
	out, err := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	page, err := filepath.Glob("lab/web/packed/*.gz")
	list := strings.Split(strings.TrimRight(string(out), "\x00"), "\x00")
	return append(list, page...), err
}

func carry(from, to, path string) error {
	info, err := os.Stat(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // deleted, but not committed
	}
	if err != nil {
		return err
	}
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if b, err = renamed(from, b, path); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, b, info.Mode().Perm())
}

var (
	module = regexp.MustCompile(`(?m)^module gradus\b`)
	inside = regexp.MustCompile(`(^|[^A-Za-z0-9_./~\\-]|\\n)gradus/`) // no part of a longer path, such as cmd/gradus/main.go
	packed = regexp.MustCompile(`(?m)^!?/packed/.*\n`)
)

// renamed is a file as the copy holds it.
func renamed(name string, b []byte, path string) ([]byte, error) {
	if bytes.IndexByte(b, 0) >= 0 {
		return b, nil
	}
	switch filepath.Base(name) {
	case "go.mod":
		return module.ReplaceAll(b, []byte("module "+path)), nil
	case ".gitignore":
		return packed.ReplaceAll(b, nil), nil
	}
	b = inside.ReplaceAll(b, []byte("${1}"+path+"/"))
	if filepath.Ext(name) != ".go" {
		return b, nil
	}
	sorted, err := format.Source(b) // imports stand in another order now
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return sorted, nil
}
