package federate

import (
	"math"
	"slices"

	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// Judged is what a site says of how good a model is on its rows: figures, and counts from which the figures of all sites together follow.
type Judged struct {
	Format   string   `json:"format"`
	Plan     string   `json:"plan"` // Plan.Hash
	Round    int      `json:"round"`
	Rows     int      `json:"rows"`
	Cost     float64  `json:"cost"`               // mean log loss, of a number the mean squared error
	Accuracy *float64 `json:"accuracy,omitempty"` // of classes
	Variance *float64 `json:"variance,omitempty"` // of a number target, over the rows
	Risk     *Risk    `json:"risk,omitempty"`     // of a binary target
}

// Risk is how good the probabilities of an event are.
type Risk struct {
	Events       int           `json:"events"`
	AUROC        metric.Area   `json:"auroc"`
	Brier        metric.Number `json:"brier"`
	InTheLarge   metric.Number `json:"in_the_large"`
	InTheLargeSE metric.Number `json:"in_the_large_se"`
	Slope        metric.Number `json:"slope"`
	SlopeSE      metric.Number `json:"slope_se"`
	OE           metric.Number `json:"oe"`
	Cells        []Cell        `json:"cells"` // from the lowest risk to the highest
}

// Cell is a stretch of risk in which at least LeastCount rows lie: bins From to To of the logit, each 1/16 wide from −8 on.
type Cell struct {
	From   int     `json:"from"`
	To     int     `json:"to"`
	Rows   int     `json:"rows"`
	Events int     `json:"events"`
	Risk   float64 `json:"risk"` // mean
}

const (
	judgedFormat = "gradus-judged-1"
	bins         = 256
	lowest       = -8 // the logit at which the first bin begins; lower ones fall into it
	perLogit     = 16
)

// Judge measures m on a site's rows, which should not be those it was trained on.
func Judge(p *Plan, m *model.Model, tbl *table.Table) (*Judged, error) {
	if err := p.Made(m, "MODEL"); err != nil {
		return nil, err
	}
	y, err := p.encoded(tbl)
	if err != nil {
		return nil, err
	}
	all, _, err := m.All(tbl)
	if err != nil {
		return nil, err
	}
	j := &Judged{Format: judgedFormat, Plan: p.Hash(), Round: m.Card.Federation.Round, Rows: tbl.Rows}
	switch m.Target.Task {
	case table.TaskNumber:
		return j, j.number(y, all.Data)
	case table.TaskClasses:
		return j, j.classes(y, all.Row)
	}
	risks, event := make([]float64, tbl.Rows), m.EventIndex()
	for r := range risks {
		risks[r] = all.At(r, event)
	}
	return j, j.binary(y, risks, p.LeastCount)
}

func (j *Judged) number(y, h []float64) error {
	r, err := metric.Numbers(y, h)
	sd := table.FitScale(y).SD
	v := float64(sd * sd)
	j.Cost, j.Variance = float64(r.RMSE*r.RMSE), &v
	return err
}

func (j *Judged) classes(y []float64, row func(int) []float64) error {
	truth, p := make([]int, len(y)), make([][]float64, len(y))
	for i, v := range y {
		truth[i], p[i] = int(v), row(i)
	}
	r, err := metric.Classes(truth, p)
	a := float64(r.Accuracy)
	j.Cost, j.Accuracy = float64(r.LogLoss), &a
	return err
}

func (j *Judged) binary(y, risks []float64, least int) error {
	truth := make([]bool, len(y))
	events := 0
	for i, v := range y {
		if truth[i] = v == 1; truth[i] {
			events++
		}
	}
	area, err := metric.AUROC(truth, risks)
	if err != nil {
		return say.Failure("federate.judge_failed", "cause", err)
	}
	c, err := metric.CalibrateLine(truth, risks)
	if err != nil {
		return say.Failure("federate.judge_failed", "cause", err)
	}
	j.Cost, _ = metric.LogLoss(truth, risks) // they were checked
	brier, _ := metric.Brier(truth, risks)
	j.Risk = &Risk{events, area, metric.Number(brier), c.InTheLarge, c.InTheLargeSE, c.Slope, c.SlopeSE, c.OE, cells(truth, risks, least)}
	return nil
}

// bin is the place of a risk on the grid.
func bin(p float64) int {
	l := math.Log(p / (1 - p))
	switch at := math.Floor((l - lowest) * perLogit); {
	case at < 0:
		return 0
	case at >= bins:
		return bins - 1
	default:
		return int(at)
	}
}

// cells joins bins, from the lowest, until at least least rows lie in each; the last cell takes what is left over.
func cells(y []bool, p []float64, least int) []Cell {
	var grid [bins]Cell
	for i, v := range p {
		c := &grid[bin(v)]
		c.Rows++
		c.Risk += v // a sum for now
		if y[i] {
			c.Events++
		}
	}
	var list []Cell
	at := Cell{}
	for i, c := range grid {
		at.To, at.Rows, at.Events, at.Risk = i, at.Rows+c.Rows, at.Events+c.Events, at.Risk+c.Risk
		if at.Rows >= least {
			list, at = append(list, at), Cell{From: i + 1}
		}
	}
	if n := len(list); n > 0 {
		last := &list[n-1]
		last.To, last.Rows, last.Events, last.Risk = bins-1, last.Rows+at.Rows, last.Events+at.Events, last.Risk+at.Risk
	}
	for i := range list {
		list[i].Risk /= float64(list[i].Rows)
	}
	return list
}

// ReadJudged reads what a site said of a model; name is the file's in messages.
func ReadJudged(b []byte, name string) (*Judged, error) {
	var j Judged
	if err := strict(b, &j, name); err != nil {
		return nil, err
	}
	if j.Format != judgedFormat {
		return nil, say.Error("federate.format", "file", name, "found", j.Format, "want", judgedFormat)
	}
	ok := j.Rows >= 1 && j.Rows <= mostRows && j.Cost >= 0 && j.Cost <= math.MaxFloat64
	if r := j.Risk; r != nil {
		ok = ok && r.Events > 0 && r.Events < j.Rows && r.AUROC.Value >= 0 && r.AUROC.Value <= 1 && r.whole(j.Rows)
	}
	if !ok {
		return nil, say.Error("federate.judged", "file", name)
	}
	return &j, nil
}

// whole reports whether the cells cover the grid in order and add up to the rows and the events.
func (r *Risk) whole(rows int) bool {
	from, n, events := 0, 0, 0
	for _, c := range r.Cells {
		if c.From != from || c.To < c.From || c.Events < 0 || c.Rows < c.Events || c.Rows < 1 || !(c.Risk >= 0 && c.Risk <= 1) {
			return false
		}
		from, n, events = c.To+1, n+c.Rows, events+c.Events
	}
	return from == bins && n == rows && events == r.Events
}

// samePlan refuses judgements of different models.
func samePlan(sites []*Judged, name func(i int) string) error {
	if len(sites) == 0 {
		return say.Error("federate.no_sites")
	}
	i := slices.IndexFunc(sites, func(j *Judged) bool { return j.Plan != sites[0].Plan })
	if i >= 0 {
		return say.Error("federate.other_plan", "file", name(i), "found", brief(sites[i].Plan), "want", brief(sites[0].Plan))
	}
	i = slices.IndexFunc(sites, func(j *Judged) bool {
		return j.Round != sites[0].Round || (j.Risk == nil) != (sites[0].Risk == nil) || (j.Accuracy == nil) != (sites[0].Accuracy == nil) ||
			(j.Variance == nil) != (sites[0].Variance == nil)
	})
	if i >= 0 {
		return say.Error("federate.other_round", "file", name(i), "found", sites[i].Round, "want", sites[0].Round)
	}
	return nil
}
