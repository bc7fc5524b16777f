// Command trim makes the page's engine smaller without a change to what it computes: it lays the engine's memory out in few pieces,
// empties the tables that only name files, lines and functions in the trace of a crash, and puts the functions of the packages that the
// first pages do not need into a part of its own.
//
//	trim ENGINE.wasm REST.wasm PACKAGE…
package main

import (
	"fmt"
	"os"
	"strings"
)

func main() {
	if len(os.Args) < 4 {
		panic("usage: trim ENGINE.wasm REST.wasm PACKAGE…")
	}
	if err := trim(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		panic(err) // the build stops, and names the file
	}
}

// trim rewrites one module, and writes its later part beside it. Tables in a form that it does not know, those of another Go, stay as
// they are.
func trim(name, rest string, packages []string) error {
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
	p, err := read(m)
	if err != nil {
		return err
	}
	p.prepare()
	for i, q := range packages {
		packages[i] = strings.ReplaceAll(q, "/", "_") // as the linker names functions
	}
	later, err := p.split(packages)
	if err != nil {
		return err
	}
	if err := os.WriteFile(name, p.bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(rest, later.bytes(), 0o644)
}
