package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gradus/data"
	"gradus/explain"
	"gradus/fit"
	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/model"
	"gradus/protocol"
	"gradus/report"
	"gradus/store"
	"gradus/table"
	"gradus/validate"
)

// demoRun is one gradus demo: the bundled table, how it is validated, and what comes out.
type demoRun struct {
	app      *app
	set      data.Set
	plan     validate.Plan
	settings model.Settings
	tbl      *table.Table
	target   *table.Target
	y        []float64

	Data       string              `json:"data"`
	Validation *model.Validation   `json:"validation"`
	Verdict    string              `json:"verdict"`
	Explained  []model.Explanation `json:"explained"`
	Card       *model.Card         `json:"card"` // of the model trained on all rows
	Files      []string            `json:"files"`
	model      *model.Model
	records    recordFlags
	started    time.Time
}

// newDemo is gradus demo.
func newDemo(a *app) *cobra.Command {
	d := demoRun{app: a}
	var out string
	c := a.command("demo", 0, 0, func([]string) error { return d.run(out) })
	c.Flags().StringVar(&out, "out", "gradus-demo", a.text("cmd.demo_out"))
	d.records.add(a, c.Flags())
	c.Flags().IntVar(&d.plan.Folds, "folds", 10, "")
	c.Flags().IntVar(&d.plan.Repeats, "repeats", 3, "")
	c.Flags().IntVar(&d.settings.Epochs, "epochs", 0, "")
	for _, name := range []string{"folds", "repeats", "epochs"} { // a smaller run for tests
		_ = c.Flags().MarkHidden(name)
	}
	c.Example = "gradus demo\ngradus demo --lang ko --out first-look\ngradus demo --json --seed 7"
	return c
}

func (d *demoRun) run(out string) error {
	d.started = time.Now()
	undo, err := disk.Folder(out)
	if err != nil {
		return err
	}
	if err := d.work(out); err != nil {
		undo()
		return err
	}
	settings := d.Card.Settings
	settings.Leave, settings.Event = nil, ""
	d.app.record(d.records, store.Run{
		Started: d.started, Command: "demo", Settings: jsonOf(settings), Figures: jsonOf(d.Validation.Binary.Network.BinaryResult),
	}, filepath.Join(out, demoTable), filepath.Join(out, demoModel))
	if d.app.json {
		return d.app.writeJSON(d)
	}
	d.show()
	d.next(out)
	return nil
}

// work does everything; files are written last.
func (d *demoRun) work(out string) error {
	if err := d.read(); err != nil {
		return err
	}
	if err := d.validate(); err != nil {
		return err
	}
	explainer, err := explain.New(d.model, d.tbl)
	if err != nil {
		return err
	}
	b := d.Validation.Binary
	d.Explained = explainer.Three(d.y, b.Network.Risks, b.Threshold, 3)
	d.Verdict, d.Card = report.Verdict(d.app.lang, d.Validation), &d.model.Card
	return d.write(out)
}

func (d *demoRun) read() error {
	var err error
	if d.set, err = data.Get("breast_cancer"); err != nil {
		return err
	}
	d.Data = d.set.Name
	if d.tbl, err = table.Read(bytes.NewReader(d.set.CSV()), d.set.Name+".csv", table.Options{}); err != nil {
		return err
	}
	d.target, d.y, err = table.NewTarget(d.tbl, d.set.Target, table.Task(d.set.Task), "")
	if err == nil && !d.app.json {
		d.app.note(d.set.Title(d.app.lang) + "\n" + d.set.Question(d.app.lang))
	}
	return err
}

// validate judges the way the model is made and then makes it, on all rows.
func (d *demoRun) validate() error {
	a := d.app
	d.plan.Seed, d.settings.Seed = a.seed, a.seed
	total := d.plan.Folds*d.plan.Repeats + 1
	bar := a.progress(a.text("cmd.demo_progress"), total)
	defer bar.end()
	var err error
	d.Validation, err = validate.Run(a.ctx, d.tbl, d.target, d.y, d.settings, d.plan, func(done, _ int) { bar.to(done, "") })
	if err != nil {
		return err
	}
	run, err := fit.New(d.tbl, nil, d.target, d.y, d.settings)
	if err != nil {
		return err
	}
	if d.model, err = run.Train(a.ctx); err != nil {
		return err
	}
	if err := d.model.Summarise(d.tbl); err != nil {
		return err
	}
	bar.to(total, "")
	return nil
}

// The files of a demo.
const (
	demoModel  = "model.gradus"
	demoTable  = "breast_cancer.csv"
	demoReport = "report."
)

// write makes every file in memory first, so that only a disk can stop it half-way, and then each appears whole.
func (d *demoRun) write(out string) error {
	type file struct {
		name  string
		write func(io.Writer) error
	}
	files := []file{{demoModel, d.model.Write}, {demoTable, func(w io.Writer) error { _, err := w.Write(d.set.CSV()); return err }}}
	for _, lang := range []say.Lang{say.Korean, say.English} {
		files = append(files, file{demoReport + string(lang) + ".html", func(w io.Writer) error { return report.Write(w, d.report(lang)) }})
	}
	content := make([]bytes.Buffer, len(files))
	for i, f := range files {
		if err := f.write(&content[i]); err != nil {
			return err
		}
	}
	if err := d.app.ctx.Err(); err != nil {
		return err
	}
	for i, f := range files {
		path := filepath.Join(out, f.name)
		if err := disk.WriteFile(path, func(w io.Writer) error { _, err := w.Write(content[i].Bytes()); return err }); err != nil {
			return err
		}
		d.Files = append(d.Files, path)
	}
	return nil
}

// report is what both reports are written from.
func (d *demoRun) report(lang say.Lang) report.Input {
	command := "gradus demo"
	if d.app.seed != 1 {
		command += " --seed " + table.Format(float64(d.app.seed))
	}
	return report.Input{
		Lang: lang, Title: d.set.Title(lang), Question: d.set.Question(lang), Source: d.set.Source(lang), License: d.set.License(lang),
		Badge: d.set.Badge(lang), Validation: d.Validation, Explained: d.Explained, Card: d.Card, File: demoModel, Command: command,
	}
}

// show prints the result.
func (d *demoRun) show() {
	a, v := d.app, d.Validation
	head := []string{a.text("report.figure"), a.text("report.network"), a.text("report.regression"), a.text("report.difference")}
	print := func(list []report.Figure) {
		var rows [][]string
		for _, f := range list {
			rows = append(rows, []string{f.Name, f.Network, f.Regression, f.Difference})
		}
		a.table(head, rows)
	}
	a.print(a.text("report.result_caption", "rows", v.Rows, "events", v.Binary.Events, "folds", v.Folds, "repeats", v.Repeats))
	print(report.Figures(a.lang, v))
	a.print(d.Verdict + "\n")
	a.print(a.text("report.calls_caption", "event", v.Target.Event, "threshold", number(v.Binary.Threshold)))
	print(report.Calls(a.lang, v))
	a.print("\n" + a.paint(a.tty, bold, a.text("report.explained")))
	for _, e := range d.Explained {
		a.print("- " + report.Sentence(a.lang, v, e))
	}
	a.print(a.text("cmd.demo_explained") + "\n")
	a.print(a.text("cmd.demo_files", "files", d.Files))
	a.print(a.text("report.disclaimer"))
}

// next names three commands that work on what lies in the folder now.
func (d *demoRun) next(out string) {
	at := func(name string) string { return protocol.Quote(filepath.Join(out, name)) }
	program := programName()
	d.app.note("\n" + d.app.text("cmd.demo_next", "report", filepath.Join(out, demoReport+string(d.app.lang)+".html")))
	for _, words := range [][]string{
		{program, "inspect", at(demoModel)},
		{program, "predict", at(demoModel), at(demoTable), "--keep", d.set.Target},
		{program, "train", at(demoTable), "--target", d.set.Target, "--hidden", "16", "--out", at("mine.gradus")},
	} {
		d.app.note("  " + strings.Join(words, " "))
	}
}

// programName is how this program was called, so that a copied line works.
func programName() string {
	base := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	if base == "gradus" {
		return protocol.Quote(os.Args[0])
	}
	return "gradus"
}
