package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"gradus/serve"
)

// replace lets the two models take turns, with a spoiled file between them now and then, which must not be served.
func (s *soak) replace() {
	for i := 0; !s.over(); i++ {
		if i%4 == 3 {
			b, err := os.ReadFile(s.paths[i%2])
			fatal(err)
			b = b[:rand.IntN(len(b))]
			s.ward.mu.RLock() // a start would find no model, which is right and no test
			fatal(os.WriteFile(s.served(), b, 0o600))
			s.pause(300 * time.Millisecond)
			copyFile(s.paths[i%2], s.served())
			s.ward.mu.RUnlock()
			s.count("spoiled model files")
		} else {
			copyFile(s.paths[i%2], s.served())
			s.count("model files replaced")
		}
		s.ward.mu.RLock()
		_ = s.ward.c.Process.Signal(syscall.SIGHUP)
		s.ward.mu.RUnlock()
		s.pause(500 * time.Millisecond)
	}
}

// train trains under kill −9 with checkpoints, and must end with the bytes of a run that nothing broke.
func (s *soak) train() {
	file, whole, broken := filepath.Join(s.dir, "cohort.csv"), filepath.Join(s.dir, "whole.model"), filepath.Join(s.dir, "broken.model")
	epochs := "1000"
	if s.length >= 2*time.Minute {
		epochs = "12000" // longer than from one checkpoint to the next
	}
	args := func(out string) []string {
		return []string{"train", file, "--target", "died_30d", "--drop", "site", "--hidden", "64,32", "--epochs", epochs, "--patience", epochs, "--out", out, "--no-record", "--quiet"}
	}
	text, code := s.run(args(whole)...)
	s.must(code, text)
	want, err := os.ReadFile(whole)
	fatal(err)
	for round := 0; !s.over(); round++ {
		_ = os.Remove(broken)
		life := 11 * time.Second // a checkpoint is written every ten
		for {
			a := args(broken)
			if list, _ := filepath.Glob(broken + "*checkpoint*"); len(list) > 0 {
				a = append(a, "--resume")
				s.count("training gone on with from a checkpoint")
			}
			c := exec.Command(s.gradus, a...)
			c.Env = append(os.Environ(), "XDG_DATA_HOME="+s.dir)
			var said bytes.Buffer
			c.Stdout, c.Stderr = &said, &said
			fatal(c.Start())
			done := time.AfterFunc(life, func() { _ = c.Process.Signal(syscall.SIGKILL) })
			stop := context.AfterFunc(s.ctx, func() { _ = c.Process.Kill() })
			err := c.Wait()
			done.Stop()
			if stop(); s.over() {
				return
			}
			life += time.Duration(rand.IntN(8000)) * time.Millisecond
			if err == nil {
				break
			}
			if c.ProcessState.ExitCode() >= 0 {
				s.fail("training: %v %s", err, &said)
				return
			}
			s.count("kill -9 of a training")
		}
		if got, err := os.ReadFile(broken); err != nil || !bytes.Equal(got, want) {
			s.fail("a training that was killed ends with other bytes: %v", err)
		}
		s.count("trainings, the bytes of one that nothing broke")
	}
}

// full lets the disk be full under a training, its records and the file that it replaces: it says so, and what was there stays.
func (s *soak) full() {
	disk := filepath.Join(s.dir, "disk")
	fatal(os.Mkdir(disk, 0o700))
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=16k"); err != nil {
		fmt.Println("note  the disk is not filled: a small file system cannot be mounted here:", err)
		return
	}
	defer func() { _ = syscall.Unmount(disk, 0) }()
	out, old := filepath.Join(disk, "m"), []byte("what was here before")
	fatal(os.WriteFile(out, old, 0o600))
	fatal(os.WriteFile(filepath.Join(disk, "fill"), make([]byte, 8<<10), 0o600))
	table := filepath.Join(s.dir, "cohort.csv")
	for !s.over() {
		said, code := s.run("train", table, "--target", "died_30d", "--drop", "site", "--hidden", "64,32", "--epochs", "1", "--out", out, "--store", filepath.Join(disk, "records.db"), "--quiet")
		now, err := os.ReadFile(out)
		list, _ := os.ReadDir(disk)
		if code != 1 || err != nil || !bytes.Equal(now, old) || bytes.Contains(said, []byte("goroutine")) {
			s.fail("a full disk: %d %v %s", code, err, said)
		}
		for _, e := range list {
			if name := e.Name(); name != "m" && name != "fill" && !strings.HasPrefix(name, "records.db") {
				s.fail("a full disk keeps %s", name)
			}
		}
		good := filepath.Join(s.dir, "stored.model")
		said, code = s.run("train", table, "--target", "died_30d", "--drop", "site", "--hidden", "8", "--epochs", "1", "--out", good, "--store", filepath.Join(disk, "records.db"), "--quiet")
		if _, err := os.Stat(good); err != nil || bytes.Contains(said, []byte("goroutine")) {
			s.fail("records on a full disk: %d %v %s", code, err, said)
		}
		_ = os.Remove(good)
		s.count("disks that were full, refused with the old file whole")
		s.pause(5 * time.Second)
	}
}

// jump serves in this process with a clock that jumps by years, to and fro: a token that has an end is good just before it, and no
// request in work is cut, for deadlines are of another clock.
func (s *soak) jump() {
	tokens := filepath.Join(s.dir, "tokens")
	const lasting, ending = "lasting-token-0123456789", "ending-token-9876543210"
	ends := time.Now().AddDate(1, 0, 0)
	fatal(os.WriteFile(tokens, []byte(lasting+"\n"+ending+" "+ends.UTC().Format(time.RFC3339)+"\n"), 0o600))
	known, err := serve.ReadTokens(tokens)
	fatal(err)
	var ahead atomic.Int64
	known.Clock(func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	service, err := serve.New(serve.Options{Files: []serve.File{{Name: "ward", Path: s.paths[0]}}, Tokens: known})
	fatal(err)
	server := httptest.NewServer(service)
	defer server.Close()
	ask := func(token string) (code int, b []byte, rows []map[string]any, from int) {
		rows, from = s.some()
		r, err := http.NewRequest("POST", server.URL+"/predict", strings.NewReader(text(map[string]any{"rows": rows})))
		fatal(err)
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		a, err := server.Client().Do(r)
		if err != nil {
			s.fail("a jump of the clock: %v", err)
			return 0, nil, rows, from
		}
		defer a.Body.Close()
		var out bytes.Buffer
		_, _ = out.ReadFrom(a.Body)
		return a.StatusCode, out.Bytes(), rows, from
	}
	for !s.over() {
		var together sync.WaitGroup
		for range 4 {
			together.Go(func() {
				for range 5 {
					code, b, rows, from := ask(lasting)
					s.judge(code, b, rows, from)
				}
			})
		}
		for _, years := range []int{0, 2, -30, 60, 0} {
			by := time.Duration(years) * 365 * 24 * time.Hour
			ahead.Store(int64(by))
			want := 200
			if years > 1 {
				want = 401
			}
			if code, b, _, _ := ask(ending); code != want {
				s.fail("a clock %d years ahead: %d, want %d %.100s", years, code, want, b)
			}
			s.count("jumps of the clock")
		}
		together.Wait()
		s.pause(200 * time.Millisecond)
	}
}
