package main

import (
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"gradus/federate"
	"gradus/internal/disk"
	"gradus/model"
	"gradus/table"
)

// newFed is gradus fed, with one command under it for each step of a federation.
func newFed(a *app) *cobra.Command {
	c := a.command("fed", 0, 0, nil)
	c.Args = func(c *cobra.Command, args []string) error { return unknownCommand(c, args) }
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	c.Example = "gradus fed plan codebook.csv --target died_30d --out plan.json\n" +
		"gradus fed step plan.json model.gradus ward.csv --out mine.safetensors"
	c.AddGroup(&cobra.Group{ID: c.Name(), Title: a.text("federate.group")})
	for _, make := range []func(*app) *cobra.Command{
		newFedPlan, newFedSummary, newFedStart, newFedStep, newFedAverage, newFedJudge, newFedPool, newFedPrivacy,
	} {
		sub := make(a)
		sub.GroupID = c.Name()
		c.AddCommand(sub)
	}
	return c
}

// under is a command under fed: its texts are federate.NAME and federate.NAME_long.
func (a *app) under(use string, least, most int, do func(args []string) error) *cobra.Command {
	c := a.command(use, least, most, do)
	c.Short, c.Long = a.text("federate."+c.Name()), a.text("federate."+c.Name()+"_long")
	return c
}

// fedPlan are the flags of gradus fed plan.
type fedPlan struct {
	train   trainFlags // those of gradus train that a plan has too
	plan    federate.Plan
	privacy federate.Privacy
	out     string
}

// newFedPlan is gradus fed plan TABLE.csv --target COL.
func newFedPlan(a *app) *cobra.Command {
	f := fedPlan{train: trainFlags{hidden: "16"}}
	var c *cobra.Command
	c = a.under("plan TABLE.csv|-", 1, 1, func(args []string) error { return f.run(a, c, args[0]) })
	set, s := c.Flags(), &f.train.set
	set.StringVar(&f.train.target, "target", "", a.text("cmd.train_target"))
	set.StringVar(&f.train.task, "task", "", a.text("cmd.train_task"))
	set.StringVar(&f.train.event, "event", "", a.text("cmd.train_event"))
	set.StringArrayVar(&f.train.drop, "drop", nil, a.text("cmd.train_drop"))
	set.StringVar(&f.plan.Patient, "patient", "", a.text("federate.flag_patient"))
	set.StringVar(&f.train.hidden, "hidden", f.train.hidden, a.text("federate.flag_hidden"))
	set.StringVar(&s.Activation, "activation", model.DefaultActivation, a.text("federate.flag_activation"))
	set.StringVar(&s.Optimizer, "optimizer", model.DefaultOptimizer, a.text("cmd.train_optimizer"))
	set.Float64Var(&s.Alpha, "alpha", .004, a.text("federate.flag_alpha"))
	set.IntVar(&s.Batch, "batch", model.DefaultBatch, a.text("federate.flag_batch"))
	set.Float64Var(&f.train.decay, "weight-decay", .001, a.text("federate.flag_decay"))
	set.Float64Var(&s.Dropout, "dropout", 0, a.text("federate.flag_dropout"))
	set.IntVar(&f.plan.Rounds, "rounds", 15, a.text("federate.flag_rounds"))
	set.IntVar(&s.Epochs, "epochs", 5, a.text("federate.flag_epochs"))
	set.Float64Var(&f.plan.Mu, "mu", 0, a.text("federate.flag_mu"))
	set.IntVar(&f.plan.LeastRows, "least-rows", federate.DefaultLeastRows, a.text("federate.flag_least_rows"))
	set.IntVar(&f.plan.LeastCount, "least-count", federate.DefaultLeastCount, a.text("federate.flag_least_count"))
	set.StringVar(&f.privacy.Unit, "privacy", "", a.text("federate.flag_privacy"))
	set.Float64Var(&f.privacy.Clip, "clip", 1, a.text("federate.flag_clip"))
	set.Float64Var(&f.privacy.Noise, "noise", 1, a.text("federate.flag_noise"))
	set.Float64Var(&f.privacy.Delta, "delta", 1e-5, a.text("federate.flag_delta"))
	set.StringVar(&f.out, "out", "-", a.text("federate.flag_out"))
	c.Example = "gradus fed plan codebook.csv --target died_30d --drop site --patient patient_id --out plan.json\n" +
		"gradus fed plan codebook.csv --target died_30d --mu 0.1 --privacy patient --clip 1 --noise 1.2 --out plan.json"
	return c
}

func (f *fedPlan) run(a *app, c *cobra.Command, path string) error {
	s := &f.train.set
	if err := f.train.settings(a, c); err != nil {
		return err
	}
	s.WeightDecay = &f.train.decay
	var err error
	if s.Hidden, err = widths(f.train.hidden); err != nil {
		return err
	}
	tbl, err := a.readTable(path, table.Options{})
	if err != nil {
		return err
	}
	target, _, err := table.NewTarget(tbl, f.train.target, s.Task, s.Event)
	if err != nil {
		return err
	}
	leave := s.Leave
	if f.plan.Patient != "" {
		leave = append(leave, f.plan.Patient)
	}
	p, err := federate.New(tbl, target, leave, f.plan.LeastCount)
	if err != nil {
		return err
	}
	s.Task, s.Event, s.Leave = target.Task, target.Event, nil
	p.Patient, p.Settings, p.Rounds, p.Mu, p.LeastRows = f.plan.Patient, *s, f.plan.Rounds, f.plan.Mu, f.plan.LeastRows
	if f.privacy.Unit != "" {
		p.Privacy = &f.privacy
	}
	if err := p.Valid("plan"); err != nil {
		return err
	}
	for _, n := range target.Notes() {
		a.note(n.In(a.lang))
	}
	return a.writeDocument(f.out, p)
}

// writeDocument writes v as JSON that people read and edit.
func (a *app) writeDocument(path string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return a.writeWhole(path, append(b, '\n'))
}

// writeWhole writes b to a file, or to the standard output for "-".
func (a *app) writeWhole(path string, b []byte) error {
	if path == "-" {
		_, err := a.Write(b)
		return err
	}
	return disk.WriteFile(path, func(w io.Writer) error { _, err := w.Write(b); return err })
}

// readWhole reads a file of at most maxModel bytes, or the standard input for "-"; name is what messages call it.
func (a *app) readWhole(path string) (b []byte, name string, err error) {
	in, err := a.openInput(path)
	if err != nil {
		return nil, "", err
	}
	defer in.Close()
	b, err = disk.ReadLimited(in, maxModel, path)
	return b, inputName(path), err
}

func (a *app) readPlan(path string) (*federate.Plan, error) {
	b, name, err := a.readWhole(path)
	if err != nil {
		return nil, err
	}
	return federate.Read(b, name)
}

// newFedSummary is gradus fed summary PLAN TABLE.csv.
func newFedSummary(a *app) *cobra.Command {
	var out string
	c := a.under("summary PLAN TABLE.csv|-", 2, 2, func(args []string) error {
		p, err := a.readPlan(args[0])
		if err != nil {
			return err
		}
		tbl, err := a.readTable(args[1], table.Options{Kinds: p.Kinds()})
		if err != nil {
			return err
		}
		s, err := federate.Summarise(p, tbl)
		if err != nil {
			return err
		}
		return a.writeDocument(out, s)
	})
	c.Flags().StringVar(&out, "out", "-", a.text("federate.flag_out"))
	c.Example = "gradus fed summary plan.json ward.csv --out summary.json"
	return c
}

// newFedStart is gradus fed start PLAN SUMMARY….
func newFedStart(a *app) *cobra.Command {
	var out string
	c := a.under("start PLAN SUMMARY...", 2, -1, func(args []string) error {
		p, err := a.readPlan(args[0])
		if err != nil {
			return err
		}
		var sites []*federate.Summary
		for _, path := range args[1:] {
			b, name, err := a.readWhole(path)
			if err != nil {
				return err
			}
			s, err := federate.ReadSummary(b, name, p)
			if err != nil {
				return err
			}
			sites = append(sites, s)
		}
		m, err := federate.Start(p, sites)
		if err != nil {
			return err
		}
		return a.writeFederated(out, m)
	})
	c.Flags().StringVar(&out, "out", "start.gradus", a.text("federate.flag_model_out"))
	c.Example = "gradus fed start plan.json a.json b.json c.json --out start.gradus"
	return c
}

// writeFederated writes a model and says what it is.
func (a *app) writeFederated(path string, m *model.Model) error {
	var whole bytes.Buffer
	if err := m.Write(&whole); err != nil {
		return err
	}
	if err := a.writeWhole(path, whole.Bytes()); err != nil || path == "-" {
		return err
	}
	f := m.Card.Federation
	a.note(a.text("federate.written", "file", filepath.Base(path), "round", f.Round, "rounds", f.Rounds, "sites", f.Sites, "rows", m.Card.Rows))
	return nil
}

// names says what the i-th of the files is called in messages.
func fileNames(paths []string) func(i int) string {
	return func(i int) string { return filepath.Base(paths[i]) }
}
