package explain

import (
	"context"
	"slices"

	"gradus/mat"
	"gradus/table"
)

// Dependence is f where a column has one value in every row: PDP is the mean over the rows, ICE each row's own line.
type Dependence struct {
	Column string      `json:"column"`
	Values []string    `json:"values"` // of the column, as a person reads them
	Mean   []float64   `json:"mean"`
	Rows   []int       `json:"rows,omitempty"` // of the lines, counted from 1
	Lines  [][]float64 `json:"lines,omitempty"`
}

// Point is one value of a column, as it is read and as the network sees it.
type Point struct {
	Text     string
	Number   float64
	Features []float64 // (to − from) of the group
}

// Grid are the values at which a column is looked at: of a number, up to points quantiles of its values in tbl; of a category, its
// levels, those that were merged as one, and missing, where the model knows it.
func Grid(p *table.Preparation, in *table.Input, c *table.Column, points int) []Point {
	if in.Kind == table.Number {
		return numbers(p, in, c, points)
	}
	var texts []string
	texts = append(texts, in.Levels...)
	if in.Other {
		texts = append(texts, "…")
	}
	if in.Missing {
		texts = append(texts, "")
	}
	list := make([]Point, len(texts))
	for i, t := range texts { // one indicator each, in this order
		list[i] = Point{Text: t, Number: float64(i), Features: make([]float64, len(texts))}
		list[i].Features[i] = 1
	}
	return list
}

func numbers(p *table.Preparation, in *table.Input, c *table.Column, points int) []Point {
	var values []float64
	for _, v := range c.Numbers(nil) {
		if v == v {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	var list []Point
	for i := range points {
		if len(values) == 0 {
			break
		}
		v := values[i*(len(values)-1)/max(points-1, 1)]
		if len(list) > 0 && list[len(list)-1].Number == v {
			continue
		}
		z := in.Z(v)
		if p.Clip > 0 {
			z = min(max(z, -p.Clip), p.Clip)
		}
		features := []float64{float64(float32(z))}
		if in.Missing {
			features = append(features, 0)
		}
		list = append(list, Point{table.Format(v), v, features})
	}
	return list
}

// Depend computes the dependence of f on group g over the rows x at the points of grid. lines are the rows, counted from 0, whose own
// lines are kept.
func Depend(ctx context.Context, f *Function, g Group, x mat.Matrix[float64], grid []Point, lines []int, progress Progress) (*Dependence, error) {
	d := &Dependence{Column: g.Name, Mean: make([]float64, len(grid)), Lines: make([][]float64, len(lines))}
	for i, r := range lines {
		d.Rows, d.Lines[i] = append(d.Rows, r+1), make([]float64, len(grid))
	}
	for _, point := range grid {
		d.Values = append(d.Values, point.Text)
	}
	from := g.Spans[0][0]
	err := share(ctx, f, len(grid), progress, func(f *Function, k int) {
		moved, values := mat.New[float64](x.Rows, x.Cols), make([]float64, x.Rows)
		copy(moved.Data, x.Data)
		for r := range x.Rows {
			copy(moved.Row(r)[from:], grid[k].Features)
		}
		f.Values(values, moved)
		for _, v := range values {
			d.Mean[k] += v / float64(len(values))
		}
		for i, r := range lines {
			d.Lines[i][k] = values[r]
		}
	})
	return d, err
}
