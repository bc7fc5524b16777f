package model

import (
	"math"
	"slices"

	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/metric"
	"gradus/table"
)

// Training sums up the rows a model was trained on, so that later rows can be held against them: counts and moments, no row.
//
// What may stand in it is decided by smallCell: every count is of none or of at least five rows, and every edge parts at least five rows
// from others. So no extreme is in it; the 1st and 99th percentile are, where five rows lie beyond each.
type Training struct {
	Rows        int             `json:"rows"`
	Columns     []Distribution  `json:"columns"`                      // in the order of the inputs
	Predictions Distribution    `json:"predictions"`                  // of the event's probability, of a number, or of the classes that rows are called
	Means       []metric.Number `json:"mean_probabilities,omitempty"` // of each class
}

// Distribution is how the values of one column lie.
type Distribution struct {
	Name    string        `json:"name"`
	Missing int           `json:"missing,omitempty"`
	Mean    metric.Number `json:"mean"` // of the values that are not missing
	SD      metric.Number `json:"sd"`   // over n − 1
	Low     *float64      `json:"p1,omitempty"`
	High    *float64      `json:"p99,omitempty"`
	Edges   []float64     `json:"edges,omitempty"`  // the deciles; a value on an edge belongs below
	Levels  []string      `json:"levels,omitempty"` // of a category, sorted
	Counts  []int         `json:"counts,omitempty"` // between the edges, or of the levels
	Other   int           `json:"other,omitempty"`  // rows of the levels that are not named
}

const (
	smallCell = 5  // a count of fewer rows is given nowhere
	bins      = 10 // of a number, where each gets smallCell rows
)

// Summarise writes to the card how the rows of tbl lie, those the model was trained on, and what it predicts of them.
func (m *Model) Summarise(tbl *table.Table) error {
	t := &Training{Rows: tbl.Rows}
	for i := range m.Preparation.Inputs {
		in := &m.Preparation.Inputs[i]
		c, err := tbl.Need(in.Name)
		if err != nil {
			return err
		}
		t.Columns = append(t.Columns, distributionOf(in, c, tbl.Rows))
	}
	p, err := m.Answers(tbl)
	if err != nil {
		return err
	}
	if m.Target.Task == table.TaskClasses {
		t.Predictions = levelsOf(m.Target.Column, m.Target.Levels, p.Calls, 0)
		t.Means = p.Means
	} else {
		t.Predictions = numbersOf(m.Target.Column, p.Values)
	}
	m.Card.Training = t
	return nil
}

// Answers are the predictions of a table, by what its drift is told from.
type Answers struct {
	Values []float64       // of each row the event's probability, or the number; none of classes
	Means  []metric.Number // of classes: the mean probability of each
	Calls  []int           // of classes: the rows called each
}

// Answers predicts every row of tbl.
func (m *Model) Answers(tbl *table.Table) (a Answers, err error) {
	chunk := m.Chunk(tbl.Rows)
	p, err := m.NewPredictor(tbl, chunk)
	if err != nil {
		return a, err
	}
	classes := m.Target.Task == table.TaskClasses
	if classes {
		a.Means, a.Calls = make([]metric.Number, m.Outputs()), make([]int, m.Outputs())
	}
	for start := 0; start < tbl.Rows; start += chunk {
		out, _ := p.Predict(start, min(start+chunk, tbl.Rows))
		for r := range out.Rows {
			if !classes {
				a.Values = append(a.Values, out.At(r, m.EventIndex()))
				continue
			}
			a.Calls[kernel.Largest(out.Row(r))]++
			for k, v := range out.Row(r) {
				a.Means[k] += metric.Number(v / float64(tbl.Rows))
			}
		}
	}
	return a, nil
}

// distributionOf sums up the column c that is used as in.
func distributionOf(in *table.Input, c *table.Column, rows int) Distribution {
	if in.Kind == table.Number {
		v := slices.DeleteFunc(c.Numbers(nil), math.IsNaN)
		s := numbersOf(in.Name, v)
		s.Missing = rows - len(v)
		return s
	}
	counts, others, missing := in.Count(c, rows)
	s := levelsOf(in.Name, in.Levels, counts, others)
	s.Missing = missing
	return s
}

// numbersOf sums up values, in row order.
func numbersOf(name string, values []float64) Distribution {
	s := Distribution{Name: name}
	s.Mean, s.SD = metric.Moments(values)
	if n := len(values); n >= 2*smallCell {
		s.Edges = metric.Quantiles(values, min(bins, n/smallCell))
	}
	if !allFinite(s.Edges) {
		s.Edges = nil
	}
	s.Counts = metric.Binned(values, s.Edges)
	s.merge()
	if len(values) >= 100*smallCell {
		p := metric.Quantiles(values, 100)
		if ends := []float64{p[0], p[98]}; allFinite(ends) {
			s.Low, s.High = &ends[0], &ends[1]
		}
	}
	if len(s.Edges) == 0 {
		s.Counts = nil
	}
	return s
}

// merge takes out edges until every bin holds none or at least smallCell values.
func (s *Distribution) merge() {
	for len(s.Edges) > 0 {
		i := slices.IndexFunc(s.Counts, func(n int) bool { return n > 0 && n < smallCell })
		if i < 0 {
			return
		}
		edge := max(i-1, 0) // joins the bin below, the first one the bin above
		s.Counts[edge] += s.Counts[edge+1]
		s.Counts, s.Edges = slices.Delete(s.Counts, edge+1, edge+2), slices.Delete(s.Edges, edge, edge+1)
	}
}

// levelsOf names the levels of at least smallCell rows. The others are counted together, with the rarest named level where they are
// too few by themselves: else the sum would tell them.
func levelsOf(name string, levels []string, counts []int, others int) Distribution {
	s := Distribution{Name: name, Mean: metric.Number(math.NaN()), SD: metric.Number(math.NaN()), Other: others}
	for i, n := range counts {
		if n >= smallCell {
			s.Levels, s.Counts = append(s.Levels, levels[i]), append(s.Counts, n)
		} else {
			s.Other += n
		}
	}
	if s.Other > 0 && s.Other < smallCell && len(s.Counts) > 0 {
		rarest := slices.Index(s.Counts, slices.Min(s.Counts))
		s.Other += s.Counts[rarest]
		s.Levels, s.Counts = slices.Delete(s.Levels, rarest, rarest+1), slices.Delete(s.Counts, rarest, rarest+1)
	}
	return s
}

func allFinite(values []float64) bool {
	return !slices.ContainsFunc(values, func(v float64) bool { return v-v != 0 })
}

// check looks at what a reader of the summary relies on.
func (t *Training) check(inputs []table.Input, classes int) error {
	if t == nil {
		return nil
	}
	ok := t.Rows >= 0 && len(t.Columns) == len(inputs)
	for i, s := range t.Columns {
		ok = ok && i < len(inputs) && s.Name == inputs[i].Name && s.sound(inputs[i].Kind == table.Number)
	}
	ok = ok && t.Predictions.sound(t.Means == nil) && (t.Means == nil || len(t.Means) == classes)
	if !ok {
		return say.Error("model.head_training")
	}
	return nil
}

// sound reports whether the parts of a spread fit together.
func (s *Distribution) sound(number bool) bool {
	want := len(s.Levels)
	if number {
		want = len(s.Edges) + min(len(s.Edges), 1) // none where there is no edge
	}
	negative := slices.ContainsFunc(s.Counts, func(n int) bool { return n < 0 || n > 1<<53 })
	return len(s.Counts) == want && !negative && s.Missing >= 0 && s.Other >= 0 && slices.IsSorted(s.Edges) && slices.IsSorted(s.Levels)
}
