package lab

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// sources hands over every file of the page's own code.
func sources(f func(name, text string)) error {
	return filepath.WalkDir("web/src", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".ts") && !strings.HasSuffix(name, ".svelte") {
			return err
		}
		b, err := os.ReadFile(name)
		f(filepath.ToSlash(name), string(b))
		return err
	})
}
