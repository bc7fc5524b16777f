package main

import (
	"bytes"
	"io"
	"time"

	"github.com/spf13/pflag"

	"gradus/cluster"
	"gradus/fit"
	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/model"
)

// job is this process's part in a job of several.
type job struct {
	*cluster.Job
	rank, of int
	library  string
	deserted bool // the others do not know that this rank has ended
}

// desert says that this rank ends without the others.
func (j *job) desert() {
	if j != nil {
		j.deserted = true
	}
}

// leads reports whether this process is the one that reads and writes files.
func (a *app) leads() bool { return a.job == nil || a.job.rank == 0 }

// first does f where files are read and written, and gives its outcome to every process of the job.
func (a *app) first(f func() error) error {
	if a.job == nil {
		return f()
	}
	return a.job.First(f)
}

// shared is a file that one process reads for all of the job.
func (a *app) shared(open func() (io.ReadCloser, error)) (io.ReadCloser, error) {
	if a.job == nil {
		return open()
	}
	b, err := a.job.Read(open)
	return io.NopCloser(bytes.NewReader(b)), err
}

// jobFlags are those of a job of several processes.
type jobFlags struct {
	blocks, threads int
	deadline, every time.Duration
}

// defaultBlocks lets up to eight ranks share a batch.
const (
	defaultBlocks   = 8
	defaultDeadline = time.Minute
)

func (f *jobFlags) add(a *app, set *pflag.FlagSet) {
	f.every = between
	if a.job == nil {
		return
	}
	set.IntVar(&f.blocks, "blocks", defaultBlocks, a.text("cluster.flag_blocks"))
	set.DurationVar(&f.deadline, "deadline", defaultDeadline, a.text("cluster.flag_deadline"))
	set.DurationVar(&f.every, "checkpoint-every", between, a.text("cluster.flag_every"))
	set.IntVar(&f.threads, "threads", 0, a.text("cluster.flag_threads"))
}

// take checks the flags and has them count.
func (f *jobFlags) take(a *app, typed func(string) bool, s *model.Settings) error {
	if a.job == nil {
		return nil
	}
	if s.Blocks = f.blocks; f.blocks < 1 || f.blocks > 1<<20 {
		return say.Error("cluster.blocks", "value", f.blocks)
	}
	if f.threads < 1 && typed("threads") {
		return say.Error("cluster.threads", "value", f.threads)
	}
	for name, v := range map[string]time.Duration{"--deadline": f.deadline, "--checkpoint-every": f.every} {
		if v <= 0 {
			return say.Error("cluster.duration", "flag", name, "value", v)
		}
	}
	if f.threads > 0 {
		kernel.Threads(f.threads)
	}
	a.job.Limit(f.deadline)
	return nil
}

// share has the run take its part in the job.
func (a *app) share(run *fit.Run, s model.Settings) error {
	if a.job == nil {
		return nil
	}
	if err := run.Share(a.job); err != nil {
		return err
	}
	if a.job.of > s.Blocks {
		a.note(a.text("cluster.idle", "ranks", a.job.of, "blocks", s.Blocks, "idle", a.job.of-s.Blocks))
	}
	if a.job.of > 1 {
		a.note(a.text("cluster.ranks", "ranks", a.job.of, "threads", kernel.Cores(), "library", a.job.library))
	}
	return a.job.Same(a.ctx, model.Version+" "+rounding()+" "+run.Identity())
}

// rounding names instructions that give the same bits.
func rounding() string {
	if kernel.ISA() == "go" {
		return "go"
	}
	return "fused"
}
