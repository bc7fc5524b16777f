package export

import (
	"bytes"
	"flag"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var update = flag.Bool("update", false, "write library.go.txt anew")

// TestLibraryIsKernel holds library.go.txt against the functions of the kernel and of the activations that it is taken from.
func TestLibraryIsKernel(t *testing.T) {
	want := kernelLibrary(t)
	if *update {
		if err := os.WriteFile("library.go.txt", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := os.ReadFile("library.go.txt"); !bytes.Equal(got, want) {
		t.Error("library.go.txt is not what the kernel computes with; go test ./export -run Library -update")
	}
}

// kernelLibrary is every declaration that a prediction may need, each under a line "== name: what it needs".
func kernelLibrary(t *testing.T) []byte {
	t.Helper()
	set, files := token.NewFileSet(), []*ast.File(nil)
	for dir, names := range map[string]string{
		"../internal/kernel": "exp exptable tanh double log logtable erf erftable normal", "../activation": "elu gelu gelutanh mish silu softplus",
	} {
		for _, name := range strings.Fields(names) {
			f, err := parser.ParseFile(set, filepath.Join(dir, name+".go"), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b *ast.File) int {
		return strings.Compare(set.Position(a.Pos()).Filename, set.Position(b.Pos()).Filename)
	})
	l := library{set: set, decls: map[string]ast.Decl{}}
	for _, f := range files {
		for _, d := range f.Decls {
			l.add(d)
		}
	}
	return l.text(t)
}

type library struct {
	set   *token.FileSet
	decls map[string]ast.Decl
	order []string
}

// add takes functions without a receiver and each group of constants or variables, under the name of its first.
func (l *library) add(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil && d.Type.TypeParams == nil && d.Name.Name != "Normal" && d.Name.Name != "Density" && !strings.HasSuffix(d.Name.Name, "Slope") {
			l.name(d.Name.Name, d, true)
		}
	case *ast.GenDecl:
		if d.Tok != token.CONST && d.Tok != token.VAR {
			return
		}
		first := true
		for _, s := range d.Specs {
			for _, n := range s.(*ast.ValueSpec).Names {
				l.name(n.Name, d, first)
				first = false
			}
		}
	}
}

func (l *library) name(name string, d ast.Decl, listed bool) {
	l.decls[name] = d
	if listed {
		l.order = append(l.order, name)
	}
}

// text prints the declarations in small letters, so that the file that holds them exports nothing of them.
func (l *library) text(t *testing.T) []byte {
	var out bytes.Buffer
	for _, name := range l.order {
		d := l.decls[name]
		needs := l.rename(d)
		var body bytes.Buffer
		if err := (&printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}).Fprint(&body, l.set, d); err != nil {
			t.Fatal(err)
		}
		out.WriteString("== " + small(name) + ": " + strings.Join(needs, " ") + "\n" + body.String() + "\n\n")
	}
	return out.Bytes()
}

// rename writes every name of the library small, takes kernel. away, and lists what d needs by the name its declaration is listed under.
func (l *library) rename(d ast.Decl) (needs []string) {
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "kernel" {
					n.Fun = s.Sel
				}
			}
		case *ast.SelectorExpr:
			return false // math.Abs
		case *ast.Ident:
			if other := l.decls[n.Name]; other != nil {
				if listed := small(l.listed(other)); other != d && !slices.Contains(needs, listed) {
					needs = append(needs, listed)
				}
				n.Name = small(n.Name)
			}
		}
		return true
	})
	slices.Sort(needs)
	return needs
}

func (l *library) listed(d ast.Decl) string {
	for _, name := range l.order {
		if l.decls[name] == d {
			return name
		}
	}
	return ""
}

func small(name string) string {
	r := []rune(name)
	r[0] = unicode.ToLower(r[0])
	return string(r)
}
