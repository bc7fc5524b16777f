package serve

import (
	"strconv"
	"sync"

	"gradus/mat"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
	"gradus/validate"
)

// What is shown of the counts of drift: none says what one row or a few did.
const (
	driftCell = 5  // counts are shown in whole multiples of it, rounded down, so that a count below it is none
	driftStep = 50 // rows that have come at least since what was shown before, so that nobody sees a row come
)

// drift counts the rows of a model by the bins of its training summary. Requests that run at once count into lanes of their own.
type drift struct {
	lanes []driftLane
	mu    sync.Mutex
	shown *validate.Tally // in whole cells
	rows  int             // that it was made of
}

type driftLane struct {
	sync.Mutex
	*validate.Tally
	_ [64]byte // lanes share no line of the cache
}

// newDrift is nil where the model has no training summary.
func newDrift(m *model.Model, lanes int) *drift {
	first, err := validate.NewTally(m)
	if err != nil {
		return nil
	}
	d := &drift{lanes: make([]driftLane, max(lanes, 1)), shown: first}
	for i := range d.lanes {
		d.lanes[i].Tally, _ = validate.NewTally(m) // it did not fail before
	}
	return d
}

// count counts rows that were answered, a lock and a few additions a column.
func (d *drift) count(rows *table.Table, start int, values mat.Matrix[float64]) {
	if d == nil {
		return
	}
	for i := range d.lanes {
		if l := &d.lanes[i]; l.TryLock() {
			l.Add(rows, start, values)
			l.Unlock()
			return
		}
	}
	l := &d.lanes[0]
	l.Lock()
	defer l.Unlock()
	l.Add(rows, start, values)
}

// show is what may be seen.
func (d *drift) show(m *model.Model) *validate.Tally {
	d.mu.Lock()
	defer d.mu.Unlock()
	now, _ := validate.NewTally(m) // it did not fail before
	for i := range d.lanes {
		l := &d.lanes[i]
		l.Lock()
		now.Merge(l.Tally)
		l.Unlock()
	}
	if now.Rows-d.rows >= driftStep {
		d.shown, d.rows = now.Coarse(driftCell), now.Rows
	}
	return d.shown
}

// bin is a line of what is shown: a count now and, where the summary has it, in training.
type bin struct {
	kind, name string
	training   int // −1: not known
	now        int
}

// binsOf lists the counts of a column by the names of its summary.
func binsOf(s *model.Distribution, b *validate.Bins, number bool) (list []bin) {
	for i, n := range b.Counts {
		switch {
		case number && len(s.Edges) == 0:
			list = append(list, bin{"number", "all", -1, n})
		case number && i < len(s.Edges):
			list = append(list, bin{"number", "<=" + table.Format(s.Edges[i]), s.Counts[i], n})
		case number:
			list = append(list, bin{"number", ">" + table.Format(s.Edges[i-1]), s.Counts[i], n})
		case i < len(s.Levels):
			list = append(list, bin{"level", s.Levels[i], s.Counts[i], n})
		}
	}
	if !number {
		list = append(list, bin{"other_levels", "", s.Other, b.Other})
	}
	return list
}

// doubtful lists the counts of what a column's values were not.
func doubtful(s *model.Distribution, b *validate.Bins, number bool) []bin {
	if number {
		return []bin{{"missing", "", s.Missing, b.Missing}, {"out_of_range", "", -1, b.Outside}}
	}
	return []bin{{"missing", "", s.Missing, b.Missing}, {"unknown_level", "", -1, b.Unknown}}
}

// drift answers GET /drift: how the rows so far lie in the bins of the training summary.
func (x *exchange) drift(name string) (err error) {
	if x.model, err = x.s.find(name); err != nil {
		return err
	}
	v := x.model
	b := appendString(append(x.out[:0], `{"model":{"name":`...), v.name)
	b = append(appendString(append(b, `,"sha256":`...), v.hash), `},"cell":`...)
	b = strconv.AppendInt(b, driftCell, 10)
	if v.drift == nil {
		x.out = append(b, ",\"rows\":null,\"columns\":[]}\n"...)
		return x.send(jsonType)
	}
	t := v.drift.show(v.model)
	d := t.Drift()
	b = strconv.AppendInt(append(b, `,"rows":`...), int64(d.Rows), 10)
	b = strconv.AppendInt(append(b, `,"training_rows":`...), int64(d.Trained), 10)
	b = appendMeasure(append(b, `,"largest_psi":`...), d.Largest)
	b = appendString(append(b, `,"largest_psi_of":`...), d.Where)
	b = append(b, `,"columns":[`...)
	for i, c := range d.Columns {
		if i > 0 {
			b = append(b, ',')
		}
		s, bins, number := &v.model.Card.Training.Columns[i], &t.Columns[i], c.Kind == table.Number
		b = appendChange(b, c, append(binsOf(s, bins, number), doubtful(s, bins, number)...))
	}
	b = append(b, `],"predictions":`...)
	b = appendChange(b, d.Predictions, binsOf(&v.model.Card.Training.Predictions, &t.Predictions, d.Predictions.Kind == table.Number))
	x.out = append(b, "}\n"...)
	return x.send(jsonType)
}

// appendChange writes the comparison of a column and its bins.
func appendChange(b []byte, c validate.Change, bins []bin) []byte {
	b = appendString(append(b, `{"name":`...), c.Name)
	b = appendString(append(b, `,"kind":`...), string(c.Kind))
	b = appendMeasure(append(b, `,"psi":`...), c.PSI)
	b = appendString(append(b, `,"verdict":`...), c.Verdict)
	b = append(b, `,"bins":[`...)
	for i, one := range bins {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(append(b, `{"kind":`...), one.kind)
		if one.name != "" {
			b = appendString(append(b, `,"bin":`...), one.name)
		}
		if one.training >= 0 {
			b = strconv.AppendInt(append(b, `,"training":`...), int64(one.training), 10)
		}
		b = append(strconv.AppendInt(append(b, `,"now":`...), int64(one.now), 10), '}')
	}
	return append(b, "]}"...)
}

// appendMeasure writes a figure, null where it is undefined.
func appendMeasure(b []byte, v metric.Number) []byte {
	if !v.Defined() {
		return append(b, "null"...)
	}
	return appendNumber(b, float64(v))
}

// drift writes the counts of every model that has a training summary.
func (p *page) drift(s *Server) {
	list := *s.models.Load()
	tallies := make([]*validate.Tally, len(list))
	p.family("gradus_drift_rows_total", "counter", "Rows by the bins of the training summary, in whole fives, shown anew after each fifty rows; they begin anew with another model.")
	for i, v := range list {
		if v.drift == nil {
			continue
		}
		t := v.drift.show(v.model)
		tallies[i] = t
		for k := range t.Columns {
			s, number := &v.model.Card.Training.Columns[k], v.model.Preparation.Inputs[k].Kind == table.Number
			for _, one := range append(binsOf(s, &t.Columns[k], number), doubtful(s, &t.Columns[k], number)...) {
				p.line("gradus_drift_rows_total", float64(one.now), "model", v.name, "column", s.Name, "kind", one.kind, "bin", one.name)
			}
		}
		for _, one := range binsOf(&v.model.Card.Training.Predictions, &t.Predictions, v.model.Target.Task != table.TaskClasses) {
			p.line("gradus_drift_rows_total", float64(one.now), "model", v.name, "column", "", "kind", "prediction", "bin", one.name)
		}
	}
	p.family("gradus_drift_psi", "gauge", "Population stability index against the training rows; column \"\" are the predictions.")
	for i, v := range list {
		if tallies[i] == nil {
			continue
		}
		d := tallies[i].Drift()
		for _, c := range d.Columns {
			p.psi(v.name, c.Name, c.PSI)
		}
		p.psi(v.name, "", d.Predictions.PSI)
	}
}

func (p *page) psi(model, column string, v metric.Number) {
	if v.Defined() {
		p.line("gradus_drift_psi", float64(v), "model", model, "column", column)
	}
}
