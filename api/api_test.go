package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// of is a tree of one package, as its source says.
func of(t *testing.T, source string) *tree {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "a.go", "package a\n"+source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	out := importer.ForCompiler(set, "source", nil)
	c := types.Config{Importer: out, IgnoreFuncBodies: true}
	pkg, err := c.Check("m/a", set, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	h, err := header(set, []*ast.File{file}, pkg)
	if err != nil {
		t.Fatal(err)
	}
	return &tree{"m", map[string][]byte{"a": h}, out}
}

// What breaks a program is found by its name, what does not is not; both trees go through a file as the real ones do.
func TestCompare(t *testing.T) {
	for _, c := range []struct{ name, old, now, broken string }{
		{"same", "func F[T any](x T) {}", "func F[T any](y T) { _ = 1 }", ""},
		{"more", "func F() {}", "func F() {}\nfunc G() {}", ""},
		{"gone", "func F() {}\nfunc G() {}", "func F() {}", "a.G"},
		{"parameter", "func F(x int) {}", "func F(x int, y ...int) {}", "a.F"},
		{"field", "type T struct{ A int }", "type T struct{ A, B int }", ""},
		{"field of another type", "type T struct{ A int }", "type T struct{ A int64 }", "a.T.A"},
		{"unexported field", "type T struct{ A int; b string }", "type T struct{ A int; c []int32; d bool }", "a.T"}, // == no longer compiles
		{"method", "type T struct{}\nfunc (T) M() {}", "type T struct{}", "a.T.M"},
		{"method of a generic type", "type T[E any] struct{ e E }\nfunc (t *T[E]) M() E { return t.e }", "type T[E any] struct{ e E }", "a.T.M"},
		{"interface", "type I interface{ M() }", "type I interface{ M(); N() }", "a.I.N"},
		{"constant", "const C = 1\nconst D = iota", "const C = 2\nconst D = iota", "a.C"},
		{"variable", "var V = f()\nfunc f() int { return 1 }", "var V = f()\nfunc f() string { return \"\" }", "a.V"},
		{"embedded", "type t struct{ A int }\ntype T struct{ t; B int }", "type t struct{ C int }\ntype T struct{ t; B int }", "a.T.A"},
		{"imported", "import \"io\"\nfunc F(w io.Writer) {}", "import \"io\"\nfunc F(w io.ReadWriter) {}", "a.F"},
	} {
		now := of(t, c.now)
		old, err := now.read(of(t, c.old).write())
		if err != nil {
			t.Fatal(c.name, err)
		}
		list, err := compare(old, now)
		if err != nil {
			t.Fatal(c.name, err)
		}
		var names []string
		for _, x := range list {
			names = append(names, x.name)
		}
		if got := strings.Join(slices.Compact(names), " "); got != c.broken {
			t.Errorf("%s: %q broke, want %q: %v\n%s", c.name, got, c.broken, list, now.write())
		}
	}
}

func TestPackageGone(t *testing.T) {
	now := of(t, "func F() {}")
	old, err := now.read([]byte("\n-- b --\npackage b\n\nfunc F()\n"))
	if err != nil {
		t.Fatal(err)
	}
	if list, err := compare(old, now); err != nil || len(list) != 1 || list[0].name != "b" {
		t.Errorf("%v %v", list, err)
	}
	if _, err := now.read([]byte("no header")); err == nil {
		t.Error("a file without a package is read")
	}
}

func TestJudge(t *testing.T) {
	broken := []change{{"network.New", "removed"}}
	for _, c := range []struct {
		base, now version
		note      string
		fine      bool
	}{
		{version{0, 1, 0}, version{0, 1, 0}, "network.New", false},
		{version{0, 1, 0}, version{0, 1, 1}, "network.New", false},
		{version{0, 1, 0}, version{0, 2, 0}, "", false},
		{version{0, 1, 0}, version{0, 2, 0}, "- `network.New` takes options; write …", true},
		{version{0, 9, 0}, version{1, 0, 0}, "network.New", true},
		{version{1, 1, 0}, version{1, 2, 0}, "network.New", false},
		{version{1, 1, 0}, version{2, 0, 0}, "network.New", true},
		{version{1, 1, 0}, version{2, 0, 0}, "", false},
	} {
		err := judge(broken, c.base, c.now, c.note)
		if (err == nil) != c.fine {
			t.Errorf("%v → %v with %q: %v", c.base, c.now, c.note, err)
		}
		if judge(nil, c.base, c.now, "") != nil {
			t.Error("nothing broke")
		}
	}
}

func TestNewest(t *testing.T) {
	v, breaking, err := newest("# Changes\n\n## 0.2.0\n\n### Breaking\n\n- `a.F`\n\n### Added\n\n- `b.G`\n\n## 0.1.0\n\n### Breaking\n\n- `c.H`\n")
	if err != nil || v != (version{0, 2, 0}) || strings.TrimSpace(breaking) != "- `a.F`" {
		t.Errorf("%v %q %v", v, breaking, err)
	}
	if _, breaking, _ = newest("## 0.2.0\n\ntext\n\n## 0.1.0\n\n### Breaking\n\n- `c.H`\n"); breaking != "" {
		t.Errorf("%q is of an older version", breaking)
	}
	for _, wrong := range []string{"", "## next", "## 1.2", "## 1.2.x"} {
		if v, _, err := newest(wrong); err == nil {
			t.Errorf("%q is %v", wrong, v)
		}
	}
}

func TestLast(t *testing.T) {
	files := []string{"gradus-0.9.0.txt", "gradus-0.10.1.txt", "gradus-1.0.0.txt"}
	if v, err := last(files, version{0, 11, 0}); err != nil || v != (version{0, 10, 1}) {
		t.Errorf("%v %v", v, err)
	}
	for _, wrong := range [][]string{nil, {"gradus-2.0.0.txt"}, {"gradus-next.txt"}} {
		if v, err := last(wrong, version{1, 0, 0}); err == nil {
			t.Errorf("%v is %v", wrong, v)
		}
	}
}
