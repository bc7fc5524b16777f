package chapter2

import (
	"strconv"
	"sync"

	"gradus/internal/trial"
	"gradus/lab/scene"
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

// deadAfter is how many neurons no patient's gradient reaches after so many epochs.
func deadAfter(t trial.Training, set trial.Set, epochs int) (int, trial.Outcome, error) {
	out, err := after(t, set, epochs)
	if err != nil {
		return 0, out, err
	}
	dead, _, err := trial.Dead(out.Net, t.Cost, set)
	return dead, out, err
}

func reluRun(s *scene.State) (*scene.Run, error) {
	set, t := trial.Patients(chance(s, 6), reluRows), chosen(s)
	run := &scene.Run{Steps: reluEpochs, Unit: scene.Say("lab42.epoch"), Marks: []scene.Mark{{Step: 0, Label: scene.Say("lab42.start")}}}
	run.At = func(step int) (*scene.Scene, error) {
		dead, out, err := deadAfter(t, set, step)
		if err != nil {
			return nil, err
		}
		e, err := trial.Cost(out.Net, t.Cost, set)
		if err != nil {
			return nil, err
		}
		active := trial.Active(out.Net, 0, set)
		net, bars, quiet := pulses(active, s.Raw("f"))
		h, dh := curves(function(s.Raw("f")), -3, 3, 121)
		h.Label, dh.Label, dh.Heavy, dh.Dash = scene.Text("f"), scene.Text("f′"), false, "6 3"
		return &scene.Scene{
			Figures: []scene.Figure{
				{Bars: bars, Title: scene.Say("lab42.p06_active"), Width: "two-thirds"},
				{Plot: &scene.Plot{X: scene.Axis{Label: scene.Text("o"), Low: -3, High: 3}, Y: scene.Axis{Low: -.5, High: 3}, Height: 260, Series: []scene.Series{h, dh}}, Width: "third"},
				{Net: net, Title: scene.Say("lab42.p06_net")},
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
func pulses(active []float64, f string) (*scene.Net, *scene.Bars, int) {
	net := &scene.Net{Small: true, Columns: [][]scene.Node{nil, nil, {{ID: "y"}}}}
	for i := range 4 {
		net.Columns[0] = append(net.Columns[0], scene.Node{ID: "x" + strconv.Itoa(i+1), Round: true, Numbers: []scene.Number{{Label: scene.Text("x" + string(rune('₁'+i)))}}})
	}
	bars, quiet := &scene.Bars{}, 0
	for j, share := range active {
		at := strconv.Itoa(j + 1)
		silent := share == 0
		if silent {
			quiet++
		}
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
			net.Edges = append(net.Edges, scene.Edge{From: "x" + strconv.Itoa(i+1), To: "h" + at, Number: scene.Value("", "", share)})
		}
		net.Edges = append(net.Edges, scene.Edge{From: "h" + at, To: "y", Number: scene.Value("", "", share)})
	}
	return net, bars, quiet
}

// slip sets what the deck says beside what holds.
func slip() *scene.Table {
	return &scene.Table{Head: []scene.Words{scene.Say("lab42.p06_deck"), scene.Say("lab42.p06_exact")}, Rows: [][]scene.Cell{
		{{Words: scene.Say("lab42.p06_deck_says"), Tone: scene.Fail}, {Words: scene.Say("lab42.p06_exact_is"), Tone: scene.Pass}},
	}}
}

// killers remembers the answer of a seed.
var killers sync.Map

// deadly is the smallest α of a list that kills enough neurons from this seed, everything else as the page opens.
func deadly(seed uint64, set trial.Set) (float64, error) {
	if v, ok := killers.Load(seed); ok {
		return v.(float64), nil
	}
	for _, alpha := range []float64{1, 2, 3, 4, 5, 6, 8, 10} {
		dead, _, err := deadAfter(vital("relu", alpha, 0, 0, seed), set, reluEpochs)
		if err != nil || dead >= killed {
			killers.Store(seed, alpha)
			return alpha, err
		}
	}
	return 10, nil
}

// reluExercises ask to kill three neurons by α alone, and to keep them alive under the same α by a leak.
func reluExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	set := trial.Patients(chance(s, 6), reluRows)
	alpha, err := deadly(s.Seed, set)
	if err != nil {
		return nil, err
	}
	dead, _, err := deadAfter(chosen(s), set, reluEpochs)
	if err != nil {
		return nil, err
	}
	plain, _, err := deadAfter(vital("relu", s.Real("alpha"), s.Real("bias"), 0, s.Seed), set, reluEpochs)
	leaky := s.Raw("f") == "leaky-relu"
	a := strconv.FormatFloat(alpha, 'g', -1, 64)
	why := scene.Say("lab42.p06_task1_more", "n", dead)
	if dead >= killed {
		why = scene.Say("lab42.p06_task1_bias")
	}
	return []scene.Exercise{
		{Key: "lab42.p06_task1", Args: []any{"n", killed, "all", reluCells, "epochs", reluEpochs}, Goal: &scene.Goal{
			Now: scene.Count("dead", scene.Say("lab42.p06_dead", "all", reluCells), dead), Target: scene.Say("lab42.p06_target1", "n", killed),
			Done: !leaky && dead >= killed && s.Real("bias") == 0, Why: why, Solve: map[string]string{"alpha": a},
		}},
		{Key: "lab42.p06_task2", Args: []any{"n", killed}, Goal: &scene.Goal{
			Now: scene.Count("dead", scene.Say("lab42.p06_dead", "all", reluCells), dead), Target: scene.Say("lab42.p06_target2"),
			Done: leaky && plain >= killed && dead == 0, Why: scene.Say("lab42.p06_task2_more", "n", plain), Solve: map[string]string{"alpha": a, "f": "leaky-relu"},
		}},
	}, err
}
