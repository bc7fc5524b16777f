package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"time"
)

const us = "gradus"

// cell is one program at one work.
type cell struct {
	work    string
	threads int
	program string
}

// judgement is what gradus says of its own figure.
type judgement struct {
	Rate        float64 `json:"gflops"`
	Share       float64 `json:"share_of_peak"`
	Verdict     string  `json:"verdict"`
	Allocations float64 `json:"allocations"`
	Error       float64 `json:"largest_error_ulp,omitempty"`
	Rows        float64 `json:"rows_per_second,omitempty"`
	Fits        float64 `json:"fits_per_second,omitempty"`
}

// entry is all that was measured for a cell: a minimum and a median a round, the costs of the first round.
type entry struct {
	Mins    []float64 `json:"ns_per_step_min"`
	Medians []float64 `json:"ns_per_step_median"`
	Losses  []float64 `json:"losses,omitempty"`
	Wrong   string    `json:"wrong,omitempty"` // how the costs departed from ours
	judgement
}

func (e *entry) min() float64    { return slices.Min(e.Mins) }
func (e *entry) median() float64 { m := slices.Sorted(slices.Values(e.Medians)); return m[len(m)/2] }

// part is one family measured with one number of threads.
type part struct {
	Date    time.Time `json:"date"`
	Family  string    `json:"family"`
	Threads int       `json:"threads"`
	Peak    float64   `json:"peak_gflops"`
}

// table is everything measured.
type table struct {
	machine  map[string]any
	cells    map[cell]*entry
	rows     []cell   // work and threads, in the order measured
	programs []string // in the order met
	versions map[string]string
	skipped  map[string]string
	troubles []string // single works that a peer could not do
	parts    []part
}

func newTable() *table {
	return &table{cells: map[cell]*entry{}, versions: map[string]string{}, skipped: map[string]string{}}
}

// meet notes a peer, or why it is not there.
func (t *table) meet(p *peer) {
	if p.skip != "" {
		t.skipped[p.name] = p.skip
		return
	}
	delete(t.skipped, p.name)
	t.enlist(p.name, p.version)
}

func (t *table) enlist(name, version string) {
	if !slices.Contains(t.programs, name) {
		t.programs = append(t.programs, name)
	}
	t.versions[name] = version
}

// trouble notes why a peer gave no figure.
func (t *table) trouble(p *peer, work string, threads int) {
	line := fmt.Sprintf("%s at %s, threads: %d: %s", p.name, work, threads, p.trouble)
	fmt.Fprintln(os.Stderr, line)
	t.troubles = append(t.troubles, line)
}

// on takes the machine of the latest run; one that measured more numbers of threads stays.
func (t *table) on(machine map[string]any) {
	before, _ := t.machine["threads"].([]any)
	if now, _ := machine["threads"].([]any); len(now) >= len(before) {
		t.machine = machine
	}
}

// note says that a family is measured.
func (t *table) note(began time.Time, family string, threads int) {
	peaks := numbers(t.machine["peak_gflops"])
	p := part{Date: began.UTC().Truncate(time.Second), Family: family, Threads: threads}
	if at := slices.Index(numbers(t.machine["threads"]), float64(threads)); at >= 0 && at < len(peaks) {
		p.Peak = peaks[at]
	}
	t.parts = append(t.parts, p)
}

// forget drops what was measured of a family with so many threads.
func (t *table) forget(family string, threads int) {
	gone := func(c cell) bool { return c.threads == threads && familyOf(c.work) == family }
	t.rows = slices.DeleteFunc(t.rows, gone)
	for c := range t.cells {
		if gone(c) {
			delete(t.cells, c)
		}
	}
	t.parts = slices.DeleteFunc(t.parts, func(p part) bool { return p.Family == family && p.Threads == threads })
	t.troubles = slices.DeleteFunc(t.troubles, func(line string) bool {
		_, rest, _ := strings.Cut(line, " at ")
		work, rest, _ := strings.Cut(rest, ", threads: ")
		return familyOf(work) == family && strings.HasPrefix(rest, fmt.Sprint(threads, ":"))
	})
}

// familyOf is the word that asks for a work.
func familyOf(work string) string {
	word, _, _ := strings.Cut(work, "-")
	if word == "infer" {
		return "inference"
	}
	return word
}

func (t *table) add(c cell, f figure) {
	e := t.cells[c]
	if e == nil {
		e = &entry{Losses: f.Losses}
		t.cells[c] = e
		if c.program == us {
			t.rows = append(t.rows, cell{c.work, c.threads, ""})
		}
	}
	e.Mins, e.Medians = append(e.Mins, f.Min), append(e.Medians, f.Median)
	if own := t.cells[cell{c.work, c.threads, us}]; own != nil && e.Wrong == "" {
		e.Wrong = differ(c.work, own.Losses, f.Losses)
	}
}

func (t *table) judge(c cell, j judgement) {
	if e := t.cells[c]; j.Rate >= e.Rate {
		e.judgement = j
	}
}

// agreement is how far the costs of two programs may lie apart, of a cost of 1. Refits draw their own chance: only their mean is
// alike.
func agreement(work string) float64 {
	if work == "many" {
		return .25
	}
	return 1e-3
}

// differ says how the losses of a peer depart from ours.
func differ(work string, ours, theirs []float64) string {
	if len(theirs) != len(ours) {
		return fmt.Sprintf("shows %d costs, gradus %d", len(theirs), len(ours))
	}
	limit := agreement(work)
	for i, v := range ours {
		if near := limit * max(1, math.Abs(v)); work == "many" {
			if !(math.Abs(theirs[i]-v) <= limit*v) {
				return fmt.Sprintf("has a mean cost of %.4g, gradus of %.4g", theirs[i], v)
			}
		} else if !(math.Abs(theirs[i]-v) <= near) {
			return fmt.Sprintf("has cost %d at %.6g, gradus at %.6g", i+1, theirs[i], v)
		}
	}
	return ""
}

// disagreements lists the figures that do not count.
func (t *table) disagreements() (list []string) {
	for c, e := range t.cells {
		if e.Wrong != "" {
			list = append(list, fmt.Sprintf("%s, threads: %d: %s %s", c.work, c.threads, c.program, e.Wrong))
		}
	}
	slices.Sort(list)
	return list
}

// best is the peer with the shortest time at a row, of those named, of all where none is; "" where no one did it.
func (t *table) best(row cell, names []string) (name string, ns float64) {
	ns = math.Inf(1)
	for _, p := range t.programs {
		e := t.cells[cell{row.work, row.threads, p}]
		if e == nil || e.Wrong != "" || len(names) > 0 && !slices.Contains(names, p) {
			continue
		}
		if e.min() < ns {
			name, ns = p, e.min()
		}
	}
	return name, ns
}

// stored is the table as it is kept between runs.
type stored struct {
	Machine  map[string]any    `json:"machine"`
	Parts    []part            `json:"parts"`
	Programs [][2]string       `json:"programs"` // name and version
	Skipped  map[string]string `json:"not_measured"`
	Troubles []string          `json:"troubles"`
	Cells    []storedCell      `json:"cells"`
}

type storedCell struct {
	Work    string `json:"work"`
	Threads int    `json:"threads"`
	Program string `json:"program"`
	entry
}

// save writes the figures as they were measured.
func (t *table) save(name string) error {
	s := stored{Machine: t.machine, Parts: t.parts, Skipped: t.skipped, Troubles: t.troubles}
	for _, p := range t.programs {
		s.Programs = append(s.Programs, [2]string{p, t.versions[p]})
	}
	for _, r := range t.rows {
		for _, p := range append([]string{us}, t.programs...) {
			if e := t.cells[cell{r.work, r.threads, p}]; e != nil {
				s.Cells = append(s.Cells, storedCell{r.work, r.threads, p, *e})
			}
		}
	}
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
}

// load takes up what an earlier run saved; there need be none.
func (t *table) load(name string) error {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var s stored
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		return fmt.Errorf("%s: %w; delete it to begin anew", name, err)
	}
	t.machine, t.parts, t.troubles = s.Machine, s.Parts, s.Troubles
	for _, p := range s.Programs {
		t.enlist(p[0], p[1])
	}
	for name, why := range s.Skipped {
		t.skipped[name] = why
	}
	for _, x := range s.Cells {
		t.cells[cell{x.Work, x.Threads, x.Program}] = &x.entry
		if x.Program == us {
			t.rows = append(t.rows, cell{x.Work, x.Threads, ""})
		}
	}
	return nil
}
