package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gradus/activation"
	"gradus/fit"
	"gradus/internal/disk"
	"gradus/internal/profile"
	"gradus/internal/say"
	"gradus/model"
	"gradus/optimizer"
	"gradus/table"
	"gradus/train"
)

// trainFlags are the flags as they are typed.
type trainFlags struct {
	target, hidden, task, event, out, checkpoint string
	drop                                         []string
	decay, validation                            float64
	resume, profile                              bool
	set                                          model.Settings
	records                                      recordFlags
	job                                          jobFlags
}

// newTrain is gradus train TABLE.csv --target COL.
func newTrain(a *app) *cobra.Command {
	var f trainFlags
	var c *cobra.Command
	c = a.command("train TABLE.csv|-", 1, 1, func(args []string) error {
		if err := f.settings(a, c); err != nil {
			return err
		}
		return a.train(args[0], f)
	})
	set := c.Flags()
	set.StringVar(&f.target, "target", "", a.text("cmd.train_target"))
	set.StringVar(&f.out, "out", "model.gradus", a.text("cmd.train_out"))
	set.StringVar(&f.hidden, "hidden", "", a.text("cmd.train_hidden"))
	set.IntVar(&f.set.Members, "members", 0, a.text("cmd.train_members"))
	set.IntVar(&f.set.Bins, "bins", 0, a.text("cmd.train_bins"))
	set.StringVar(&f.set.Activation, "activation", "", a.text("cmd.train_activation"))
	set.StringVar(&f.set.Beside, "beside", "", a.text("cmd.train_beside"))
	set.StringVar(&f.set.Optimizer, "optimizer", model.DefaultOptimizer, a.text("cmd.train_optimizer"))
	set.Float64Var(&f.set.Alpha, "alpha", 0, a.text("cmd.train_alpha"))
	set.IntVar(&f.set.Epochs, "epochs", 0, a.text("cmd.train_epochs"))
	set.IntVar(&f.set.Batch, "batch", 0, a.text("cmd.train_batch"))
	set.Float64Var(&f.decay, "weight-decay", 0, a.text("cmd.train_decay"))
	set.Float64Var(&f.set.Dropout, "dropout", 0, a.text("cmd.train_dropout"))
	set.Float64Var(&f.validation, "validation", 0, a.text("cmd.train_validation"))
	set.BoolVar(&f.set.ClassWeights, "class-weights", false, a.text("cmd.train_class_weights"))
	set.IntVar(&f.set.Patience, "patience", 0, a.text("cmd.train_patience"))
	set.StringVar(&f.set.Precision, "precision", model.Float32, a.text("cmd.train_precision"))
	set.StringVar(&f.task, "task", "", a.text("cmd.train_task"))
	set.StringVar(&f.event, "event", "", a.text("cmd.train_event"))
	set.StringArrayVar(&f.drop, "drop", nil, a.text("cmd.train_drop"))
	f.running(a, set)
	c.Example = "gradus data breast_cancer --csv > breast_cancer.csv\n" +
		"gradus train breast_cancer.csv --target diagnosis\n" +
		"gradus train cohort.csv --target died_30d --drop site --hidden 32 --dropout 0.2 --seed 7 --out cohort.gradus\n" +
		"gradus train cohort.csv --target died_30d --drop site --hidden 32 --dropout 0.2 --seed 7 --out cohort.gradus --resume"
	return c
}

// running are the flags about the run, not about what is trained.
func (f *trainFlags) running(a *app, set *pflag.FlagSet) {
	set.StringVar(&f.checkpoint, "checkpoint", "", a.text("cmd.train_checkpoint"))
	set.BoolVar(&f.resume, "resume", false, a.text("cmd.train_resume"))
	set.BoolVar(&f.profile, "profile", false, a.text("cmd.train_profile"))
	f.records.add(a, set)
	f.job.add(a, set)
}

// settings turns the flags into settings. A value that is the zero of a setting but was typed must not become the default.
func (f *trainFlags) settings(a *app, c *cobra.Command) error {
	if f.target == "" {
		return say.Error("cmd.flag_missing", "name", "--target", "usage", "--target diagnosis")
	}
	s := &f.set
	s.Seed, s.Event = a.seed, f.event
	var err error
	if s.Task, err = table.ParseTask(f.task); err != nil {
		return err
	}
	if s.Leave, err = columnNames("--drop", f.drop...); err != nil {
		return err
	}
	if err := f.typed(c.Flags().Changed); err != nil {
		return err
	}
	if err := f.job.take(a, c.Flags().Changed, s); err != nil {
		return err
	}
	return f.early()
}

// typed takes the flags whose default is not their zero.
func (f *trainFlags) typed(typed func(string) bool) (err error) {
	s := &f.set
	if typed("hidden") {
		if s.Hidden, err = widths(f.hidden); err != nil {
			return err
		}
	}
	if typed("bins") && s.Bins == 0 {
		s.Bins = -1
	}
	if typed("weight-decay") {
		s.WeightDecay = &f.decay
	}
	if typed("validation") {
		s.Validation = &f.validation
	}
	for _, v := range []struct {
		name, allowed string
		zero          bool
	}{
		{"alpha", "> 0", typed("alpha") && s.Alpha == 0},
		{"epochs", "1 … 1000000", typed("epochs") && s.Epochs == 0},
		{"batch", "≥ 1", typed("batch") && s.Batch == 0},
		{"patience", "≥ 1", typed("patience") && s.Patience == 0},
	} {
		if v.zero {
			return say.Error("model.setting", "name", v.name, "value", 0, "allowed", v.allowed)
		}
	}
	return nil
}

// early finds what is wrong with the settings before a long table is read.
func (f *trainFlags) early() error {
	if slices.Contains(f.set.Leave, f.target) {
		return say.Error("cmd.train_drop_target", "column", f.target)
	}
	for _, name := range []string{f.set.Activation, f.set.Beside} {
		if name == "" {
			continue
		}
		if _, err := activation.New[float32](name, 0); err != nil {
			return err
		}
	}
	if _, err := optimizer.ByName[float32](f.set.Optimizer); err != nil {
		return err
	}
	_, err := f.set.Complete(1)
	return err
}

// widths reads --hidden: "64,32", or "0" for no hidden layer.
func widths(list string) ([]int, error) {
	if list == "0" || list == "none" {
		return []int{}, nil
	}
	var hidden []int
	for _, part := range strings.Split(list, ",") {
		units, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || units < 1 {
			return nil, say.Error("cmd.train_hidden_value", "value", part)
		}
		hidden = append(hidden, units)
	}
	return hidden, nil
}

func (a *app) train(path string, f trainFlags) error {
	started := time.Now()
	if f.checkpoint == "" {
		f.checkpoint = f.out + "-checkpoint"
	}
	if err := a.first(func() error { return f.files(path) }); err != nil {
		return err
	}
	run, tbl, err := a.newRun(path, f)
	if err != nil {
		return err
	}
	keep := &keeper{path: f.checkpoint, save: run.Save, at: time.Now(), every: f.job.every, leads: a.leads()}
	if f.resume {
		if err := keep.resume(a, run); err != nil {
			return err
		}
	} else if _, err := os.Stat(f.checkpoint); err == nil {
		a.note(a.text("cmd.train_earlier", "checkpoint", f.checkpoint))
	}
	p, err := a.epochs(run, keep, f.profile)
	if err != nil {
		return err
	}
	m := run.Model()
	if err := m.Summarise(tbl); err != nil {
		return err
	}
	if err := a.first(func() error { return a.keepModel(m, f, keep) }); err != nil || !a.leads() {
		return err
	}
	a.record(f.records, trainRecord(m, started), path, f.out)
	return a.showTrained(m, f.out, p)
}

// keepModel writes the model, and where that fails a checkpoint in its place.
func (a *app) keepModel(m *model.Model, f trainFlags, keep *keeper) error {
	if err := disk.WriteFile(f.out, m.Write); err != nil {
		if keep.write() == nil {
			a.note(a.text("cmd.train_kept", "checkpoint", f.checkpoint))
		}
		return err
	}
	keep.remove()
	return nil
}

// files refuses, before the training, what could not be written after it or would destroy another file.
func (f *trainFlags) files(table string) error {
	if f.out == "-" || f.out == "" {
		return say.Error("cmd.train_out_name", "value", f.out)
	}
	for _, pair := range [][4]string{
		{"--out", f.out, "", table},
		{"--checkpoint", f.checkpoint, "", table},
		{"--checkpoint", f.checkpoint, "--out ", f.out},
	} {
		if sameFile(pair[1], pair[3]) {
			return say.Error("cmd.same_file", "flag", pair[0], "path", pair[1], "other", pair[2]+pair[3])
		}
	}
	for _, p := range []string{f.out, f.checkpoint} {
		if err := disk.Writable(p); err != nil {
			return err
		}
	}
	return nil
}

// newRun reads the table and prepares the training.
func (a *app) newRun(path string, f trainFlags) (*fit.Run, *table.Table, error) {
	tbl, err := a.readTable(path, table.Options{})
	if err != nil {
		return nil, nil, err
	}
	for _, name := range f.set.Leave {
		if _, err := tbl.Need(name); err != nil {
			return nil, nil, err
		}
	}
	target, y, err := table.NewTarget(tbl, f.target, f.set.Task, f.event)
	if err != nil {
		return nil, nil, err
	}
	run, err := fit.New(tbl, nil, target, y, f.set)
	if err != nil {
		return nil, nil, err
	}
	for _, n := range run.Notes() {
		a.note(n.In(a.lang))
	}
	return run, tbl, a.share(run, f.set)
}

// readTable reads a CSV file, or the standard input for "-".
func (a *app) readTable(path string, opt table.Options) (*table.Table, error) {
	in, err := a.shared(func() (io.ReadCloser, error) { return a.openInput(path) })
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return table.Read(in, inputName(path), opt)
}

// inputName is what messages call the input at path.
func inputName(path string) string {
	if path == "-" {
		return "stdin"
	}
	return filepath.Base(path)
}

// epochs trains to the end and says, if asked, where the time went. A run that the user stops says so of what it did, on the standard
// error, for its result is not there.
func (a *app) epochs(run *fit.Run, keep *keeper, watch bool) (*profile.Profile, error) {
	if !watch {
		return nil, a.steps(run, keep)
	}
	clock := run.Watch()
	err := a.steps(run, keep)
	if err != nil && !a.stopped(err) {
		return nil, err
	}
	p := profiled(clock)
	if err != nil {
		a.note(a.profileTable(p, run.Model().Network.Specs()))
	}
	return p, err
}

// steps trains to the end. Now and then, and when the user stops the run, a checkpoint is written.
func (a *app) steps(run *fit.Run, keep *keeper) error {
	bar := a.progress(a.text("cmd.train_progress"), run.Counts().Total)
	defer bar.end()
	state := ""
	for step, err := range run.Steps(a.ctx) {
		if errors.Is(err, context.Canceled) {
			if bad := a.first(keep.write); bad != nil {
				return bad
			}
			return say.Failure("cmd.train_stopped", "checkpoint", keep.path, "cause", err)
		}
		if err != nil {
			return err
		}
		if step.Last {
			state = a.epochLine(step)
		}
		bar.to(step.Iteration, state)
		if err := keep.now(); err != nil {
			a.job.desert() // the others are at the next step already
			return err
		}
	}
	return nil
}

func (a *app) epochLine(s train.Step) string {
	line := a.text("cmd.train_epoch", "epoch", s.Epoch, "cost", strconv.FormatFloat(s.EpochCost, 'g', 4, 64))
	if s.Valid != 0 {
		line += " " + a.text("cmd.train_valid", "cost", strconv.FormatFloat(s.Valid, 'g', 4, 64))
	}
	return line
}
