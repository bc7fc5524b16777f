package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gradus/fit"
	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
	"gradus/train"
)

// trainFlags are the flags as they are typed.
type trainFlags struct {
	target, hidden, task, event, out, checkpoint string
	drop                                         []string
	decay, validation                            float64
	resume                                       bool
	set                                          model.Settings
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
	set.StringVar(&f.hidden, "hidden", "64,32", a.text("cmd.train_hidden"))
	set.StringVar(&f.set.Activation, "activation", model.DefaultActivation, a.text("cmd.train_activation"))
	set.StringVar(&f.set.Optimizer, "optimizer", model.DefaultOptimizer, a.text("cmd.train_optimizer"))
	set.Float64Var(&f.set.Alpha, "alpha", model.DefaultAlpha, a.text("cmd.train_alpha"))
	set.IntVar(&f.set.Epochs, "epochs", model.DefaultEpochs, a.text("cmd.train_epochs"))
	set.IntVar(&f.set.Batch, "batch", model.DefaultBatch, a.text("cmd.train_batch"))
	set.Float64Var(&f.decay, "weight-decay", 0, a.text("cmd.train_decay"))
	set.Float64Var(&f.set.Dropout, "dropout", 0, a.text("cmd.train_dropout"))
	set.Float64Var(&f.validation, "validation", 0, a.text("cmd.train_validation"))
	set.IntVar(&f.set.Patience, "patience", model.DefaultPatience, a.text("cmd.train_patience"))
	set.StringVar(&f.task, "task", "", a.text("cmd.train_task"))
	set.StringVar(&f.event, "event", "", a.text("cmd.train_event"))
	set.StringArrayVar(&f.drop, "drop", nil, a.text("cmd.train_drop"))
	set.StringVar(&f.checkpoint, "checkpoint", "", a.text("cmd.train_checkpoint"))
	set.BoolVar(&f.resume, "resume", false, a.text("cmd.train_resume"))
	c.Example = "gradus data breast_cancer --csv > breast_cancer.csv\n" +
		"gradus train breast_cancer.csv --target diagnosis\n" +
		"gradus train cohort.csv --target died_30d --drop site --hidden 32 --dropout 0.2 --seed 7 --out cohort.gradus\n" +
		"gradus train cohort.csv --target died_30d --drop site --hidden 32 --dropout 0.2 --seed 7 --out cohort.gradus --resume"
	return c
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
	for _, list := range f.drop {
		s.Leave = append(s.Leave, strings.Split(list, ",")...)
	}
	if s.Hidden, err = widths(f.hidden); err != nil {
		return err
	}
	typed := c.Flags().Changed
	if typed("weight-decay") {
		s.WeightDecay = &f.decay
	}
	if typed("validation") {
		s.Validation = &f.validation
	}
	for _, v := range []struct {
		name string
		zero bool
	}{{"alpha", s.Alpha == 0}, {"epochs", s.Epochs == 0}, {"batch", s.Batch == 0}, {"patience", s.Patience == 0}} {
		if v.zero {
			return say.Error("model.setting", "name", v.name, "value", 0, "allowed", "> 0")
		}
	}
	return nil
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
	if f.checkpoint == "" {
		f.checkpoint = f.out + "-checkpoint"
	}
	for _, p := range []string{f.out, f.checkpoint} {
		if err := disk.Writable(p); err != nil {
			return err
		}
	}
	run, err := a.newRun(path, f)
	if err != nil {
		return err
	}
	if f.resume {
		if err := resume(run, f.checkpoint); err != nil {
			return err
		}
	}
	if err := a.epochs(run, f.checkpoint); err != nil {
		return err
	}
	m := run.Model()
	if err := disk.WriteFile(f.out, m.Write); err != nil {
		return err
	}
	if err := os.Remove(f.checkpoint); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return a.showTrained(m, f.out)
}

// newRun reads the table and prepares the training.
func (a *app) newRun(path string, f trainFlags) (*fit.Run, error) {
	tbl, err := a.readTable(path, table.Options{})
	if err != nil {
		return nil, err
	}
	for _, name := range f.set.Leave {
		if _, err := tbl.Need(name); err != nil {
			return nil, err
		}
	}
	target, y, err := table.NewTarget(tbl, f.target, f.set.Task, f.event)
	if err != nil {
		return nil, err
	}
	run, err := fit.New(tbl, nil, target, y, f.set)
	if err != nil {
		return nil, err
	}
	for _, n := range run.Notes() {
		a.note(n.In(a.lang))
	}
	return run, nil
}

// readTable reads a CSV file, or the standard input for "-".
func (a *app) readTable(path string, opt table.Options) (*table.Table, error) {
	in, err := a.openInput(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	name := filepath.Base(path)
	if path == "-" {
		name = "stdin"
	}
	return table.Read(in, name, opt)
}

func resume(run *fit.Run, path string) error {
	in, err := disk.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	b, err := disk.ReadLimited(in, maxModel, path)
	if err != nil {
		return err
	}
	return run.Load(b)
}

// between is the time from one checkpoint to the next.
const between = 10 * time.Second

// epochs trains to the end. Now and then, and when the user stops the run, a checkpoint is written.
func (a *app) epochs(run *fit.Run, checkpoint string) error {
	counts := run.Counts()
	bar := a.progress(a.text("cmd.train_progress"), counts.Total)
	defer bar.end()
	saved := time.Now()
	for step, err := range run.Steps(a.ctx) {
		if errors.Is(err, context.Canceled) {
			if bad := disk.WriteFile(checkpoint, run.Save); bad != nil {
				return bad
			}
			return say.Failure("cmd.train_stopped", "checkpoint", checkpoint, "cause", err)
		}
		if err != nil {
			return err
		}
		if step.Last {
			bar.to(step.Iteration, a.epochLine(step))
		}
		if time.Since(saved) > between {
			if err := disk.WriteFile(checkpoint, run.Save); err != nil {
				return err
			}
			saved = time.Now()
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
