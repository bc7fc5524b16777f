package federate

import (
	"encoding/json"
	"math"
	"slices"
	"strings"

	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

// reach is how many standard deviations around the mean a value may lie before a prediction warns of it: the range of the rows themselves
// is two patients, and stays at the sites.
const reach = 5

// Start is the common preparation that the summaries add up to, and the network of the plan with its start weights.
//
// A column of numbers: with n rows of mean m and variance s² at each site,
//
//	mean = Σ n·m / Σ n,  sd² = Σ n·(s² + (m−mean)²) / Σ n,
//
// over all rows, those without a value counting as the mean, which stands in for it. A level gets an indicator if it is common at one site.
func Start(p *Plan, sites []*Summary) (*model.Model, error) {
	if len(sites) == 0 {
		return nil, say.Error("federate.no_sites")
	}
	sites = inOrder(sites)
	rows := 0
	for _, s := range sites {
		rows += s.Rows
	}
	prep := &table.Preparation{Target: p.Target.Column, Clip: 10}
	for i, c := range p.Columns {
		var tallies []Tally
		for _, s := range sites {
			tallies = append(tallies, s.Columns[i])
		}
		in, why := input(c, tallies, rows)
		if why == "" {
			prep.Inputs = append(prep.Inputs, in)
		} else {
			prep.Left = append(prep.Left, table.Left{Name: c.Name, Why: why})
		}
	}
	if len(prep.Inputs) == 0 {
		return nil, say.Error("federate.no_inputs")
	}
	var scale table.Scale
	if p.Target.Task == table.TaskNumber {
		var tallies []Tally
		for _, s := range sites {
			tallies = append(tallies, *s.Target)
		}
		scale, _ = pooled(tallies)
	}
	m, err := model.Plain(p.Target, prep, scale, p.Settings)
	if err != nil {
		return nil, err
	}
	m.Card.Rows, m.Card.Federation = rows, p.card(0, len(sites))
	return m, prep.Valid()
}

// inOrder sorts summaries by what they say, so that no sum depends on who came first.
func inOrder(sites []*Summary) []*Summary {
	text := func(s *Summary) string {
		b, _ := json.Marshal(s) // its numbers were checked
		return string(b)
	}
	return slices.SortedFunc(slices.Values(sites), func(a, b *Summary) int { return strings.Compare(text(a), text(b)) })
}

// card is what the model says of the federation.
func (p *Plan) card(round, sites int) *model.Federation {
	f := &model.Federation{Plan: p.Hash(), Round: round, Rounds: p.Rounds, Sites: sites, Mu: p.Mu}
	if p.Privacy != nil {
		f.Privacy, f.Noise, f.Clip, f.Delta = p.Privacy.Unit, p.Privacy.Noise, p.Privacy.Clip, p.Privacy.Delta
	}
	return f
}

// input is the column as all sites prepare it, or why it is left out.
func input(c Column, sites []Tally, rows int) (in table.Input, why string) {
	in = table.Input{Name: c.Name, Kind: c.Kind}
	for _, t := range sites {
		in.Missing = in.Missing || t.Missing
	}
	if c.Kind == table.Category {
		for i, l := range c.Levels {
			for _, t := range sites {
				if t.Levels[i] {
					in.Levels = append(in.Levels, l)
					break
				}
			}
		}
		for _, t := range sites {
			in.Other = in.Other || t.Other
		}
		if len(in.Levels) == 0 || len(in.Levels) == 1 && !in.Other && !in.Missing {
			return in, "constant"
		}
		return in, ""
	}
	known := rows
	if c.Scale != nil {
		in.Scale = *c.Scale
	} else if in.Scale, known = pooled(sites); known == 0 {
		return in, "empty"
	}
	in.SD *= math.Sqrt(float64(known) / float64(rows))
	if in.SD == 0 && !in.Missing {
		return in, "constant"
	}
	in.Median, in.Low, in.High = in.Mean, in.Mean-float64(reach*in.SD), in.Mean+float64(reach*in.SD)
	return in, ""
}

// pooled is the scale of all values together, and how many there are.
func pooled(sites []Tally) (s table.Scale, n int) {
	sum, square := 0., 0.
	for _, t := range sites {
		n += t.Known
		sum += float64(float64(t.Known) * t.Mean)
	}
	if n == 0 {
		return s, 0
	}
	s.Mean = sum / float64(n)
	for _, t := range sites {
		d := t.Mean - s.Mean
		square += float64(float64(t.Known) * (float64(t.SD*t.SD) + float64(d*d)))
	}
	s.SD = math.Sqrt(square / float64(n))
	return s, n
}
