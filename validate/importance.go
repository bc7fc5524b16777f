package validate

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gradus/mat"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

const (
	moveStream = 11 << 32
	exchanges  = 5    // of each column in each fold
	mostMoves  = 5e11 // numbers through a network in one fold beyond which fewer exchanges, then none, are made
)

// moved is what exchanging the values of a column, or of some together, did to the loss of a fold.
type moved struct {
	Column   string  `json:"column"`
	Joined   bool    `json:"joined,omitempty"`
	Increase float64 `json:"increase"`
	SE       float64 `json:"se"` // over the exchanges
}

// joint lists the columns that |r| > .8 joins over all rows; the target has no part in it.
func joint(tbl *table.Table, target *table.Target, s model.Settings) ([]model.Group, error) {
	p, err := table.Fit(tbl, nil, target.Column, table.PrepareOptions{Leave: s.Leave})
	if err != nil {
		return nil, err
	}
	x, _, err := p.Apply(tbl, nil)
	if err != nil {
		return nil, err
	}
	wide := mat.New[float64](x.Rows, x.Cols)
	for i, v := range x.Data {
		wide.Data[i] = float64(v)
	}
	_, joined := model.Correlated(model.Groups(p), wide)
	return joined, nil
}

// move exchanges the values of each column among the rows test, and of those that go together, and says by how much the mean loss grows.
func (w *work) move(m *model.Model, test []int, seed uint64) ([]moved, error) {
	x, _, err := m.Preparation.Apply(w.tbl, test)
	if err != nil {
		return nil, err
	}
	chunk := m.Chunk(len(test))
	p, err := m.NewPredictor(w.tbl, chunk)
	if err != nil {
		return nil, err
	}
	y := pick(w.y, test)
	groups := w.grouped(model.Groups(m.Preparation))
	times := moves(len(test), len(groups), len(m.Network.Weights()))
	if times == 0 {
		return nil, nil
	}
	base, shuffled := w.preparedLoss(p, x, y, chunk), mat.New[float32](x.Rows, x.Cols)
	out := make([]moved, len(groups))
	for i, g := range groups {
		losses := make([]float64, times)
		for k := range times {
			copy(shuffled.Data, x.Data)
			for r, from := range rand.New(rand.NewPCG(seed, moveStream+uint64(k))).Perm(x.Rows) {
				for _, s := range g.Spans {
					copy(shuffled.Row(r)[s[0]:s[1]], x.Row(from)[s[0]:s[1]])
				}
			}
			losses[k] = w.preparedLoss(p, shuffled, y, chunk)
		}
		mean, sd := meanSD(losses)
		out[i] = moved{g.Name, i >= len(m.Preparation.Inputs), mean - base, sd / math.Sqrt(float64(times))}
	}
	return out, nil
}

// moves is how many exchanges of each of groups there is time for.
func moves(rows, groups, weights int) int {
	one := float64(rows) * float64(groups) * float64(weights)
	return int(min(exchanges, mostMoves/one))
}

// grouped adds to the columns those that go together and are all used here.
func (w *work) grouped(groups []model.Group) []model.Group {
	place := map[string][][2]int{}
	for _, g := range groups {
		place[g.Name] = g.Spans
	}
	for _, g := range w.together {
		joined := model.Group{Name: g.Name}
		for _, name := range g.Of {
			joined.Spans = append(joined.Spans, place[name]...)
		}
		groups = append(groups, joined)
	}
	return groups
}

// preparedLoss is the mean loss of prepared rows.
func (w *work) preparedLoss(p *model.Predictor, x mat.Matrix[float32], y []float64, chunk int) (sum float64) {
	for from := 0; from < x.Rows; from += chunk {
		n := min(chunk, x.Rows-from)
		out := p.Prepared(mat.Matrix[float32]{Rows: n, Cols: x.Cols, Data: x.Data[from*x.Cols : (from+n)*x.Cols]})
		for r := range n {
			sum += w.loss(y[from+r], out.Row(r)) / float64(x.Rows)
		}
	}
	return sum
}

// importance is the mean over the folds of what they found, each fold once, the most important column first.
func (w *work) importance(l model.Likelihood) *model.Importance {
	out := &model.Importance{Loss: "log loss", Repeats: exchanges, Base: float64(l.Network)}
	if w.target.Task == table.TaskNumber {
		out.Loss = "squared error"
	}
	found, order := map[string][]float64{}, []moved(nil) // the first of each column
	for i := range w.slots {
		for _, v := range w.slots[i].moved {
			if found[v.Column] == nil {
				order = append(order, v)
			}
			found[v.Column] = append(found[v.Column], v.Increase)
		}
	}
	if order == nil {
		return nil
	}
	for _, v := range order {
		c := model.ColumnImportance{Column: v.Column, Joined: v.Joined, Folds: len(found[v.Column])}
		mean, sd := meanSD(found[v.Column])
		c.Increase, c.SE = metric.Number(mean), metric.Number(sd/math.Sqrt(float64(c.Folds)))
		if c.Folds == 1 {
			c.SE = metric.Number(v.SE)
		}
		out.Columns = append(out.Columns, c)
	}
	slices.SortStableFunc(out.Columns, func(a, b model.ColumnImportance) int { return cmp.Compare(b.Increase, a.Increase) })
	return out
}

// meanSD is the mean and, over n − 1, the standard deviation, 0 of one value.
func meanSD(values []float64) (mean, sd float64) {
	n, sum, squares := float64(len(values)), 0., 0.
	for _, v := range values {
		sum += v
	}
	mean = sum / n
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(squares / max(n-1, 1))
}
