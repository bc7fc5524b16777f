package main

import (
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"gradus/check"
	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/source"
)

// clean is gradus check TABLE --study STUDY --clean OUT: the table as the study reads it, for predict, evaluate and drift.
func (a *app) clean(path string, f checkFlags) error {
	keep, err := f.cleaning(path)
	if err != nil {
		return err
	}
	s, err := readStudy(f.study)
	if err != nil {
		return err
	}
	sheet, err := source.Read(path, source.Options{Sheet: f.sheet})
	if err == nil && f.sheet == "" && sheet.Name != s.Table.Sheet && slices.Contains(sheet.Sheets, s.Table.Sheet) {
		sheet, err = source.Read(path, source.Options{Sheet: s.Table.Sheet}) // the sheet of that name, as in the study's own file
	}
	if err != nil {
		return err
	}
	name := filepath.Base(path)
	c, err := check.Tidy(name, sheet, s, keep)
	if err != nil {
		return err
	}
	if err := writeRows(f.clean, c.Header, slices.Values(c.Records), c.Mark); err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(object{{"out", f.clean}, {"target", c.Target}, {"sha256", sheet.SHA256}, {"log", c.Log}})
	}
	a.showClean(name, f.clean, c)
	if !c.Target && s.Target.Column != "" {
		a.note(a.text("check.clean_no_target", "column", s.Target.Column))
	}
	return nil
}

// cleaning checks the flags of a cleaning.
func (f checkFlags) cleaning(path string) ([]string, error) {
	switch {
	case f.study == "" || f.clean == "" || f.clean == "-":
		return nil, say.Error("check.clean_flags")
	case f.out != "" || f.target != "":
		return nil, say.Error("check.clean_alone")
	case !slices.Contains([]string{".csv", ".xlsx"}, strings.ToLower(filepath.Ext(f.clean))):
		return nil, say.Error("check.clean_name", "out", f.clean)
	}
	for _, other := range []string{path, f.study} {
		if sameFile(f.clean, other) {
			return nil, say.Error("cmd.same_file", "flag", "--clean", "path", f.clean, "other", other)
		}
	}
	return columnNames("--keep", f.keep...)
}

// showClean says what was done to each column.
func (a *app) showClean(name, out string, c *check.Clean) {
	a.print(a.text("study.protocol", "file", name, "records", c.Log.Records, "rows", c.Log.Rows, "excluded", a.reasons(c.Log)))
	var rows [][]string
	for _, l := range c.Log.Columns {
		if !slices.Contains(c.Header, l.Name) {
			continue
		}
		recoded := 0
		for _, n := range l.Recoded {
			recoded += n
		}
		rows = append(rows, []string{l.Name, count(l.Missing), count(recoded), count(l.Unread)})
	}
	a.table([]string{a.text("check.cmd_column"), a.text("check.cmd_missing"), a.text("check.clean_recoded"), a.text("check.clean_unread")}, rows)
	a.print(a.text("check.clean_written", "out", out, "columns", len(c.Header), "rows", c.Log.Rows))
}

// writeRows writes a table for people: a workbook where out ends in .xlsx, else CSV, with a byte order mark where mark says.
func writeRows(out string, header []string, rows iter.Seq[[]string], mark bool) error {
	return disk.WriteFile(out, func(w io.Writer) error {
		if isWorkbook(out) {
			return source.WriteXLSX(w, header, rows)
		}
		return source.WriteCSV(w, header, rows, mark)
	})
}

func isWorkbook(path string) bool { return strings.EqualFold(filepath.Ext(path), ".xlsx") }
