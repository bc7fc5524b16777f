package main

import (
	"strconv"
	"time"

	"gradus/bench"
	"gradus/internal/kernel"
	"gradus/internal/profile"
	"gradus/network"
)

// look is how long the peak is looked for: it is what the rates of a profile are measured by.
const look = 60 * time.Millisecond

// profiled is what the clock of a run has to tell, beside the peak of the cores that the run used.
func profiled(clock *profile.Clock) *profile.Profile {
	threads := kernel.Cores()
	p := clock.Result(threads, bench.Peak(threads, look))
	return &p
}

// profileTable is the profile as a person reads it: a line about the whole and a table by part, in the order of a step.
func (a *app) profileTable(p *profile.Profile, layers []network.Spec) string {
	if p.Steps == 0 {
		return a.text("cmd.profile_none")
	}
	var header []string
	for _, h := range []string{"layer", "part", "total", "share", "calls", "step", "median", "rate", "peak"} {
		header = append(header, a.text("cmd.profile_column_"+h))
	}
	var rows [][]string
	for _, r := range p.Parts {
		layer, rate, share := "", none, none
		if r.Layer > 0 {
			layer = strconv.Itoa(r.Layer) + " " + layers[r.Layer-1].Kind
		}
		if r.Rate > 0 {
			rate, share = fixed(r.Rate, 1), fixed(100*r.Peak, 1)
		}
		rows = append(rows, []string{
			layer, a.text("cmd.profile_" + r.Part), fixed(r.Total/1e6, 2), fixed(100*r.Share, 1), strconv.Itoa(r.Calls), fixed(r.Step/1e3, 3), fixed(r.Median/1e3, 3), rate, share,
		})
	}
	rows = append(rows, []string{"", a.text("cmd.profile_all"), fixed(p.Total/1e6, 2), fixed(100, 1), "", fixed(p.Step/1e3, 3), fixed(p.Median/1e3, 3), "", ""})
	return a.text("cmd.profile_whole", "steps", p.Steps, "step", span(p.Step), "readings", fixed(p.Readings, 1), "reading", span(p.Reading),
		"threads", p.Threads, "peak", fixed(p.Peak, 1)) + "\n" + a.rendered(header, rows)
}

func fixed(v float64, digits int) string { return strconv.FormatFloat(v, 'f', digits, 64) }
