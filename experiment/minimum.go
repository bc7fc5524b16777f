package experiment

import (
	"context"
	"math"

	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/optimizer"
)

const minimumSteps = 400

// roller is one rule sent down the double well.
type roller struct {
	rule  string
	form  optimizer.Form
	gamma float64 // of those that have it; 0: the rule's default
	alpha float64
}

var (
	stuck   = []roller{{"descent", optimizer.Deck, 0, .003}, {"descent", optimizer.Deck, 0, .01}, {"descent", optimizer.Deck, 0, .03}, {"descent", optimizer.Deck, 0, .1}}
	escapes = []roller{
		{"momentum", optimizer.Deck, .5, .03},
		{"momentum", optimizer.Deck, .8, .03},
		{"momentum", optimizer.Deck, .9, .03},
		{"momentum", optimizer.Deck, .95, .03},
		{"nesterov", optimizer.Deck, .95, .03},
		{"nesterov", optimizer.Deck, .95, .05},
		{"adagrad", optimizer.Deck, 0, 1},
		{"rmsprop", optimizer.Deck, 0, .01},
		{"adam", optimizer.Deck, 0, .1},
		{"adam", optimizer.Deck, 0, 1},
	}
)

// localMinimum starts every rule on the side of the double well that has the shallower minimum, x⁴−2x²+.3x: descent ends in it,
// momentum may roll through; deck 4-4-7 and 4-4-8.
func localMinimum(ctx context.Context, opt Options) (r Result, err error) {
	surface, err := optimizer.SurfaceByName("double-well")
	if err != nil {
		return r, err
	}
	columns := []string{"setting", "form", "gamma", "alpha", "start", "w", "f", "crossed_at", "escaped"}
	rows, cure := r.table("rows", columns...), r.table("cure", columns...)
	walks := map[roller]optimizer.Trajectory{}
	for i, list := range [][]roller{stuck, escapes} {
		for _, one := range list {
			if err = ctx.Err(); err != nil {
				return r, err
			}
			if walks[one], err = one.roll(surface, []*Table{rows, cure}[i]); err != nil {
				return r, err
			}
		}
	}
	local, global := surface.Minima[1], surface.Minima[0]
	out := 0
	for _, row := range cure.Rows {
		if row[8] == true {
			out++
		}
	}
	r.text("experiment.minimum_stuck", "n", len(rows.Rows), "w", number(local.W[0]), "f", number(local.F), "global", number(global.F))
	r.text("experiment.minimum_escapes", "gamma", .9, "w", number(cure.Rows[2][5].(float64)), "f", number(cure.Rows[2][6].(float64)))
	r.text("experiment.minimum_no_promise", "out", out, "n", len(cure.Rows))
	r.draw = func(lang say.Lang) []picture.Panel { return drawMinimum(lang, surface, walks) }
	return r, nil
}

// roll walks and adds the row.
func (one roller) roll(s optimizer.Surface, t *Table) (optimizer.Trajectory, error) {
	var values map[string]float64
	var gamma any
	if one.gamma != 0 {
		values, gamma = map[string]float64{"gamma": one.gamma}, one.gamma
	}
	rule, err := optimizer.New[float64](one.rule, 1, one.form, values)
	if err != nil {
		return optimizer.Trajectory{}, err
	}
	w, err := optimizer.Course{On: s, Steps: minimumSteps, Alpha: one.alpha}.Run(rule)
	if err != nil {
		return w, err
	}
	var crossed any
	for _, p := range w.Steps {
		if p.W[0] < 0 {
			crossed = p.T
			break
		}
	}
	end := w.Steps[len(w.Steps)-1]
	near := math.Abs(end.W[0]-s.Minima[0].W[0]) < .1
	t.add(one.rule, string(one.form), gamma, one.alpha, s.Start[0], end.W[0], end.F, crossed, near)
	return w, nil
}

func drawMinimum(lang say.Lang, s optimizer.Surface, walks map[roller]optimizer.Trajectory) []picture.Panel {
	well := picture.Series{Ink: picture.Black}
	for x := -1.7; x <= 1.71; x += .02 {
		well.X, well.Y = append(well.X, x), append(well.Y, s.Value([]float64{x}))
	}
	descent, momentum := walks[stuck[2]], walks[escapes[2]]
	end := func(t optimizer.Trajectory, text string, side picture.Side) picture.Note {
		p := t.Steps[len(t.Steps)-1]
		return picture.Note{X: p.W[0], Y: p.F, Text: text, Ring: true, Side: side}
	}
	walks1 := picture.Panel{Title: say.Text(lang, "experiment.minimum_panel_walk"), X: picture.Axis{Name: Heading(lang, "step")}, Y: picture.Axis{Name: "w"}}
	for i, t := range []optimizer.Trajectory{descent, momentum, walks[escapes[len(escapes)-2]]} {
		line := picture.Series{Name: []string{"descent", "momentum", "adam"}[i], Ink: []picture.Ink{picture.Orange, picture.Blue, picture.Amber}[i]}
		for _, p := range t.Steps[:150] {
			line.X, line.Y = append(line.X, float64(p.T)), append(line.Y, p.W[0])
		}
		line.Name = Word(lang, line.Name)
		walks1.Series = append(walks1.Series, line)
	}
	return []picture.Panel{
		{
			Title: say.Text(lang, "experiment.minimum_panel_well"), X: picture.Axis{Name: "w"}, Y: picture.Axis{Name: "f = w⁴ − 2w² + 0.3w"}, Series: []picture.Series{well},
			Notes: []picture.Note{
				{X: s.Start[0], Y: s.Value(s.Start), Text: say.Text(lang, "experiment.start"), Ring: true, Side: picture.Left},
				end(descent, Word(lang, "descent"), picture.Below), end(momentum, Word(lang, "momentum"), picture.Below),
			},
		}, walks1,
	}
}
