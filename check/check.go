// Package check turns the raw records of a file into a clean typed table: what each column is, what is left out and why,
// what a person must decide. A study file holds these decisions, Apply carries them out.
package check

import (
	"runtime"
	"sync"

	"gradus/internal/say"
	"gradus/source"
)

// Kind is what a column holds.
type Kind string

// The kinds of column.
const (
	Number     Kind = "number"
	Category   Kind = "category"
	Date       Kind = "date"
	Identifier Kind = "identifier" // names a patient or a visit by a code
	Person     Kind = "person"     // a name, resident number, phone, e-mail: its cells are shown and written nowhere
	Text       Kind = "text"       // free text: its cells are shown and written nowhere
	Constant   Kind = "constant"
	Empty      Kind = "empty"
)

// Role is what a column is used for.
type Role string

// The roles of a column.
const (
	Feature Role = "feature"
	Target  Role = "target"
	Group   Role = "group" // rows of one patient stay together
	Time    Role = "time"  // the index date
	Dropped Role = "dropped"
	Blocked Role = "blocked" // would tell the outcome; a person may release it
)

// Report is what was found in a table.
type Report struct {
	Encoding  string     `json:"encoding"`
	Delimiter string     `json:"delimiter"`
	Sheet     string     `json:"sheet"`
	HeaderRow int        `json:"header_row"` // the record of the header, counted from 1; 0 where the format names columns itself
	Records   int        `json:"records"`    // behind the header
	Rows      int        `json:"rows"`       // left of them
	Excluded  []Excluded `json:"excluded"`
	Columns   []Column   `json:"columns"`
	Warnings  []string   `json:"-"`
	Event     string     `json:"-"` // the level of the target that is the event, where it has two
}

// Excluded is one record that is no row, counted from 1 as HeaderRow is.
type Excluded struct {
	Record int    `json:"record"`
	Reason string `json:"reason"` // title, blank, footer, duplicate
}

// Column is what was found in one column.
type Column struct {
	Name      string         `json:"name"`
	Kind      Kind           `json:"kind"`
	Role      Role           `json:"role"`
	Reason    string         `json:"reason"`
	Missing   int            `json:"missing"` // empty cells and sure codes
	Levels    map[string]int `json:"levels"`  // of a category, after merging
	Proposals []Proposal     `json:"proposals"`
}

// Proposal is one value and what it would better be read as.
type Proposal struct {
	Value  string `json:"value"`
	As     string `json:"as"` // missing, lod/2, limit, category, /10, /18, decimal comma, day first, month first, or the level that it merges into
	Count  int    `json:"count"`
	Why    string `json:"why"`
	accept bool
}

// Options says what the user gave.
type Options struct {
	Target string
	Lang   say.Lang
	Today  int // days since 1970, behind which a date lies in the future; 0: not asked
}

// Table finds out what the records of a sheet hold. name is the file's, for messages.
func Table(name string, sheet *source.Sheet, opt Options) (*Report, error) {
	f, err := frameOf(name, sheet)
	if err != nil {
		return nil, err
	}
	c := &checker{frame: f, opt: opt, found: make([]*survey, len(f.names)), open: map[int]bool{}}
	if opt.Target != "" {
		if c.target, err = f.find(name, opt.Target); err != nil {
			return nil, err
		}
	}
	c.restyle()
	c.each(func(i int) { c.found[i] = c.look(i) })
	if opt.Target != "" {
		if err := c.outcome(name); err != nil {
			return nil, err
		}
	}
	c.twins()
	c.roles()
	c.each(func(i int) { c.screen(c.found[i]) })
	return c.report(), nil
}

// checker is one run of Table.
type checker struct {
	*frame
	opt      Options
	target   int
	time     int // place of the column of the index date, -1 for none
	found    []*survey
	event    string
	events   []bool // by row, of a target of two levels
	known    []bool // by row: the target is not missing
	warnings []string
	asked    [][]Proposal // by column: how its cells are written
	open     map[int]bool // columns of dates whose day and month only a person can tell apart
}

func (c *checker) say(key string, args ...any) string {
	return say.Text(c.opt.Lang, "check."+key, args...)
}

func (c *checker) warn(key string, args ...any) {
	c.warnings = append(c.warnings, c.say(key, args...))
}

// each calls do for every column, several at once; what do writes belongs to its column.
func (c *checker) each(do func(i int)) {
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), max(1, len(c.names))) {
		wait.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range c.names {
		next <- i
	}
	close(next)
	wait.Wait()
}

// report gathers the surveys.
func (c *checker) report() *Report {
	s := c.sheet
	r := &Report{
		Encoding: s.Encoding, Delimiter: s.Delimiter, Sheet: s.Name, HeaderRow: c.header + 1,
		Records: len(s.Records) - c.header - 1, Rows: len(c.rows), Excluded: c.excluded, Columns: make([]Column, len(c.found)),
		Event: c.event,
	}
	for i, v := range c.found {
		r.Columns[i] = v.Column
		if len(c.asked[i]) > 0 {
			r.Columns[i].Proposals = append(c.asked[i], v.Proposals...)
		}
		if v.warning != "" {
			c.warnings = append(c.warnings, v.warning)
		}
	}
	if c.repeated > 0 {
		c.warn("warn_repeated", "n", c.repeated)
	}
	r.Warnings = c.warnings
	return r
}
