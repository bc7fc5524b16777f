package validate

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

const (
	innerStream = 7 << 32
	spaceStream = 8 << 32
	halving     = 3 // one candidate in three lives on
)

// Rule chooses the threshold of a binary task on the out-of-fold predictions of a training part. The zero value is Youden's.
type Rule struct {
	Kind  string  // youden, harm, sensitivity or fixed
	Value float64 // harm: how many false calls a missed event weighs; sensitivity: the least; fixed: the threshold
}

func (r Rule) name() string {
	if r.Kind == "" {
		return "youden"
	}
	return r.Kind
}

func (r Rule) check() error {
	ok := true
	switch r.name() {
	case "youden":
	case "harm":
		ok = r.Value > 0 && !math.IsInf(r.Value, 1)
	case "sensitivity", "fixed":
		ok = r.Value > 0 && r.Value < 1
	default:
		return say.Error("study.rule", "rule", r.Kind)
	}
	if !ok {
		return say.Error("study.rule_value", "rule", r.Kind, "value", r.Value)
	}
	return nil
}

// at is the threshold: of harm 1/(1+h), of sensitivity the highest observed risk that still calls that share of the events.
func (r Rule) at(y []bool, p []float64) (float64, error) {
	switch r.name() {
	case "harm":
		return 1 / (1 + r.Value), nil
	case "fixed":
		return r.Value, nil
	case "sensitivity":
		var risks []float64
		for i, is := range y {
			if is {
				risks = append(risks, p[i])
			}
		}
		if len(risks) == 0 {
			return 0, metric.ErrOneClass
		}
		slices.Sort(risks)
		need := int(math.Ceil(r.Value*float64(len(risks)) - 1e-9))
		return risks[len(risks)-need], nil
	}
	best, err := metric.YoudenAt(y, p)
	return float64(best.Threshold), err
}

// chosen is the settings for all rows, chosen as inside a training part; with one trial those given. What a stopped run chose stands in
// the journal.
func (w *work) chosen(ctx context.Context) (model.Settings, error) {
	if w.design.Trials <= 1 {
		return w.settings, nil
	}
	if w.final == nil {
		in, err := w.choose(ctx, allRows, w.everyRow(), w.settings)
		if err != nil {
			return w.settings, err
		}
		w.final = &in.settings
		return in.settings, w.keep()
	}
	return *w.final, nil
}

// allRows stands for a fold where all rows are trained on.
const allRows = -1

func (w *work) everyRow() []int {
	rows := make([]int, len(w.y))
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// inner is what was chosen inside a training part and the out-of-fold predictions of it there.
type inner struct {
	settings model.Settings
	cuts     [2]float64 // thresholds of network and regression
	y        []float64
	p        [2][][]float64
}

// candidate is one setting on its way through the inner folds.
type candidate struct {
	settings model.Settings
	both     [2][][]float64 // out-of-fold predictions of network and regression, by place in the training part
	loss     float64        // summed over the rows judged so far
	done     int            // inner folds
}

// innerFolds parts the training part rows.
func (w *work) innerFolds(rows []int, seed uint64) (y []float64, folds []Fold, err error) {
	p := Parting{Scheme: CrossValidation, Folds: w.design.Inner, Repeats: 1, Seed: seed ^ innerStream, Group: pick(w.design.Group, rows)}
	y = pick(w.y, rows)
	folds, err = p.Split(y, w.levels())
	return y, folds, err
}

// choose tries settings inside the training part rows of fold i by successive halving and settles what follows from the out-of-fold predictions of
// the best: all are judged on one inner fold, the better third on three, and so on; the last on all.
func (w *work) choose(ctx context.Context, i int, rows []int, s model.Settings) (*inner, error) {
	y, folds, err := w.innerFolds(rows, s.Seed)
	if err != nil {
		return nil, err
	}
	list := space(s, w.target.Task, len(rows), w.design.Trials)
	for upTo := 1; ; upTo *= halving {
		if len(list) == 1 {
			upTo = len(folds)
		}
		for _, c := range list {
			if err := w.advance(ctx, i, c, rows, folds[:min(upTo, len(folds))]); err != nil {
				return nil, err
			}
		}
		slices.SortStableFunc(list, func(a, b *candidate) int {
			switch {
			case a.loss < b.loss:
				return -1
			case a.loss > b.loss:
				return 1
			}
			return 0
		})
		if upTo >= len(folds) {
			break
		}
		list = list[:(len(list)+halving-1)/halving]
	}
	return w.settle(rows, y, list[0], folds)
}

// settle finds the temperature and the thresholds on the out-of-fold predictions of the best candidate.
func (w *work) settle(rows []int, y []float64, best *candidate, folds []Fold) (*inner, error) {
	if t := w.temperature(rows, y, best.both[0], folds); t > 0 {
		best.settings.Temperature = t
		for i, p := range best.both[0] {
			best.both[0][i] = tempered(p, 1/t)
		}
	}
	cuts, err := w.cuts(y, best)
	return &inner{best.settings, cuts, y, best.both}, err
}

// cuts are the thresholds of both predictions.
func (w *work) cuts(y []float64, c *candidate) (cuts [2]float64, err error) {
	if w.target.Task != table.TaskBinary {
		return cuts, nil
	}
	for side, p := range c.both {
		if cuts[side], err = w.design.Rule.at(events(y), column(p, eventIndex(w))); err != nil {
			return cuts, sentence(err)
		}
	}
	return cuts, nil
}

// advance judges a candidate on the inner folds of fold i that it has not seen.
func (w *work) advance(ctx context.Context, i int, c *candidate, rows []int, folds []Fold) error {
	if c.both[0] == nil {
		c.both = [2][][]float64{make([][]float64, len(rows)), make([][]float64, len(rows))}
	}
	for ; c.done < len(folds); c.done++ {
		f := folds[c.done]
		p, made := w.tried[place{i, c.done}]
		if !made {
			var err error
			if p, err = w.try(ctx, i, pick(rows, f.Train), pick(rows, f.Test), c.settings); err != nil {
				return err
			}
		}
		for k, at := range f.Test {
			c.both[0][at], c.both[1][at] = p.Network[k], p.Regression[k]
			c.loss += w.loss(w.y[rows[at]], p.Network[k])
		}
	}
	return nil
}

// sides are what network and regression say of some rows, each (rows, outputs).
type sides struct {
	Network    [][]float64 `json:"network"`
	Regression [][]float64 `json:"regression"`
}

// try trains on the rows train for fold i and predicts the rows test.
func (w *work) try(ctx context.Context, i int, train, test []int, s model.Settings) (p sides, err error) {
	m, err := w.learn(ctx, i, train, s)
	if err == nil {
		p.Network, p.Regression, err = w.both(m, train, test)
	}
	return p, err
}

// space draws trials settings, the given ones first: α from 1/3 to 3 times the given on a log scale, weight decay from 1/4 to 16 times,
// dropout 0, .1 or .25, and hidden layers 64+32, 32, 128+64, 64+64+32 or 256+128. Of an ensemble besides tanh, silu or relu behind the
// ramps, silu, relu or gelu beside them, and half, one or twice as many ramps; it stays an ensemble of as many members.
func space(s model.Settings, task table.Task, rows, trials int) []*candidate {
	list := []*candidate{{settings: s}}
	r := rand.New(rand.NewPCG(s.Seed, spaceStream))
	s.Task = task
	whole, err := s.Complete(rows)
	if err != nil {
		return list // fitting the given settings says what is wrong
	}
	for len(list) < trials {
		c, decay := s, *whole.WeightDecay*math.Exp2(6*r.Float64()-2)
		c.Alpha, c.WeightDecay = whole.Alpha*math.Pow(3, 2*r.Float64()-1), &decay
		c.Dropout = one(r, 0, .1, .25)
		c.Hidden = one(r, []int{64, 32}, []int{32}, []int{128, 64}, []int{64, 64, 32}, []int{256, 128})
		if whole.Members > 1 {
			c.Members, c.Bins, c.Beside = whole.Members, whole.Bins, whole.Beside
			c.Activation = one(r, "tanh", "silu", "relu")
			if c.Beside != "" {
				c.Beside = one(r, "silu", "relu", "gelu")
			}
			if c.Bins > 0 {
				c.Bins = max(int(float64(c.Bins)*one(r, .5, 1, 2)), 2)
			}
		}
		list = append(list, &candidate{settings: c})
	}
	return list
}

// one is drawn from the list.
func one[V any](r *rand.Rand, list ...V) V { return list[r.IntN(len(list))] }
