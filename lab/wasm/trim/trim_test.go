package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// built is a small program as WebAssembly.
func built(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "small.wasm")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", name, "./testdata/small")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return name
}

func run(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command(filepath.Join(runtime.GOROOT(), "lib", "wasm", "go_js_wasm_exec"), name).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// A trimmed program does what it did, and is much smaller as a server sends it.
func TestTrimmedProgramRuns(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is missing")
	}
	name := built(t)
	before, want := read(t, name), run(t, name)
	if err := trim(name); err != nil {
		t.Fatal(err)
	}
	if got := run(t, name); got != want || want == "" {
		t.Errorf("%s\nwas\n%s", got, want)
	}
	if a, b := squeezed(t, read(t, name)), squeezed(t, before); a > b*85/100 {
		t.Errorf("%d bytes of %d", a, b)
	}
}

// Laying the memory out anew moves no byte of it, and the tables of this Go are known.
func TestMemoryStays(t *testing.T) {
	m, err := parse(read(t, built(t)))
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
	whole := read(t, built(t))
	for _, code := range [][]byte{nil, []byte("\x7fELF"), whole[:7], whole[:len(whole)/2], whole[:len(whole)-1]} {
		name := filepath.Join(t.TempDir(), "x.wasm")
		if err := os.WriteFile(name, code, 0o600); err != nil {
			t.Fatal(err)
		}
		if trim(name) == nil {
			t.Errorf("%d bytes of a module are taken", len(code))
		}
	}
	if err := blank(make([]byte, 4096)); err == nil {
		t.Error("tables are found where there are none")
	}
}

func read(t *testing.T, name string) []byte {
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
