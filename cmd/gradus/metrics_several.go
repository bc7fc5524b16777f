package main

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"gradus/internal/say"
	"gradus/metric"
	"gradus/table"
)

// classesMeasurement is what the command prints of probabilities of several classes.
type classesMeasurement struct {
	metric.ClassesResult
	Interval  metric.Estimate               `json:"accuracy_interval"`
	Levels    []string                      `json:"levels"`
	Confusion [][]int                       `json:"confusion"` // row: the level that was; column: the one called
	Classes   map[string]metric.Class       `json:"classes"`
	Groups    map[string]classesMeasurement `json:"groups,omitempty"`
}

// numberMeasurement is what the command prints of predicted numbers.
type numberMeasurement struct {
	metric.NumberResult
	Groups map[string]numberMeasurement `json:"groups,omitempty"`
}

// classesOutcomes is the rows of several classes: the level of each and the probability of every level.
type classesOutcomes struct {
	levels []string
	y      []int
	p      [][]float64
}

// metricsClasses is gradus metrics --task classes.
func (a *app) metricsClasses(path string, f metricsFlags) error {
	levels, columns, err := f.levelColumns()
	if err != nil {
		return err
	}
	tbl, err := a.readTable(path, table.Options{Kinds: f.kinds(columns)})
	if err != nil {
		return err
	}
	d := classesOutcomes{levels: levels}
	if err := d.read(tbl, f, columns); err != nil {
		return err
	}
	m, err := d.measure(tbl, nil)
	if err != nil {
		return err
	}
	if f.group != "" {
		if m.Groups, err = grouped(tbl, f.group, func(rows []int) (classesMeasurement, error) { return d.measure(tbl, rows) }); err != nil {
			return err
		}
	}
	if a.json {
		return a.writeJSON(m)
	}
	a.showClasses(m, f)
	return nil
}

// levelColumns is the level that each column of --prob stands for: LEVEL=COLUMN, or p_LEVEL, or a column named as its level.
func (f metricsFlags) levelColumns() (levels, columns []string, err error) {
	names, err := columnNames("--prob", f.prob...)
	if err != nil {
		return nil, nil, err
	}
	if f.truth == "" || len(names) < 2 || f.pred != "" {
		return nil, nil, say.Error("metrics.needed_classes")
	}
	for _, name := range names {
		level, column, ok := strings.Cut(name, "=")
		if !ok {
			level, column = strings.TrimPrefix(name, "p_"), name
		}
		if slices.Contains(levels, level) {
			return nil, nil, say.Error("metrics.level_twice", "level", level)
		}
		levels, columns = append(levels, level), append(columns, column)
	}
	return levels, columns, f.distinct(columns)
}

func (d *classesOutcomes) read(tbl *table.Table, f metricsFlags, columns []string) error {
	truth, err := whole(tbl, f.truth)
	if err != nil {
		return err
	}
	for r := range tbl.Rows {
		level := slices.Index(d.levels, truth.Text(r))
		if level < 0 {
			return say.Error("metrics.level_unknown", "file", tbl.Name, "row", r+1, "line", tbl.Line(r), "column", f.truth, "level", truth.Text(r),
				"levels", strings.Join(d.levels, ", "))
		}
		d.y, d.p = append(d.y, level), append(d.p, make([]float64, len(columns)))
	}
	for c, name := range columns {
		p, err := shares(tbl, name)
		if err != nil {
			return err
		}
		for r, v := range p {
			d.p[r][c] = v
		}
	}
	return nil
}

// measure judges the rows, all with nil.
func (d *classesOutcomes) measure(tbl *table.Table, rows []int) (m classesMeasurement, err error) {
	y, p := chosen(d.y, rows), chosen(d.p, rows)
	if m.ClassesResult, err = metric.Classes(y, p); err != nil {
		if where := (*metric.RowError)(nil); errors.As(err, &where) {
			return m, say.Error("metrics.sum", "file", tbl.Name, "row", where.Row, "line", tbl.Line(where.Row-1), "value", where.Value)
		}
		return m, err
	}
	detail, err := metric.DetailClasses(y, p)
	m.Interval, m.Levels, m.Confusion, m.Classes = detail.Accuracy, d.levels, detail.Confusion, map[string]metric.Class{}
	for c, one := range detail.Each {
		m.Classes[d.levels[c]] = one
	}
	return m, err
}

// metricsNumber is gradus metrics --task number.
func (a *app) metricsNumber(path string, f metricsFlags) error {
	if f.truth == "" || f.pred == "" || len(f.prob) > 0 {
		return say.Error("metrics.needed_number")
	}
	if err := f.distinct([]string{f.pred}); err != nil {
		return err
	}
	kinds := f.kinds([]string{f.pred})
	kinds[f.truth] = table.Number
	tbl, err := a.readTable(path, table.Options{Kinds: kinds})
	if err != nil {
		return err
	}
	truth, err := whole(tbl, f.truth)
	pred, err2 := whole(tbl, f.pred)
	if err = cmp.Or(err, err2); err != nil {
		return err
	}
	y, h := truth.Numbers(nil), pred.Numbers(nil)
	measure := func(rows []int) (m numberMeasurement, err error) {
		m.NumberResult, err = metric.Numbers(chosen(y, rows), chosen(h, rows))
		return m, err
	}
	m, err := measure(nil)
	if err != nil {
		return err
	}
	if f.group != "" {
		if m.Groups, err = grouped(tbl, f.group, measure); err != nil {
			return err
		}
	}
	if a.json {
		return a.writeJSON(m)
	}
	a.showNumber(m, f)
	return nil
}

// chosen is the values of rows, all with nil.
func chosen[T any](values []T, rows []int) []T {
	if rows == nil {
		return values
	}
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = values[r]
	}
	return out
}

// grouped measures the rows of each value of a column by themselves.
func grouped[T any](tbl *table.Table, column string, measure func(rows []int) (T, error)) (map[string]T, error) {
	c, err := whole(tbl, column)
	if err != nil {
		return nil, err
	}
	rows := map[string][]int{}
	for r := range tbl.Rows {
		rows[c.Text(r)] = append(rows[c.Text(r)], r)
	}
	groups := make(map[string]T, len(rows))
	for g, of := range rows {
		if groups[g], err = measure(of); err != nil {
			return nil, err
		}
	}
	return groups, nil
}
