package main

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gradus/internal/say"
	"gradus/metric"
	"gradus/table"
)

// metricsFlags are the flags of gradus metrics as they are typed.
type metricsFlags struct {
	truth, event, thresholds, group string
	task, pred, patient             string
	prob                            []string
	threshold                       float64
	draws                           int
}

// measurement is what the command prints of a set of rows: the first prediction, and beside it the second and their paired test.
type measurement struct {
	metric.BinaryResult
	TooFew bool                   `json:"too_few"`
	Second *metric.BinaryResult   `json:"second,omitempty"`
	DeLong *metric.Test           `json:"delong,omitempty"`
	Groups map[string]measurement `json:"groups,omitempty"`

	Rates     *metric.Rates  `json:"rates,omitempty"`      // of a group
	Parity    *metric.Parity `json:"parity,omitempty"`     // between the groups
	GroupTest *groupTest     `json:"group_test,omitempty"` // of two groups
	Bootstrap *draws         `json:"bootstrap,omitempty"`
}

// outcomes is the columns that the command reads: the events, one or two predictions of them, and the group of each row.
type outcomes struct {
	y       []bool
	p       [][]float64
	group   []string
	patient []int
}

// newMetrics is gradus metrics P.csv --truth COL --prob COL[,COL2].
func newMetrics(a *app) *cobra.Command {
	var f metricsFlags
	c := a.command("metrics P.csv|-", 1, 1, func(args []string) error { return a.metrics(args[0], f) })
	set := c.Flags()
	set.StringVar(&f.truth, "truth", "", a.text("metrics.flag_truth"))
	set.StringArrayVar(&f.prob, "prob", nil, a.text("metrics.flag_prob"))
	set.StringVar(&f.event, "event", "", a.text("metrics.flag_event"))
	set.Float64Var(&f.threshold, "threshold", .5, a.text("cmd.evaluate_threshold"))
	set.StringVar(&f.thresholds, "thresholds", "0.05,0.1,0.2,0.3,0.5", a.text("metrics.flag_thresholds"))
	set.StringVar(&f.group, "group", "", a.text("metrics.flag_group"))
	set.IntVar(&f.draws, "bootstrap", 0, a.text("metrics.flag_bootstrap"))
	set.StringVar(&f.patient, "patient", "", a.text("metrics.flag_patient"))
	set.StringVar(&f.task, "task", "binary", a.text("metrics.flag_task"))
	set.StringVar(&f.pred, "pred", "", a.text("metrics.flag_pred"))
	c.Example = "gradus metrics predictions.csv --truth died --prob p\n" +
		"gradus metrics predictions.csv --truth died --event yes --prob network,regression --group sex --threshold 0.1 --json\n" +
		"gradus metrics predictions.csv --truth died --prob p --bootstrap 2000 --patient patient_id\n" +
		"gradus metrics iris.csv --task classes --truth species --prob p_setosa,p_versicolor,virginica=p3\n" +
		"gradus metrics stay.csv --task number --truth days --pred predicted"
	return c
}

func (a *app) metrics(path string, f metricsFlags) error {
	switch f.task {
	case "binary":
		return a.metricsBinary(path, f)
	case "classes", "number":
		if f.event != "" || f.draws != 0 || f.patient != "" {
			return say.Error("metrics.only_binary", "task", f.task)
		}
		if f.task == "classes" {
			return a.metricsClasses(path, f)
		}
		return a.metricsNumber(path, f)
	}
	return say.Error("metrics.task", "value", f.task)
}

func (a *app) metricsBinary(path string, f metricsFlags) error {
	columns, opt, err := f.settle()
	if err != nil {
		return err
	}
	tbl, err := a.readTable(path, table.Options{Kinds: f.kinds(columns)})
	if err != nil {
		return err
	}
	d, err := f.columns(tbl, columns)
	if err != nil {
		return err
	}
	m, err := d.measure(opt)
	if err != nil {
		return err
	}
	if f.group != "" {
		if m.Groups, err = d.byGroup(opt); err != nil {
			return err
		}
		if err = m.compareGroups(d); err != nil {
			return err
		}
	}
	if f.draws > 0 {
		if m.Bootstrap, err = d.resample(opt, f.draws, a.seed); err != nil {
			return err
		}
	}
	if m.Events == 0 || m.Events == m.N {
		a.note(a.text("cmd.evaluate_one_class", "column", f.truth))
	}
	if a.json {
		return a.writeJSON(m)
	}
	a.showMetrics(m, columns, f)
	return nil
}

// settle checks the flags: the columns of probabilities and how to judge them.
func (f metricsFlags) settle() (columns []string, opt metric.Options, err error) {
	if f.truth == "" || len(f.prob) == 0 || f.pred != "" {
		return nil, opt, say.Error("metrics.needed")
	}
	if err = f.checkDraws(); err != nil {
		return nil, opt, err
	}
	if columns, err = columnNames("--prob", f.prob...); err != nil {
		return nil, opt, err
	}
	if len(columns) > 2 {
		return nil, opt, say.Error("metrics.many", "found", len(columns))
	}
	if err = f.distinct(columns); err != nil {
		return nil, opt, err
	}
	if !(f.threshold >= 0 && f.threshold <= 1) {
		return nil, opt, say.Error("metrics.threshold", "value", f.threshold)
	}
	if opt.Thresholds, err = numbers("--thresholds", f.thresholds); err != nil {
		return nil, opt, err
	}
	for _, t := range opt.Thresholds {
		if !(t >= 0 && t < 1) {
			return nil, opt, say.Error("metrics.thresholds", "value", t)
		}
	}
	opt.Threshold = &f.threshold
	return columns, opt, nil
}

// distinct refuses a column that two flags name.
func (f metricsFlags) distinct(columns []string) error {
	used := append([]string{f.truth, f.group, f.patient}, columns...)
	for i, name := range used {
		if name != "" && slices.Contains(used[:i], name) {
			return say.Error("metrics.twice", "column", name)
		}
	}
	return nil
}

// kinds reads truth and group as text, so that a level is what stands in the file.
func (f metricsFlags) kinds(columns []string) map[string]table.Kind {
	kinds := map[string]table.Kind{f.truth: table.Category}
	for _, name := range columns {
		kinds[name] = table.Number
	}
	for _, name := range []string{f.group, f.patient} {
		if name != "" {
			kinds[name] = table.Category
		}
	}
	return kinds
}

// columns takes what the flags name out of the table; no cell of it may be missing.
func (f metricsFlags) columns(tbl *table.Table, columns []string) (d outcomes, err error) {
	truth, err := whole(tbl, f.truth)
	if err != nil {
		return d, err
	}
	for _, name := range columns {
		p, err := shares(tbl, name)
		if err != nil {
			return d, err
		}
		d.p = append(d.p, p)
	}
	if d.patient, err = f.patients(tbl); err != nil {
		return d, err
	}
	if f.group != "" {
		c, err := whole(tbl, f.group)
		if err != nil {
			return d, err
		}
		for r := range tbl.Rows {
			d.group = append(d.group, c.Text(r))
		}
	}
	d.y, err = f.events(tbl, truth)
	return d, err
}

// shares is a column of probabilities.
func shares(tbl *table.Table, name string) ([]float64, error) {
	c, err := whole(tbl, name)
	if err != nil {
		return nil, err
	}
	p := c.Numbers(nil)
	for r, v := range p {
		if !(v >= 0 && v <= 1) {
			return nil, say.Error("metrics.probability", "file", tbl.Name, "row", r+1, "line", tbl.Line(r), "column", name, "value", v)
		}
	}
	return p, nil
}

// whole is a column without a missing cell.
func whole(tbl *table.Table, name string) (*table.Column, error) {
	c, err := tbl.Need(name)
	if err != nil {
		return nil, err
	}
	for r := range tbl.Rows {
		if c.Missing(r) {
			return nil, say.Error("metrics.missing", "file", tbl.Name, "row", r+1, "line", tbl.Line(r), "column", name)
		}
	}
	return c, nil
}

// events tells the rows with the event: the truth 1, or the level that --event names.
func (f metricsFlags) events(tbl *table.Table, truth *table.Column) ([]bool, error) {
	levels := truth.Levels()
	is, ok := zeroOrOne(levels, f.event)
	if !ok {
		shown := strings.Join(levels[:min(len(levels), 5)], ", ")
		switch {
		case len(levels) > 2:
			return nil, say.Error("metrics.levels", "file", tbl.Name, "column", f.truth, "found", len(levels), "levels", shown)
		case f.event == "":
			return nil, say.Error("metrics.event_needed", "column", f.truth, "levels", shown, "first", levels[0])
		case !slices.Contains(levels, f.event):
			return nil, say.Error("metrics.event_unknown", "event", f.event, "column", f.truth, "levels", shown)
		}
		for i, level := range levels {
			is[i] = level == f.event
		}
	}
	y := make([]bool, tbl.Rows)
	for r := range y {
		y[r] = is[truth.Code(r)]
	}
	return y, nil
}

// zeroOrOne tells which levels are the event where all of them are ways to write 0 or 1, and event too ("" stands for 1).
func zeroOrOne(levels []string, event string) (is []bool, ok bool) {
	is = make([]bool, len(levels))
	want := 1.
	if event != "" {
		if want, ok = bit(event); !ok {
			return is, false
		}
	}
	for i, level := range levels {
		v, ok := bit(level)
		if !ok {
			return is, false
		}
		is[i] = v == want
	}
	return is, true
}

func bit(s string) (v float64, ok bool) {
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && (v == 0 || v == 1)
}

// measure judges all rows.
func (d outcomes) measure(opt metric.Options) (m measurement, err error) {
	if m.BinaryResult, err = judged(d.y, d.p[0], opt); err != nil {
		return m, err
	}
	m.TooFew = metric.TooFew(m.N, m.Events)
	if len(d.p) == 1 {
		return m, nil
	}
	second, err := judged(d.y, d.p[1], opt)
	if err != nil {
		return m, err
	}
	test, err := metric.DeLong(d.y, d.p[0], d.p[1])
	if err = notOneClass(err); err != nil {
		return m, err
	}
	m.Second, m.DeLong = &second, &test
	return m, nil
}

// judged is metric.Binary, which of rows of one class tells what is defined.
func judged(y []bool, p []float64, opt metric.Options) (metric.BinaryResult, error) {
	r, err := metric.Binary(y, p, opt)
	return r, notOneClass(err)
}

// notOneClass forgives that all rows have one outcome: what is undefined then is shown so.
func notOneClass(err error) error {
	if errors.Is(err, metric.ErrOneClass) {
		return nil
	}
	return err
}

// parts is the rows of each group.
func (d outcomes) parts() map[string]*outcomes {
	parts := map[string]*outcomes{}
	for r, g := range d.group {
		part := parts[g]
		if part == nil {
			part = &outcomes{p: make([][]float64, len(d.p))}
			parts[g] = part
		}
		part.y = append(part.y, d.y[r])
		for i := range d.p {
			part.p[i] = append(part.p[i], d.p[i][r])
		}
	}
	return parts
}

// byGroup measures the rows of each group by themselves.
func (d outcomes) byGroup(opt metric.Options) (map[string]measurement, error) {
	parts := d.parts()
	groups := make(map[string]measurement, len(parts))
	for g, part := range parts {
		m, err := part.measure(opt)
		if err != nil {
			return nil, err
		}
		rates := m.Confusion.Rates()
		m.Rates = &rates
		groups[g] = m
	}
	return groups, nil
}
