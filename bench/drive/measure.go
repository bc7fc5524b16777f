package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// families are the words that gradus bench --work knows, in the order measured.
var families = []string{"S", "M", "L", "XL", "inference", "gemm", "vector", "many", "csv"}

// effort is how often each program has its turn at a family, and how long a peer's turn lasts at each work, in seconds; a peer repeats a
// work at least three times unless that takes longer than four seconds. All together fit into half an hour on two cores.
type effort struct {
	rounds  int
	seconds float64
}

var efforts = map[string]effort{
	"S": {5, .3}, "M": {5, .3}, "L": {3, .5}, "XL": {2, 1},
	"inference": {5, .2}, "gemm": {3, .2}, "vector": {3, .05}, "many": {2, 0}, "csv": {2, 0},
}

// bench is a run over all works.
type bench struct {
	options
	gradus string
	more   []string
	table  *table
	began  time.Time
}

// report is what gradus bench --json says.
type report struct {
	Machine map[string]any `json:"machine"`
	Results []struct {
		Work string `json:"work"`
		figure
		judgement
	} `json:"results"`
}

// effort is that of a family, unless the flags say otherwise.
func (b *bench) effort(family string) effort {
	e := efforts[family]
	if b.quick {
		e = effort{1, .05}
	}
	if b.rounds > 0 {
		e.rounds = b.rounds
	}
	if b.seconds > 0 {
		e.seconds = b.seconds
	}
	return e
}

// measure gives every program its turn at every work, round after round. What fails is named, and the others go on.
func (b *bench) measure(threads int, peers []*peer) (failed error) {
	defer stop(peers)
	for _, p := range peers {
		b.table.meet(p)
	}
	for _, family := range b.work {
		b.table.forget(family, threads)
		effort := b.effort(family)
		for round := range effort.rounds {
			fmt.Fprintf(os.Stderr, "%5.0f s: %s, threads: %d, round %d of %d\n", time.Since(b.began).Seconds(), family, threads, round+1, effort.rounds)
			names, err := b.ours(family, threads)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				failed = errors.Join(failed, err)
				break
			}
			b.theirs(names, threads, peers, effort.seconds)
		}
		b.table.note(b.began, family, threads)
		if err := b.table.save(b.raw()); err != nil {
			return errors.Join(failed, err)
		}
	}
	return failed
}

// theirs is the peers' turn at works.
func (b *bench) theirs(names []string, threads int, peers []*peer, seconds float64) {
	for _, name := range names {
		for _, p := range peers {
			f, ok := p.ask(name, seconds)
			if ok {
				b.table.add(cell{name, threads, p.name}, f)
			} else if p.trouble != "" {
				b.table.trouble(p, name, threads)
			}
		}
	}
}

// ours is gradus' turn; it names the works that family consists of.
func (b *bench) ours(family string, threads int) (names []string, err error) {
	args := append([]string{"bench", "--json", "--work", family, "--threads", strconv.Itoa(threads)}, b.more...)
	c := exec.Command(b.gradus, args...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("gradus %s: %w", strings.Join(args, " "), err)
	}
	var r report
	if err := json.Unmarshal(out, &r); err != nil {
		return nil, err
	}
	b.table.on(r.Machine)
	for _, x := range r.Results {
		c := cell{x.Work, threads, us}
		b.table.add(c, x.figure)
		b.table.judge(c, x.judgement)
		names = append(names, x.Work)
	}
	return names, nil
}
