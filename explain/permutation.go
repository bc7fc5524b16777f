package explain

import (
	"context"
	"math"
	"math/rand/v2"

	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/table"
)

// Importance is how much worse the loss of a table becomes where the rows of a column are exchanged.
type Importance struct {
	Column   string   `json:"column"`
	Increase float64  `json:"increase"`     // of the mean loss
	SE       *float64 `json:"se,omitempty"` // over the repeats; none where every exchange was counted
	Joined   bool     `json:"joined"`       // several correlated columns, exchanged together
}

// Permutation is the importance of every column on rows that the model has not seen.
type Permutation struct {
	Loss    string       `json:"loss"` // log_loss or squared_error
	Base    float64      `json:"base"`
	Rows    int          `json:"rows"`
	Repeats int          `json:"repeats"` // 0: exact, every pair of rows
	Columns []Importance `json:"columns"`
}

// Exact permutation takes n² predictions a column, which is what ten repeats of a hundred times the rows would.
const (
	exactRows = 200
	repeats   = 10
)

// Permute computes the importance of groups and, marked Joined, of joined on the rows x (n,width) with the truth y as table.Target
// codes it. To exactRows rows each is given the column of each, itself included: the mean of all permutations. Beyond, ten seeded
// permutations, with the standard error of their mean.
func Permute(ctx context.Context, f *Function, groups, joined []Group, x mat.Matrix[float64], y []float64, seed uint64, progress Progress) (*Permutation, error) {
	if x.Rows == 0 {
		return nil, say.Error("explain.no_rows")
	}
	p := &Permutation{Loss: "log_loss", Rows: x.Rows, Base: f.loss(x, y)}
	if f.task == table.TaskNumber {
		p.Loss = "squared_error"
	}
	if x.Rows > exactRows {
		p.Repeats = repeats
	}
	all := append(append([]Group{}, groups...), joined...)
	p.Columns = make([]Importance, len(all))
	draws := Draws(x.Rows)
	losses := make([]float64, len(all)*draws)
	err := share(ctx, f, len(losses), progress, func(f *Function, i int) {
		if p.Repeats == 0 {
			losses[i] = f.everyPair(all[i], x, y)
			return
		}
		order := rand.New(rand.NewPCG(seed, uint64(i%draws))).Perm(x.Rows) // the same for every column
		losses[i] = f.exchanged(all[i/draws], x, y, order)
	})
	if err != nil {
		return nil, err
	}
	for i, g := range all {
		c := Importance{Column: g.Name, Joined: i >= len(groups)}
		mean, se := meanSE(losses[i*draws : (i+1)*draws])
		if c.Increase = mean - p.Base; draws > 1 {
			c.SE = &se
		}
		p.Columns[i] = c
	}
	return p, nil
}

// Draws is how many parts of work a column of rows rows is.
func Draws(rows int) int {
	if rows > exactRows {
		return repeats
	}
	return 1
}

// meanSE is the mean of v and its standard error, sd/√n over n − 1.
func meanSE(v []float64) (mean, se float64) {
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		se += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(se / float64(len(v)-1) / float64(len(v)))
}

// everyPair is the mean loss where each row has the features g of each row, itself included.
func (f *Function) everyPair(g Group, x mat.Matrix[float64], y []float64) (sum float64) {
	moved := mat.New[float64](x.Rows, x.Cols)
	same := make([]float64, x.Rows)
	for i := range x.Rows {
		for j := range x.Rows {
			copy(moved.Row(j), x.Row(i))
			put(g, moved.Row(j), x.Row(j))
			same[j] = y[i]
		}
		sum += f.loss(moved, same) / float64(x.Rows)
	}
	return sum
}

// exchanged is the mean loss where row i has the features g of row order[i].
func (f *Function) exchanged(g Group, x mat.Matrix[float64], y []float64, order []int) float64 {
	moved := mat.New[float64](x.Rows, x.Cols)
	copy(moved.Data, x.Data)
	for i, j := range order {
		put(g, moved.Row(i), x.Row(j))
	}
	return f.loss(moved, y)
}

// loss is the mean log loss of classes, whatever level f explains, or the mean squared error of a number.
func (f *Function) loss(x mat.Matrix[float64], y []float64) (sum float64) {
	for at := 0; at < x.Rows; at += batch {
		n := min(batch, x.Rows-at)
		h := f.all.Forward(mat.Matrix[float64]{Rows: n, Cols: x.Cols, Data: x.Data[at*x.Cols : (at+n)*x.Cols]})
		for r := range n {
			sum += f.rowLoss(h.Row(r), y[at+r])
		}
	}
	return sum / float64(x.Rows)
}

// rowLoss is −ln p of the true level, from the logit so that nothing is lost at the ends, or (prediction − y)².
func (f *Function) rowLoss(h []float64, y float64) float64 {
	var logit float64
	switch f.task {
	case table.TaskNumber:
		d := f.of.X(h[0]) - y
		return d * d
	case table.TaskBinary:
		if logit = h[0]; y == 0 {
			logit = -logit
		}
	default:
		logit = against(h, int(y))
	}
	return min(max(-logit, 0)+kernel.Log(1+kernel.Exp(-math.Abs(logit))), 15*math.Ln10) // as p is held above 1e-15
}
