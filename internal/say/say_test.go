package say

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var placeholder = regexp.MustCompile(`\{[a-z_0-9]+\}`)

func names(s string) []string {
	found := placeholder.FindAllString(s, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// Every sentence exists in both languages with the same placeholders.
func TestBothLanguages(t *testing.T) {
	list, err := fs.Glob(files, "catalogue/*.json")
	if err != nil || len(list) == 0 {
		t.Fatal("no catalogue", err)
	}
	for _, file := range list {
		b, _ := files.ReadFile(file)
		var m map[string]map[Lang]string
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for name, e := range m {
			if e[English] == "" || e[Korean] == "" || len(e) != 2 {
				t.Errorf("%s: %s needs exactly en and ko", file, name)
			}
			if !slices.Equal(names(e[English]), names(e[Korean])) {
				t.Errorf("%s: %s: placeholders differ: %v and %v", file, name, names(e[English]), names(e[Korean]))
			}
		}
	}
}

// Every key that the code names is in the catalogue, and its arguments fill the placeholders exactly.
func TestEveryCallHasItsSentence(t *testing.T) {
	calls := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if c, ok := n.(*ast.CallExpr); ok {
				calls += checkCall(t, path, c)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if calls < 5 {
		t.Errorf("only %d calls found: the scan is broken", calls)
	}
}

// checkCall looks at say.Error(key, …), say.Failure(key, …), say.Text(lang, key, …) and x.text(key, …).
func checkCall(t *testing.T, path string, c *ast.CallExpr) int {
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return 0
	}
	at := -1
	pkg, _ := sel.X.(*ast.Ident)
	switch {
	case pkg != nil && pkg.Name == "say" && (sel.Sel.Name == "Error" || sel.Sel.Name == "Failure"):
		at = 0
	case pkg != nil && pkg.Name == "say" && sel.Sel.Name == "Text":
		at = 1
	case sel.Sel.Name == "text":
		at = 0
	}
	if at < 0 || len(c.Args) <= at {
		return 0
	}
	lit, ok := c.Args[at].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return 0
	}
	key, _ := strconv.Unquote(lit.Value)
	if !Has(key) {
		t.Errorf("%s: no sentence %q in the catalogue", path, key)
		return 1
	}
	if c.Ellipsis != token.NoPos {
		return 1
	}
	var given []string
	for i := at + 1; i < len(c.Args); i += 2 {
		if l, ok := c.Args[i].(*ast.BasicLit); ok {
			s, _ := strconv.Unquote(l.Value)
			given = append(given, "{"+s+"}")
		}
	}
	slices.Sort(given)
	want := names(template(English, key))
	for _, w := range want {
		if !slices.Contains(given, w) {
			t.Errorf("%s: %s needs %s", path, key, w)
		}
	}
	for _, g := range given {
		if !slices.Contains(want, g) && g != "{cause}" { // a cause may be kept for errors.Is alone
			t.Errorf("%s: %s has no place for %s", path, key, g)
		}
	}
	return 1
}

func TestErrSpeaksBothLanguages(t *testing.T) {
	err := Error("say.unknown", "what", "rule", "name", "adan", "nearest", "adam", "known", []string{"adam", "descent"})
	if got := err.Error(); !strings.Contains(got, `"adan"`) || !strings.Contains(got, `"adam"`) {
		t.Error(got)
	}
	if got := In(Korean, err); got == err.Error() || !strings.Contains(got, "adan") {
		t.Error(got)
	}
	wrapped := Error("say.inside", "where", "spec.json", "cause", err)
	if !strings.Contains(In(Korean, wrapped), err.In(Korean)) {
		t.Error("the cause keeps its English:", In(Korean, wrapped))
	}
}

func TestNearest(t *testing.T) {
	for name, want := range map[string]string{"sigmod": "sigmoid", "RELU": "relu", "leaky": "leaky-relu"} {
		if got := Nearest(name, []string{"sigmoid", "tanh", "relu", "leaky-relu"}); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// What stands in a sentence looks as fmt shows it.
func TestPlain(t *testing.T) {
	type word string
	type count int
	for _, v := range []any{
		nil, "한", word("w"), count(-4), uint8(7), uint64(1) << 63, int64(-1) << 63, true, float32(.1), 1e-5, 1e-4, 123456789.125, 1e20, 1e21, -2.5, 0.,
		math.Copysign(0, -1), math.NaN(), math.Inf(-1),
		[]int{1, 2},
		[]word{"a", "b"},
		[]float64{.5, 1e30},
		[2]bool{true},
		[]any{1, "x", nil},
		[]string{},
		time.Second, errors.New("cause"),
		struct{ A, B int }{1, 2},
		map[string]int{"a": 1},
		&struct{ A *int }{},
	} {
		if got, want := plain(v), fmt.Sprint(v); got != want {
			t.Errorf("%T: %q, want %q", v, got, want)
		}
	}
}
