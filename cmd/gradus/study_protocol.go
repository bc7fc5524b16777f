package main

import (
	"io"
	"path/filepath"
	"slices"
	"strings"

	"gradus/check"
	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/source"
	"gradus/table"
)

// isProtocol reports whether path is a study file: the protocol that gradus check wrote, to be carried out.
func isProtocol(path string) bool {
	return slices.Contains([]string{".yaml", ".yml"}, strings.ToLower(filepath.Ext(path)))
}

// protocol reads a study file and the table that stands beside it, cleans the table as the file says, and takes the plan from the file;
// a flag that was typed wins. Of another file it is nil.
func (s *studyRun) protocol(path string, typed func(flag string) bool) (*table.Table, error) {
	if !isProtocol(path) {
		return nil, nil
	}
	study, err := readStudy(path)
	if err != nil {
		return nil, err
	}
	s.path = filepath.Join(filepath.Dir(path), filepath.Base(study.Table.Name))
	sheet, err := source.Read(s.path, source.Options{Sheet: study.Table.Sheet})
	if err != nil {
		return nil, err
	}
	if err := study.Same(filepath.Base(path), sheet.SHA256); err != nil {
		return nil, err
	}
	tbl, log, err := check.Apply(study.Table.Name, sheet, study)
	if err != nil {
		return nil, err
	}
	s.follow(study, typed)
	s.app.note(s.app.text("study.protocol", "file", study.Table.Name, "records", log.Records, "rows", log.Rows, "excluded", s.app.reasons(log)))
	return tbl, nil
}

// readStudy reads a study file.
func readStudy(path string) (*check.Study, error) {
	in, err := disk.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	b, err := io.ReadAll(in)
	if err != nil {
		return nil, say.Failure("disk.failed", "path", path, "cause", err)
	}
	return check.ReadStudy(filepath.Base(path), b)
}

// follow takes from the study what no flag says.
func (s *studyRun) follow(study *check.Study, typed func(flag string) bool) {
	p := &s.plan
	take := func(flag string, set func()) {
		if !typed(flag) {
			set()
		}
	}
	take("target", func() { p.Target = study.Target.Column })
	take("event", func() { p.Event = study.Target.Event })
	take("patient", func() { p.Patient = study.Splits.Group })
	take("time", func() { p.Time = study.Splits.Time })
	take("site", func() { p.Site = study.Splits.Site })
	take("outer", func() { p.Outer = study.Splits.Folds })
	take("inner", func() { p.Inner = study.Splits.Inner })
	take("repeats", func() { p.Repeats = study.Splits.Repeats })
	take("trials", func() { p.Trials = study.Model.Trials })
	take("draws", func() { p.Draws = study.Resamples })
	take("seed", func() { s.app.seed = study.Splits.Seed })
	p.Leave = append(p.Leave, study.Leave()...)
}

// reasons counts the records that were left out, by reason.
func (a *app) reasons(log *check.Log) string {
	var list []string
	for _, reason := range []string{"title", "blank", "footer", "duplicate", "target"} {
		if n := log.Excluded[reason]; n > 0 {
			list = append(list, a.text("study.reason_"+reason)+" "+count(n))
		}
	}
	if list == nil {
		return "0"
	}
	return strings.Join(list, ", ")
}
