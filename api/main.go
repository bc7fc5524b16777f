// Program api keeps the exported API of the library: one file for each released version, every public package as Go without bodies.
//
//	go -C api run . write   writes the file of the version at the top of CHANGELOG.md
//	go -C api run . check   holds the tree against the newest file: an incompatible change needs a version that may make it
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 || args[0] != "write" && args[0] != "check" {
		return errors.New("usage: go -C api run . write|check")
	}
	changelog, err := os.ReadFile("../CHANGELOG.md")
	if err != nil {
		return err
	}
	version, breaking, err := newest(string(changelog))
	if err != nil {
		return err
	}
	tree, err := load("..")
	if err != nil {
		return err
	}
	if args[0] == "write" {
		return os.WriteFile(fileOf(version), tree.write(), 0o644)
	}
	files, err := filepath.Glob("gradus-*.txt")
	if err != nil {
		return err
	}
	base, err := last(files, version)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(fileOf(base))
	if err != nil {
		return err
	}
	old, err := tree.read(b)
	if err != nil {
		return fmt.Errorf("%s: %w", fileOf(base), err)
	}
	changes, err := compare(old, tree)
	if err != nil {
		return err
	}
	return judge(changes, base, version, breaking)
}
