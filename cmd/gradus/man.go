package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gradus/internal/disk"
	"gradus/model"
)

// newMan is gradus man [COMMAND] [--dir DIR]. The pages are written here and not by cobra's own generator, which knows no
// Korean headings, prints the date of the day and brings three more modules.
func newMan(a *app) *cobra.Command {
	var dir string
	c := a.command("man [COMMAND]", 0, 1, nil)
	c.RunE = func(c *cobra.Command, args []string) error {
		about, rest, err := c.Root().Find(args)
		if err != nil {
			return err
		}
		if len(rest) > 0 {
			return unknownCommand(c.Root(), rest)
		}
		if dir != "" {
			return a.writePages(c.Root(), dir)
		}
		_, _ = a.Write([]byte(a.page(about))) // a failed write is kept for the exit code
		return nil
	}
	c.Flags().StringVar(&dir, "dir", "", a.text("cmd.man_dir"))
	c.Example = "gradus man | man -l -\ngradus man --dir ~/.local/share/man/man1"
	return c
}

// writePages writes one page for the program and one for each command into dir.
func (a *app) writePages(root *cobra.Command, dir string) error {
	_ = os.MkdirAll(dir, 0o755) // where it fails, writing the first page says why
	for _, c := range append([]*cobra.Command{root}, root.Commands()...) {
		if c.Hidden {
			continue
		}
		path := filepath.Join(dir, pageName(c)+".1")
		err := disk.WriteFile(path, func(w io.Writer) error {
			_, err := io.WriteString(w, a.page(c))
			return err
		})
		if err != nil {
			return err
		}
		a.note(path)
	}
	return nil
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// page is the manual page of c in roff.
func (a *app) page(c *cobra.Command) string {
	var b strings.Builder
	section := func(key string) { fmt.Fprintf(&b, ".SH %s\n", strings.ToUpper(a.text(key))) }
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"gradus %s\"\n", strings.ToUpper(pageName(c)), model.Version)
	section("cmd.man_name")
	fmt.Fprintf(&b, "%s \\- %s\n", roff(pageName(c)), roff(c.Short))
	section("cmd.help_usage")
	use := c.UseLine()
	if !c.HasParent() {
		use = "gradus COMMAND"
	}
	fmt.Fprintf(&b, ".B %s\n[\\-\\-FLAG …]\n", roff(use))
	section("cmd.man_description")
	b.WriteString(strings.ReplaceAll(roff(c.Long), "\n", "\n.PP\n") + "\n")
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(sub.Name()), roff(sub.Short))
		}
	}
	section("cmd.help_flags")
	flags := listed(c.Root().PersistentFlags())
	if c.HasParent() {
		flags = append(ownFlags(c), flags...)
	}
	for _, f := range flags {
		name, about := a.flagWords(f)
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(strings.TrimSpace(name)), roff(about))
	}
	if c.Example != "" {
		section("cmd.help_examples")
		fmt.Fprintf(&b, ".nf\n%s\n.fi\n", roff(c.Example))
	}
	return b.String()
}

// roff guards what the formatter would take for its own: backslashes, hyphens, and dots and quotes that begin a line.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
