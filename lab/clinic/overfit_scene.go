package clinic

import (
	"strconv"

	"gradus/lab/scene"
)

func sizeOf(s *scene.State) size { return size{s.Seed, s.Whole("n"), s.Whole("width")} }

// overfitOpens is the end of training, where both curves are seen.
func overfitOpens(s *scene.State) int { return turns(s.Whole("n")) }

func overfitRun(s *scene.State) (*scene.Run, error) {
	z := sizeOf(s)
	now, err := z.study()
	if err != nil {
		return nil, err
	}
	sizes, err := z.others()
	if err != nil {
		return nil, err
	}
	areas, err := z.areas(now)
	if err != nil {
		return nil, err
	}
	run := &scene.Run{Steps: now.last().Epoch, Unit: scene.Say("labclinic.fit_epoch"), Marks: []scene.Mark{{Step: now.best().Epoch, Label: scene.Say("labclinic.fit_lowest")}}}
	run.At = func(step int) (*scene.Scene, error) {
		e := now.curve[step]
		return &scene.Scene{
			Figures: []scene.Figure{epochs(now, step), sizes, areas},
			Readings: []scene.Number{
				scene.Value("cost_learnt", "", e.Cost).Named(scene.Say("labclinic.fit_learnt")),
				scene.Value("cost_held", "", e.Held).Named(scene.Say("labclinic.fit_held")),
				scene.Value("gap", "", e.Held-e.Cost).Named(scene.Say("labclinic.fit_gap")),
			},
			Summary: scene.Say("labclinic.fit_summary", "n", z.n, "epoch", e.Epoch, "learnt", scene.Round(e.Cost, 3), "held", scene.Round(e.Held, 3),
				"best", now.best().Epoch, "lowest", scene.Round(now.best().Held, 3)),
		}, nil
	}
	return run, nil
}

// epochs is both costs by epoch; the ring stands where the held-out cost is lowest.
func epochs(s studied, step int) scene.Figure {
	var x, learnt, held []float64
	most := 0.
	for _, e := range s.curve {
		x, learnt, held = append(x, float64(e.Epoch)), append(learnt, e.Cost), append(held, e.Held)
		most = max(most, e.Cost, e.Held)
	}
	best, upto := s.best(), step+1
	return scene.Figure{Title: scene.Say("labclinic.fit_epochs"), Plot: &scene.Plot{
		X:       scene.Axis{Label: scene.Say("labclinic.fit_epoch"), High: float64(s.last().Epoch)},
		Y:       scene.Axis{Label: scene.Say("labclinic.fit_cost"), High: min(2, upTo(most))},
		OnSteps: true, Height: 250,
		Series: []scene.Series{
			{Label: scene.Say("labclinic.fit_learnt"), X: x, Y: scene.Y(learnt), Dash: "6 3", Future: &upto},
			{Label: scene.Say("labclinic.fit_held"), X: x, Y: scene.Y(held), Heavy: true, Future: &upto},
		},
		Lines: []scene.Reference{
			{Vertical: true, At: float64(best.Epoch)},
			{Vertical: true, At: float64(step), Solid: true, Heavy: true},
		},
		Points: []scene.Point{ring(float64(best.Epoch), best.Held, scene.Words{})},
	}}
}

// others is both costs at the end of training by the number of patients, for this width.
func (z size) others() (scene.Figure, error) {
	var x, learnt, held []float64
	var points []scene.Point
	most := 0.
	for _, n := range sizes {
		s, err := size{z.seed, n, z.width}.study()
		if err != nil {
			return scene.Figure{}, err
		}
		e := s.last()
		x, learnt, held = append(x, float64(n)), append(learnt, e.Cost), append(held, e.Held)
		most = max(most, e.Held)
		if n == z.n {
			points = append(points, ring(x[len(x)-1], e.Held, scene.Say("labclinic.fit_n_"+strconv.Itoa(n))))
		}
	}
	return scene.Figure{Width: "half", Title: scene.Say("labclinic.fit_sizes"), Plot: &scene.Plot{
		X:      scene.Axis{Label: scene.Say("labclinic.fit_n"), Low: 15, High: 25000, Log: true},
		Y:      scene.Axis{Label: scene.Say("labclinic.fit_cost"), High: min(2, upTo(most))},
		Height: 200, Points: points,
		Series: []scene.Series{
			{Label: scene.Say("labclinic.fit_learnt"), X: x, Y: scene.Y(learnt), Dash: "6 3"},
			{Label: scene.Say("labclinic.fit_held"), X: x, Y: scene.Y(held), Heavy: true},
		},
	}}, nil
}

// areas is the AUROC as it seems, as it is, and what the bootstrap takes off.
func (z size) areas(s studied) (scene.Figure, error) {
	taken, err := z.optimism()
	row := func(name, symbol string, v float64) []scene.Cell {
		return []scene.Cell{scene.W(scene.Say("labclinic.fit_" + name)), scene.N(scene.Value(symbol, "", v).Fixed(3))}
	}
	t := &scene.Table{Head: []scene.Words{{}, scene.Text("AUROC")}, Rows: [][]scene.Cell{
		row("apparent", "auroc_apparent", s.learnt), row("true", "auroc_held", s.held), row("difference", "optimism", s.learnt-s.held),
	}}
	note := scene.Say("labclinic.fit_no_draws", "n", drawsTo)
	if taken == taken {
		t.Rows = append(t.Rows, row("bootstrap", "optimism_bootstrap", taken), row("corrected", "auroc_corrected", s.learnt-taken))
		note = scene.Say("labclinic.fit_draws", "n", draws)
	}
	return scene.Figure{Width: "half", Title: scene.Say("labclinic.fit_optimism"), Table: t, Note: note}, err
}

// overfitExercises ask for the weights of a network, for a corrected AUROC and for a model that is what it seems.
func overfitExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	honest, err := honestGoal(s)
	return []scene.Exercise{weightsTask(s), correctTask(s.Seed), honest}, err
}

// weightsTask counts what is learnt beside how many it is learnt from.
func weightsTask(s *scene.State) scene.Exercise {
	n, w := float64(s.Whole("n")), float64(s.Whole("width"))
	all := float64(inputs*w) + w + w + 1
	pair := func(weights float64) []float64 { return []float64{weights, n / weights} }
	return scene.Exercise{
		Key: "labclinic.fit_task1", Args: []any{"n", int(n), "width", int(w), "inputs", inputs, "weights", int(all), "share", scene.Round(n/all, 2)},
		Fields: []scene.Field{
			{Label: scene.Say("labclinic.fit_weights"), Right: all, Within: .1}, {Label: scene.Say("labclinic.fit_share"), Right: n / all, Within: .005},
		},
		Mistakes: []scene.Mistake{
			{Key: "labclinic.fit_task1_biases", Values: pair(float64(inputs*w) + w)},
			{Key: "labclinic.fit_task1_last", Values: pair(all - 1)},
			{Key: "labclinic.fit_task1_hidden", Values: pair(float64(inputs*w) + w + 1)},
			{Key: "labclinic.fit_task1_inverse", Values: []float64{all, all / n}},
		},
	}
}

// correctTask is Harrell's correction: apparent − (mean in the resamples − mean on the own rows).
func correctTask(seed uint64) scene.Exercise {
	apparent, in := pick(seed, .94, .91, .96, .89, .92), pick(seed, .97, .98, .975)
	on := pick(seed, .86, .88, .84, .87)
	gap := in - on
	return scene.Exercise{
		Key: "labclinic.fit_task2", Args: []any{"apparent", scene.Round(apparent, 2), "in", scene.Round(in, 3), "on", scene.Round(on, 2), "gap", scene.Round(gap, 3)},
		Fields: []scene.Field{{Right: apparent - gap, Within: .0005}},
		Mistakes: []scene.Mistake{
			{Key: "labclinic.fit_task2_gap", Values: []float64{gap}},
			{Key: "labclinic.fit_task2_added", Values: []float64{apparent + gap}},
			{Key: "labclinic.fit_task2_on", Values: []float64{on}},
			{Key: "labclinic.fit_task2_half", Values: []float64{apparent - float64((apparent-on)/2)}},
		},
	}
}

// honestGoal asks for a training whose AUROC is what it seems.
func honestGoal(s *scene.State) (scene.Exercise, error) {
	const least = .03
	now, err := sizeOf(s).study()
	if err != nil {
		return scene.Exercise{}, err
	}
	enough := sizes[len(sizes)-1]
	for _, n := range sizes {
		other, err := size{s.Seed, n, s.Whole("width")}.study()
		if err != nil {
			return scene.Exercise{}, err
		}
		if other.learnt-other.held <= least {
			enough = n
			break
		}
	}
	gap := now.learnt - now.held
	return scene.Exercise{Key: "labclinic.fit_task3", Args: []any{"least", least}, Goal: &scene.Goal{
		Now: scene.Value("", "", gap).Named(scene.Say("labclinic.fit_difference")).Fixed(3), Target: scene.Say("labclinic.fit_task3_target", "least", least),
		Done: gap <= least, Why: scene.Say("labclinic.fit_task3_more", "gap", scene.Round(gap, 3)),
		Solve: map[string]string{"n": strconv.Itoa(enough)},
	}}, nil
}
