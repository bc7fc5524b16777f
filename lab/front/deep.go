package front

import (
	"context"
	"math/rand/v2"
	"strconv"
	"sync"

	"gradus/internal/trial"
	"gradus/lab/scene"
	"gradus/mat"
)

// The task of F2: two arms of a spiral, and networks of up to six hidden layers that learn them for 120 epochs.
const (
	spiralTrain, spiralTest = 120, 200
	spiralTurns             = 1.5
	spiralWidth, deepest    = 6, 6
	spiralEpochs            = 120
	spiralStride            = 10 // epochs a step
	enough                  = .95
)

// deep is F2: the same task learnt at depth 0 to 6.
func deep() *scene.Page {
	return &scene.Page{
		ID: "F2", Words: "labf.p02", Vignette: true,
		Controls: []scene.Control{scene.WholeControl("depth", scene.Say("labf.p02_depth"), 1, 0, deepest)},
		Step:     func(*scene.State) int { return spiralEpochs / spiralStride },
		Make:     deepRun, Exercises: deepExercises,
	}
}

func spiral(seed uint64) (train, test trial.Set) {
	return trial.Spiral(rand.New(rand.NewPCG(seed, 1)), spiralTrain, spiralTurns), trial.Spiral(rand.New(rand.NewPCG(seed, 2)), spiralTest, spiralTurns)
}

func winding(depth int, seed uint64, epochs int) trial.Training {
	return trial.Training{
		Net:  trial.Net{In: 2, Hidden: trial.Layers(depth, spiralWidth), Out: 1, Activation: "relu", Last: "sigmoid", Seed: seed},
		Cost: "binary-cross-entropy", Rule: "adam", Alpha: .02, Epochs: epochs, Batch: 20, Seed: seed,
	}
}

// learnt is the network after so many epochs, looked at with held after each.
func learnt(t trial.Training, train, held trial.Set) (trial.Outcome, error) {
	if t.Epochs == 0 {
		net, err := t.Net.Build()
		return trial.Outcome{Net: net}, err
	}
	return t.Run(context.Background(), train, held, nil)
}

func deepRun(s *scene.State) (*scene.Run, error) {
	train, test := spiral(s.Seed)
	depth := s.Whole("depth")
	whole, err := learnt(winding(depth, s.Seed, spiralEpochs), train, test)
	if err != nil {
		return nil, err
	}
	run := &scene.Run{Steps: spiralEpochs / spiralStride, Unit: scene.Say("labf.p02_ten"), Marks: []scene.Mark{
		{Step: 0, Label: scene.Say("labf.p02_start")}, {Step: spiralEpochs / spiralStride, Label: scene.Say("labf.p02_end")},
	}}
	run.At = func(step int) (*scene.Scene, error) {
		out, err := learnt(winding(depth, s.Seed, step*spiralStride), train, trial.Set{})
		if err != nil {
			return nil, err
		}
		accuracy := float64(trial.Right(out.Net, test)) / spiralTest
		return &scene.Scene{
			Figures: []scene.Figure{
				nested(depth),
				{Plot: surface(out, test), Title: scene.Say("labf.p02_surface")},
				{Equation: &scene.Equation{Parts: []scene.Part{
					{Text: scene.Say("labf.p02_accuracy")},
					number(named("accuracy", scene.Say("labf.p02_accuracy"), accuracy)),
					{Text: scene.Text("·")},
					{Text: scene.Say("labf.p02_weights")},
					number(scene.Count("weights", scene.Say("labf.p02_weights"), len(out.Net.Weights()))),
				}}, Width: "rail"},
				{Plot: curve(whole.Curve, step*spiralStride), Width: "rail", Title: scene.Say("labf.p02_curve")},
			},
			Summary: scene.Say("labf.p02_summary", "depth", depth, "epoch", step*spiralStride, "accuracy", scene.Round(100*accuracy, 1)),
		}, nil
	}
	return run, nil
}

// nested are the three sets, and the one that a network of this depth belongs to: with fewer than two hidden layers it learns, yet is
// not deep.
func nested(depth int) scene.Figure {
	n, kind := &scene.Nested{In: 2}, "labf.p02_deep"
	if depth < 2 {
		n.In, kind = 1, "labf.p02_shallow"
	}
	for _, key := range []string{"ai", "ml", "dl"} {
		n.Names, n.Notes = append(n.Names, scene.Say("labf.p02_"+key)), append(n.Notes, scene.Say("labf.p02_"+key+"_is"))
	}
	return scene.Figure{Nested: n, Note: scene.Say(kind, "layers", depth+1)}
}

func number(n scene.Number) scene.Part { return scene.Part{Number: &n} }

// surface is what the network says over the plane, with the patients it has not seen.
func surface(out trial.Outcome, test trial.Set) *scene.Plot {
	const cells = 42
	axis := func(s string) scene.Axis { return scene.Axis{Label: scene.Text(s), Low: -1.15, High: 1.15} }
	plot := &scene.Plot{X: axis("x₁"), Y: axis("x₂"), Equal: true, Height: 420, Lattice: &scene.Lattice{Cols: cells, Rows: cells, Full: .5}}
	x := mat.New[float64](cells*cells, 2)
	for i := range x.Rows {
		x.Row(i)[0], x.Row(i)[1] = -1.15+2.3*(float64(i%cells)+.5)/cells, -1.15+2.3*(float64(i/cells)+.5)/cells
	}
	for _, h := range out.Net.NewPrediction(x.Rows).Forward(x).Data {
		plot.Lattice.Values = append(plot.Lattice.Values, float32(h-.5))
	}
	for i := range test.Len() {
		p := scene.Point{X: test.X.At(i, 0), Y: test.X.At(i, 1), Small: true, Mark: "circle", Tone: scene.Negative, Hollow: true}
		if test.Y.At(i, 0) == 1 {
			p.Mark, p.Tone, p.Hollow = "triangle", scene.Positive, false
		}
		plot.Points = append(plot.Points, p)
	}
	return plot
}

// curve is the cost on the rows that are learnt from and on those that are not.
func curve(list []trial.Epoch, now int) *scene.Plot {
	x, e, held := make([]float64, len(list)), make([]float64, len(list)), make([]float64, len(list))
	top := .8
	for i, v := range list {
		x[i], e[i], held[i] = float64(v.Epoch), v.Cost, v.Held
		top = max(top, min(1.1*v.Held, 3))
	}
	return &scene.Plot{
		X: scene.Axis{Label: scene.Say("labf.p02_epoch"), Low: 0, High: x[len(x)-1]}, Y: scene.Axis{Label: scene.Text("E"), Low: 0, High: top}, Height: 300,
		Series: []scene.Series{
			{Label: scene.Say("labf.p02_train"), X: x, Y: scene.Y(e), Heavy: true, Future: &now},
			{Label: scene.Say("labf.p02_test"), X: x, Y: scene.Y(held), Tone: scene.Backward, Dash: "6 3", Future: &now},
		},
		Lines: []scene.Reference{{Vertical: true, At: float64(now)}},
	}
}

// smallest remembers the answer of a seed: it takes seven trainings.
var smallest sync.Map

// smallestDepth is the first depth that is right about enough of the test rows after all epochs; 9: none is.
func smallestDepth(seed uint64) (int, error) {
	if v, ok := smallest.Load(seed); ok {
		return v.(int), nil
	}
	train, test := spiral(seed)
	at := 9
	for depth := 0; depth <= deepest && at == 9; depth++ {
		out, err := learnt(winding(depth, seed, spiralEpochs), train, trial.Set{})
		if err != nil {
			return 0, err
		}
		if float64(trial.Right(out.Net, test)) >= enough*spiralTest {
			at = depth
		}
	}
	smallest.Store(seed, at)
	return at, nil
}

// deepExercises ask for that depth.
func deepExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	at, err := smallestDepth(s.Seed)
	e := scene.Exercise{
		Key: "labf.p02_task1", Args: []any{"epochs", strconv.Itoa(spiralEpochs)}, Fields: []scene.Field{{Right: float64(at), Within: 1e-9}},
		Mistakes: []scene.Mistake{
			{Key: "labf.p02_task1_zero", Values: []float64{0}},
			{Key: "labf.p02_task1_layers", Values: []float64{float64(at + 1)}},
			{Key: "labf.p02_task1_most", Values: []float64{deepest}},
			{Key: "labf.p02_task1_early", Values: []float64{float64(at - 1)}},
		},
	}
	return []scene.Exercise{e.Distinct()}, err
}
