package model

import (
	"math"

	"gradus/mat"
	"gradus/table"
)

// Group is a column of the table as the network sees it, or several that move together: spans of features.
type Group struct {
	Name  string
	Spans [][2]int // of features, from and to
	Of    []string // columns that move together; nil of one
}

// Groups are the columns that a preparation uses: the number or the indicators of the levels, with that of missing.
func Groups(p *table.Preparation) []Group {
	features, at := p.Features(), 0
	var list []Group
	for i := range p.Inputs {
		from := at
		for at < len(features) && features[at].Column == p.Inputs[i].Name {
			at++
		}
		list = append(list, Group{Name: p.Inputs[i].Name, Spans: [][2]int{{from, at}}})
	}
	return list
}

// Together are two columns whose features are correlated so strongly that neither can be moved alone as rows move.
type Together struct {
	A string  `json:"a"`
	B string  `json:"b"`
	R float64 `json:"r"` // the strongest between a feature of the one and one of the other
}

// strong is the |r| above which two columns count as one.
const strong = .8

// mostProducts is how many products of two features are summed before rows are left out.
const mostProducts = 2_000_000_000

// Correlated finds the pairs of groups with |r| > .8 (Pearson) in x (n,width), and the groups that these pairs join.
func Correlated(groups []Group, x mat.Matrix[float64]) (pairs []Together, joined []Group) {
	z := standardised(x)
	root := make([]int, len(groups))
	for i := range root {
		root[i] = i
	}
	for i := range groups {
		for j := range i {
			if r := strongest(z, groups[i], groups[j]); math.Abs(r) > strong {
				pairs = append(pairs, Together{groups[j].Name, groups[i].Name, r})
				a, b := root[i], root[j]
				for k := range root {
					if root[k] == max(a, b) {
						root[k] = min(a, b)
					}
				}
			}
		}
	}
	for first := range groups {
		g := groups[first]
		g.Of = []string{g.Name}
		for k := first + 1; k < len(groups); k++ {
			if root[first] == first && root[k] == first {
				g = Group{g.Name + " + " + groups[k].Name, append(append([][2]int{}, g.Spans...), groups[k].Spans...), append(g.Of, groups[k].Name)}
			}
		}
		if len(g.Of) > 1 {
			joined = append(joined, g)
		}
	}
	return pairs, joined
}

// standardised is the features of x, each a row of mean 0 and length 1 (0 where it is constant), over as many evenly spaced rows as
// there is time for.
func standardised(x mat.Matrix[float64]) mat.Matrix[float64] {
	step := 1
	for x.Rows/step*x.Cols > mostProducts/max(x.Cols, 1) {
		step++
	}
	n := (x.Rows + step - 1) / step
	z := mat.New[float64](x.Cols, n)
	for c := range x.Cols {
		row, mean, square := z.Row(c), 0., 0.
		for r := range n {
			row[r] = x.Data[r*step*x.Cols+c]
			mean += row[r] / float64(n)
		}
		for r := range row {
			row[r] -= mean
			square += row[r] * row[r]
		}
		for r := range row {
			if square > 1e-20*float64(n) {
				row[r] /= math.Sqrt(square)
			} else {
				row[r] = 0
			}
		}
	}
	return z
}

// strongest is the r of greatest size between a feature of a and one of b.
func strongest(z mat.Matrix[float64], a, b Group) (strongest float64) {
	for i := a.Spans[0][0]; i < a.Spans[0][1]; i++ {
		for j := b.Spans[0][0]; j < b.Spans[0][1]; j++ {
			r := 0.
			for k, v := range z.Row(i) {
				r += v * z.Row(j)[k]
			}
			if math.Abs(r) > math.Abs(strongest) {
				strongest = r
			}
		}
	}
	return strongest
}
