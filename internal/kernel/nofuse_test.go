package kernel

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// exact are the packages whose bits must not depend on the platform.
var exact = []string{"gradus/internal/kernel", "gradus/activation"}

// fused are arm64's instructions that multiply and add with one rounding: FMADDD, FNMSUBS, …
var fused = regexp.MustCompile(`\bFN?M(ADD|SUB)[SD]?\b|\bVFML[AS]\b`)

// TestNothingFused compiles the packages for arm64, where Go's compiler fuses every x*y+z it may, and looks for the fused instructions.
func TestNothingFused(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go tool is missing")
	}
	dir := t.TempDir()
	build := exec.Command("go", append([]string{"test", "-c", "-vet=off", "-o", dir + string(filepath.Separator)}, exact...)...)
	build.Env = append(os.Environ(), "GOARCH=arm64", "GOOS=linux", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, pkg := range exact {
		code, err := exec.Command("go", "tool", "objdump", "-s", "^gradus/", filepath.Join(dir, filepath.Base(pkg)+".test")).Output()
		if err != nil {
			t.Fatal(err)
		}
		checkFused(t, pkg, code)
	}
}

// checkFused reads lines such as "  exp.go:31  0x1234  1f420841  FMADDD F1, F2, F3, F4"; tests may fuse what they like, and in fact do:
// that shows the search finds what it looks for.
func checkFused(t *testing.T, pkg string, code []byte) {
	t.Helper()
	products, inTests := 0, 0
	for lines := bufio.NewScanner(bytes.NewReader(code)); lines.Scan(); {
		line := lines.Text()
		test := strings.Contains(line, "_test.go:")
		switch {
		case strings.Contains(line, ".s:"): // float32, and fused on purpose
		case fused.MatchString(line) && test:
			inTests++
		case fused.MatchString(line):
			t.Errorf("%s: fused: write the product as float64(x*y): %s", pkg, strings.TrimSpace(line))
		case strings.Contains(line, "FMULD") && !test:
			products++
		}
	}
	if products == 0 || inTests == 0 {
		t.Errorf("%s: %d products and %d fused in tests found: the search does not see the code", pkg, products, inTests)
	}
}
