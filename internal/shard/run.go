package shard

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"gradus/internal/say"
	"gradus/train"
)

// Work is what is parted: units that can be made here or taken from where they were made.
type Work interface {
	Units() []Unit
	Do(ctx context.Context, unit string) (any, error) // what it gives has a JSON form
	Take(unit string, record json.RawMessage) error
}

// between is the time from one writing of an unfinished shard to the next.
const between = 3 * time.Second

// run is a shard on its way.
type run struct {
	file *File
	made map[string]json.RawMessage
	path string
	lock sync.Mutex
	said time.Time
	told func()
}

// Run makes the units of the part h and leaves them in the file at path, unfinished from time to time. With resume it goes on from the
// file that is there; progress is told how many of how many units are done.
func Run(ctx context.Context, w Work, h Header, path string, resume bool, progress func(done, total int)) (*File, error) {
	r := &run{file: &File{Header: h}, made: map[string]json.RawMessage{}, path: path, said: time.Now()}
	if resume {
		if err := r.resume(); err != nil {
			return nil, err
		}
	}
	var mine, left []string
	units := w.Units()
	for i, part := range Deal(units, h.Of) {
		if part == h.Shard {
			mine = append(mine, units[i].Name)
		}
	}
	for _, unit := range mine {
		if r.made[unit] == nil {
			left = append(left, unit)
		}
	}
	r.told = func() { progress(len(r.made), len(mine)) }
	r.told()
	err := train.Many(ctx, len(left), 0, func(ctx context.Context, i int) error {
		record, err := w.Do(ctx, left[i])
		if err != nil {
			return err
		}
		return r.keep(left[i], record, mine)
	})
	if err != nil {
		if len(r.made) > 0 {
			err = errors.Join(err, r.save(mine, false))
		}
		return nil, err
	}
	return r.file, r.save(mine, true)
}

// resume takes the units of the file that is there.
func (r *run) resume() error {
	if _, err := os.Stat(r.path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	old, err := Open(r.path)
	if err != nil {
		return say.Error("shard.resume_damaged", "path", r.path, "cause", err)
	}
	if !r.file.Same(old.Header) || old.Shard != r.file.Shard {
		return say.Error("shard.resume_other", "path", r.path)
	}
	for _, u := range old.Records {
		r.made[u.Unit] = u.Record
	}
	return nil
}

// keep takes in a unit that is done, and writes the file where it is time to.
func (r *run) keep(unit string, record any, mine []string) error {
	b, err := json.Marshal(record)
	if err != nil {
		return say.Failure("shard.unit", "unit", unit, "cause", err)
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	r.made[unit] = b
	r.told()
	if time.Since(r.said) < between {
		return nil
	}
	return r.save(mine, false)
}

// save writes what is done, in the order of the units.
func (r *run) save(mine []string, complete bool) error {
	r.file.Records, r.file.Complete = nil, complete
	for _, unit := range mine {
		if b := r.made[unit]; b != nil {
			r.file.Records = append(r.file.Records, Record{unit, b})
		}
	}
	err := r.file.Save(r.path)
	r.said = time.Now()
	return err
}
