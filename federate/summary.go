package federate

import (
	"math"
	"strconv"

	"gradus/internal/say"
	"gradus/table"
)

// Summary is what a site says of its rows so that all can prepare theirs alike. It says nothing of fewer than LeastCount rows.
type Summary struct {
	Format  string  `json:"format"`
	Plan    string  `json:"plan"` // Plan.Hash
	Rows    int     `json:"rows"`
	Target  *Tally  `json:"target,omitempty"` // of a number target
	Columns []Tally `json:"columns"`          // in the plan's order
}

// Tally is what a site says of one column.
type Tally struct {
	Name    string  `json:"name"`
	Known   int     `json:"known,omitempty"` // of a number: rows with a value; 0 where too few have one or the plan gives the scale
	Mean    float64 `json:"mean,omitempty"`  // of those, to a hundredth of their spread
	SD      float64 `json:"sd,omitempty"`    // of those, to three digits
	Levels  []bool  `json:"levels,omitempty"`
	Other   bool    `json:"other,omitempty"`   // of a category: LeastCount rows or more have none of those levels
	Missing bool    `json:"missing,omitempty"` // LeastCount rows or more have no value
}

const summaryFormat = "gradus-summary-1"

// Summarise makes the summary of a site's table.
func Summarise(p *Plan, tbl *table.Table) (*Summary, error) {
	y, err := p.encoded(tbl)
	if err != nil {
		return nil, err
	}
	s := &Summary{Format: summaryFormat, Plan: p.Hash(), Rows: tbl.Rows}
	if p.Target.Task == table.TaskNumber {
		t := Tally{Name: p.Target.Column}
		t.number(y, len(y), p.LeastCount)
		s.Target = &t
	}
	for _, c := range p.Columns {
		t := Tally{Name: c.Name}
		column, err := tbl.Need(c.Name)
		if err != nil {
			return nil, err
		}
		if c.Kind == table.Category {
			t.category(column, c.Levels, tbl.Rows, p.LeastCount)
		} else if err := t.column(tbl, column, c.Scale != nil, p.LeastCount); err != nil {
			return nil, err
		}
		s.Columns = append(s.Columns, t)
	}
	return s, nil
}

// column tells of a column of numbers; of one whose scale is given only whether values are missing.
func (t *Tally) column(tbl *table.Table, c *table.Column, given bool, least int) error {
	if c.Kind != table.Number && c.Kind != table.Empty {
		return say.Error("federate.text", "file", tbl.Name, "column", c.Name)
	}
	var values []float64
	for r := range tbl.Rows {
		if c.Kind == table.Number && !c.Missing(r) {
			values = append(values, c.Number(r))
		}
	}
	t.Missing = tbl.Rows-len(values) >= least
	if !given {
		t.number(values, tbl.Rows, least)
	}
	return nil
}

// number tells the mean and the spread of values unless fewer than least stand behind them, or behind one of two values: of 0 and 1 the
// mean is a count. Where fewer than least of rows lack a value, they are not told from the others.
func (t *Tally) number(values []float64, rows, least int) {
	if len(values) < least || rareOfTwo(values, least) {
		return
	}
	s := table.FitScale(values)
	t.Known = len(values)
	if rows-len(values) < least {
		t.Known = rows
	}
	t.SD = digits(s.SD, s.SD, 2)
	t.Mean = digits(s.Mean, s.SD, 2)
}

// rareOfTwo reports whether there are just two values, one of them in fewer than least rows.
func rareOfTwo(values []float64, least int) bool {
	counts := map[float64]int{}
	for _, v := range values {
		if counts[v]++; len(counts) > 2 {
			return false
		}
	}
	for _, n := range counts {
		if n < least {
			return true
		}
	}
	return false
}

// digits rounds x to a decimal place n behind the first digit of scale; x itself where there is no scale.
func digits(x, scale float64, n int) float64 {
	if !(scale > 0) || math.IsInf(scale, 0) {
		return x
	}
	places := n - int(math.Floor(math.Log10(scale)))
	if unit := math.Pow(10, float64(-places)); places < 0 {
		return math.Round(x/unit) * unit
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'f', places, 64), 64) // its own text
	return rounded
}

// category tells which of levels at least least rows have.
func (t *Tally) category(c *table.Column, levels []string, rows, least int) {
	place := map[string]int{}
	for i, l := range levels {
		place[l] = i
	}
	counts, other, missing := make([]int, len(levels)), 0, 0
	for r := range rows {
		if c.Missing(r) {
			missing++
		} else if i, known := place[c.Text(r)]; known {
			counts[i]++
		} else {
			other++
		}
	}
	t.Levels = make([]bool, len(levels))
	for i, n := range counts {
		if t.Levels[i] = n >= least; !t.Levels[i] {
			other += n
		}
	}
	t.Other, t.Missing = other >= least, missing >= least
}

// ReadSummary reads a summary and checks it against the plan; name is the file's in messages.
func ReadSummary(b []byte, name string, p *Plan) (*Summary, error) {
	var s Summary
	if err := strict(b, &s, name); err != nil {
		return nil, err
	}
	return &s, s.fits(p, name)
}

func (s *Summary) fits(p *Plan, name string) error {
	switch {
	case s.Format != summaryFormat:
		return say.Error("federate.format", "file", name, "found", s.Format, "want", summaryFormat)
	case s.Plan != p.Hash():
		return say.Error("federate.other_plan", "file", name, "found", brief(s.Plan), "want", brief(p.Hash()))
	case s.Rows < p.LeastRows || s.Rows > mostRows:
		return say.Error("federate.few_rows", "file", name, "found", s.Rows, "least", p.LeastRows)
	case len(s.Columns) != len(p.Columns):
		return say.Error("federate.summary_columns", "file", name, "found", len(s.Columns), "want", len(p.Columns))
	case (s.Target != nil) != (p.Target.Task == table.TaskNumber):
		return say.Error("federate.summary_column", "file", name, "column", p.Target.Column)
	case s.Target != nil && !(s.Target.numeric(s.Rows, p.LeastCount) && s.Target.Name == p.Target.Column && s.Target.SD > 0):
		return say.Error("federate.summary_column", "file", name, "column", p.Target.Column)
	}
	for i, c := range p.Columns {
		t, ok := &s.Columns[i], false
		if c.Kind == table.Category {
			ok = len(t.Levels) == len(c.Levels) && t.Known == 0 && t.Mean == 0 && t.SD == 0
		} else {
			ok = t.numeric(s.Rows, p.LeastCount) && (c.Scale == nil || t.Known == 0)
		}
		if !ok || t.Name != c.Name {
			return say.Error("federate.summary_column", "file", name, "column", c.Name)
		}
	}
	return nil
}

func (t *Tally) numeric(rows, least int) bool {
	return len(t.Levels) == 0 && !t.Other && t.Known <= rows && (t.Known == 0 && t.Mean == 0 && t.SD == 0 || t.Known >= least) &&
		math.Abs(t.Mean) <= math.MaxFloat32 && t.SD >= 0 && t.SD <= math.MaxFloat32
}

// mostRows keeps sums of rows exact in float64.
const mostRows = 1 << 29

// brief is the beginning of a hash, enough to tell two apart.
func brief(hash string) string { return hash[:min(len(hash), 12)] }
