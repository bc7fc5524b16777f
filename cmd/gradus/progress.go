package main

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows how far a long run is: a bar on a terminal, a plain line every few seconds in a pipe, nothing when --quiet
// or --json.
type progress struct {
	app   *app
	label string
	total int64
	bars  *mpb.Progress
	bar   *mpb.Bar
	said  time.Time
	state atomic.Pointer[string] // the bar's own goroutine reads it
}

// pause is how long a plain progress line waits after the one before, blink how long the bar does.
const (
	pause = 5 * time.Second
	blink = 100 * time.Millisecond
)

// progress starts one of total steps; call to as it goes and end when it is over.
func (a *app) progress(label string, total int) *progress {
	p := &progress{app: a, label: label, total: int64(total), said: time.Now()}
	p.state.Store(new(string))
	if a.errTTY && !a.quiet && !a.json {
		p.bars = mpb.New(mpb.WithOutput(a.err), mpb.WithWidth(40))
		p.bar = p.bars.AddBar(p.total,
			mpb.PrependDecorators(decor.Name(label+" ")),
			mpb.AppendDecorators(decor.CountersNoUnit("%d/%d"), decor.Any(func(decor.Statistics) string { return " " + *p.state.Load() })),
			mpb.BarRemoveOnComplete())
	}
	return p
}

// to says that n steps are done; state is a word beside the bar, such as the cost.
func (p *progress) to(n int, state string) {
	switch {
	case p.bar != nil && time.Since(p.said) >= blink:
		p.said = time.Now()
		p.state.Store(&state)
		p.bar.SetCurrent(int64(n))
	case p.bar == nil && !p.app.quiet && !p.app.json && time.Since(p.said) >= pause:
		p.said = time.Now()
		fmt.Fprintf(p.app.err, "%s %d/%d %s\n", p.label, n, p.total, state)
	}
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.Abort(true)
		p.bars.Wait()
	}
}
