// Command soak runs gradus serve, gradus lab and gradus train for a while under all that goes wrong in a ward: kill −9 and restart,
// files that are replaced, spoiled or do not fit on the disk, clients that are slow, mute or gone half way, and a clock that jumps.
// Every answer is compared with what gradus predict says, bit for bit; memory, goroutines and descriptors are to stay level.
//
//	go run . -gradus ../../bin/gradus -for 30m
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// soak is one run.
type soak struct {
	ctx    context.Context // ends with the load
	gradus string
	dir    string
	began  time.Time
	length time.Duration
	models map[string]*truth // by SHA-256
	paths  [2]string         // of the two models that take turns
	tables map[string]table
	ward   *child
	lab    *child
	wait   sync.WaitGroup
	counts sync.Map // what: *atomic.Int64
	wrong  atomic.Int64
}

// count adds to what the summary tells.
func (s *soak) count(what string) {
	n, _ := s.counts.LoadOrStore(what, new(atomic.Int64))
	n.(*atomic.Int64).Add(1)
}

// fail is something that must not be.
func (s *soak) fail(format string, args ...any) {
	if s.wrong.Add(1) <= 20 {
		fmt.Printf("WRONG "+format+"\n", args...)
	}
}

func (s *soak) over() bool { return s.ctx.Err() != nil }

// pause waits, shorter where the load ends.
func (s *soak) pause(d time.Duration) {
	select {
	case <-s.ctx.Done():
	case <-time.After(d):
	}
}

// run is the program with arguments, waited for.
func (s *soak) run(args ...string) (out []byte, code int) {
	c := exec.Command(s.gradus, args...)
	c.Env = append(os.Environ(), "GRADUS_LANG=en", "XDG_DATA_HOME="+s.dir)
	out, err := c.CombinedOutput()
	if err != nil && c.ProcessState == nil {
		fatal(err)
	}
	return out, c.ProcessState.ExitCode()
}

func fatal(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func main() {
	gradus := flag.String("gradus", "../../bin/gradus", "the program")
	length := flag.Duration("for", 30*time.Minute, "how long")
	flag.Parse()
	path, err := filepath.Abs(*gradus)
	fatal(err)
	dir, err := os.MkdirTemp("", "gradus-soak")
	fatal(err)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithTimeout(ctx, *length)
	s := &soak{ctx: ctx, gradus: path, dir: dir, began: time.Now(), length: *length, models: map[string]*truth{}, tables: map[string]table{}}
	code := s.all()
	cancel()
	stop()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// all prepares, loads, and judges.
func (s *soak) all() int {
	s.prepare()
	s.ward = s.start("ward", "serve", "ward="+s.served(), "--bind", free(), "--watch", "200ms", "--slow", "2s", "--drain", "5s", "--log", "json")
	s.lab = s.start("lab", "lab", "--no-browser", "--port", port(free()))
	for _, load := range []func(){s.rows, s.rows, s.files, s.fhir, s.bad, s.slowHeads, s.slowBodies, s.slowReaders, s.halfClosed, s.pages} {
		s.wait.Go(func() {
			for !s.over() {
				load()
			}
		})
	}
	for _, event := range []func(){s.replace, s.kill, s.train, s.full, s.jump, s.progress} {
		s.wait.Go(event)
	}
	level := s.watch()
	s.wait.Wait()
	s.end(level)
	return s.summary(level)
}
