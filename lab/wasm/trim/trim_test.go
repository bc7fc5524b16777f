package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// built is a small program as WebAssembly.
func built(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "small.wasm")
	build := exec.Command("go", "build", "-trimpath", "-gcflags=gradus/...=-l", "-ldflags", "-w", "-o", name, "./testdata/small")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return name
}

// goWasm is the folder in which Go has what runs WebAssembly.
func goWasm(t *testing.T) string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm")
}

func run(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command(filepath.Join(goWasm(t), "go_js_wasm_exec"), name).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// A trimmed program in two parts does what it did, asks for the later part once, and is much smaller as a server sends it.
func TestTrimmedProgramRuns(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is missing")
	}
	name := built(t)
	before, want := bytesOf(t, name), run(t, name)
	rest := filepath.Join(filepath.Dir(name), "rest.wasm")
	if err := trim(name, rest, []string{"gradus/lab/wasm/trim/testdata/small/later"}); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", "testdata/run.mjs", filepath.Join(goWasm(t), "wasm_exec.js"), name, rest).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got, asked := strings.CutPrefix(string(out), "asked for the rest\n"); !asked || got != want || want == "" {
		t.Errorf("%s\nwas\n%s", out, want)
	}
	if a, b := squeezed(t, bytesOf(t, name))+squeezed(t, bytesOf(t, rest)), squeezed(t, before); a > b*85/100 {
		t.Errorf("%d bytes of %d", a, b)
	}
}

// Laying the memory out anew moves no byte of it, and the tables of this Go are known.
func TestMemoryStays(t *testing.T) {
	m, err := parse(bytesOf(t, built(t)))
	if err != nil {
		t.Fatal(err)
	}
	memory := m.memory()
	m.lay(memory)
	again, err := parse(m.bytes())
	if err != nil || !bytes.Equal(again.memory(), memory) {
		t.Fatalf("the memory is another: %v", err)
	}
	changed := bytes.Clone(memory)
	if err := blank(changed); err != nil {
		t.Fatal(err)
	}
	tables, _ := find(memory)
	if !bytes.Equal(changed[:tables.names], memory[:tables.names]) {
		t.Error("something before the tables has changed")
	}
	for i, c := range changed {
		if c != memory[i] && i >= tables.records && i < tables.end {
			t.Fatal("the list of functions has changed")
		}
	}
}

// What is no module, or is one in pieces, is refused.
func TestRefused(t *testing.T) {
	whole := bytesOf(t, built(t))
	for _, code := range [][]byte{nil, []byte("\x7fELF"), whole[:7], whole[:len(whole)/2], whole[:len(whole)-1]} {
		name := filepath.Join(t.TempDir(), "x.wasm")
		if err := os.WriteFile(name, code, 0o600); err != nil {
			t.Fatal(err)
		}
		if trim(name, name+".rest", []string{"main"}) == nil {
			t.Errorf("%d bytes of a module are taken", len(code))
		}
	}
	if err := blank(make([]byte, 4096)); err == nil {
		t.Error("tables are found where there are none")
	}
}

func bytesOf(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// squeezed is how many bytes a server sends.
func squeezed(t *testing.T, b []byte) int {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// A place on the stack goes into the store that uses it, over what computes the value; a place that is a value itself stays a sum.
func TestFold(t *testing.T) {
	place := func(k byte) []byte { return []byte{opLocalGet, 1, opExtend, opInt64, k, opInt64Add, opWrap} }
	value := []byte{opLocalGet, 2, opInt64, 3, opInt64Add}
	store := func(offset byte) []byte { return []byte{0x37, 3, offset} }
	copies := []byte{opMore, 10, 0, 0}
	for name, c := range map[string]struct{ is, want []byte }{
		"a store":  {slices.Concat(place(40), value, store(8)), slices.Concat([]byte{opLocalGet, 1}, value, store(48))},
		"a copy":   {slices.Concat(place(40), place(16), []byte{opInt32, 9}, copies), slices.Concat([]byte{opLocalGet, 1, opInt32, 40, opInt32Add, opLocalGet, 1, opInt32, 16, opInt32Add, opInt32, 9}, copies)},
		"a branch": {slices.Concat(place(8), []byte{opBlock, emptyBlock, opEnd}, value, store(0)), slices.Concat([]byte{opLocalGet, 1, opInt32, 8, opInt32Add, opBlock, emptyBlock, opEnd}, value, store(0))},
		"below 0":  {slices.Concat(place(0x7f), value, store(0)), slices.Concat(place(0x7f), value, store(0))},
		"a value":  {slices.Concat([]byte{opLocalGet, 3}, place(8), store(0)), slices.Concat([]byte{opLocalGet, 3, opLocalGet, 1, opInt32, 8, opInt32Add}, store(0))},
	} {
		_, list, err := steps(append([]byte{0}, c.is...))
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		for _, s := range fold(list) {
			got = append(got, s.text...)
		}
		if !bytes.Equal(got, c.want) {
			t.Errorf("%s: % x, want % x", name, got, c.want)
		}
	}
}
