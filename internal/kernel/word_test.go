package kernel

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// encoded is an instruction that gen encodes itself, with what it means beside it.
var encoded = regexp.MustCompile(`(?m)^\tWORD \$0x([0-9a-f]{8}) // (.+)$`)

// TestEncodedWords asks the disassembler of binutils whether each of these codes is the instruction that stands beside it.
func TestEncodedWords(t *testing.T) {
	files, _ := filepath.Glob("*_arm64.s")
	var words [][]string
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := encoded.FindAllStringSubmatch(string(code), -1)
		if count := strings.Count(string(code), "WORD"); len(found) != count {
			t.Fatalf("%s: %d of %d codes found", file, len(found), count)
		}
		words = append(words, found...)
	}
	if len(words) < 3000 {
		t.Fatalf("only %d codes found in %q", len(words), files)
	}
	said := disassembled(t, words)
	if len(said) != len(words) {
		t.Fatalf("%d instructions of %d codes", len(said), len(words))
	}
	for i, w := range words {
		if got := strings.Join(strings.Fields(said[i]), " "); got != w[2] {
			t.Errorf("0x%s is %q, not %q", w[1], got, w[2])
		}
	}
}

// disassembled is what objdump makes of the codes, one instruction each.
func disassembled(t *testing.T, words [][]string) (text []string) {
	t.Helper()
	tool, err := exec.LookPath("aarch64-linux-gnu-objdump")
	if err != nil {
		t.Skip("aarch64-linux-gnu-objdump is missing: binutils-aarch64-linux-gnu has it")
	}
	var raw []byte
	for _, w := range words {
		x, err := strconv.ParseUint(w[1], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		raw = binary.LittleEndian.AppendUint32(raw, uint32(x))
	}
	file := filepath.Join(t.TempDir(), "words")
	if err := os.WriteFile(file, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-D", "-z", "-b", "binary", "-m", "aarch64", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(out), "\n") {
		// "   0:	4f9a1300 	fmla	v0.4s, v24.4s, v26.s[0]"
		if parts := strings.SplitN(line, "\t", 3); len(parts) == 3 {
			text = append(text, parts[2])
		}
	}
	return text
}
