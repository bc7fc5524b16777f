package gradus

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ladder is the house as data: a package may import what stands lower, its neighbours on its own floor too, but not on floor 6.
var ladder = map[string]int{
	"internal/kernel": 0, "internal/say": 0, "internal/disk": 0, "internal/safetensors": 0, "internal/picture": 0, "internal/profile": 0, "internal/onnxpb": 0,
	"internal/notice": 0, "internal/mpi": 0,
	"mat": 1, "metric": 1, "privacy": 1,
	"activation": 2, "cost": 2, "optimizer": 2, "tape": 2,
	"perceptron": 3, "network": 3,
	"train": 4, "table": 4, "regression": 4, "data": 4, "source": 4, "recalibrate": 4, "weights": 4, "internal/shard": 4,
	"trace": 5, "deck": 5, "internal/trial": 5, "experiment": 5, "model": 5, "fit": 5, "check": 5, "internal/blend": 5,
	"validate": 6, "explain": 6, "report": 6, "store": 6, "internal/modeltest": 6, "onnx": 6, "export": 6, "cluster": 6, "adopt": 6,
	"study": 7, "protocol": 7, "pipe": 7, "federate": 7,
	"lab/scene": 6, "lab/scene/scenetest": 7, "lab/front": 7, "lab/chapter1": 7, "lab/chapter2": 7, "lab/chapter3": 7, "lab/chapter4": 7, "lab/chapter5": 7, "lab/room": 7, "lab/clinic": 7,
	"lab/page": 8, "lab/keep": 8, "lab/wasm": 8, "lab/wasm/trim": 8, "lab": 8,
	"serve":      8,
	"bench":      8,
	"cmd/gradus": 9,
}

// core packages compute and nothing else: they run in the page too.
var core = words("internal/kernel internal/profile mat metric activation cost optimizer tape perceptron network train weights")

// outside is what the core must not import.
var outside = words("os os/exec os/signal net net/http flag log log/slog syscall")

// exact packages give the same bits on every platform, which these functions of math do not.
var exact = words("mat activation cost optimizer tape perceptron network train trace deck experiment internal/trial regression recalibrate lab/clinic")

var inexact = words("Exp Exp2 Expm1 Log Log1p Log2 Log10 Tanh Sinh Cosh Tan Sin Cos Sincos Asin Acos Atan Atan2 Erf Erfc Pow Cbrt Hypot Gamma Lgamma FMA")

// thirdParty is what each package may import from outside Go's library and this module; few library packages have a row.
var thirdParty = map[string][]string{
	"internal/kernel": words("golang.org/x/sys/cpu"),
	"source":          words("golang.org/x/text/encoding/korean"),
	"check":           words("go.yaml.in/yaml/v3 golang.org/x/text/unicode/norm"),
	"store":           words("modernc.org/sqlite"),
	"onnx":            words("google.golang.org/protobuf/proto"),
	"internal/onnxpb": words("google.golang.org/protobuf/reflect/protoreflect google.golang.org/protobuf/runtime/protoimpl"),
	"lab":             words("github.com/coder/websocket"),
	"internal/mpi":    words("github.com/ebitengine/purego"),
	"cmd/gradus": words("github.com/spf13/cobra github.com/spf13/pflag github.com/inconshreveable/mousetrap github.com/jedib0t/go-pretty/v6/table " +
		"github.com/jedib0t/go-pretty/v6/text github.com/vbauerster/mpb/v8 github.com/vbauerster/mpb/v8/decor golang.org/x/sys/unix golang.org/x/term"),
}

var badNames = words("util utils common types pkg core helper helpers misc shared base")

const (
	longestFunction = 40
	longestFile     = 400
	mostImports     = 5 // of ours, the tools of internal/ not counted; the command line wires everything, bench measures everything, lab/page lists every chapter
)

func words(s string) []string { return strings.Fields(s) }

// source is one Go file that is no test.
type source struct {
	pkg, name string // "internal/say", "say.go"
	lines     int
	set       *token.FileSet
	file      *ast.File
}

func parse(name string, text []byte) (source, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return source{path.Dir(name), path.Base(name), strings.Count(string(text), "\n"), set, file}, err
}

func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if _, err := os.Stat(filepath.Join(name, "go.mod")); d.IsDir() && name != "." && err == nil {
			return filepath.SkipDir // a module of its own
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		s, err := parse(filepath.ToSlash(name), text)
		list = append(list, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// rules are the laws of the house: each returns what it finds wrong.
var rules = map[string]func([]source) []string{
	"ladder": checkLadder, "fan-out": checkFanOut, "core": checkCore, "exact": checkExact, "third party": checkThirdParty,
	"names": checkNames, "length": checkLength, "exit": checkExit, "documented": checkDocumented,
}

func TestArchitecture(t *testing.T) {
	tree := sources(t)
	if len(tree) < 20 {
		t.Fatalf("only %d files found: the walk is broken", len(tree))
	}
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			for _, complaint := range rule(tree) {
				t.Error(complaint)
			}
		})
	}
}

// Every rule must catch its offence and let its neighbour pass, else it guards nothing.
func TestRulesBite(t *testing.T) {
	long := "package a\n\n// F is long.\nfunc F() {\n" + strings.Repeat("\t_ = 0\n", longestFunction-1) + "}\n"
	many := "package a\nimport (\n\"gradus/mat\"\n\"gradus/cost\"\n\"gradus/tape\"\n\"gradus/metric\"\n\"gradus/activation\"\n%s)\n"
	for _, c := range []struct{ rule, at, bad, good string }{
		{"ladder", "cost/a.go", "package a\nimport _ \"gradus/train\"", "package a\nimport _ \"gradus/mat\""},
		{"ladder", "report/a.go", "package a\nimport _ \"gradus/validate\"", "package a\nimport _ \"gradus/model\""},
		{"ladder", "cost/a.go", "package a\nimport _ \"gradus/attic\"", "package a\nimport _ \"gradus/activation\""},
		{"fan-out", "network/a.go", fmt.Sprintf(many, "\"gradus/optimizer\"\n"), fmt.Sprintf(many, "")},
		{"core", "train/a.go", "package a\nimport _ \"net/http\"", "package a\nimport _ \"sort\""},
		{"exact", "cost/a.go", "package a\nimport \"math\"\nvar _ = math.Log(2)", "package a\nimport \"math\"\nvar _ = math.Sqrt(2)"},
		{"exact", "cost/a.go", "package a\nimport m \"math\"\nvar _ = m.Log(2)", "package a\nimport \"gradus/internal/kernel\"\nvar _ = kernel.Log(2)"},
		{"third party", "cost/a.go", "package a\nimport _ \"github.com/spf13/cobra\"", "package a\nimport _ \"go/ast\""},
		{"names", "util/a.go", "package util", ""},
		{"names", "cost/a.go", "package price", "package cost"},
		{"length", "cost/a.go", long, strings.Replace(long, "\t_ = 0\n", "", 1)},
		{"length", "cost/a.go", "package a\n" + strings.Repeat("\n", longestFile), "package a\n"},
		{"length", "cost/a.go", long, "// Code generated by b. DO NOT EDIT.\n\n" + long},
		{"exit", "cost/a.go", "package a\nimport \"os\"\nfunc f() { os.Exit(1) }", "package a\nimport \"os\"\nvar _ = os.Args"},
		{"documented", "cost/a.go", "package a\nfunc F() {}", "package a\n\n// F is.\nfunc F() {}"},
		{"documented", "cost/a.go", "package a\n\n// T is.\ntype T int\nfunc (T) M() {}", "package a\ntype t int\nfunc (t) M() {}"},
		{"documented", "cost/a.go", "package a\nconst (\nA = 1\n)", "package a\n\n// The letters.\nconst (\nA = 1\n)"},
		{"documented", "cost/a.go", "package a\ntype T int", "package a\nvar v int"},
	} {
		for text, complains := range map[string]bool{c.bad: true, c.good: false} {
			if text == "" {
				continue
			}
			s, err := parse(c.at, []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			files := []source{s}
			if c.rule == "exit" {
				home, _ := parse("cmd/gradus/main.go", []byte("package main\nimport \"os\"\nfunc main() { os.Exit(0) }"))
				files = append(files, home)
			}
			if got := rules[c.rule](files); (len(got) > 0) != complains {
				t.Errorf("%s says %v of\n%s", c.rule, got, text)
			}
		}
	}
}

// imports calls f with each import path of s; ours come as the folder in the tree.
func imports(s source, f func(p string, ours bool)) {
	for _, spec := range s.file.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		inner, ours := strings.CutPrefix(p, "gradus/")
		f(inner, ours)
	}
}

func checkLadder(tree []source) (wrong []string) {
	for _, s := range tree {
		floor, ok := ladder[s.pkg]
		if !ok && s.pkg != "." {
			wrong = append(wrong, s.pkg+" is not on the ladder: give it a floor in arch_test.go and ARCHITECTURE.md")
			continue
		}
		imports(s, func(p string, ours bool) {
			below, known := ladder[p]
			switch {
			case !ours:
			case !known:
				wrong = append(wrong, fmt.Sprintf("%s/%s imports %s, which is not on the ladder", s.pkg, s.name, p))
			case below > floor:
				wrong = append(wrong, fmt.Sprintf("%s/%s (floor %d) imports %s (floor %d): imports only point down", s.pkg, s.name, floor, p, below))
			case below == floor && floor == 6:
				wrong = append(wrong, fmt.Sprintf("%s/%s imports %s: packages of floor 6 do not know one another", s.pkg, s.name, p))
			}
		})
	}
	return wrong
}

func checkFanOut(tree []source) (wrong []string) {
	of := map[string]map[string]bool{}
	for _, s := range tree {
		imports(s, func(p string, ours bool) {
			if ours && !strings.HasPrefix(p, "internal/") {
				if of[s.pkg] == nil {
					of[s.pkg] = map[string]bool{}
				}
				of[s.pkg][p] = true
			}
		})
	}
	for pkg, set := range of {
		if len(set) > mostImports && !strings.HasPrefix(pkg, "cmd/") && pkg != "bench" && pkg != "lab/page" {
			wrong = append(wrong, fmt.Sprintf("%s imports %d of our packages, at most %d: %v", pkg, len(set), mostImports, slices.Sorted(maps.Keys(set))))
		}
	}
	return wrong
}

func checkCore(tree []source) (wrong []string) {
	for _, s := range tree {
		imports(s, func(p string, _ bool) {
			if slices.Contains(core, s.pkg) && slices.Contains(outside, p) {
				wrong = append(wrong, fmt.Sprintf("%s/%s imports %s: the core runs in the page too", s.pkg, s.name, p))
			}
		})
	}
	return wrong
}

func checkThirdParty(tree []source) (wrong []string) {
	for _, s := range tree {
		imports(s, func(p string, ours bool) {
			first, _, _ := strings.Cut(p, "/")
			if !ours && strings.Contains(first, ".") && !slices.Contains(thirdParty[s.pkg], p) {
				wrong = append(wrong, fmt.Sprintf("%s/%s imports %s, which its row in thirdParty does not allow", s.pkg, s.name, p))
			}
		})
	}
	return wrong
}

// checkExact finds uses of math functions, under whatever name math was imported.
func checkExact(tree []source) (wrong []string) {
	for _, s := range tree {
		if !slices.Contains(exact, s.pkg) {
			continue
		}
		for _, spec := range s.file.Imports {
			if spec.Path.Value != `"math"` {
				continue
			}
			local := "math"
			if spec.Name != nil {
				local = spec.Name.Name
			}
			ast.Inspect(s.file, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok && isNamed(sel.X, local) && slices.Contains(inexact, sel.Sel.Name) {
					wrong = append(wrong, fmt.Sprintf("%s: math.%s differs between platforms; use internal/kernel", s.set.Position(sel.Pos()), sel.Sel.Name))
				}
				return true
			})
		}
	}
	return wrong
}

func isNamed(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func checkNames(tree []source) (wrong []string) {
	for _, s := range tree {
		name, folder := s.file.Name.Name, path.Base(s.pkg)
		if slices.Contains(badNames, folder) {
			wrong = append(wrong, s.pkg+": a name that says nothing; call it by what it holds")
		}
		if name != folder && name != "main" && s.pkg != "." {
			wrong = append(wrong, fmt.Sprintf("%s/%s is of package %s", s.pkg, s.name, name))
		}
	}
	return wrong
}

// written are the files that people wrote, not a program.
func written(tree []source) []source {
	return slices.DeleteFunc(slices.Clone(tree), func(s source) bool { return ast.IsGenerated(s.file) })
}

func checkLength(tree []source) (wrong []string) {
	for _, s := range written(tree) {
		if s.lines > longestFile {
			wrong = append(wrong, fmt.Sprintf("%s/%s has %d lines, at most %d", s.pkg, s.name, s.lines, longestFile))
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				from, to := s.set.Position(f.Pos()), s.set.Position(f.End())
				if n := to.Line - from.Line + 1; n > longestFunction {
					wrong = append(wrong, fmt.Sprintf("%s: %s has %d lines, at most %d", from, f.Name.Name, n, longestFunction))
				}
			}
		}
	}
	return wrong
}

// checkExit: one os.Exit in the whole tree, in the command's main.go, and none in disguise.
func checkExit(tree []source) (wrong []string) {
	for _, s := range tree {
		calls := 0
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if isNamed(sel.X, "os") && sel.Sel.Name == "Exit" || isNamed(sel.X, "log") && strings.HasPrefix(sel.Sel.Name, "Fatal") {
					calls++
				}
			}
			return true
		})
		if home := s.pkg == "cmd/gradus" && s.name == "main.go"; calls > 1 || calls == 1 && !home {
			wrong = append(wrong, fmt.Sprintf("%s/%s ends the process: only main in cmd/gradus/main.go does, once", s.pkg, s.name))
		}
	}
	return wrong
}

func checkDocumented(tree []source) (wrong []string) {
	for _, s := range written(tree) {
		for _, d := range s.file.Decls {
			for _, name := range undocumented(d) {
				wrong = append(wrong, fmt.Sprintf("%s: %s has no comment", s.set.Position(d.Pos()), name))
			}
		}
	}
	return wrong
}

// undocumented lists the exported names that d declares without a word about them. A group's comment speaks for its members.
func undocumented(d ast.Decl) (list []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && (d.Recv == nil || exportedReceiver(d.Recv.List[0].Type)) {
			return []string{d.Name.Name}
		}
	case *ast.GenDecl:
		if d.Doc != nil {
			return nil
		}
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Doc == nil && spec.Comment == nil && spec.Name.IsExported() {
					list = append(list, spec.Name.Name)
				}
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					if spec.Doc == nil && spec.Comment == nil && name.IsExported() {
						list = append(list, name.Name)
					}
				}
			}
		}
	}
	return list
}

func exportedReceiver(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.StarExpr:
		return exportedReceiver(e.X)
	case *ast.IndexExpr:
		return exportedReceiver(e.X)
	case *ast.IndexListExpr:
		return exportedReceiver(e.X)
	case *ast.Ident:
		return e.IsExported()
	}
	return false
}

// purego makes a Linux binary dynamic: gradus-mpi alone, which is built with the tag mpi, links it.
func TestStatic(t *testing.T) {
	for tags, want := range map[string]bool{"": false, "mpi": true} {
		c := exec.Command("go", "list", "-deps", "-tags", tags, "./cmd/gradus")
		c.Env = append(os.Environ(), "GOOS=linux", "CGO_ENABLED=0")
		list, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(list), "ebitengine/purego"); got != want {
			t.Errorf("tags %q: links purego is %v", tags, got)
		}
	}
}
