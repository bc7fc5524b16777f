package validate

import (
	"math"
	"slices"

	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/model"
	"gradus/table"
)

// Tally counts rows as they come by the bins of a model's training summary. It keeps no value of a row and no row: what it holds of a
// million of them is as large as what it holds of one. It is for one goroutine at a time.
type Tally struct {
	Rows        int
	Columns     []Bins // by input
	Predictions Bins

	m     *model.Model
	slots [][]int // of a category's levels: the place in Counts, −1 of one that the summary does not name
	calls []int   // the same of the classes
}

// Bins are counts of one column.
type Bins struct {
	Counts  []int // between the edges of the summary, or of its levels
	Other   int   // of levels that the summary does not name
	Missing int
	Unknown int // of levels that the model does not know; they are among Other
	Outside int // of numbers outside the training range; they are among Counts
}

// NewTally counts for m, which must hold a training summary.
func NewTally(m *model.Model) (*Tally, error) {
	s := m.Card.Training
	if s == nil {
		return nil, say.Error("validate.no_training", "version", m.Card.Gradus)
	}
	t := &Tally{m: m, Columns: make([]Bins, len(s.Columns)), slots: make([][]int, len(s.Columns))}
	for i, d := range s.Columns {
		t.Columns[i].Counts = make([]int, max(len(d.Counts), 1))
		if in := &m.Preparation.Inputs[i]; in.Kind == table.Category {
			t.slots[i] = places(in.Levels, d.Levels)
		}
	}
	t.Predictions.Counts = make([]int, max(len(s.Predictions.Counts), 1))
	if m.Target.Task == table.TaskClasses {
		t.calls = places(m.Target.Levels, s.Predictions.Levels)
	}
	return t, nil
}

// places is where each level stands among names, −1 where it does not.
func places(levels, names []string) []int {
	at := make([]int, len(levels))
	for i, l := range levels {
		at[i] = -1
		if k, named := slices.BinarySearch(names, l); named {
			at[i] = k
		}
	}
	return at
}

// Add counts the rows of tbl from start on that values, as model.Predictor gives them, are the predictions of.
func (t *Tally) Add(tbl *table.Table, start int, values mat.Matrix[float64]) {
	t.Rows += values.Rows
	for i := range t.Columns {
		t.column(i, columnOf(tbl, i, t.m.Preparation.Inputs[i].Name), start, start+values.Rows)
	}
	event, edges := t.m.EventIndex(), t.m.Card.Training.Predictions.Edges
	for r := range values.Rows {
		if t.calls != nil {
			t.Predictions.slot(t.calls[kernel.Largest(values.Row(r))])
		} else {
			t.Predictions.number(edges, values.At(r, event))
		}
	}
}

// columnOf is the column of the input i, where a sheet has it, or by its name.
func columnOf(tbl *table.Table, i int, name string) *table.Column {
	if i < len(tbl.Columns) && tbl.Columns[i].Name == name {
		return &tbl.Columns[i]
	}
	return tbl.Column(name)
}

// column counts the rows [start, end) of the column c of the input i.
func (t *Tally) column(i int, c *table.Column, start, end int) {
	in, b := &t.m.Preparation.Inputs[i], &t.Columns[i]
	if in.Kind == table.Category {
		for r := start; r < end; r++ {
			if code := c.Code(r); code < 0 {
				b.Missing++
			} else {
				b.level(in.Levels, t.slots[i], code, c.Text(r))
			}
		}
		return
	}
	edges, low, high := t.m.Card.Training.Columns[i].Edges, in.Low, in.High
	for start < end {
		span := c.Span(start)
		span = span[:min(len(span), end-start)]
		start += len(span)
		for _, v := range span {
			if v != v {
				b.Missing++
				continue
			}
			b.Outside += below(v, low) + below(high, v)
			b.number(edges, v)
		}
	}
}

// number counts v; one on an edge belongs to the bin below, as metric.Binned has it. The edges are few: asking each without a branch is
// faster than to halve them.
func (b *Bins) number(edges []float64, v float64) {
	at := 0
	for _, e := range edges {
		at += below(e, v)
	}
	b.Counts[at]++
}

// below is 1 where a < b, of numbers that are no NaN and not both the same infinity, else 0.
func below(a, b float64) int { return int(math.Float64bits(a-b) >> 63) }

// level counts a level, whose code is mostly its place among levels.
func (b *Bins) level(levels []string, slots []int, code int, text string) {
	known := code >= 0 && code < len(levels) && levels[code] == text
	if !known {
		code, known = slices.BinarySearch(levels, text)
	}
	if !known {
		b.Unknown++
		b.Other++
		return
	}
	b.slot(slots[code])
}

func (b *Bins) slot(at int) {
	if at < 0 {
		b.Other++
	} else {
		b.Counts[at]++
	}
}

// Merge adds the counts of another tally of the same model.
func (t *Tally) Merge(other *Tally) {
	t.Rows += other.Rows
	for i := range t.Columns {
		t.Columns[i].merge(&other.Columns[i])
	}
	t.Predictions.merge(&other.Predictions)
}

func (b *Bins) merge(other *Bins) {
	for i, n := range other.Counts {
		b.Counts[i] += n
	}
	b.Other, b.Missing, b.Unknown, b.Outside = b.Other+other.Other, b.Missing+other.Missing, b.Unknown+other.Unknown, b.Outside+other.Outside
}

// Coarse is the tally with every count in whole multiples of cell, rounded down: what one row or a few did is not in it.
func (t *Tally) Coarse(cell int) *Tally {
	c := &Tally{Rows: t.Rows / cell * cell, m: t.m, Columns: make([]Bins, len(t.Columns)), Predictions: t.Predictions.coarse(cell)}
	for i := range t.Columns {
		c.Columns[i] = t.Columns[i].coarse(cell)
	}
	return c
}

func (b *Bins) coarse(cell int) Bins {
	c := Bins{Other: b.Other / cell * cell, Missing: b.Missing / cell * cell, Unknown: b.Unknown / cell * cell, Outside: b.Outside / cell * cell}
	for _, n := range b.Counts {
		c.Counts = append(c.Counts, n/cell*cell)
	}
	return c
}

// Drift holds the counts against the training rows, as Compare does with a table; what needs the values themselves (moments) is unknown.
func (t *Tally) Drift() *Drift {
	s := t.m.Card.Training
	d := &Drift{Rows: t.Rows, Trained: s.Rows, Largest: unknown}
	for i, b := range t.Columns {
		in := &t.m.Preparation.Inputs[i]
		c := blank(in.Name, in.Kind)
		if in.Kind == table.Category {
			c.named(in, s.Columns[i], s.Rows, b, t.Rows)
		} else {
			c.Missing = Pair{share(s.Columns[i].Missing, s.Rows), share(b.Missing, t.Rows)}
			c.OutOfRange = share(b.Outside, t.Rows-b.Missing)
			c.binned(s.Columns[i], b.Counts)
		}
		d.add(c)
	}
	d.Predictions = blank(t.m.Target.Column, table.Number)
	if t.m.Target.Task == table.TaskClasses {
		d.Predictions.Kind = table.Category
		d.Predictions.judge(append(slices.Clone(s.Predictions.Counts), s.Predictions.Other), append(slices.Clone(t.Predictions.Counts), t.Predictions.Other))
	} else {
		d.Predictions.binned(s.Predictions, t.Predictions.Counts)
	}
	d.note(d.Predictions, "")
	return d
}
