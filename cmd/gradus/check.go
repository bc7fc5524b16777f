package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gradus/check"
	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/source"
)

// checkFlags are the flags of gradus check.
type checkFlags struct {
	target, sheet, out, study, clean string
	keep                             []string
}

// newCheck is gradus check TABLE.
func newCheck(a *app) *cobra.Command {
	var f checkFlags
	c := a.command("check TABLE", 1, 1, func(args []string) error { return a.check(args[0], f) })
	c.Flags().StringVar(&f.target, "target", "", a.text("check.cmd_flag_target"))
	c.Flags().StringVar(&f.sheet, "sheet", "", a.text("check.cmd_flag_sheet"))
	c.Flags().StringVarP(&f.out, "out", "o", "", a.text("check.cmd_flag_out"))
	c.Flags().StringVar(&f.study, "study", "", a.text("check.cmd_flag_study"))
	c.Flags().StringVar(&f.clean, "clean", "", a.text("check.cmd_flag_clean"))
	c.Flags().StringArrayVar(&f.keep, "keep", nil, a.text("check.cmd_flag_keep"))
	c.Example = "gradus check table.xlsx --target 사망\ngradus check table.csv --target died_30d -o study.yaml\ngradus check table.csv --json\n" +
		"gradus check next-year.xlsx --study study.yaml --clean next-year.csv && gradus predict model.gradus next-year.csv"
	return c
}

func (a *app) check(path string, f checkFlags) error {
	if f.out != "" && sameFile(path, f.out) {
		return say.Error("check.same_out", "out", f.out)
	}
	if f.study != "" || f.clean != "" || len(f.keep) > 0 {
		return a.clean(path, f)
	}
	sheet, err := source.Read(path, source.Options{Sheet: f.sheet})
	if err != nil {
		return err
	}
	name := filepath.Base(path)
	r, err := check.Table(name, sheet, check.Options{Target: f.target, Lang: a.lang, Today: int(time.Now().Unix() / 86400)})
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := a.writeStudy(r, name, sheet.SHA256, f.out); err != nil {
			return err
		}
	}
	if a.json {
		return a.writeJSON(r)
	}
	a.showReport(name, r)
	for _, w := range r.Warnings {
		a.note(w)
	}
	if f.out != "" {
		a.note(a.text("check.cmd_written", "out", f.out))
	} else {
		a.note(a.text("check.cmd_study", "file", name))
	}
	return nil
}

// writeStudy writes the study that follows from r by default.
func (a *app) writeStudy(r *check.Report, name, sum, out string) error {
	b, err := check.NewStudy(r, name, sum, a.seed).Write(a.lang)
	if err != nil {
		return err
	}
	return disk.WriteFile(out, func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	})
}

// showReport prints what was found.
func (a *app) showReport(name string, r *check.Report) {
	encoding := r.Encoding
	if r.Sheet != "" {
		encoding += " (" + r.Sheet + ")"
	}
	a.print(a.text("check.cmd_records", "file", name, "encoding", encoding, "header", r.HeaderRow, "records", r.Records, "rows", r.Rows))
	n := map[string]int{}
	for _, e := range r.Excluded {
		n[e.Reason]++
	}
	if len(r.Excluded) > 0 {
		a.print(a.text("check.cmd_excluded", "blank", n["blank"], "footer", n["footer"], "duplicate", n["duplicate"], "title", n["title"]))
	}
	a.print("")
	var rows, proposals [][]string
	for _, c := range r.Columns {
		rows = append(rows, []string{
			c.Name, a.text("check.kind_" + string(c.Kind)), a.text("check.role_" + string(c.Role)), fmt.Sprint(c.Missing), about(c),
		})
		for _, p := range c.Proposals {
			proposals = append(proposals, []string{c.Name, p.Value, p.As, fmt.Sprint(p.Count), p.Why})
		}
	}
	a.table([]string{
		a.text("check.cmd_column"), a.text("check.cmd_kind"), a.text("check.cmd_role"), a.text("check.cmd_missing"), a.text("check.cmd_what"),
	}, rows)
	if len(proposals) > 0 {
		a.print("")
		a.table([]string{
			a.text("check.cmd_column"), a.text("check.cmd_proposal"), a.text("check.cmd_as"), a.text("check.cmd_count"), a.text("check.cmd_why"),
		}, proposals)
	}
}

// about is the reason of a column's role, or its most frequent levels.
func about(c check.Column) string {
	const shown = 6
	if c.Reason != "" {
		return c.Reason
	}
	names := make([]string, 0, len(c.Levels))
	for l := range c.Levels {
		names = append(names, l)
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := c.Levels[b] - c.Levels[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	parts := make([]string, 0, shown+1)
	for _, l := range names[:min(shown, len(names))] {
		parts = append(parts, fmt.Sprintf("%s %d", l, c.Levels[l]))
	}
	if len(names) > shown {
		parts = append(parts, "…")
	}
	return strings.Join(parts, ", ")
}
