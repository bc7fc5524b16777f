package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/exp/apidiff"
)

// tree is an API: the header of each public package, and where all else is imported from.
type tree struct {
	module  string
	headers map[string][]byte // by folder
	outside types.Importer
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Name, Dir, Export string
	GoFiles                       []string
	Standard                      bool
}

// load makes the headers of the module in folder.
func load(folder string) (*tree, error) {
	c := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Name,Dir,Export,GoFiles,Standard", "./...")
	c.Dir, c.Stderr = folder, os.Stderr
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64", "GOFLAGS=-mod=readonly")
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	exports, ours := map[string]string{}, []listed{}
	module, err := exec.Command("go", "list", "-C", folder, "-m").Output()
	if err != nil {
		return nil, err
	}
	t := &tree{module: strings.TrimSpace(string(module)), headers: map[string][]byte{}}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		exports[p.ImportPath] = p.Export
		if strings.HasPrefix(p.ImportPath, t.module+"/") && public(p) {
			ours = append(ours, p)
		}
	}
	set := token.NewFileSet()
	t.outside = importer.ForCompiler(set, "gc", func(p string) (io.ReadCloser, error) { return os.Open(exports[p]) })
	for _, p := range ours {
		if t.headers[strings.TrimPrefix(p.ImportPath, t.module+"/")], err = t.header(set, p); err != nil {
			return nil, fmt.Errorf("%s: %w", p.ImportPath, err)
		}
	}
	return t, nil
}

// public reports whether a Go user may import p.
func public(p listed) bool {
	return p.Name != "main" && len(p.GoFiles) > 0 && !strings.Contains(p.ImportPath+"/", "/internal/") && !strings.HasSuffix(p.ImportPath, "test")
}

func (t *tree) header(set *token.FileSet, p listed) ([]byte, error) {
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	c := types.Config{Importer: t.outside, IgnoreFuncBodies: true}
	pkg, err := c.Check(p.ImportPath, set, files, nil)
	if err != nil {
		return nil, err
	}
	return header(set, files, pkg)
}

const mark = "-- "

// write is all headers in one text, each under a line with its folder; the module goes by its short name.
func (t *tree) write() []byte {
	var b bytes.Buffer
	b.WriteString("The exported API, as Go without bodies; make api writes this file.\n")
	for _, name := range slices.Sorted(maps.Keys(t.headers)) {
		fmt.Fprintf(&b, "\n%s%s --\n%s", mark, name, t.headers[name])
	}
	return b.Bytes()
}

// read is a text of write; what is not in it is imported from where t imports it from.
func (t *tree) read(text []byte) (*tree, error) {
	old := &tree{t.module, map[string][]byte{}, t.outside}
	for _, part := range strings.Split(string(text), "\n"+mark)[1:] {
		name, source, ok := strings.Cut(part, " --\n")
		if !ok {
			return nil, fmt.Errorf("%q is no line with a package", strings.SplitN(part, "\n", 2)[0])
		}
		old.headers[name] = []byte(source)
	}
	if len(old.headers) == 0 {
		return nil, errors.New("it holds no package")
	}
	return old, nil
}

// checked is an importer of the packages of one tree, each made from its header.
type checked struct {
	*tree
	set  *token.FileSet
	done map[string]*types.Package
}

// Import is the package at an import path.
func (c checked) Import(p string) (*types.Package, error) {
	folder, ours := strings.CutPrefix(p, c.module+"/")
	source, has := c.headers[folder]
	if !ours || !has {
		return c.outside.Import(p)
	}
	if pkg := c.done[p]; pkg != nil {
		return pkg, nil
	}
	file, err := parser.ParseFile(c.set, path.Join(folder, "api.go"), source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			f.Body = &ast.BlockStmt{}
		}
	}
	config := types.Config{Importer: c, IgnoreFuncBodies: true}
	pkg, err := config.Check(p, c.set, []*ast.File{file}, nil)
	c.done[p] = pkg
	return pkg, err
}

// change is an incompatible one: network.New, and what became of it.
type change struct{ name, message string }

// compare lists what of old a program can no longer do with now.
func compare(old, now *tree) (list []change, err error) {
	set := token.NewFileSet()
	before, after := checked{old, set, map[string]*types.Package{}}, checked{now, set, map[string]*types.Package{}}
	for _, name := range slices.Sorted(maps.Keys(old.headers)) {
		if now.headers[name] == nil {
			list = append(list, change{name, "the package is gone"})
			continue
		}
		a, err := before.Import(old.module + "/" + name)
		if err != nil {
			return nil, fmt.Errorf("API of old, %s: %w", name, err)
		}
		b, err := after.Import(now.module + "/" + name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, c := range apidiff.Changes(a, b).Changes {
			if !c.Compatible {
				list = append(list, named(name, c.Message))
			}
		}
	}
	return list, nil
}

// named parts a message of apidiff, "(*Trainer[T]).Watch: removed", into train.Trainer.Watch and the rest.
func named(pkg, message string) change {
	symbol, what, _ := strings.Cut(message, ": ")
	symbol, _, _ = strings.Cut(symbol, ", ")
	if open, end := strings.IndexByte(symbol, '['), strings.IndexByte(symbol, ']'); open >= 0 && end > open {
		symbol = symbol[:open] + symbol[end+1:]
	}
	return change{path.Base(pkg) + "." + strings.NewReplacer("(", "", ")", "", "*", "").Replace(symbol), what}
}
