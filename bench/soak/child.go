package main

import (
	"bufio"
	"bytes"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// child is a service that is killed and started again at the same address.
type child struct {
	name  string
	args  []string
	base  string
	host  string
	mu    sync.RWMutex // held for writing from a kill until the address is taken again
	c     *exec.Cmd
	lives atomic.Int64
	log   safe
}

// safe is a buffer for several writers.
type safe struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safe) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

// free is an address of this machine that nobody listens at.
func free() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	fatal(err)
	defer l.Close()
	return l.Addr().String()
}

func port(address string) string {
	_, p, err := net.SplitHostPort(address)
	fatal(err)
	return p
}

// start starts a service.
func (s *soak) start(name string, args ...string) *child {
	c := &child{name: name, args: args}
	s.launch(c)
	return c
}

// launch starts it and waits until it listens.
func (s *soak) launch(c *child) {
	c.c = exec.Command(s.gradus, c.args...)
	c.c.Env = append(os.Environ(), "GRADUS_LANG=en", "XDG_DATA_HOME="+s.dir)
	c.c.Stderr = &c.log
	out, err := c.c.StdoutPipe()
	fatal(err)
	fatal(c.c.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		fatal(&net.OpError{Op: c.name + " does not start: " + c.log.String(), Err: err})
	}
	c.base = strings.TrimSuffix(strings.TrimSpace(line), "/")
	c.host = strings.TrimPrefix(c.base, "http://")
	c.lives.Add(1)
}

// kill lets the services die without warning, every few seconds of the first half of the run.
func (s *soak) kill() {
	every := max(s.length/40, 2*time.Second)
	for i := 0; ; i++ {
		s.pause(every)
		if time.Since(s.began) > s.length/2 || s.over() {
			return
		}
		c := []*child{s.ward, s.lab}[i%2]
		c.mu.Lock()
		_ = c.c.Process.Signal(syscall.SIGKILL)
		_ = c.c.Wait()
		s.launch(c)
		c.mu.Unlock()
		s.count("kill -9 of " + c.name + ", served again")
	}
}

// figures are what must stay level.
type figures struct{ rss, goroutines, files int }

// measure looks at a process.
func (s *soak) measure(c *child) (f figures) {
	pid := strconv.Itoa(c.c.Process.Pid)
	if b, err := os.ReadFile("/proc/" + pid + "/status"); err == nil {
		for line := range strings.Lines(string(b)) {
			if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
				f.rss, _ = strconv.Atoi(strings.Fields(rest)[0])
			}
		}
	}
	if list, err := os.ReadDir("/proc/" + pid + "/fd"); err == nil {
		f.files = len(list)
	}
	if c == s.ward {
		if _, body, err := get(c.base + "/metrics"); err == nil {
			for line := range strings.Lines(string(body)) {
				if rest, ok := strings.CutPrefix(line, "go_goroutines "); ok {
					f.goroutines, _ = strconv.Atoi(strings.TrimSpace(rest))
				}
			}
		}
	}
	return f
}

// levels are the services when they were warm, and at the end under the same load.
type levels struct{ ward, lab [2]figures }

// watch measures from when nobody is killed any more: at .6 of the run the larger of some looks, at its end again.
func (s *soak) watch() *levels {
	l := &levels{}
	s.wait.Go(func() {
		for i, at := range []float64{.6, .95} {
			s.pause(time.Until(s.began.Add(time.Duration(at * float64(s.length)))))
			for range 10 {
				for _, one := range []struct {
					c *child
					f *figures
				}{{s.ward, &l.ward[i]}, {s.lab, &l.lab[i]}} {
					now := s.measure(one.c)
					one.f.rss, one.f.files, one.f.goroutines = max(one.f.rss, now.rss), max(one.f.files, now.files), max(one.f.goroutines, now.goroutines)
				}
				time.Sleep(s.length / 1000)
			}
		}
	})
	return l
}
