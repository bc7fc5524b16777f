package study

import (
	"math"
	"slices"

	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// least is the smallest count but 0 that Table 1 shows, and the fewest rows of a level that is named.
const least = 5

// tableOne describes the columns that the model uses, and the site, by the levels of the target.
func tableOne(tbl *table.Table, target *table.Target, y []float64, p *table.Preparation, site string) *model.TableOne {
	d := describing{TableOne: &model.TableOne{Least: least}}
	d.outcomes(target, y)
	for i := range tbl.Columns {
		c := &tbl.Columns[i]
		feature := slices.ContainsFunc(p.Inputs, func(in table.Input) bool { return in.Name == c.Name })
		if !feature && (c.Name != site || site == "") {
			continue
		}
		row := model.TableRow{Column: c.Name, Kind: string(c.Kind), Feature: feature}
		switch c.Kind {
		case table.Number:
			d.numbers(&row, c)
		case table.Category:
			d.levels(&row, c)
		default:
			continue
		}
		d.Columns = append(d.Columns, row)
	}
	return d.TableOne
}

// describing is a Table 1 in the making: of is the group of each row.
type describing struct {
	*model.TableOne
	of []int
}

// outcomes are the groups: the other level and the event, the classes, or all rows.
func (d *describing) outcomes(target *table.Target, y []float64) {
	d.of = make([]int, len(y))
	names := target.Levels
	switch target.Task {
	case table.TaskNumber:
		names = []string{""}
	case table.TaskBinary:
		names = []string{target.Levels[0], target.Event}
		if names[0] == target.Event {
			names[0] = target.Levels[1]
		}
	}
	for _, name := range names {
		d.Groups = append(d.Groups, model.TableGroup{Level: name})
	}
	for i, v := range y {
		if target.Task != table.TaskNumber {
			d.of[i] = int(v)
		}
		d.Groups[d.of[i]].N++
	}
}

// numbers describes a column of numbers.
func (d *describing) numbers(row *model.TableRow, c *table.Column) {
	values := make([][]float64, len(d.Groups))
	counts := [][]int{make([]int, len(d.Groups)), make([]int, len(d.Groups))} // filled, missing
	for i, g := range d.of {
		if c.Missing(i) {
			counts[1][g]++
			continue
		}
		counts[0][g]++
		values[g] = append(values[g], c.Number(i))
	}
	cells := d.cells(counts)
	row.Missing, row.Total = cells[1][:len(d.Groups)], cells[1][len(d.Groups)]
	for _, v := range values {
		row.Numbers = append(row.Numbers, summary(v))
	}
	row.SMD = d.widest(func(a, b int) metric.Number { return metric.StandardDifference(values[a], values[b]) })
}

// levels describes a category: its levels of at least `least` rows, those of most rows first, and the others together.
func (d *describing) levels(row *model.TableRow, c *table.Column) {
	levels, missing := d.count(c)
	others := make([]int, len(d.Groups))
	var rows [][]int
	for k, name := range c.Levels() {
		if sum(levels[k]) >= least {
			row.Levels = append(row.Levels, model.LevelRow{Level: name})
			rows = append(rows, levels[k])
			continue
		}
		for g, n := range levels[k] {
			others[g] += n
		}
	}
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return sum(rows[b]) - sum(rows[a]) })
	row.Levels, rows = pick(row.Levels, order), pick(rows, order)
	if sum(others) > 0 {
		row.Levels, rows = append(row.Levels, model.LevelRow{Other: true}), append(rows, others)
	}
	row.SMD = d.widest(func(a, b int) metric.Number { return metric.CategoryDifference(group(rows, a), group(rows, b)) })
	cells, n := d.cells(append(rows, missing)), len(d.Groups)
	for k := range row.Levels {
		row.Levels[k].Cells, row.Levels[k].Total = cells[k][:n], cells[k][n]
	}
	row.Missing, row.Total = cells[len(rows)][:n], cells[len(rows)][n]
}

// count counts the rows of each level (levels, groups), and those without any, by group.
func (d *describing) count(c *table.Column) (levels [][]int, missing []int) {
	missing = make([]int, len(d.Groups))
	for range c.Levels() {
		levels = append(levels, make([]int, len(d.Groups)))
	}
	for i, g := range d.of {
		if code := c.Code(i); code >= 0 {
			levels[code][g]++
		} else {
			missing[g]++
		}
	}
	return levels, missing
}

// group is the counts of group g.
func group(rows [][]int, g int) (counts []int) {
	for _, r := range rows {
		counts = append(counts, r[g])
	}
	return counts
}

// pick is the values at places.
func pick[T any](values []T, places []int) (out []T) {
	for _, i := range places {
		out = append(out, values[i])
	}
	return out
}

// widest is the difference between the two groups, of several the one of greatest size; undefined of one group.
func (d *describing) widest(of func(a, b int) metric.Number) metric.Number {
	widest := metric.Number(math.NaN())
	for b := range d.Groups {
		for a := range b {
			if v := of(a, b); !widest.Defined() || v.Defined() && math.Abs(float64(v)) > math.Abs(float64(widest)) {
				widest = v
			}
		}
	}
	return widest
}

// cells are counts (rows, groups) with a last column of totals, small ones hidden. A share is of all rows of the group: one of those
// that have a value would tell how many have none.
func (d *describing) cells(counts [][]int) [][]model.Cell {
	n := len(d.Groups)
	full := make([][]int, len(counts))
	for k, row := range counts {
		full[k] = append(slices.Clone(row), sum(row))
	}
	hidden := suppress(full)
	out := make([][]model.Cell, len(full))
	for k := range full {
		for g := range n + 1 {
			whole := len(d.of)
			if g < n {
				whole = d.Groups[g].N
			}
			c := model.Cell{N: full[k][g], Share: metric.Number(float64(full[k][g]) / float64(whole))}
			if hidden[k][g] {
				c = model.Cell{Hidden: true, Share: metric.Number(math.NaN())}
				d.Hidden++
			}
			out[k] = append(out[k], c)
		}
	}
	return out
}

func sum(counts []int) (n int) {
	for _, v := range counts {
		n += v
	}
	return n
}

// summary describes values; fewer than least are not described.
func summary(values []float64) model.Summary {
	none := metric.Number(math.NaN())
	s := model.Summary{Mean: none, SD: none, Median: none, Q1: none, Q3: none}
	if len(values) < least {
		return s
	}
	slices.Sort(values)
	n, mean, squares := float64(len(values)), 0., 0.
	for _, v := range values {
		mean += v / n
	}
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	at := func(q float64) metric.Number {
		h := q * (n - 1)
		i := int(h)
		return metric.Number(values[i] + (h-float64(i))*(values[min(i+1, len(values)-1)]-values[i]))
	}
	return model.Summary{Mean: metric.Number(mean), SD: metric.Number(math.Sqrt(squares / (n - 1))), Median: at(.5), Q1: at(.25), Q3: at(.75)}
}
