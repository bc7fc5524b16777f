package main

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"gradus/explain"
	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/model"
	"gradus/table"
)

// drawnBars is how many columns a picture has room for.
const drawnBars = 20

func (e *explained) permutation() (object, picture.Figure, error) {
	y, err := e.m.Target.Encode(e.tbl)
	if err != nil {
		return nil, picture.Figure{}, err
	}
	pairs, joined := model.Correlated(e.groups, e.x)
	progress, end := e.bar((len(e.groups) + len(joined)) * explain.Draws(e.x.Rows))
	p, err := explain.Permute(e.ctx, e.f, e.groups, joined, e.x, y, e.seed, progress)
	end()
	if err != nil {
		return nil, picture.Figure{}, err
	}
	slices.SortStableFunc(p.Columns, func(a, b explain.Importance) int { return cmp.Compare(b.Increase, a.Increase) })
	if len(pairs) > 0 {
		top := slices.MaxFunc(pairs, func(a, b model.Together) int { return cmp.Compare(math.Abs(a.R), math.Abs(b.R)) })
		e.note(e.text("explain.correlated", "pairs", len(pairs), "a", top.A, "b", top.B, "r", strconv.FormatFloat(top.R, 'f', 2, 64)))
	}
	bars := make([]picture.Row, len(p.Columns))
	rows := make([][]string, len(p.Columns))
	for i, c := range p.Columns {
		bars[i] = bar(e.joinedName(c), c.Increase, c.SE)
		rows[i] = []string{e.joinedName(c), amount(c.Increase), errorOf(c.SE)}
	}
	if !e.json {
		e.showPermutation(p, rows)
	}
	if pairs == nil {
		pairs = []model.Together{}
	}
	result := object{{"loss", p.Loss}, {"base", p.Base}, {"rows", p.Rows}, {"repeats", p.Repeats}, {"columns", p.Columns}, {"correlated", pairs}}
	return result, e.bars(e.text("explain.title_permutation"), e.text("explain.increase"), bars), nil
}

func (e *explained) showPermutation(p *explain.Permutation, rows [][]string) {
	e.print(e.text("explain.permutation_head", "loss", e.text("explain."+p.Loss), "base", amount(p.Base), "rows", p.Rows))
	if p.Repeats == 0 {
		e.print(e.text("explain.permutation_exact"))
	} else {
		e.print(e.text("explain.permutation_repeats", "repeats", p.Repeats, "seed", e.seed))
	}
	e.print("")
	e.table([]string{e.text("explain.column"), e.text("explain.increase"), e.text("explain.se")}, rows)
}

// joinedName names a column, or several together by the first and how many more.
func (e *explained) joinedName(c explain.Importance) string {
	if first, rest, several := strings.Cut(c.Column, " + "); c.Joined && several && strings.Contains(rest, " + ") {
		return e.text("explain.more", "first", first, "more", strings.Count(rest, " + ")+1)
	}
	return c.Column
}

func errorOf(se *float64) string {
	if se == nil {
		return none
	}
	return amount(*se)
}

// amount shows v with four decimals, small values with four significant digits.
func amount(v float64) string {
	if v != 0 && math.Abs(v) < .001 || math.Abs(v) >= 1e6 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(v, 'f', 4, 64)
}

// bar is one column with its standard error, where it has one; below zero it is hollow.
func bar(name string, v float64, se *float64) picture.Row {
	write := picture.Number
	if size := math.Abs(v); size == 0 || size >= .001 && size < 1e6 {
		write = func(v float64) string { return strings.Replace(strconv.FormatFloat(v, 'f', 4, 64), "-", "−", 1) }
	}
	row := picture.Row{Name: name, Value: v, Low: math.NaN(), High: math.NaN(), Text: write(v), Ink: picture.Blue}
	if v < 0 {
		row.Ink = picture.Orange
	}
	if se != nil {
		row.Low, row.High = v-*se, v+*se
		row.Text += " ± " + write(*se)
	}
	return row
}

// bars is a picture of the first columns.
func (e *explained) bars(title, axis string, list []picture.Row) picture.Figure {
	panel := picture.Importance{Heads: []string{e.text("explain.column"), axis}, X: axis, List: list[:min(len(list), drawnBars)]}.Panel()
	return picture.Figure{Title: title, Description: title + ". " + e.text("explain.cause"), Panels: []picture.Panel{panel}}
}

func (e *explained) dependence() (object, picture.Figure, error) {
	at := slices.IndexFunc(e.m.Preparation.Inputs, func(in table.Input) bool { return in.Name == e.flags.column })
	if at < 0 {
		var known []string
		for _, in := range e.m.Preparation.Inputs {
			known = append(known, in.Name)
		}
		return nil, picture.Figure{}, say.Error("explain.no_column", "column", e.flags.column, "nearest", say.Nearest(e.flags.column, known))
	}
	in := &e.m.Preparation.Inputs[at]
	grid := explain.Grid(e.m.Preparation, in, e.tbl.Column(in.Name), gridPoints)
	if len(grid) == 0 {
		return nil, picture.Figure{}, say.Error("explain.empty_column", "column", in.Name)
	}
	lines := e.rows
	if e.flags.method == "ice" && lines == nil {
		lines = evenly(e.tbl.Rows, iceLines)
	}
	progress, end := e.bar(len(grid))
	d, err := explain.Depend(e.ctx, e.f, e.groups[at], e.x, grid, lines, progress)
	end()
	if err != nil {
		return nil, picture.Figure{}, err
	}
	if !e.json {
		e.showDependence(d)
	}
	result := object{{"column", d.Column}, {"values", d.Values}, {"mean", d.Mean}}
	if lines != nil {
		result = append(result, member{"rows", d.Rows}, member{"lines", d.Lines})
	}
	return result, e.curves(d, in, grid), nil
}

// evenly is up to most rows of n, evenly spaced.
func evenly(n, most int) []int {
	rows := make([]int, min(n, most))
	for i := range rows {
		rows[i] = i * n / len(rows)
	}
	return rows
}

func (e *explained) showDependence(d *explain.Dependence) {
	e.print(e.text("explain.dependence_head", "column", d.Column, "what", e.what(), "rows", e.tbl.Rows))
	e.print("")
	header := []string{d.Column, e.text("explain.mean")}
	if len(d.Lines) > 0 {
		header = append(header, e.text("explain.low"), e.text("explain.high"))
	}
	rows := make([][]string, len(d.Mean))
	for k, v := range d.Mean {
		rows[k] = []string{e.valueText(d.Values[k]), amount(v)}
		if len(d.Lines) > 0 {
			low, high := math.Inf(1), math.Inf(-1)
			for _, l := range d.Lines {
				low, high = min(low, l[k]), max(high, l[k])
			}
			rows[k] = append(rows[k], amount(low), amount(high))
		}
	}
	e.table(header, rows)
}

func (e *explained) valueText(s string) string {
	if s == "" {
		return e.text("explain.missing")
	}
	return s
}

// curves is the picture of a dependence: the mean above the rows' own lines, points where the column is a category.
func (e *explained) curves(d *explain.Dependence, in *table.Input, grid []explain.Point) picture.Figure {
	mean := picture.Series{Name: e.text("explain.mean"), X: make([]float64, len(grid)), Y: d.Mean, Ink: picture.Blue}
	chart := picture.Dependence{X: d.Column, Y: e.what(), Mean: mean, Rows: d.Lines}
	for i, p := range grid {
		mean.X[i] = p.Number
		if in.Kind != table.Number {
			chart.Labels = append(chart.Labels, e.valueText(p.Text))
		}
	}
	title := e.text("explain.title_dependence", "column", d.Column)
	return picture.Figure{Title: title, Description: title + ". " + e.text("explain.cause"), Panels: []picture.Panel{chart.Panel()}}
}

func (e *explained) parts() (object, picture.Figure, error) {
	back := e.background()
	list, err := e.eachRow(back)
	if err != nil {
		return nil, picture.Figure{}, err
	}
	result := object{{"baseline", "mean"}, {"rows", list}}
	if e.flags.method == "shapley" {
		result = object{{"baseline", "background"}, {"background", back.Rows}, {"rows", list}}
	}
	if !e.json {
		for i := range list {
			e.showParts(&list[i], i, back.Rows)
		}
	}
	bars := make([]picture.Row, len(list[0].Parts))
	for i, p := range list[0].Parts {
		bars[i] = bar(p.Column, p.Part, p.SE)
	}
	return result, e.bars(e.text("explain.title_parts", "row", list[0].Row, "what", e.what()), e.what(), bars), nil
}

// background are the rows that Shapley values are held against: evenly spaced, so that no chance is in them.
func (e *explained) background() mat.Matrix[float64] {
	rows := evenly(e.tbl.Rows, background)
	back := mat.New[float64](len(rows), e.x.Cols)
	for i, r := range rows {
		copy(back.Row(i), e.x.Row(r))
	}
	return back
}

// eachRow takes the predictions of the rows asked for apart.
func (e *explained) eachRow(back mat.Matrix[float64]) ([]explain.Parts, error) {
	list, base := make([]explain.Parts, len(e.rows)), mean(e.x)
	bar := e.progress(e.text("explain.progress"), len(e.rows))
	defer bar.end()
	for i, r := range e.rows {
		var err error
		if e.flags.method == "gradients" {
			list[i], err = explain.IntegratedGradients(e.f, e.groups, e.x.Row(r), base)
		} else {
			list[i], err = explain.Shapley(e.ctx, e.f, e.groups, e.x.Row(r), back, e.seed, nil)
		}
		if err == nil {
			err = e.ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		e.name(&list[i], r)
		bar.to(i+1, "")
	}
	return list, nil
}

// mean is the mean row of x.
func mean(x mat.Matrix[float64]) []float64 {
	m := make([]float64, x.Cols)
	for r := range x.Rows {
		for c, v := range x.Row(r) {
			m[c] += v / float64(x.Rows)
		}
	}
	return m
}

// name says which row it is and what its columns hold, the greatest part first. A level that the model does not know by name is not
// repeated: it may be anything.
func (e *explained) name(p *explain.Parts, row int) {
	p.Row = row + 1
	for i := range p.Parts {
		in := &e.m.Preparation.Inputs[i]
		c := e.tbl.Column(in.Name)
		if p.Parts[i].Value = c.Text(row); in.Kind != table.Number && !slices.Contains(in.Levels, p.Parts[i].Value) && !c.Missing(row) {
			p.Parts[i].Value = "…"
		}
	}
	slices.SortStableFunc(p.Parts, func(a, b explain.Part) int { return cmp.Compare(math.Abs(b.Part), math.Abs(a.Part)) })
}

func (e *explained) showParts(p *explain.Parts, at, background int) {
	if at > 0 {
		e.print("")
	}
	e.print(e.text("explain.parts_head", "row", p.Row, "what", e.what(), "f", amount(p.F)))
	switch {
	case e.flags.method == "gradients":
		e.print(e.text("explain.gradients_base", "base", amount(p.Base), "error", strconv.FormatFloat(p.Error, 'g', 2, 64)))
	case p.Parts[0].SE != nil:
		e.print(e.text("explain.shapley_drawn", "base", amount(p.Base), "rows", background, "error", strconv.FormatFloat(p.Error, 'g', 2, 64), "seed", e.seed))
	default:
		e.print(e.text("explain.shapley_exact", "base", amount(p.Base), "rows", background))
	}
	e.print("")
	header, rows := []string{e.text("explain.column"), e.text("explain.value"), e.text("explain.part")}, make([][]string, len(p.Parts))
	for i, part := range p.Parts {
		rows[i] = []string{part.Column, e.valueText(part.Value), amount(part.Part)}
		if part.SE != nil {
			rows[i] = append(rows[i], amount(*part.SE))
		}
	}
	if len(rows[0]) > len(header) {
		header = append(header, e.text("explain.se"))
	}
	e.table(header, rows)
}
