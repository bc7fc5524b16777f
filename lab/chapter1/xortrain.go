package chapter1

import (
	"context"
	"math"

	"gradus/internal/trial"
	"gradus/lab/scene"
	"gradus/mat"
)

// The training of XOR: epochs of four rows, and how many seeds are tried for the success rate.
const (
	xorEpochs = 200
	xorWithin = 100
	xorSeeds  = 100
)

// xorSet is the four rows.
func xorSet() trial.Set {
	t := gateTable("xor")
	var x, y [][]float64
	for r := range t.Rows() {
		x, y = append(x, t.X(r)), append(y, []float64{float64(t.Output(r))})
	}
	return trial.Rows(x, y)
}

// lesson is a training of XOR from one seed.
func lesson(hidden int, alpha float64, seed uint64, epochs int) trial.Training {
	return trial.Training{
		Net: trial.Net{In: 2, Hidden: []int{hidden}, Out: 1, Activation: "tanh", Last: "sigmoid", Seed: seed}, Cost: "binary-cross-entropy",
		Rule: "momentum", Alpha: alpha, Epochs: epochs, Seed: seed,
	}
}

// solved is after how many epochs all four rows are on their side by a cost below 0.2; 0: not within the epochs.
func solved(hidden int, alpha float64, seed uint64, epochs int) (int, error) {
	at := 0
	_, err := lesson(hidden, alpha, seed, epochs).Run(context.Background(), xorSet(), trial.Set{}, func(e trial.Epoch) bool {
		if e.Cost < .2 {
			at = e.Epoch
		}
		return at > 0
	})
	return at, err
}

// trainRun trains one network step by step, one epoch a step, and counts for how many of 100 seeds the same training comes through.
func trainRun(s *scene.State) (*scene.Run, error) {
	hidden, alpha := s.Whole("hidden"), s.Real("alpha")
	whole, err := lesson(hidden, alpha, s.Seed, xorEpochs).Run(context.Background(), xorSet(), trial.Set{}, nil)
	if err != nil {
		return nil, err
	}
	success := 0
	for seed := range uint64(xorSeeds) {
		at, err := solved(hidden, alpha, seed, xorWithin)
		if err != nil {
			return nil, err
		}
		if at > 0 {
			success++
		}
	}
	run := &scene.Run{Steps: len(whole.Curve), Unit: scene.Say("lab41.epoch"), Marks: []scene.Mark{
		{Step: 0, Label: scene.Say("lab41.start")}, {Step: min(xorWithin, len(whole.Curve)), Label: scene.Text("100")},
	}}
	run.At = func(step int) (*scene.Scene, error) { return trained(s, whole.Curve, step, success) }
	return run, nil
}

// trained is the network after so many epochs.
func trained(s *scene.State, curve []trial.Epoch, step, success int) (*scene.Scene, error) {
	t := lesson(s.Whole("hidden"), s.Real("alpha"), s.Seed, step)
	net, err := t.Net.Build()
	if err != nil {
		return nil, err
	}
	if step > 0 {
		out, err := t.Run(context.Background(), xorSet(), trial.Set{}, nil)
		if err != nil {
			return nil, err
		}
		net = out.Net
	}
	right := trial.Right(net, xorSet())
	e, err := trial.Cost(net, t.Cost, xorSet())
	if err != nil {
		return nil, err
	}
	plot := square(scene.Say("lab41.p11_x1"), scene.Say("lab41.p11_x2"))
	plot.Lattice.Full = .5
	x := mat.New[float64](planeCells*planeCells, 2)
	for i := range x.Rows {
		x.Row(i)[0], x.Row(i)[1] = cell(i%planeCells), cell(i/planeCells)
	}
	for _, h := range net.NewPrediction(x.Rows).Forward(x).Data {
		plot.Lattice.Values = append(plot.Lattice.Values, float32(h-.5))
	}
	corners4(plot, gateTable("xor"), func(x []float64) (float64, float64) { return x[0], x[1] })
	return &scene.Scene{
		Figures: []scene.Figure{{Plot: falling(curve, step)}, {Plot: plot, Width: "half"}, {Table: outputs(net.NewPrediction(4).Forward(xorSet().X)), Width: "half"}},
		Readings: []scene.Number{
			scene.Value("E", "E", e), scene.Count("right", scene.Say("lab41.points"), right), scene.Count("success", scene.Say("lab41.p11_success"), success),
		},
		Summary: scene.Say("lab41.p11_train_summary", "epoch", step, "right", right, "e", scene.Round(e, 4), "success", success),
	}, nil
}

// falling is the cost over the epochs.
func falling(curve []trial.Epoch, now int) *scene.Plot {
	x, y := make([]float64, len(curve)), make([]float64, len(curve))
	for i, e := range curve {
		x[i], y[i] = float64(e.Epoch), e.Cost
	}
	return &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab41.epoch"), Low: 0, High: xorEpochs}, Y: scene.Axis{Label: scene.Text("E"), Low: 0, High: 1.2}, Height: 220, OnSteps: true,
		Series: []scene.Series{{X: x, Y: scene.Y(y), Heavy: true, Future: &now}},
		Lines:  []scene.Reference{{Vertical: true, At: float64(now)}, {At: .2, Label: scene.Say("lab41.p11_learnt")}},
	}
}

func outputs(h mat.Matrix[float64]) *scene.Table {
	t := gateTable("xor")
	table := &scene.Table{Head: []scene.Words{scene.Text("x₁"), scene.Text("x₂"), scene.Text("y"), scene.Say("lab41.wanted"), {}}}
	for r := range t.Rows() {
		verdict := scene.Cell{Tone: scene.Fail}
		if math.Abs(h.At(r, 0)-float64(t.Output(r))) < .5 {
			verdict.Tone = scene.Pass
		}
		table.Rows = append(table.Rows, []scene.Cell{
			scene.N(scene.Count("", scene.Words{}, int(t.X(r)[0]))), scene.N(scene.Count("", scene.Words{}, int(t.X(r)[1]))),
			scene.N(scene.Value("y_"+string(rune('0'+r)), "y", h.At(r, 0))),
			{Mark: mark(t.Output(r))},
			verdict,
		})
	}
	return table
}

// quickest looks for a hidden layer and an α that learn XOR from this seed in time.
func quickest(seed uint64) (map[string]string, error) {
	for _, hidden := range []int{4, 8, 6, 3, 2} {
		for _, alpha := range []float64{.2, .5, 1, .1} {
			at, err := solved(hidden, alpha, seed, xorWithin)
			if err != nil {
				return nil, err
			}
			if at > 0 {
				return map[string]string{"part": "train", "hidden": string(rune('0' + hidden)), "alpha": tenths(alpha)}, nil
			}
		}
	}
	return map[string]string{"part": "train"}, nil
}

// xorExercises ask for XOR of three gates, for XOR by training within 100 epochs, and how many points a single line gets at most.
func xorExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	n, err := wired(s)
	if err != nil {
		return nil, err
	}
	_, right, err := folded(n, gateTable("xor"), 0)
	if err != nil {
		return nil, err
	}
	at := 0
	if s.Raw("part") == "train" {
		at, err = solved(s.Whole("hidden"), s.Real("alpha"), s.Seed, xorWithin)
	}
	if err != nil {
		return nil, err
	}
	solve, err := quickest(s.Seed)
	why := scene.Say("lab41.p11_task2_more", "n", xorWithin)
	if s.Raw("part") != "train" {
		why = scene.Say("lab41.p11_task2_open")
	}
	return []scene.Exercise{
		fourRight("lab41.p11_task1", right, s.Raw("part") == "blocks", map[string]string{"part": "blocks", "g1": "nand", "g2": "or", "g3": "and"}),
		{Key: "lab41.p11_task2", Args: []any{"n", xorWithin}, Goal: &scene.Goal{
			Now: scene.Count("epochs", scene.Say("lab41.p11_epochs"), at), Target: scene.Say("lab41.p11_target", "n", xorWithin),
			Done: at > 0, Why: why, Solve: solve,
		}},
	}, err
}
