package serve

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gradus/internal/disk"
	"gradus/internal/say"
)

// largest bounds a model file.
const largest = 1 << 30

// fileState is what a model's file looked like when it was last read.
type fileState struct {
	info os.FileInfo
}

// changed reports whether a file is not what it was.
func (f fileState) changed(now os.FileInfo) bool {
	return f.info == nil || !os.SameFile(f.info, now) || f.info.Size() != now.Size() || !f.info.ModTime().Equal(now.ModTime())
}

// read reads the file of the model i.
func (s *Server) read(i int) (*served, os.FileInfo, error) {
	f := s.opt.Files[i]
	in, err := disk.Open(f.Path)
	if err != nil {
		return nil, nil, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return nil, nil, err
	}
	s.files[i].info = info
	b, err := disk.ReadLimited(in, largest, filepath.Base(f.Path))
	if err != nil {
		return nil, info, err
	}
	v, err := newServed(f.Name, filepath.Base(f.Path), b, s.opt.Limits.Workers)
	if err == nil {
		v.count = s.metrics.models[i]
		v.count.since.Store(time.Now().Unix())
	}
	return v, info, err
}

// Reload reads every file whose content may have changed, all of them if it must, and serves the new models from then on; requests in
// work keep the one that they began with. A file that cannot be read or is no model is logged, counted and left: the model before it
// is served on.
func (s *Server) Reload(must bool) {
	s.reading.Lock()
	defer s.reading.Unlock()
	list := slices.Clone(*s.models.Load())
	for i, f := range s.opt.Files {
		info, err := os.Stat(f.Path)
		if err == nil && !must && !s.files[i].changed(info) {
			continue
		}
		if errors.Is(err, os.ErrNotExist) && !must {
			continue // it is just being replaced
		}
		old := list[i]
		v, _, err := s.read(i)
		switch {
		case err != nil:
			old.count.failed.Add(1)
			s.opt.Log.LogAttrs(context.Background(), slog.LevelError, "model refused", slog.String("name", old.name), slog.String("why", keyOf(err)), slog.String("kept", short(old.hash)))
		case v.hash != old.hash:
			old.count.reloaded.Add(1)
			list[i] = v
			s.opt.Log.LogAttrs(context.Background(), slog.LevelInfo, "model replaced", slog.String("name", old.name), slog.String("before", short(old.hash)), slog.String("model", short(v.hash)))
		}
	}
	s.models.Store(&list)
}

// keyOf names an error without what it says, which may hold a path.
func keyOf(err error) string {
	if e, ok := errors.AsType[*say.Err](err); ok {
		return e.Key
	}
	return "unknown"
}

// Watch looks for changed files until ctx ends.
func (s *Server) Watch(ctx context.Context, every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			s.Reload(false)
		}
	}
}
