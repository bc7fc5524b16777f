// Package profile says where the time of a training step goes: a clock that is read at the end of each part of the step.
//
// A reading takes some 30 ns, much beside the parts of a small network. The clock measures what its own readings take and leaves that
// out; what remains is what a processor can no longer do at once across a reading. On a step of 3.2 µs that takes 3.9 with a clock, the
// parts add up to 3.5. Who is given no clock, a nil one, compares a pointer at the end of each part and does nothing else.
package profile

import "time"

// Part names a part of a step to the clock that it was added to.
type Part int

// Clock adds up the time of each part. One goroutine reads it; the nil Clock measures nothing.
type Clock struct {
	began   time.Time
	last    time.Duration // of the last reading, from began
	parts   []part
	steps   int
	rows    int
	reading float64 // nanoseconds that a reading takes
}

type part struct {
	name       string
	layer      int     // from 1; 0: of the whole step
	operations float64 // a row
	spent      time.Duration
	calls      int
	times      *spread
}

// New is a clock that runs from now on.
func New() *Clock {
	c := &Clock{reading: reading()}
	c.Restart()
	return c
}

// reading is the least time that a reading was seen to take, in nanoseconds.
func reading() float64 {
	c := &Clock{began: time.Now()}
	p := c.Part("reading", 0, 0)
	least := 0.
	for look := range 20 {
		const readings = 500
		start := time.Now()
		for range readings {
			c.Lap(p)
		}
		if took := float64(time.Since(start)) / readings; look == 0 || took < least {
			least = took
		}
	}
	return least
}

// Part adds a part of a step: what it does, of which layer (from 1; 0 for none), and the operations of its products on one row, a
// multiply-add being two. Result tells the parts in the order in which they were added. A nil clock takes no note.
func (c *Clock) Part(name string, layer int, operations float64) Part {
	if c == nil {
		return 0
	}
	c.parts = append(c.parts, part{name: name, layer: layer, operations: operations, times: new(spread)})
	return Part(len(c.parts) - 1)
}

// Lap says that part p ends here: the time since the last reading was its.
func (c *Clock) Lap(p Part) {
	if c != nil {
		c.lap(p)
	}
}

func (c *Clock) lap(p Part) {
	now := time.Since(c.began)
	at := &c.parts[p]
	at.spent += now - c.last
	at.times.add(now - c.last)
	at.calls++
	c.last = now
}

// Step says that a step over so many rows is done.
func (c *Clock) Step(rows int) {
	if c != nil {
		c.steps++
		c.rows += rows
	}
}

// Restart begins anew: what was measured so far is forgotten.
func (c *Clock) Restart() {
	for i := range c.parts {
		c.parts[i].spent, c.parts[i].calls, *c.parts[i].times = 0, 0, spread{}
	}
	c.steps, c.rows, c.began, c.last = 0, 0, time.Now(), 0
}

// Profile is where the time went. Times are in nanoseconds and leave out what the readings of the clock took.
type Profile struct {
	Steps    int     `json:"steps"`
	Total    float64 `json:"ns"`
	Step     float64 `json:"ns_per_step"`
	Median   float64 `json:"ns_median"` // of a step, by the medians of its parts: what others on this machine disturb least
	Readings float64 `json:"readings_per_step"`
	Reading  float64 `json:"ns_per_reading"` // left out, Readings times a step
	Threads  int     `json:"threads,omitempty"`
	Peak     float64 `json:"peak_gflops,omitempty"` // of so many threads
	Parts    []Row   `json:"parts"`
}

// Row is one part of a step.
type Row struct {
	Part   string  `json:"part"`
	Layer  int     `json:"layer,omitempty"`
	Total  float64 `json:"ns"`
	Share  float64 `json:"share"` // of the Total of all parts
	Calls  int     `json:"calls"`
	Step   float64 `json:"ns_per_step"`
	Median float64 `json:"ns_median"`               // of a call
	Rate   float64 `json:"gflops,omitempty"`        // of the products that it consists of, by the median
	Peak   float64 `json:"share_of_peak,omitempty"` // Rate by the peak
}

// Result is what was measured so far, without the parts that never came. A peak above 0 is the GFLOP/s that so many threads of this
// machine reach at most.
func (c *Clock) Result(threads int, peak float64) Profile {
	r := Profile{Steps: c.steps, Reading: c.reading, Threads: threads, Peak: peak, Parts: []Row{}}
	steps := max(float64(c.steps), 1)
	for _, p := range c.parts {
		if p.calls == 0 {
			continue
		}
		row := p.row(c.reading, steps, float64(c.rows)/steps)
		if peak > 0 {
			row.Peak = row.Rate / peak
		}
		calls := float64(p.calls) / steps
		r.Total += row.Total
		r.Median += float64(calls * row.Median)
		r.Readings += calls
		r.Parts = append(r.Parts, row)
	}
	r.Step = r.Total / steps
	for i := range r.Parts {
		if r.Total > 0 {
			r.Parts[i].Share = r.Parts[i].Total / r.Total
		}
	}
	return r
}

// row is a part without its share; the products of a call work on so many rows.
func (p *part) row(reading, steps, rows float64) Row {
	row := Row{Part: p.name, Layer: p.layer, Calls: p.calls}
	row.Total = max(0, float64(p.spent)-float64(float64(p.calls)*reading))
	row.Step = row.Total / steps
	row.Median = max(0, p.times.median()-reading)
	if row.Median > 0 {
		row.Rate = p.operations * rows / row.Median
	}
	return row
}
