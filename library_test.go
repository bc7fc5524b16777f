package gradus

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tools are packages that no Go user is meant to import: programs, and what only tests use.
var tools = words("cmd/gradus lab/wasm lab/wasm/trim lab/scene/scenetest")

// public reports whether pkg is part of the library.
func public(pkg string) bool {
	return !strings.HasPrefix(pkg, "internal/") && !slices.Contains(tools, pkg)
}

// TestExamples: whoever finds a package finds out by an example, whose output a test holds, what to do with it first.
func TestExamples(t *testing.T) {
	for pkg := range ladder {
		if !public(pkg) || strings.HasPrefix(pkg, "cmd/") {
			continue
		}
		if list := examplesOf(t, pkg); !slices.ContainsFunc(list, func(e *doc.Example) bool { return e.Output != "" }) {
			t.Errorf("%s has %d Examples, none with an output: write what a user does with it first", pkg, len(list))
		}
	}
}

func examplesOf(t *testing.T, pkg string) []*doc.Example {
	t.Helper()
	names, err := filepath.Glob(pkg + "/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	set := token.NewFileSet()
	for _, name := range names {
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return doc.Examples(files...)
}

// pulls is everything from outside Go's library that an import of these packages brings into a program, to the last package.
var pulls = map[string][]string{
	"mat":        words("golang.org/x/sys/cpu gradus/internal/kernel gradus/internal/say"),
	"metric":     words("golang.org/x/sys/cpu gradus/internal/kernel gradus/internal/say"),
	"activation": words("golang.org/x/sys/cpu gradus/internal/kernel gradus/internal/say gradus/mat"),
	"cost":       words("golang.org/x/sys/cpu gradus/internal/kernel gradus/internal/say gradus/mat"),
	"optimizer":  words("golang.org/x/sys/cpu gradus/internal/kernel gradus/internal/say gradus/mat"),
	"network":    words("golang.org/x/sys/cpu gradus/activation gradus/cost gradus/internal/kernel gradus/internal/profile gradus/internal/say gradus/mat"),
	"weights": words("golang.org/x/sys/cpu gradus/activation gradus/cost gradus/internal/kernel gradus/internal/profile gradus/internal/safetensors gradus/internal/say " +
		"gradus/mat gradus/network"),
	"train": words("golang.org/x/sys/cpu gradus/activation gradus/cost gradus/internal/kernel gradus/internal/profile gradus/internal/safetensors gradus/internal/say " +
		"gradus/mat gradus/network gradus/optimizer"),
	"table": words("golang.org/x/sys/cpu gradus/internal/kernel gradus/internal/say gradus/mat"),
}

// TestDependencies: an import of the engine brings one small package of the Go project with it, which asks the processor what it can
// do, and nothing else.
func TestDependencies(t *testing.T) {
	for pkg, want := range pulls {
		out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./"+pkg).Output()
		if err != nil {
			t.Fatal(err)
		}
		got := slices.DeleteFunc(words(string(out)), func(p string) bool { return p == "gradus/"+pkg })
		slices.Sort(got)
		if !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s pulls\n%v, want\n%v", pkg, got, want)
		}
	}
}
