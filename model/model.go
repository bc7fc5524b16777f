// Package model is a trained network with all it needs to be used and trusted: the target, the preparation of the columns, the
// layers and their weights, and a card that says how it came about. One file holds it. No row of the training table is in it.
package model

import (
	"gradus/internal/kernel"
	"gradus/mat"
	"gradus/network"
	"gradus/table"
)

// Model answers for rows of a table.
type Model struct {
	Target      table.Target
	Preparation *table.Preparation
	Scale       table.Scale // of a number target; unused by classes
	Survival    *Survival   // of a survival target and only there
	Network     *network.Network[float32]
	Card        Card
}

// Card says how the model came about, in sums only.
type Card struct {
	Gradus     string         `json:"gradus"` // version that trained it
	Rows       int            `json:"rows"`   // used for fitting and early stopping together
	Held       int            `json:"held"`   // of them held for early stopping
	Levels     map[string]int `json:"levels,omitempty"`
	Events     int            `json:"events,omitempty"` // of survival
	Epochs     int            `json:"epochs"`           // until the end
	BestEpoch  int            `json:"best_epoch"`       // whose weights these are
	Cost       float64        `json:"cost"`             // mean of that epoch on the fitting rows
	HeldCost   *float64       `json:"held_cost,omitempty"`
	Settings   Settings       `json:"settings"`
	Imported   string         `json:"imported,omitempty"`   // form of a file of others that the network came from; "": trained here
	Training   *Training      `json:"training,omitempty"`   // what later rows are held against; nil in files of old
	Federation *Federation    `json:"federation,omitempty"` // of a model that several sites trained without showing each other a row
	Disclaimer string         `json:"disclaimer"`
}

// Disclaimer stands in every model.
const Disclaimer = "Research and education only. Not a medical device. Not validated for care: a clinician decides."

// Outputs is the number of columns of a prediction: one for each level, one for a number, or of survival the risk and one for each horizon.
func (m *Model) Outputs() int {
	if m.isSurvival() {
		return 1 + len(m.Card.Settings.Horizons)
	}
	return max(len(m.Target.Levels), 1)
}

// EventIndex is the place of the event among the levels.
func (m *Model) EventIndex() int {
	for i, l := range m.Target.Levels {
		if l == m.Target.Event {
			return i
		}
	}
	return 0
}

// Predictor prepares and predicts the rows of one table. It is not shared between goroutines; any number of them can be.
type Predictor struct {
	m        *Model
	bound    *table.Bound
	x        mat.Matrix[float32]
	p        mat.Matrix[float64]
	h        mat.Matrix[float32] // what the network said last
	net      *network.Prediction[float32]
	warnings []table.Warning
}

// NewPredictor checks that tbl fits the model and makes room for rows rows at a time.
func (m *Model) NewPredictor(tbl *table.Table, rows int) (*Predictor, error) {
	bound, err := m.Preparation.Bind(tbl)
	if err != nil {
		return nil, err
	}
	return &Predictor{
		m: m, bound: bound, x: mat.New[float32](rows, bound.Width()), p: mat.New[float64](rows, m.Outputs()),
		net: m.Network.NewPrediction(rows),
	}, nil
}

// Turn turns the predictor to another table; what NewPredictor checks is checked.
func (p *Predictor) Turn(tbl *table.Table) (err error) {
	p.bound, err = p.m.Preparation.Bind(tbl)
	return err
}

// Notes says which columns of the table are not used.
func (p *Predictor) Notes() []table.Note { return p.bound.Notes() }

// Predict returns, for the rows [start, end) of the table, the probability of each level in sorted order (n,levels), the
// number (n,1), or the risk and the chance of no event until each horizon (n,1+horizons), and what is doubtful about them. Both live
// until the next call.
func (p *Predictor) Predict(start, end int) (mat.Matrix[float64], []table.Warning) {
	x := p.x.Top(end - start)
	p.warnings = p.warnings[:0]
	p.warnings = p.bound.Fill(x, start, p.warnings)
	return p.Prepared(x), p.warnings
}

// Prepared is Predict for rows that are prepared already: x (n,width), n at most the rows of NewPredictor.
func (p *Predictor) Prepared(x mat.Matrix[float32]) mat.Matrix[float64] {
	n := x.Rows
	h, out := p.net.Forward(x), p.p.Top(n)
	p.h = h
	switch p.m.Target.Task {
	case table.TaskNumber:
		for r := range n {
			out.Data[r] = p.m.Scale.X(float64(h.Data[r]))
		}
	case table.TaskSurvival:
		for r := range n {
			p.m.Survival.predict(out.Row(r), float64(h.Data[r]))
		}
	case table.TaskBinary:
		event := p.m.EventIndex()
		for r := range n {
			row := out.Row(r)
			row[event] = kernel.Sigmoid(float64(h.Data[r]))
			row[1-event] = kernel.Sigmoid(-float64(h.Data[r]))
		}
	default:
		for i, v := range h.Data {
			out.Data[i] = float64(v)
		}
		for r := range n {
			kernel.SoftmaxRow(out.Row(r), out.Row(r))
		}
	}
	return out
}

// Logits is what the network said of the rows last predicted (n,Logits), before it became a probability or a number. It lives until the next
// call.
func (p *Predictor) Logits() mat.Matrix[float32] { return p.h }

// All predicts every row of tbl: a matrix (rows, Outputs) and all warnings.
func (m *Model) All(tbl *table.Table) (mat.Matrix[float64], []table.Warning, error) {
	chunk := m.Chunk(tbl.Rows)
	p, err := m.NewPredictor(tbl, chunk)
	if err != nil {
		return mat.Matrix[float64]{}, nil, err
	}
	all, warnings := mat.New[float64](tbl.Rows, m.Outputs()), []table.Warning(nil)
	for start := 0; start < tbl.Rows; start += chunk {
		out, w := p.Predict(start, min(start+chunk, tbl.Rows))
		copy(all.Data[start*all.Cols:], out.Data)
		warnings = append(warnings, w...)
	}
	return all, warnings, nil
}

// Chunk is how many of rows rows to predict at once: enough to be fast, few enough that a wide network's cells stay small.
func (m *Model) Chunk(rows int) int {
	cells, _ := cells(m.Network.In(), m.Network.Specs())
	return max(1, min(1024, rows, 1<<24/cells))
}

// cells is how many numbers a row becomes on its way through specs, and the width that it ends with.
func cells(in int, specs []network.Spec) (n, width int) {
	n, width = in, in
	for _, l := range specs {
		switch l.Kind {
		case "dense", "first":
			width = l.Units
		case "ramps":
			width += len(l.Ramps)
		case "sum":
			from := width
			for _, chain := range l.Chains {
				var inner int
				inner, width = cells(from, chain)
				n += inner
			}
		}
		n += width
	}
	return n, width
}

// Call is the prediction that the values of one row stand for: the level of CallIndex, the number, or the risk of survival.
func (m *Model) Call(values []float64) string {
	if len(m.Target.Levels) == 0 {
		return table.Format(values[0])
	}
	return m.Target.Levels[m.CallIndex(values)]
}

// CallIndex is the place of the level that the values of one row stand for: the event where its probability is at least .5, the likeliest
// level (of equal ones the first); 0 where there are no levels.
func (m *Model) CallIndex(values []float64) int {
	switch m.Target.Task {
	case table.TaskNumber, table.TaskSurvival:
		return 0
	case table.TaskBinary:
		e := m.EventIndex()
		if values[e] >= .5 {
			return e
		}
		return 1 - e
	}
	return kernel.Largest(values)
}
