package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// passage is a block of a tutorial: a file to write, or a command with what it prints.
var passage = regexp.MustCompile("(?ms)^```(csv [^\n]+|console)\n(.*?)^```\n")

// Every command of the tutorials prints what the tutorial says, in a folder where nothing was before.
func TestTutorials(t *testing.T) {
	for _, lang := range []string{"en", "ko"} {
		t.Run(lang, func(t *testing.T) {
			name, _ := filepath.Abs("../../docs/first-study." + lang + ".md")
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			now := passage.ReplaceAllStringFunc(string(text), func(block string) string {
				m := passage.FindStringSubmatch(block)
				if file, is := strings.CutPrefix(m[1], "csv "); is {
					if err := os.WriteFile(file, []byte(m[2]), 0o600); err != nil {
						t.Fatal(err)
					}
					return block
				}
				line, _, _ := strings.Cut(m[2], "\n")
				return "```console\n" + line + "\n" + typed(t, lang, strings.TrimPrefix(line, "$ ")) + "```\n"
			})
			switch {
			case *update:
				if err := os.WriteFile(name, []byte(now), 0o644); err != nil {
					t.Fatal(err)
				}
			case now != string(text):
				t.Errorf("%s is behind the program at %s\nrun: go test ./cmd/gradus -run TestTutorials -update", filepath.Base(name), firstDifference(string(text), now))
			}
		})
	}
}

// typed runs a line as a shell would: a command of gradus, its output into a file or onto the screen.
func typed(t *testing.T, lang, line string) string {
	t.Helper()
	line, file, redirected := strings.Cut(line, " > ")
	words, plain := shellWords(line)
	if !plain || words[0] != "gradus" {
		t.Fatalf("%s is no command of gradus", line)
	}
	home, _ := os.Getwd()
	r := launch(t.Context(), "", map[string]string{"HOME": home, "XDG_DATA_HOME": home, "GRADUS_LANG": lang}, words[1:]...).ok(t)
	if redirected {
		if err := os.WriteFile(file, []byte(r.out), 0o600); err != nil {
			t.Fatal(err)
		}
		return ""
	}
	return r.out
}
