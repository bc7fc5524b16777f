package docs

import (
	"bytes"
	"flag"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the code of the tests into library.md")

// TestLibrary: every block of Go in library.md is code that this package compiles and runs, and what it prints is what the test saw.
// A line <!-- go: NAME … --> names what the block below it shows: the body of an Example, or declarations with their methods.
func TestLibrary(t *testing.T) {
	b, err := os.ReadFile("library.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	now := block.ReplaceAllFunc(b, func(old []byte) []byte {
		shown++
		names := strings.Fields(string(block.FindSubmatch(old)[1]))
		return []byte("<!-- go: " + strings.Join(names, " ") + " -->\n" + code(t, names))
	})
	if *update {
		if err := os.WriteFile("library.md", now, 0o644); err != nil {
			t.Fatal(err)
		}
	} else if !bytes.Equal(b, now) {
		t.Error("library.md is behind the code of this package; go test ./docs -update writes it")
	}
	if n := bytes.Count(now, []byte("```go\n")); n != shown {
		t.Errorf("%d blocks of Go, %d of them held by a test", n, shown)
	}
}

// block is a marker, the code below it, and what it prints.
var block = regexp.MustCompile("(?s)<!-- go: ([^\n]+) -->\n```go\n.*?```\n(?:\n?prints\n\n```text\n.*?\n```\n)?")

// code is what names stand for, as markdown.
func code(t *testing.T, names []string) string {
	var out, prints strings.Builder
	for _, name := range []string{"own_test.go", "library_test.go"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		cut := func(from, to token.Pos) string {
			return string(text[set.Position(from).Offset:set.Position(to).Offset])
		}
		for _, d := range file.Decls {
			if slices.Contains(names, named(d)) && (named(d) != "imports" || name == "library_test.go") {
				out.WriteString(strings.TrimSpace(cut(start(d), d.End())) + "\n\n")
			}
		}
		for _, e := range doc.Examples(file) {
			if !slices.Contains(names, "Example"+e.Name) {
				continue
			}
			body := e.Code.(*ast.BlockStmt)
			inside, _, _ := strings.Cut(cut(body.Lbrace+1, body.Rbrace), "\t// Output:")
			out.WriteString(strings.TrimSpace(strings.ReplaceAll("\n"+inside, "\n\t", "\n")) + "\n\n")
			prints.WriteString(e.Output)
		}
	}
	if out.Len() == 0 {
		t.Errorf("library.md shows %v, which the tests do not have", names)
	}
	list := "```go\n" + strings.TrimSpace(out.String()) + "\n```\n"
	if prints.Len() > 0 {
		list += "\nprints\n\n```text\n" + strings.TrimSpace(prints.String()) + "\n```\n"
	}
	return list
}

// named is what a declaration is found by: of a method its type.
func named(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return "imports"
		}
		if s, ok := d.Specs[0].(*ast.TypeSpec); ok {
			return s.Name.Name
		}
	case *ast.FuncDecl:
		if d.Recv == nil {
			return strings.Replace(d.Name.Name, "Example", "", 1) // of Examples the body is shown, not the declaration
		}
		return receiver(d.Recv.List[0].Type)
	}
	return ""
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// start is where a declaration begins, its comment included.
func start(d ast.Decl) token.Pos {
	switch d := d.(type) {
	case *ast.GenDecl:
		if d.Doc != nil {
			return d.Doc.Pos()
		}
	case *ast.FuncDecl:
		if d.Doc != nil {
			return d.Doc.Pos()
		}
	}
	return d.Pos()
}
