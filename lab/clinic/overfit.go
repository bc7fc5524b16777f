package clinic

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"gradus/internal/kernel"
	"gradus/internal/trial"
	"gradus/lab/scene"
	"gradus/metric"
)

const (
	inputs   = 8     // of which three say something
	held     = 400   // of those never learnt from, looked at after every epoch
	judged   = 4000  // of them, for the AUROC
	visits   = 30000 // rows looked at by one training, at most
	mostTurn = 40    // epochs, at most
	draws    = 10    // of the bootstrap
	drawsTo  = 200   // rows up to which it is done
)

// sizes are the numbers of patients to learn from.
var sizes = []int{20, 60, 200, 600, 2000, 6000, 20000}

// overfit is the room in which few patients are learnt by heart.
func overfit() *scene.Page {
	list := make([]string, len(sizes))
	for i, n := range sizes {
		list[i] = strconv.Itoa(n)
	}
	n := scene.ChoiceControl("n", scene.Say("labclinic.fit_n"), "labclinic.fit_n", list...).In("bar")
	n.Default = "60"
	return &scene.Page{
		ID: "overfit", Words: "labclinic.fit", Vignette: true,
		Controls:  []scene.Control{n, scene.WholeControl("width", scene.Say("labclinic.fit_width"), 16, 1, 32).In("bar")},
		Step:      overfitOpens,
		Make:      overfitRun,
		Exercises: overfitExercises,
	}
}

// studied is what one training came to.
type studied struct {
	curve        []trial.Epoch // from epoch 0, before any learning
	learnt, held float64       // AUROC at the end
}

func (s studied) last() trial.Epoch { return s.curve[len(s.curve)-1] }

// best is the epoch with the lowest cost on the held-out rows.
func (s studied) best() trial.Epoch {
	return slices.MinFunc(s.curve, func(a, b trial.Epoch) int {
		switch {
		case a.Held < b.Held:
			return -1
		case a.Held > b.Held:
			return 1
		}
		return a.Epoch - b.Epoch
	})
}

// size names a training: the same seed, patients and width train alike.
type size struct {
	seed     uint64
	n, width int
}

var (
	studies    = memory[size, studied]{most: 64}
	bootstraps = memory[size, float64]{most: 64}
)

// study trains a network of one hidden layer on the first n patients of the seed.
func (z size) study() (studied, error) {
	return studies.recall(z, func() (s studied, err error) {
		set, judge := people(stream(z.seed, 21), z.n), people(stream(z.seed, 22), judged)
		out, err := z.training().Run(context.Background(), set, judge.Top(held), nil)
		if err != nil {
			return s, err
		}
		start, err := z.start(set, judge.Top(held))
		return studied{append([]trial.Epoch{start}, out.Curve...), auroc(out, set), auroc(out, judge)}, err
	})
}

// start is epoch 0: both costs of the weights that chance has given.
func (z size) start(set, held trial.Set) (e trial.Epoch, err error) {
	t := z.training()
	net, err := t.Net.Build()
	if err != nil {
		return e, err
	}
	if e.Cost, err = trial.Cost(net, t.Cost, set); err != nil {
		return e, err
	}
	e.Held, err = trial.Cost(net, t.Cost, held)
	return e, err
}

// optimism is the bootstrap's: how much higher the AUROC is on the rows of a resample than on all own rows, by the same training, on
// average. It is not a number where there are too many rows to do it at once.
func (z size) optimism() (float64, error) {
	if z.n > drawsTo {
		return math.NaN(), nil
	}
	return bootstraps.recall(z, func() (sum float64, err error) {
		set, r := people(stream(z.seed, 21), z.n), stream(z.seed, 23)
		for range draws {
			again := resample(r, set)
			out, err := z.training().Run(context.Background(), again, trial.Set{}, nil)
			if err != nil {
				return sum, err
			}
			sum += (auroc(out, again) - auroc(out, set)) / draws
		}
		return sum, nil
	})
}

// people draws n patients: a risk that rises with two measurements, most where both are high, and falls with a third.
func people(r *rand.Rand, n int) trial.Set {
	x, y := make([][]float64, n), make([][]float64, n)
	for i := range x {
		row := make([]float64, inputs)
		for j := range row {
			row[j] = kernel.Normal(r)
		}
		o := -.7 + float64(.9*row[0]) + float64(.7*row[1]) + float64(.6*(row[0]*row[1])) - float64(.6*row[2])
		x[i], y[i] = row, []float64{0}
		if r.Float64() < kernel.Sigmoid(o) {
			y[i][0] = 1
		}
	}
	return trial.Rows(x, y)
}

// turns is how many epochs n rows are learnt for.
func turns(n int) int { return max(2, min(mostTurn, visits/n)) }

func (z size) training() trial.Training {
	return trial.Training{
		Net:  trial.Net{In: inputs, Hidden: []int{z.width}, Out: 1, Activation: "relu", Last: "sigmoid", Seed: z.seed},
		Cost: "binary-cross-entropy", Rule: "adam", Alpha: .02, Epochs: turns(z.n), Batch: max(10, z.n/100), Seed: z.seed,
	}
}

// resample draws as many rows as there are, with putting back.
func resample(r *rand.Rand, s trial.Set) trial.Set {
	x, y := make([][]float64, s.Len()), make([][]float64, s.Len())
	for i := range x {
		k := r.IntN(s.Len())
		x[i], y[i] = s.X.Row(k), s.Y.Row(k)
	}
	return trial.Rows(x, y)
}

// auroc of what a network says about a set; ½ where there is one class only.
func auroc(o trial.Outcome, s trial.Set) float64 {
	h := o.Net.NewPrediction(s.Len()).Forward(s.X)
	y, p := make([]bool, s.Len()), make([]float64, s.Len())
	for i := range y {
		y[i], p[i] = s.Y.At(i, 0) == 1, h.At(i, 0)
	}
	a, err := metric.AUROC(y, p)
	if err != nil {
		return .5
	}
	return float64(a.Value)
}
