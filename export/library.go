package export

import (
	_ "embed" // the libraries
	"slices"
	"strings"
)

// The functions of the kernel that a prediction needs, in Go and in C: blocks under lines "== name: what it needs". Tests hold both against
// the kernel.
var (
	//go:embed library.go.txt
	libraryGo string
	//go:embed library.c.txt
	libraryC string
)

// need is the text of the blocks of library that names call for, and theirs, in the order of the library.
func need(library string, names ...string) string {
	type block struct {
		name  string
		needs []string
		text  string
	}
	var blocks []block
	for _, part := range strings.Split("\n"+library, "\n== ")[1:] {
		head, text, _ := strings.Cut(part, "\n")
		name, needs, _ := strings.Cut(head, ":")
		blocks = append(blocks, block{name, strings.Fields(needs), text})
	}
	for i := 0; i < len(names); i++ {
		at := slices.IndexFunc(blocks, func(b block) bool { return b.name == names[i] })
		if at < 0 {
			panic("export: the library has no " + names[i])
		}
		for _, n := range blocks[at].needs {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	var out strings.Builder
	for _, b := range blocks {
		if slices.Contains(names, b.name) {
			out.WriteString(b.text)
		}
	}
	return out.String()
}
