package main

import (
	"encoding/json"
	"path/filepath"

	"github.com/spf13/pflag"

	"gradus/internal/disk"
	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/internal/shard"
	"gradus/model"
	"gradus/protocol"
	"gradus/study"
	"gradus/table"
)

// sharding is --shard of a command: which part of the work is made, if not all.
type sharding struct {
	text string
	part shard.Part
}

func (s *sharding) add(a *app, f *pflag.FlagSet) {
	f.StringVar(&s.text, "shard", "", a.text("shard.flag"))
}

func (s *sharding) asked() bool { return s.text != "" }

// parse reads --shard; shards go to a folder of their own where --out names none.
func (s *sharding) parse(a *app, path string, out *string, typed func(flag string) bool) (err error) {
	if !typed("shard") {
		return nil
	}
	if path == "-" {
		return say.Error("shard.stdin")
	}
	if !typed("out") {
		*out = "shards"
	}
	s.part, err = shard.Parse(s.text, a.env)
	return err
}

// course is a study on its way, in units.
type course interface {
	shard.Work
	Identity() (string, error)
}

// The kinds of work that a shard is of.
const (
	ofStudy    = "study"
	ofSurvival = "survival"
)

// studyPlan is what a shard of a study says of it.
type studyPlan struct {
	Study  string `json:"study"` // the study file as carried out
	Epochs int    `json:"epochs,omitempty"`
}

// part makes a shard of the study. The study file lies beside it, so that a lost shard can be made from there.
func (s *studyRun) part(tbl *table.Table) error {
	c, err := study.Begin(tbl, s.plan, "", nil)
	if err != nil {
		return err
	}
	for _, text := range s.remarks {
		s.app.note(text)
	}
	h := shard.Header{Kind: ofStudy, Table: s.name, SHA256: s.sum}
	return s.app.part(c, h, studyPlan{string(s.study), s.plan.Settings.Epochs}, s.parting.part, s.out, s.resume, func() error {
		return disk.WriteFile(filepath.Join(s.out, "study.yaml"), s.writeStudyFile)
	})
}

// part makes a shard of the study of survival.
func (s *survivalRun) part(tbl *table.Table) error {
	c, err := study.BeginSurvival(tbl, s.plan, nil)
	if err != nil {
		return err
	}
	h := shard.Header{Kind: ofSurvival, Table: s.name}
	if h.SHA256, err = fileHash(s.path); err != nil {
		return err
	}
	return s.app.part(c, h, s.plan, s.parting.part, s.out, s.resume, func() error { return nil })
}

// bits says whose arithmetic this run's last bits are: AVX-512, AVX2 and NEON agree, plain Go differs from them.
func bits() string {
	if kernel.ISA() == "go" {
		return "go"
	}
	return "lanes"
}

// parted is what the command says of a shard.
type parted struct {
	Shard int    `json:"shard"`
	Of    int    `json:"of"`
	Units int    `json:"units"`
	All   int    `json:"all_units"`
	File  string `json:"file"`
}

// part makes the shard p of c in the folder out; prepare writes what else goes there.
func (a *app) part(c course, h shard.Header, plan any, p shard.Part, out string, resume bool, prepare func() error) (err error) {
	h.Version, h.Shard, h.Of, h.Bits = model.Version, p.I, p.N, bits()
	if h.Identity, err = c.Identity(); err != nil {
		return err
	}
	if h.Plan, err = json.Marshal(plan); err != nil {
		return say.Failure("validate.failed", "cause", err)
	}
	undo, err := disk.Folder(out)
	if err != nil {
		return err
	}
	path := filepath.Join(out, p.File())
	var made *shard.File
	if err = prepare(); err == nil {
		err = a.watched(func(told func(done, total int)) (err error) {
			made, err = shard.Run(a.ctx, c, h, path, resume, told)
			return err
		})
	}
	if err != nil {
		undo()
		if a.stopped(err) && there(path) {
			return say.Failure("shard.stopped", "path", path, "cause", err)
		}
		return err
	}
	done := parted{p.I, p.N, len(made.Records), len(c.Units()), path}
	if a.json {
		return a.writeJSON(done)
	}
	a.print(a.text("shard.done", "shard", p.String(), "units", done.Units, "all", done.All, "path", path))
	a.print(a.text("shard.next", "of", p.N, "command", "gradus gather "+protocol.Quote(out)+" --out "+h.Kind))
	return nil
}
