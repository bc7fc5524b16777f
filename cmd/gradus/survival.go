package main

import (
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/protocol"
	"gradus/report"
	"gradus/store"
	"gradus/study"
	"gradus/table"
)

// survivalRun is one gradus survival: what was typed and what comes out.
type survivalRun struct {
	app      *app
	plan     study.SurvivalPlan
	ridge    float64
	horizons []string
	out      string
	path     string
	name     string // of the table, in reports
	parting  sharding
	resume   bool
	records  recordFlags
	Verdict  string   `json:"verdict"`
	Warnings []string `json:"warnings"`
	Files    []string `json:"files"`
	*study.SurvivalResult
}

// newSurvival is gradus survival TABLE.csv --time COL --event COL.
func newSurvival(a *app) *cobra.Command {
	s := survivalRun{app: a}
	var typed func(string) bool
	c := a.command("survival TABLE.csv|-", 1, 1, func(args []string) error { return s.run(args[0], typed) })
	f, p := c.Flags(), &s.plan
	typed = f.Changed
	f.StringVar(&p.Time, "time", "", a.text("survival.flag_time"))
	f.StringVar(&p.Event, "event", "", a.text("survival.flag_event"))
	f.StringVar(&p.EventLevel, "event-level", "", a.text("survival.flag_event_level"))
	f.StringVar(&p.Start, "start", "", a.text("survival.flag_start"))
	f.StringVar(&p.End, "end", "", a.text("survival.flag_end"))
	f.StringArrayVar(&s.horizons, "horizon", nil, a.text("survival.flag_horizon"))
	f.StringVar(&p.Group, "group", "", a.text("survival.flag_group"))
	f.StringVar(&p.Patient, "patient", "", a.text("study.flag_patient"))
	f.StringArrayVar(&p.Leave, "drop", nil, a.text("study.flag_drop"))
	f.IntVar(&p.Outer, "outer", 10, a.text("study.flag_outer"))
	f.IntVar(&p.Inner, "inner", 0, a.text("survival.flag_inner"))
	f.IntVar(&p.Repeats, "repeats", 1, a.text("study.flag_repeats"))
	f.IntVar(&p.Draws, "draws", 1000, a.text("study.flag_draws"))
	f.Float64Var(&s.ridge, "ridge", 1, a.text("survival.flag_ridge"))
	f.StringVar(&s.out, "out", "survival", a.text("survival.flag_out"))
	f.IntVar(&p.Settings.Epochs, "epochs", 0, "")
	s.parting.add(a, f)
	f.BoolVar(&s.resume, "resume", false, a.text("shard.flag_resume"))
	s.records.add(a, f)
	_ = f.MarkHidden("epochs") // a smaller run for tests
	c.Example = "gradus data lifetimes --csv > lifetimes.csv\n" +
		"gradus survival lifetimes.csv --time days --event died --horizon 365\n" +
		"gradus survival lifetimes.csv --time days --event died --horizon 365,730 --group treatment --repeats 5 --out by-treatment\n" +
		"gradus survival 암등록.csv --start 진단일 --end 최종일 --event 상태 --event-level 사망 --patient 환자번호\n" +
		"gradus predict survival/model.gradus new.csv"
	return c
}

// run makes the study and writes its files, all or none.
func (s *survivalRun) run(path string, typed func(flag string) bool) error {
	started := time.Now()
	s.path, s.name = path, inputName(path)
	if err := s.parting.parse(s.app, path, &s.out, typed); err != nil {
		return err
	}
	if err := s.typed(typed); err != nil {
		return err
	}
	tbl, err := s.app.readTable(path, table.Options{})
	if err != nil {
		return err
	}
	if s.parting.asked() {
		return s.part(tbl)
	}
	undo, err := disk.Folder(s.out)
	if err != nil {
		return err
	}
	if err := s.work(func(told func(done, total int)) (*study.SurvivalResult, error) {
		return study.Survive(s.app.ctx, tbl, s.plan, told)
	}); err != nil {
		undo()
		return err
	}
	return s.done(started)
}

// done keeps a record and shows the result.
func (s *survivalRun) done(started time.Time) error {
	s.app.record(s.records, s.record(started), s.path, s.Files[0])
	if s.app.json {
		return s.app.writeJSON(s)
	}
	s.show()
	return nil
}

// record is what is kept of the run: settings without names of columns, and the figures.
func (s *survivalRun) record(started time.Time) store.Run {
	v, p := s.Study, &s.plan
	return store.Run{Started: started, Command: "survival", Settings: jsonOf(object{
		{"outer", p.Outer}, {"inner", v.Inner}, {"repeats", p.Repeats}, {"draws", p.Draws}, {"ridge", v.Ridge}, {"horizons", v.Settings.Horizons},
	}), Figures: jsonOf(object{
		{"rows", v.Rows},
		{"patients", v.Patients},
		{"events", v.Events},
		{"harrell", v.Harrell},
		{"uno", v.Uno},
		{"integrated_brier", v.Integrated},
		{"verdict", v.Verdict},
	})}
}

// typed turns the flags into the plan.
func (s *survivalRun) typed(typed func(flag string) bool) error {
	p := &s.plan
	switch {
	case p.Event == "":
		return say.Error("cmd.flag_missing", "name", "--event", "usage", "--event died")
	case p.Time == "" && p.Start == "" && p.End == "":
		return say.Error("cmd.flag_missing", "name", "--time", "usage", "--time days")
	case p.Time != "" && (p.Start != "" || p.End != ""), p.Time == "" && (p.Start == "" || p.End == ""):
		return say.Error("survival.dates")
	case s.resume && !s.parting.asked():
		return say.Error("shard.resume_alone")
	case s.out == "" || s.out == "-":
		return say.Error("cmd.train_out_name", "value", s.out)
	}
	for _, n := range []int{p.Outer, p.Repeats} {
		if n < 1 {
			return say.Error("study.flag_number", "value", n)
		}
	}
	if typed("inner") && p.Inner == 0 {
		p.Inner = 1 // refused later, with its sentence
	}
	if len(s.horizons) > 0 {
		var err error
		if p.Horizons, err = numbers("--horizon", strings.Join(s.horizons, ",")); err != nil {
			return err
		}
	}
	var err error
	p.Leave, err = columnNames("--drop", p.Leave...)
	p.Ridge, p.Settings.Seed = &s.ridge, s.app.seed
	return err
}

// work makes the study and writes what came of it.
func (s *survivalRun) work(run func(told func(done, total int)) (*study.SurvivalResult, error)) error {
	a := s.app
	if err := a.watched(func(told func(done, total int)) (err error) {
		s.SurvivalResult, err = run(told)
		return err
	}); err != nil {
		return err
	}
	for _, n := range s.Notes {
		a.note(n.In(a.lang))
	}
	s.Verdict = report.SurvivalVerdict(a.lang, s.Study)
	s.Warnings = protocol.SurvivalWarnings(a.lang, s.SurvivalResult)
	return s.write()
}

// write makes every file in memory first, then each appears whole.
func (s *survivalRun) write() error {
	names := []string{"model.gradus", "cox.gradus", "survival.json", "report.ko.html", "report.en.html"}
	makers := []func(io.Writer) error{
		s.Model.Write, s.Cox.Write, s.asJSON,
		func(w io.Writer) error { return report.WriteSurvival(w, s.report(say.Korean)) },
		func(w io.Writer) error { return report.WriteSurvival(w, s.report(say.English)) },
	}
	files, err := s.app.writeAll(s.out, names, makers)
	s.Files = files
	return err
}

// writeAll writes files of a folder: all are made in memory before the first is written.
func (a *app) writeAll(folder string, names []string, makers []func(io.Writer) error) (files []string, err error) {
	content := make([]bytes.Buffer, len(names))
	for i, make := range makers {
		if err := make(&content[i]); err != nil {
			return nil, err
		}
	}
	if err := a.ctx.Err(); err != nil {
		return nil, err
	}
	for i, name := range names {
		path := filepath.Join(folder, name)
		if err := disk.WriteFile(path, func(w io.Writer) error { _, err := w.Write(content[i].Bytes()); return err }); err != nil {
			return files, err
		}
		files = append(files, path)
	}
	return files, nil
}

func (s *survivalRun) asJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(s.SurvivalResult)
}

// report is what both reports are written from.
func (s *survivalRun) report(lang say.Lang) report.SurvivalInput {
	return protocol.SurvivalReport(lang, s.name, protocol.SurvivalCommand(s.name, &s.plan, s.ridge), s.SurvivalResult)
}

// show prints the result.
func (s *survivalRun) show() {
	a, v := s.app, s.Study
	a.print(a.text("survival.design", "rows", v.Rows, "patients", v.Patients, "events", v.Events, "folds", v.Folds, "repeats", v.Repeats,
		"inner", v.Inner, "members", v.Settings.Members))
	a.print(report.SurvivalMedian(a.lang, v))
	a.print("")
	a.table(protocol.SurvivalHeadline(a.lang, s.SurvivalResult))
	a.print(report.Earned(a.lang, v))
	a.print("\n" + report.HazardsTitle(a.lang, v))
	a.table(report.HazardRows(a.lang, v))
	a.print(report.Proportional(a.lang, v))
	a.print("")
	for _, line := range report.LogRanks(a.lang, v) {
		a.print(line)
	}
	a.print("\n" + a.paint(a.tty, bold, s.Verdict))
	a.print("\n" + a.text("study.warnings"))
	for _, w := range s.Warnings {
		a.print("- " + w)
	}
	a.print("\n" + a.text("study.written", "files", s.Files))
	a.print(a.text("cmd.disclaimer"))
}
