package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The notices stand twice in the tree: to be read, and as the binary holds them.
const (
	readable = "docs/third-party.txt"
	packed   = "internal/notice/third-party.txt.gz"
)

const preface = `gradus is under the Apache License 2.0 (the file LICENSE; its text is also below). Its programs and its page hold the works of others
listed here, each on its own terms, which follow in full. Written by "make notices" from what the programs of every platform are linked
from; not to be edited.
`

// notices writes both, or fails where they are not what they would be.
func notices(root, host string, check bool) error {
	parts, err := everything(root, host)
	if err != nil {
		return err
	}
	text := []byte(noticeText(parts))
	if check {
		return same(root, text)
	}
	if err := os.WriteFile(filepath.Join(root, readable), text, 0o644); err != nil {
		return err
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, packed), b.Bytes(), 0o644)
}

// same fails where a file of the tree does not hold text.
func same(root string, text []byte) error {
	held, err := os.ReadFile(filepath.Join(root, readable))
	if err != nil {
		return err
	}
	f, err := os.Open(filepath.Join(root, packed))
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	embedded, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if !bytes.Equal(held, text) || !bytes.Equal(embedded, text) {
		return fmt.Errorf("%s and %s are behind what the programs are linked from: make notices writes them", readable, packed)
	}
	return nil
}

// everything lists the works in any program of any platform, in the page and in the data.
func everything(root, host string) ([]part, error) {
	all := map[string]*module{}
	for _, platform := range platforms {
		found, err := modules(root, platform, programs(root, platform)...)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, found)
	}
	page, err := modules(root, "js/wasm", engine)
	if err != nil {
		return nil, err
	}
	parts, err := modulesAsParts(all, page)
	if err != nil {
		return nil, err
	}
	rest, err := apart(root, host)
	return append(parts, rest...), err
}

// modulesAsParts gives the modules that have a version, by name.
func modulesAsParts(all, page map[string]*module) ([]part, error) {
	var parts []part
	for _, path := range slices.Sorted(maps.Keys(all)) {
		m := all[path]
		if m.version == "" {
			continue
		}
		p, err := m.part()
		if err != nil {
			return nil, err
		}
		if page[path] != nil {
			p.where = "program and page"
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// apart are the works that the go tool does not list: Go, copied sources, the page's packages, the tables.
func apart(root, host string) ([]part, error) {
	goItself, err := toolchain()
	if err != nil {
		return nil, err
	}
	sources, err := copied(root)
	if err != nil {
		return nil, err
	}
	page, err := pageParts(root)
	if err != nil {
		return nil, err
	}
	sets, err := tables(root, host)
	return slices.Concat([]part{goItself}, sources, page, sets), err
}

// noticeText lists the works, then each text once, under the names of all that it holds for.
func noticeText(parts []part) string {
	var b strings.Builder
	b.WriteString(preface)
	holders := map[string][]string{}
	var texts []string
	for _, p := range parts {
		if len(p.texts) == 0 {
			continue // the own tables
		}
		name := strings.TrimSpace(p.name + " " + cmp.Or(p.version, ""))
		if p.name == "std" {
			name = "Go (library, runtime, wasm_exec.js)" // without the version: the terms are the same, and each Go that builds is right
		}
		fmt.Fprintf(&b, "\n%s\n    %s; in the %s\n", name, p.licence, p.where)
		for _, t := range p.texts {
			if holders[t] == nil {
				texts = append(texts, t)
			}
			holders[t] = append(holders[t], name)
		}
	}
	for _, t := range texts {
		fmt.Fprintf(&b, "\n%s\nFor %s:\n\n%s\n", strings.Repeat("=", 100), strings.Join(holders[t], ", "), t)
	}
	return b.String()
}
