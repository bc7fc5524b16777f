package validate

import (
	"math"
	"slices"

	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// Drift holds a table against the rows a model was trained on.
type Drift struct {
	Rows        int           `json:"rows"`
	Trained     int           `json:"training_rows"`
	Columns     []Change      `json:"columns"`
	Predictions Change        `json:"predictions"`
	Outcome     *Outcome      `json:"outcome,omitempty"` // where the target is known
	Largest     metric.Number `json:"largest_psi"`       // of columns and predictions
	Where       string        `json:"largest_psi_of"`
}

// Change is how one column, or the predictions, lie now and lay in training.
type Change struct {
	Name       string              `json:"name"`
	Kind       table.Kind          `json:"kind"`
	PSI        metric.Number       `json:"psi"`     // over the deciles of training, or the levels
	Verdict    string              `json:"verdict"` // stable, moderate, large, or unknown
	KS         metric.Number       `json:"ks_at_least"`
	SMD        metric.Number       `json:"smd"`
	Mean       Pair                `json:"mean"`
	SD         Pair                `json:"sd"`
	ChiSquare  *metric.Association `json:"chi_square,omitempty"` // of a category, missing a level of its own
	Missing    Pair                `json:"missing"`              // shares of the rows
	Unknown    Pair                `json:"unknown_level"`        // of levels without a name of their own
	OutOfRange metric.Number       `json:"out_of_range"`
}

// Pair is a figure in training and now.
type Pair struct {
	Training metric.Number `json:"training"`
	Now      metric.Number `json:"now"`
}

// Outcome is what the known target says: its share now and in training, and how well the predictions fit.
type Outcome struct {
	N            int           `json:"n"`
	Events       int           `json:"events"`
	Prevalence   Pair          `json:"prevalence"`
	InTheLarge   metric.Number `json:"calibration_in_the_large"`
	InTheLargeSE metric.Number `json:"calibration_in_the_large_se"`
	OE           metric.Number `json:"oe"`
	AUROC        metric.Number `json:"auroc"`
	Result       any           `json:"result,omitempty"` // of a number or classes: the figures of Evaluate
}

// The verdicts, by the customary bounds of PSI.
const (
	moderate = .1
	large    = .25
)

var unknown = metric.Number(math.NaN())

// Compare holds tbl against the training rows of m. target is the column of the outcome in tbl, "" where it is not known.
func Compare(m *model.Model, tbl *table.Table, target string) (*Drift, error) {
	t := m.Card.Training
	if t == nil {
		return nil, say.Error("validate.no_training", "version", m.Card.Gradus)
	}
	if tbl.Rows == 0 {
		return nil, say.Error("validate.empty")
	}
	p, err := m.Answers(tbl)
	if err != nil {
		return nil, err
	}
	d := &Drift{Rows: tbl.Rows, Trained: t.Rows, Largest: unknown}
	for i, s := range t.Columns {
		d.add(change(&m.Preparation.Inputs[i], tbl, s, t.Rows))
	}
	d.Predictions = predicted(m, t, p)
	d.note(d.Predictions, "")
	if target != "" {
		d.Outcome, err = outcome(m, tbl, target)
	}
	return d, err
}

func (d *Drift) add(c Change) {
	d.Columns = append(d.Columns, c)
	d.note(c, c.Name)
}

// note keeps the largest PSI; name is "" of the predictions.
func (d *Drift) note(c Change, name string) {
	if c.PSI.Defined() && !(d.Largest >= c.PSI) {
		d.Largest, d.Where = c.PSI, name
	}
}

// change compares the column of in.
func change(in *table.Input, tbl *table.Table, s model.Distribution, trained int) Change {
	column := tbl.Column(in.Name)
	c := blank(in.Name, in.Kind)
	if in.Kind == table.Category {
		c.levels(in, column, s, tbl.Rows, trained)
		return c
	}
	values := slices.DeleteFunc(column.Numbers(nil), math.IsNaN)
	c.numbers(s, values)
	c.Missing = Pair{share(s.Missing, trained), share(tbl.Rows-len(values), tbl.Rows)}
	outside := 0
	for _, v := range values {
		if v < in.Low || v > in.High {
			outside++
		}
	}
	c.OutOfRange = share(outside, len(values))
	return c
}

func blank(name string, kind table.Kind) Change {
	none := Pair{unknown, unknown}
	return Change{
		Name: name, Kind: kind, PSI: unknown, Verdict: "unknown", KS: unknown, SMD: unknown, Mean: none, SD: none,
		Missing: none, Unknown: none, OutOfRange: unknown,
	}
}

func share(n, of int) metric.Number { return metric.Number(float64(n) / float64(of)) }

// numbers compares values with a distribution of numbers.
func (c *Change) numbers(s model.Distribution, values []float64) {
	mean, sd := metric.Moments(values)
	c.Mean, c.SD = Pair{s.Mean, mean}, Pair{s.SD, sd}
	c.SMD = metric.MomentDifference(s.Mean, s.SD, mean, sd)
	c.binned(s, metric.Binned(values, s.Edges))
}

// binned compares counts between the edges of a distribution of numbers.
func (c *Change) binned(s model.Distribution, now []int) {
	if len(s.Edges) > 0 {
		c.KS = metric.BinnedDistance(s.Counts, now)
		c.judge(s.Counts, now)
	}
}

// judge is the PSI of two lists of counts and its verdict.
func (c *Change) judge(old, now []int) {
	psi, err := metric.PSI(old, now)
	if err != nil {
		return
	}
	c.PSI, c.Verdict = psi, "stable"
	switch {
	case psi > large:
		c.Verdict = "large"
	case psi >= moderate:
		c.Verdict = "moderate"
	}
}

// levels compares a category, its levels by the names of training and the others together.
func (c *Change) levels(in *table.Input, column *table.Column, s model.Distribution, rows, trained int) {
	counts, others, missing := in.Count(column, rows)
	now, unnamed := together(in.Levels, counts, others, s)
	c.named(in, s, trained, Bins{Counts: now, Other: unnamed, Unknown: others, Missing: missing}, rows)
}

// named compares counts of levels by the names of training.
func (c *Change) named(in *table.Input, s model.Distribution, trained int, b Bins, rows int) {
	c.Missing = Pair{share(s.Missing, trained), share(b.Missing, rows)}
	c.Unknown = Pair{share(s.Other, trained-s.Missing), share(b.Unknown, rows-b.Missing)}
	switch {
	case !in.Other:
		c.Unknown.Training = 0
	case len(s.Levels) < len(in.Levels):
		c.Unknown.Training = unknown // a named level was counted with the others
	}
	old, now := append(slices.Clone(s.Counts), s.Other), append(slices.Clone(b.Counts), b.Other)
	c.judge(old, now)
	if a, err := metric.ChiSquare([][]int{append(old, s.Missing), append(now, b.Missing)}); err == nil && a.ChiSq.Defined() {
		c.ChiSquare = &a
	}
}

// together counts, of levels with counts, those that s names, and the rest as one.
func together(levels []string, counts []int, others int, s model.Distribution) (named []int, rest int) {
	named, rest = make([]int, len(s.Levels)), others
	for i, n := range counts {
		if at, ok := slices.BinarySearch(s.Levels, levels[i]); ok {
			named[at] = n
		} else {
			rest += n
		}
	}
	return named, rest
}

// predicted compares the predictions.
func predicted(m *model.Model, t *model.Training, p model.Answers) Change {
	if m.Target.Task != table.TaskClasses {
		c := blank(m.Target.Column, table.Number)
		c.numbers(t.Predictions, p.Values)
		return c
	}
	c := blank(m.Target.Column, table.Category)
	now, rest := together(m.Target.Levels, p.Calls, 0, t.Predictions)
	c.judge(append(slices.Clone(t.Predictions.Counts), t.Predictions.Other), append(now, rest))
	return c
}

// outcome measures the predictions where the column target holds the outcome.
func outcome(m *model.Model, tbl *table.Table, target string) (*Outcome, error) {
	as := *m
	as.Target.Column = target
	r, err := Evaluate(&as, tbl, nil)
	if err != nil {
		return nil, err
	}
	b, binary := r.(metric.BinaryResult)
	if !binary {
		return &Outcome{N: tbl.Rows, Prevalence: Pair{unknown, unknown}, InTheLarge: unknown, InTheLargeSE: unknown, OE: unknown, AUROC: unknown, Result: r}, nil
	}
	return &Outcome{
		N: b.N, Events: b.Events, Prevalence: Pair{share(m.Card.Levels[m.Target.Event], m.Card.Rows), b.Prevalence},
		InTheLarge: b.Calibration.InTheLarge, InTheLargeSE: b.Calibration.InTheLargeSE, OE: b.Calibration.OE, AUROC: b.AUROC.Value,
	}, nil
}
