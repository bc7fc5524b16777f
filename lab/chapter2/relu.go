package chapter2

import (
	"strconv"
	"sync"

	"gradus/internal/trial"
	"gradus/lab/scene"
	"gradus/network"
)

const (
	reluCells, reluEpochs, reluRows = 8, 30, 40
	killed                          = 3
)

// relu is 4-2-6: a living network, each neuron with its pulse, the share of the patients for whom it is active.
func relu() *scene.Page {
	return &scene.Page{
		ID: "4-2-6", Words: "lab42.p06", Formula: "f(o) = max(0, o)", Slip: true, Vignette: true,
		Controls: []scene.Control{
			scene.ChoiceControl("f", scene.Text("f"), "lab42.f", "relu", "leaky-relu").In("bar"),
			scene.RealControl("alpha", scene.Text("α"), .1, .01, 10, .1).Logarithmic(),
			scene.RealControl("bias", scene.Say("lab42.p06_bias"), 0, -6, 2, .5),
			scene.RealControl("slope", scene.Say("lab42.p06_slope"), .1, .01, .3, .01).Only("f", "leaky-relu"),
		},
		Make: reluRun, Exercises: reluExercises,
	}
}

// vital is the training of one hidden layer.
func vital(f string, alpha, bias, slope float64, seed uint64) trial.Training {
	return trial.Training{
		Net:  trial.Net{In: 4, Hidden: []int{reluCells}, Out: 1, Activation: f, Slope: slope, Last: "sigmoid", Bias: bias, Seed: seed},
		Cost: "binary-cross-entropy", Alpha: alpha, Batch: 8, Epochs: reluEpochs, Seed: seed,
	}
}

func chosen(s *scene.State) trial.Training {
	slope := 0.
	if s.Raw("f") == "leaky-relu" {
		slope = s.Real("slope")
	}
	return vital(s.Raw("f"), s.Real("alpha"), s.Real("bias"), slope, s.Seed)
}

// silentAfter is how many neurons no patient activates after so many epochs. Those of a ReLU are dead: no gradient reaches them any
// more; those of a leaky one still learn.
func silentAfter(t trial.Training, set trial.Set, epochs int) (n int, out trial.Outcome, err error) {
	if out, err = after(t, set, epochs); err != nil {
		return 0, out, err
	}
	for _, share := range trial.Active(out.Net, 0, set) {
		if share == 0 {
			n++
		}
	}
	return n, out, nil
}

func reluRun(s *scene.State) (*scene.Run, error) {
	set, t := trial.Patients(chance(s, 6), reluRows), chosen(s)
	run := &scene.Run{Steps: reluEpochs, Unit: scene.Say("lab42.epoch"), Marks: []scene.Mark{{Step: 0, Label: scene.Say("lab42.start")}}}
	run.At = func(step int) (*scene.Scene, error) {
		quiet, out, err := silentAfter(t, set, step)
		if err != nil {
			return nil, err
		}
		e, err := trial.Cost(out.Net, t.Cost, set)
		if err != nil {
			return nil, err
		}
		active := trial.Active(out.Net, 0, set)
		net, bars := pulses(out.Net, active, s.Raw("f"))
		dead := quiet
		if s.Raw("f") == "leaky-relu" {
			dead = 0
		}
		h, dh := curves(function(s.Raw("f")), -3, 3, 121)
		h.Label, dh.Label, dh.Heavy, dh.Dash = scene.Text("f"), scene.Text("f′"), false, "6 3"
		return &scene.Scene{
			Figures: []scene.Figure{
				{Plot: &scene.Plot{X: scene.Axis{Label: scene.Text("o"), Low: -3, High: 3}, Y: scene.Axis{Low: -.5, High: 3}, Height: 220, Series: []scene.Series{h, dh}}, Width: "rail"},
				{Net: net, Title: scene.Say("lab42.p06_net"), Width: "half"},
				{Bars: bars, Title: scene.Say("lab42.p06_active"), Width: "half"},
				{Table: slip()},
			},
			Readings: []scene.Number{
				scene.Count("dead", scene.Say("lab42.p06_dead", "all", reluCells), dead), scene.Count("silent", scene.Say("lab42.p06_silent"), quiet), scene.Value("E", "E", e),
			},
			Summary: scene.Say("lab42.p06_summary", "epoch", step, "dead", dead, "quiet", quiet, "all", reluCells, "e", scene.Round(e, 4)),
		}, nil
	}
	return run, nil
}

// pulses is the hidden layer with the dead crossed out, and a bar for each neuron.
func pulses(learnt *network.Network[float64], active []float64, f string) (*scene.Net, *scene.Bars) {
	net := &scene.Net{Small: true, Columns: [][]scene.Node{nil, nil, {{ID: "y"}}}}
	for i := range 4 {
		net.Columns[0] = append(net.Columns[0], scene.Node{ID: "x" + strconv.Itoa(i+1), Round: true, Name: scene.Text("x" + string(rune('₁'+i)))})
	}
	layers := learnt.Layers()
	w, v := layers[0].(*network.Dense[float64]).Weights(), layers[len(layers)-1].(*network.Dense[float64]).Weights().Row(0)
	bars := &scene.Bars{}
	for j, share := range active {
		at := strconv.Itoa(j + 1)
		silent := share == 0
		n := scene.Value("active"+at, "h"+string(rune('₁'+j)), 100*share).Fixed(0)
		n.Unit = scene.Text("%")
		bar := scene.Bar{Number: n}
		if silent && f == "relu" {
			bar.Note = scene.Say("lab42.p06_is_dead")
		} else if silent {
			bar.Note = scene.Say("lab42.p06_leaks")
		}
		bars.Rows = append(bars.Rows, bar)
		net.Columns[1] = append(net.Columns[1], scene.Node{ID: "h" + at, Dead: silent && f == "relu"})
		for i := range 4 {
			net.Edges = append(net.Edges, scene.Edge{From: "x" + strconv.Itoa(i+1), To: "h" + at, Number: scene.Value("", "", w.Row(j)[i])})
		}
		net.Edges = append(net.Edges, scene.Edge{From: "h" + at, To: "y", Number: scene.Value("", "", v[j])})
	}
	return net, bars
}

// slip sets what the deck says beside what holds.
func slip() *scene.Table {
	return &scene.Table{Head: []scene.Words{scene.Say("lab42.p06_deck"), scene.Say("lab42.p06_exact")}, Rows: [][]scene.Cell{
		{{Words: scene.Say("lab42.p06_deck_says"), Tone: scene.Fail}, {Words: scene.Say("lab42.p06_exact_is"), Tone: scene.Pass}},
	}}
}

// cure is a learning rate that kills enough neurons of a ReLU, and the slope of a leak that leaves none of them silent under it.
type cure struct{ alpha, slope float64 }

// cures remembers the answer of a seed.
var cures sync.Map

// cureOf looks for both from a seed, everything else as the page opens.
func cureOf(seed uint64, set trial.Set) (cure, error) {
	if v, ok := cures.Load(seed); ok {
		return v.(cure), nil
	}
	c := cure{10, .3}
	for _, alpha := range []float64{3, 4, 5, 6, 8, 10} {
		n, _, err := silentAfter(vital("relu", alpha, 0, 0, seed), set, reluEpochs)
		if err != nil {
			return c, err
		}
		for _, slope := range []float64{.1, .2, .3} {
			if n < killed {
				break
			}
			left, _, err := silentAfter(vital("leaky-relu", alpha, 0, slope, seed), set, reluEpochs)
			if err != nil {
				return c, err
			}
			if left == 0 {
				c = cure{alpha, slope}
				cures.Store(seed, c)
				return c, nil
			}
		}
	}
	cures.Store(seed, c)
	return c, nil
}

// reluExercises ask to kill three neurons by α alone, and to bring every neuron back to life under the same α by a leak.
func reluExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	set := trial.Patients(chance(s, 6), reluRows)
	c, err := cureOf(s.Seed, set)
	if err != nil {
		return nil, err
	}
	quiet, _, err := silentAfter(chosen(s), set, reluEpochs)
	if err != nil {
		return nil, err
	}
	plain, _, err := silentAfter(vital("relu", s.Real("alpha"), s.Real("bias"), 0, s.Seed), set, reluEpochs)
	leaky := s.Raw("f") == "leaky-relu"
	text := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	why := scene.Say("lab42.p06_task1_more", "n", quiet)
	if quiet >= killed {
		why = scene.Say("lab42.p06_task1_bias")
	}
	more := scene.Say("lab42.p06_task2_more", "n", plain)
	if leaky && plain >= killed {
		more = scene.Say("lab42.p06_task2_left", "n", quiet)
	}
	now := scene.Count("silent", scene.Say("lab42.p06_silent"), quiet)
	return []scene.Exercise{
		{Key: "lab42.p06_task1", Args: []any{"n", killed, "all", reluCells, "epochs", reluEpochs}, Goal: &scene.Goal{
			Now: now, Target: scene.Say("lab42.p06_target1", "n", killed),
			Done: !leaky && quiet >= killed && s.Real("bias") == 0, Why: why, Solve: map[string]string{"alpha": text(c.alpha)},
		}},
		{Key: "lab42.p06_task2", Args: []any{"n", killed}, Goal: &scene.Goal{
			Now: now, Target: scene.Say("lab42.p06_target2"), Done: leaky && plain >= killed && quiet == 0, Why: more,
			Solve: map[string]string{"alpha": text(c.alpha), "f": "leaky-relu", "slope": text(c.slope)},
		}},
	}, err
}
