package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"gradus/fit"
	"gradus/internal/disk"
	"gradus/internal/say"
)

// between is the time from one checkpoint to the next.
const between = 10 * time.Second

// keeper writes the checkpoints of a run to one file and takes that away at the end: only what this run wrote or went on from.
type keeper struct {
	path  string
	save  func(io.Writer) error
	at    time.Time // of the last checkpoint
	every time.Duration
	leads bool // false: another process of the job writes
	ours  bool
}

// resume goes on from the checkpoint.
func (k *keeper) resume(a *app, run *fit.Run) error {
	in, err := a.shared(func() (io.ReadCloser, error) {
		if _, err := os.Stat(k.path); errors.Is(err, fs.ErrNotExist) {
			return nil, say.Error("cmd.train_no_checkpoint", "checkpoint", k.path)
		}
		return disk.Open(k.path)
	})
	if err != nil {
		return err
	}
	defer in.Close()
	b, err := disk.ReadLimited(in, maxModel, k.path)
	if err != nil {
		return err
	}
	if err := run.Load(b); err != nil {
		return err
	}
	k.ours = true
	return nil
}

// now writes a checkpoint where it is time for one.
func (k *keeper) now() error {
	if !k.leads || time.Since(k.at) < k.every {
		return nil
	}
	return k.write()
}

func (k *keeper) write() error {
	if err := disk.WriteFile(k.path, k.save); err != nil {
		return err
	}
	k.at, k.ours = time.Now(), true
	return nil
}

// remove takes the file away once the model is written; one that stays does no harm. A device stays.
func (k *keeper) remove() {
	if info, err := os.Stat(k.path); k.ours && err == nil && info.Mode().IsRegular() {
		_ = os.Remove(k.path)
	}
}
