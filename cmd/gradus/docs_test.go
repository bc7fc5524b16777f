package main

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the program prints now into docs/cli.md")

const manual = "../../docs/cli.md"

// session is a fenced block that begins with a command line: $ gradus …
var session = regexp.MustCompile("(?s)```text\n\\$ (gradus [^\n]*)\n(.*?)```\n")

// docs/cli.md shows what the program prints: each session in it is run again, and every command's help stands in it.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	now := session.ReplaceAllStringFunc(string(text), func(block string) string {
		m := session.FindStringSubmatch(block)
		shown[m[1]] = true
		words, plain := shellWords(m[1])
		if !plain {
			t.Errorf("%s is no single command", m[1])
		}
		return "```text\n$ " + m[1] + "\n" + gradus("", words[1:]...).ok(t).out + "```\n"
	})
	for _, name := range names(newRoot(&app{world: world{env: func(string) string { return "" }}})) {
		if line := "gradus " + name + " --help"; !shown[line] {
			now += "\n## gradus " + name + "\n\n```text\n$ " + line + "\n" + gradus("", name, "--help").ok(t).out + "```\n"
		}
	}
	if *update {
		if err := os.WriteFile(manual, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if now != string(text) {
		t.Errorf("docs/cli.md is behind the program at %s\nrun: go test ./cmd/gradus -run TestDocs -update", firstDifference(string(text), now))
	}
}

func firstDifference(a, b string) string {
	old, fresh := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(old), len(fresh)) {
		if old[i] != fresh[i] {
			return "\n- " + old[i] + "\n+ " + fresh[i]
		}
	}
	return "its end"
}
