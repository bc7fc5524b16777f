package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// progress says every so often how it goes.
func (s *soak) progress() {
	for !s.over() {
		s.pause(max(s.length/20, 5*time.Second))
		n := int64(0)
		if v, ok := s.counts.Load("answers in JSON, right to the bit"); ok {
			n = v.(*atomic.Int64).Load()
		}
		w := s.measure(s.ward)
		fmt.Printf("%6.0f s  %d answers, service %.1f MiB, %d goroutines, %d descriptors, %d wrong\n", time.Since(s.began).Seconds(), n, float64(w.rss)/1024, w.goroutines, w.files, s.wrong.Load())
	}
}

// The bounds of what is level: memory may be a quarter and 16 MiB above what it was at .6 of the run, the rest by a few.
func flat(from, to int) bool { return to <= from+from/4+16<<10 }

const fewMore = 24

// end ends the services, which must go without a fault, and looks for what must not stand in their logs.
func (s *soak) end(l *levels) {
	for _, one := range []struct {
		name string
		f    [2]figures
	}{{"service", l.ward}, {"lab", l.lab}} {
		if a, b := one.f[0], one.f[1]; !flat(a.rss, b.rss) || b.files > a.files+fewMore || b.goroutines > a.goroutines+fewMore || b.rss == 0 {
			s.fail("%s is not level: %+v, then %+v", one.name, a, b)
		}
	}
	time.Sleep(3 * time.Second) // for slow clients to be cut off
	if rest := s.measure(s.ward); rest.goroutines > 40 || rest.files > 40 {
		s.fail("the service rests with %d goroutines and %d descriptors", rest.goroutines, rest.files)
	}
	for _, c := range []*child{s.ward, s.lab} {
		_ = c.c.Process.Signal(syscall.SIGTERM)
		if err := c.c.Wait(); err != nil {
			s.fail("%s at SIGTERM: %v", c.name, err)
		}
		c.log.mu.Lock()
		said := c.log.String()
		c.log.mu.Unlock()
		for _, word := range []string{canary, "P00215", s.dir, "goroutine "} {
			if strings.Contains(said, word) {
				s.fail("the log of %s holds %q", c.name, word)
			}
		}
	}
}

// summary prints what was done, and is the exit status.
func (s *soak) summary(l *levels) int {
	counts := map[string]int64{}
	s.counts.Range(func(k, v any) bool {
		if name, ok := k.(string); ok {
			counts[name] = v.(*atomic.Int64).Load()
		}
		return true
	})
	fmt.Printf("\n%v of load\n", time.Since(s.began).Round(time.Second))
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		fmt.Printf("%10d  %s\n", counts[k], k)
	}
	for _, one := range []struct {
		name string
		f    [2]figures
	}{{"service", l.ward}, {"lab", l.lab}} {
		fmt.Printf("%s: %.1f MiB at .6 of the run, %.1f at its end; goroutines %d, %d; descriptors %d, %d\n", one.name,
			float64(one.f[0].rss)/1024, float64(one.f[1].rss)/1024, one.f[0].goroutines, one.f[1].goroutines, one.f[0].files, one.f[1].files)
	}
	for _, needed := range []string{"answers in JSON, right to the bit", "whole files, the same bytes as gradus predict", "pages of the lab, the same bytes", "jumps of the clock"} {
		if counts[needed] == 0 {
			s.fail("none: %s", needed)
		}
	}
	if n := s.wrong.Load(); n > 0 {
		fmt.Println(n, "wrong")
		return 1
	}
	fmt.Println("nothing lost, nothing wrong")
	return 0
}
