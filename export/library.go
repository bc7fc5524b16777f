package export

import (
	_ "embed" // the libraries
	"regexp"
	"slices"
	"strings"
)

// The functions of the kernel that a prediction needs, in Go and in C: blocks under lines "== name: what it needs", where @name is a table of
// the Go library. Tests hold both against the kernel.
var (
	//go:embed library.go.txt
	libraryGo string
	//go:embed library.c.txt
	libraryC string
)

// block is one part of a library.
type block struct {
	name  string
	needs []string
	text  string
}

func blocks(library string) (list []block) {
	for _, part := range strings.Split("\n"+library, "\n== ")[1:] {
		head, text, _ := strings.Cut(part, "\n")
		name, needs, _ := strings.Cut(head, ":")
		list = append(list, block{name, strings.Fields(needs), text})
	}
	return list
}

// need is the text of the blocks that names call for, each behind what it needs itself; two that need each other stand as they come.
func need(library string, names ...string) string {
	list, seen := blocks(library), map[string]bool{}
	var out strings.Builder
	var visit func(name string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		if table, ok := strings.CutPrefix(name, "@"); ok {
			out.WriteString(tableC(table) + "\n")
			return
		}
		b := list[slices.IndexFunc(list, func(b block) bool { return b.name == name })]
		for _, n := range b.needs {
			visit(n)
		}
		out.WriteString(b.text + "\n")
	}
	for _, name := range names {
		visit(name)
	}
	return out.String()
}

var (
	ofRows = regexp.MustCompile(`(?m)^(?:var|\t)\s*(\w+)\s*= \[(\w+)\]\[(\d+)\]float64\{$`)
	ofList = regexp.MustCompile(`(?m)^\t(\w+)\s*= \[\]float64\{$`)
	ends   = regexp.MustCompile(`(?m)^\t?\}$`)
	braces = regexp.MustCompile(`(?m)^(var \(|\))\n?`)
)

// tableC is a table of the Go library in C.
func tableC(name string) string {
	list := blocks(libraryGo)
	text := list[slices.IndexFunc(list, func(b block) bool { return b.name == name })].text
	text = ofRows.ReplaceAllString(text, "static const double $1[][$3] = {")
	text = ofList.ReplaceAllString(text, "static const double $1[] = {")
	return braces.ReplaceAllString(ends.ReplaceAllString(text, "};"), "")
}
