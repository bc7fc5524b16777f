package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/protocol"
	"gradus/report"
	"gradus/study"
	"gradus/table"
)

// studyRun is one gradus study: what was typed and what comes out.
type studyRun struct {
	app        *app
	plan       study.Plan
	task, rule string
	out        string
	resume     bool
	path       string
	name       string // of the table, in reports
	table      string // where the table of a study file is; empty: beside it
	parting    sharding
	sheet      string
	known      []string // blocked columns that are known when one predicts
	study      []byte   // the study file as carried out
	sum        string   // SHA-256 of the table, as the study file has it
	remarks    []string // on the table
	records    recordFlags
	started    time.Time
	held       string   // hash of the rows that a split by time or site judged
	opened     int      // how often the rows judged have been opened, with this time
	Verdict    string   `json:"verdict"`
	Warnings   []string `json:"warnings"`
	Files      []string `json:"files"`
	*study.Result
}

// newStudy is gradus study TABLE.csv --target COL.
func newStudy(a *app) *cobra.Command {
	s := studyRun{app: a}
	var typed func(string) bool
	c := a.command("study STUDY.yaml|TABLE.csv|-", 1, 1, func(args []string) error { return s.run(args[0], typed) })
	f, p := c.Flags(), &s.plan
	typed = f.Changed
	f.StringVar(&p.Target, "target", "", a.text("study.flag_target"))
	f.StringVar(&p.Event, "event", "", a.text("study.flag_event"))
	f.StringVar(&s.task, "task", "", a.text("study.flag_task"))
	f.StringVar(&p.Patient, "patient", "", a.text("study.flag_patient"))
	f.StringVar(&p.Split, "split", "cross-validation", a.text("study.flag_split"))
	f.StringVar(&p.Time, "time", "", a.text("study.flag_time"))
	f.StringVar(&p.Site, "site", "", a.text("study.flag_site"))
	f.StringArrayVar(&p.Leave, "drop", nil, a.text("study.flag_drop"))
	f.StringArrayVar(&s.known, "known", nil, a.text("study.flag_known"))
	f.StringArrayVar(&p.Subgroups, "subgroup", nil, a.text("study.flag_subgroup"))
	f.StringVar(&s.sheet, "sheet", "", a.text("check.cmd_flag_sheet"))
	f.IntVar(&p.Outer, "outer", 10, a.text("study.flag_outer"))
	f.IntVar(&p.Inner, "inner", 5, a.text("study.flag_inner"))
	f.IntVar(&p.Repeats, "repeats", 1, a.text("study.flag_repeats"))
	f.IntVar(&p.Trials, "trials", 1, a.text("study.flag_trials"))
	f.BoolVar(&p.Settings.ClassWeights, "class-weights", false, a.text("cmd.train_class_weights"))
	f.IntVar(&p.Draws, "draws", 1000, a.text("study.flag_draws"))
	f.StringVar(&s.rule, "threshold", "youden", a.text("study.flag_threshold"))
	f.StringVar(&s.out, "out", "study", a.text("study.flag_out"))
	f.BoolVar(&s.resume, "resume", false, a.text("study.flag_resume"))
	f.StringVar(&s.table, "table", "", a.text("shard.flag_table"))
	s.parting.add(a, f)
	s.records.add(a, f)
	f.IntVar(&p.Settings.Epochs, "epochs", 0, "")
	_ = f.MarkHidden("epochs") // a smaller run for tests
	c.Example = "gradus data breast_cancer --csv > breast_cancer.csv\n" +
		"gradus study breast_cancer.csv --target diagnosis\n" +
		"gradus check 환자표.xlsx --target 사망 -o study.yaml && gradus study study.yaml\n" +
		"gradus study cohort.csv --target died_30d --split external --site site --threshold harm:9 --out by-site\n" +
		"gradus study study.yaml --shard 0/10 --out shards\n" +
		"gradus study visits.csv --target died --patient patient_id --split temporal --time visit_date --trials 9"
	return c
}

// run makes the study and writes its files, all or none.
func (s *studyRun) run(path string, typed func(flag string) bool) error {
	s.path, s.started = path, time.Now()
	if err := s.parting.parse(s.app, path, &s.out, typed); err != nil {
		return err
	}
	tbl, err := s.protocol(path, typed)
	if err != nil {
		return err
	}
	if err := s.typed(); err != nil {
		return err
	}
	if s.parting.asked() {
		return s.part(tbl)
	}
	undo, err := disk.Folder(s.out)
	if err != nil {
		return err
	}
	journal := filepath.Clean(s.out) + "-checkpoint"
	if err := s.begin(journal); err != nil {
		undo()
		return err
	}
	if err := s.work(tbl, func(told func(done, total int)) (*study.Result, error) {
		return study.Run(s.app.ctx, tbl, s.plan, journal, told)
	}); err != nil {
		undo()
		if _, bad := os.Stat(journal); bad == nil && s.app.stopped(err) {
			return say.Failure("study.stopped", "path", journal, "cause", err)
		}
		return err
	}
	if info, err := os.Stat(journal); err == nil && info.Mode().IsRegular() {
		_ = os.Remove(journal)
	}
	return s.done()
}

// done keeps a record and shows the result.
func (s *studyRun) done() error {
	s.record()
	if s.app.json {
		return s.app.writeJSON(s)
	}
	s.show()
	return nil
}

// typed checks what a study file does not hold.
func (s *studyRun) typed() error {
	if s.out == "" || s.out == "-" {
		return say.Error("cmd.train_out_name", "value", s.out)
	}
	s.plan.Today = time.Now().UTC().Format(time.DateOnly)
	return nil
}

// begin settles whether an earlier study goes on.
func (s *studyRun) begin(journal string) error {
	_, err := os.Stat(journal)
	there := err == nil
	switch {
	case s.resume && errors.Is(err, fs.ErrNotExist):
		return say.Error("study.no_journal", "path", journal)
	case there && !s.resume:
		s.app.note(s.app.text("study.earlier", "path", journal))
		if err := os.Remove(journal); err != nil {
			return say.Failure("disk.failed", "path", journal, "cause", err)
		}
	}
	return disk.Writable(journal)
}

// work makes the study and writes what came of it.
func (s *studyRun) work(tbl *table.Table, run func(told func(done, total int)) (*study.Result, error)) error {
	a := s.app
	for _, text := range s.remarks {
		a.note(text)
	}
	if err := a.watched(func(told func(done, total int)) (err error) {
		s.Result, err = run(told)
		return err
	}); err != nil {
		return err
	}
	for _, n := range s.Notes {
		a.note(n.In(a.lang))
	}
	if s.held = heldOut(tbl, s.Nested); s.held != "" {
		s.opened = a.opened(s.records, s.held) + 1
	}
	s.Verdict = s.Result.Verdict(a.lang)
	for _, w := range s.Result.Warnings {
		s.Warnings = append(s.Warnings, w.In(a.lang))
	}
	return s.write()
}

// watched shows how far a long run is.
func (a *app) watched(run func(told func(done, total int)) error) error {
	var bar *progress
	err := run(func(done, total int) {
		if bar == nil {
			bar = a.progress(a.text("study.progress"), total)
		}
		bar.to(done, "")
	})
	if bar != nil {
		bar.end()
	}
	return err
}

// write makes every file in memory first, then each appears whole.
func (s *studyRun) write() error {
	names := []string{"model.gradus", "study.yaml", "study.json"}
	makers := []func(io.Writer) error{s.Model.Write, s.writeStudyFile, func(w io.Writer) error {
		b, err := encode(s.Result)
		if err == nil {
			_, err = w.Write(b)
		}
		return err
	}}
	for _, lang := range []say.Lang{say.Korean, say.English} {
		names = append(names, "report."+string(lang)+".html")
		makers = append(makers, func(w io.Writer) error { return report.Write(w, s.report(lang)) })
	}
	names = append(names, "report.json")
	makers = append(makers, func(w io.Writer) error { return report.JSON(w, s.report(say.English)) })
	content := make([]bytes.Buffer, len(names))
	for i, make := range makers {
		if err := make(&content[i]); err != nil {
			return err
		}
	}
	if err := s.app.ctx.Err(); err != nil {
		return err
	}
	for i, name := range names {
		path := filepath.Join(s.out, name)
		if err := disk.WriteFile(path, func(w io.Writer) error { _, err := w.Write(content[i].Bytes()); return err }); err != nil {
			return err
		}
		s.Files = append(s.Files, path)
	}
	return nil
}

// report is what both reports are written from.
func (s *studyRun) report(lang say.Lang) report.Input {
	return protocol.Report(lang, s.name, s.Result, s.opened)
}

// show prints the result.
func (s *studyRun) show() {
	a, v, n := s.app, s.Validation, s.Nested
	a.print(a.text("study.design", "scheme", a.text("study.scheme_"+n.Scheme), "rows", n.Tested, "groups", n.Groups, "folds", v.Folds,
		"inner", n.Inner, "repeats", v.Repeats, "trials", n.Trials, "rule", n.Rule))
	a.table(protocol.Headline(a.lang, v))
	if v.Binary != nil {
		a.print("\n" + a.text("study.frozen"))
		a.table([]string{"", a.text("study.sensitivity"), a.text("study.specificity"), "PPV", "NPV"}, s.Frozen(a.lang))
	}
	if o := n.Optimism; o != nil {
		a.print("\n" + a.text("study.optimism", "regression", a.text("study.regression_binary"), "draws", o.Draws,
			"apparent", short(o.Apparent), "optimism", short(o.Optimism), "corrected", short(o.Corrected)))
	}
	a.print("\n" + a.paint(a.tty, bold, s.Verdict))
	if len(s.Warnings) > 0 {
		a.print("\n" + a.text("study.warnings"))
	}
	for _, w := range s.Warnings {
		a.print("- " + w)
	}
	a.print("\n" + a.text("study.written", "files", s.Files))
	a.print(a.text("cmd.disclaimer"))
}
