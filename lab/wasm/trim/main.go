// Command trim makes the page's engine smaller without a change to what it computes: it lays the engine's memory out in few pieces, and
// empties the tables that only name files, lines and functions in the trace of a crash.
//
//	trim FILE.wasm …
package main

import (
	"fmt"
	"os"
)

func main() {
	for _, name := range os.Args[1:] {
		if err := trim(name); err != nil {
			panic(err) // the build stops, and names the file
		}
	}
}

// trim rewrites one module. Tables in a form that it does not know, those of another Go, stay as they are.
func trim(name string) error {
	code, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	m, err := parse(code)
	if err != nil {
		return err
	}
	memory := m.memory()
	if err := blank(memory); err != nil {
		fmt.Fprintln(os.Stderr, "trim: the tables for traces stay:", err)
	}
	m.lay(memory)
	return os.WriteFile(name, m.bytes(), 0o755)
}
