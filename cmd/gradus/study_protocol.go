package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gradus/check"
	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/protocol"
	"gradus/source"
	"gradus/table"
)

// isProtocol reports whether path is a study file: the protocol that gradus check wrote, to be carried out.
func isProtocol(path string) bool {
	return slices.Contains([]string{".yaml", ".yml"}, strings.ToLower(filepath.Ext(path)))
}

// protocol is the table of a study, cleaned as its study file says: the file at path, or, of a raw table, the one that gradus check
// would write. What was typed stands in it, so that the file kept beside the results is the whole protocol.
func (s *studyRun) protocol(path string, typed func(flag string) bool) (*table.Table, error) {
	made, sheet, err := s.planned(path)
	if err != nil {
		return nil, err
	}
	if err := s.impose(made, typed); err != nil {
		return nil, err
	}
	s.name = inputName(s.path)
	return s.carry(made, sheet)
}

// carry writes the study file as it is carried out, cleans the table as it says and takes the plan from it.
func (s *studyRun) carry(made *check.Study, sheet *source.Sheet) (_ *table.Table, err error) {
	if s.study, err = made.Write(s.app.lang); err != nil {
		return nil, err
	}
	if _, err := check.ReadStudy("study.yaml", s.study); err != nil {
		return nil, err // what was typed has no place in a study file
	}
	tbl, log, err := check.Apply(made.Table.Name, sheet, made)
	if err != nil {
		return nil, err
	}
	if err := s.follow(made, log); err != nil {
		return nil, err
	}
	s.sum = made.Table.SHA256
	s.remark(s.app.text("study.protocol", "file", made.Table.Name, "records", log.Records, "rows", log.Rows, "excluded", s.app.reasons(log)))
	for _, c := range made.Columns {
		if c.Role == check.Blocked && !c.Known {
			s.remark(s.app.text("study.blocked", "column", c.Name, "reason", c.Reason))
		}
	}
	return tbl, nil
}

// remark is said once nothing more can refuse the study before its work.
func (s *studyRun) remark(text string) { s.remarks = append(s.remarks, text) }

// planned is the study file at path and the records of its table, or the study that follows from the raw table at path.
func (s *studyRun) planned(path string) (*check.Study, *source.Sheet, error) {
	if isProtocol(path) {
		return s.readProtocol(path)
	}
	if s.table != "" {
		return nil, nil, say.Error("shard.table_twice", "path", path, "table", s.table)
	}
	if s.plan.Target == "" {
		return nil, nil, say.Error("cmd.flag_missing", "name", "--target", "usage", "--target diagnosis")
	}
	sheet, sum, err := s.raw(path)
	if err != nil {
		return nil, nil, err
	}
	name := inputName(path)
	r, err := check.Table(name, sheet, check.Options{Target: s.plan.Target, Lang: s.app.lang, Today: int(time.Now().Unix() / 86400)})
	if err != nil {
		return nil, nil, err
	}
	for _, w := range r.Warnings {
		s.remark(w)
	}
	return check.NewStudy(r, name, sum, s.app.seed), sheet, nil
}

// raw reads the records of a raw table and the hash of its bytes; "-" is the standard input.
func (s *studyRun) raw(path string) (*source.Sheet, string, error) {
	if path != "-" {
		sheet, err := source.Read(path, source.Options{Sheet: s.sheet})
		if err != nil {
			return nil, "", err
		}
		return sheet, sheet.SHA256, nil
	}
	in, err := s.app.openInput(path)
	if err != nil {
		return nil, "", err
	}
	defer in.Close()
	b, err := io.ReadAll(in)
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(b)
	sheet, err := source.Decode(inputName(path), b, source.Options{Sheet: s.sheet})
	return sheet, hex.EncodeToString(sum[:]), err
}

// readProtocol reads a study file and its table, which stands beside it, in the folder above or where the command is given.
func (s *studyRun) readProtocol(path string) (*check.Study, *source.Sheet, error) {
	made, err := readStudy(path)
	if err != nil {
		return nil, nil, err
	}
	s.path = s.table
	if s.path == "" {
		s.path = beside(filepath.Dir(path), made.Table.Name)
	}
	sheet, err := source.Read(s.path, source.Options{Sheet: made.Table.Sheet})
	if err != nil {
		return nil, nil, err
	}
	return made, sheet, made.Same(filepath.Base(path), sheet.SHA256)
}

// beside is where the table called name lies: in folder, in the one above or where the command is given.
func beside(folder, name string) string {
	name = filepath.Base(name)
	path := filepath.Join(folder, name)
	for _, folder := range []string{filepath.Join(folder, ".."), "."} {
		if other := filepath.Join(folder, name); !there(path) && there(other) {
			path = other
		}
	}
	return path
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

// impose writes into the study what was typed.
func (s *studyRun) impose(made *check.Study, typed func(flag string) bool) error {
	p := &s.plan
	for flag, set := range map[string]func(){
		"event": func() { made.Target.Event = p.Event }, "task": func() { made.Target.Task = s.task }, "split": func() { made.Splits.Scheme = p.Split },
		"patient": func() { made.Splits.Group = p.Patient }, "time": func() { made.Splits.Time = p.Time }, "site": func() { made.Splits.Site = p.Site },
		"outer": func() { made.Splits.Folds = p.Outer }, "inner": func() { made.Splits.Inner = p.Inner }, "repeats": func() { made.Splits.Repeats = p.Repeats },
		"trials": func() { made.Model.Trials = p.Trials }, "class-weights": func() { made.Model.ClassWeights = p.Settings.ClassWeights }, "draws": func() { made.Resamples = p.Draws }, "threshold": func() { made.Threshold = s.rule },
		"subgroup": func() { made.Subgroups = p.Subgroups }, "seed": func() { made.Splits.Seed = s.app.seed },
	} {
		if typed(flag) {
			set()
		}
	}
	if typed("target") && p.Target != made.Target.Column {
		return say.Error("study.other_target", "column", p.Target, "target", made.Target.Column)
	}
	if err := s.released(made, s.known, func(c *check.StudyColumn) { c.Known = true }); err != nil {
		return err
	}
	drop, err := columnNames("--drop", p.Leave...)
	if err != nil {
		return err
	}
	p.Leave = nil
	return s.released(made, append(drop, made.Splits.Group, made.Splits.Site), func(c *check.StudyColumn) {
		if c.Role == check.Feature {
			c.Role = check.Dropped
		}
	})
}

// released does with each column named, "" none.
func (s *studyRun) released(made *check.Study, names []string, do func(*check.StudyColumn)) error {
	var all []string
	for _, c := range made.Columns {
		all = append(all, c.Name)
	}
	for _, name := range names {
		c := made.Column(name)
		switch {
		case name == "":
		case c == nil:
			return say.Error("check.no_column", "file", made.Table.Name, "column", name, "nearest", say.Nearest(name, all))
		case name == made.Target.Column:
			return say.Error("study.target_role", "column", name)
		default:
			do(c)
		}
	}
	return nil
}

// follow takes the plan from the study.
func (s *studyRun) follow(made *check.Study, log *check.Log) error {
	epochs := s.plan.Settings.Epochs
	var err error
	s.plan, err = protocol.Plan(made, log)
	s.plan.Settings.Epochs, s.app.seed = epochs, made.Splits.Seed
	return err
}

// reasons counts the records that were left out, by reason.
func (a *app) reasons(log *check.Log) string {
	var list []string
	for _, reason := range protocol.Exclusions {
		if n := log.Excluded[reason]; n > 0 {
			list = append(list, a.text("study.reason_"+reason)+" "+count(n))
		}
	}
	if list == nil {
		return "0"
	}
	return strings.Join(list, ", ")
}

// writeStudyFile writes the protocol as it was carried out.
func (s *studyRun) writeStudyFile(w io.Writer) error {
	_, err := io.Copy(w, bytes.NewReader(s.study))
	return err
}

// there reports whether something lies at path.
func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
