package kernel

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestGenerated writes the assembly anew and compares: what is checked in is what the generator says.
func TestGenerated(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go tool is missing")
	}
	dir := t.TempDir()
	binary := filepath.Join(dir, "gen.exe")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Dir, build.Env = "gen", append(os.Environ(), "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%v\n%s", err, out)
		}
		t.Skipf("the generator does not build here, avo is perhaps out of reach: %s", out)
	}
	if out, err := exec.Command(binary, "-folder", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	written, _ := filepath.Glob(filepath.Join(dir, "*.s"))
	if len(written) < 3 {
		t.Fatalf("the generator wrote only %q", written)
	}
	for _, name := range written {
		fresh, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := os.ReadFile(filepath.Base(name))
		if err != nil || !bytes.Equal(fresh, kept) {
			t.Errorf("%s is not what gen writes: run go generate ./internal/kernel (%v)", filepath.Base(name), err)
		}
	}
}
