package bench

import (
	"math/rand/v2"

	"gradus/cost"
	"gradus/internal/kernel"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
)

// workload is a network and a fixed piece of training: Steps steps of Adam over Batches batches in turn.
type workload struct {
	Name    string  `json:"name"`
	Sizes   []int   `json:"sizes"` // neurons from the inputs to the outputs; ReLU between
	Batch   int     `json:"batch"`
	Batches int     `json:"batches"` // different ones, each more than once
	Steps   int     `json:"steps"`
	Alpha   float64 `json:"alpha"` // of Adam, β1 .9, β2 .999, ε 1e-8 beside the root
}

var workloads = []workload{
	{"S", []int{30, 16, 8, 1}, 32, 16, 200, 1e-3},
	{"M", []int{784, 128, 10}, 64, 16, 48, 1e-3},
	{"L", []int{784, 1024, 1024, 10}, 256, 4, 8, 1e-4},
	{"XL", []int{784, 2048, 2048, 2048, 10}, 1024, 1, 3, 1e-4},
}

func workloadCalled(name string) workload {
	for _, w := range workloads {
		if w.Name == name {
			return w
		}
	}
	panic("bench: no workload " + name)
}

func (w workload) outputs() int { return w.Sizes[len(w.Sizes)-1] }

// binary tells a network of one probability, trained by binary cross-entropy, from one of classes.
func (w workload) binary() bool { return w.outputs() == 1 }

// build is the network with start weights drawn by seed; last names the activation of the outputs, "" leaves logits.
func (w workload) build(seed uint64, last string) *network.Network[float32] {
	var specs []network.Spec
	for _, units := range w.Sizes[1:] {
		specs = append(specs, network.Spec{Kind: "dense", Units: units, Activation: "relu"})
	}
	specs[len(specs)-1].Activation = last
	net, err := network.Build[float32](w.Sizes[0], specs)
	if err != nil {
		panic(err) // the workloads are fixed
	}
	net.Init(seed)
	return net
}

// data is all batches below one another: x (batches·n,in) of normal numbers and the truth y (batches·n,1) that a hidden linear rule
// gives them, 0 or 1, or the place of the class.
func (w workload) data(seed uint64) (x, y mat.Matrix[float32]) {
	rng := rand.New(rand.NewPCG(seed, 0x62656e6368))
	rule := mat.New[float32](w.outputs(), w.Sizes[0])
	for i := range rule.Data {
		rule.Data[i] = float32(kernel.Normal(rng))
	}
	rows := w.Batch * w.Batches
	x, y = mat.New[float32](rows, w.Sizes[0]), mat.New[float32](rows, 1)
	score := mat.New[float32](1, w.outputs())
	for i := range rows {
		row := x.Row(i)
		for k := range row {
			row[k] = float32(kernel.Normal(rng))
		}
		mat.MulT(score, mat.View(1, len(row), row), rule)
		switch {
		case !w.binary():
			y.Data[i] = float32(kernel.Largest(score.Data))
		case score.Data[0] > 0:
			y.Data[i] = 1
		}
	}
	return x, y
}

// batch is batch i of data.
func (w workload) batch(m mat.Matrix[float32], i int) mat.Matrix[float32] {
	n := w.Batch * m.Cols
	return mat.View(w.Batch, m.Cols, m.Data[i*n:(i+1)*n])
}

// cost is the cost of w on logits.
func (w workload) cost() cost.Func[float32] {
	if w.binary() {
		return cost.BinaryCrossEntropy[float32]{On: cost.Logits}
	}
	return cost.CrossEntropy[float32]{On: cost.Logits}
}

// price of one step: three products a layer, but the first hands nothing back; in bytes also the update, of w, g, m, v.
func (w workload) price() price {
	var products, cells, weights float64
	n := float64(w.Batch)
	for i, out := range w.Sizes[1:] {
		in := float64(w.Sizes[i])
		times := 3.
		if i == 0 {
			times = 2
		}
		products += times * 2 * n * in * float64(out)
		weights += (in + 1) * float64(out)
		cells += n * (in + 3*float64(out))
	}
	return price{flops: products, bytes: 40*weights + 4*cells, holds: 16*weights + 4*cells}
}

// training is a workload ready to run, through the same calls that train makes.
type training struct {
	workload
	net        *network.Network[float32]
	pass       *network.Pass[float32]
	rule       optimizer.Rule[float32]
	cost       cost.Func[float32]
	start      []float32
	x, y       []mat.Matrix[float32] // by batch
	begin, end float64               // cost of the first and the last step
}

func newTraining(w workload, seed uint64) (*training, error) {
	t := &training{workload: w, net: w.build(seed, ""), cost: w.cost()}
	t.pass = t.net.NewPass(w.Batch, seed)
	t.start = append(t.start, t.net.Weights()...)
	x, y := w.data(seed)
	for i := range w.Batches {
		t.x, t.y = append(t.x, w.batch(x, i)), append(t.y, w.batch(y, i))
	}
	var err error
	t.rule, err = optimizer.NewAdam[float32](len(t.start), optimizer.Reference, optimizer.AdamConfig{})
	return t, err
}

// reset goes back to the start.
func (t *training) reset() {
	copy(t.net.Weights(), t.start)
	state := t.rule.State()
	*state.T = 0
	for _, m := range state.Moments {
		clear(m.Values)
	}
}

// run does the steps.
func (t *training) run() {
	w, g := t.net.Weights(), t.pass.Gradient()
	for i := range t.Steps {
		b := i % t.Batches
		t.pass.Forward(t.x[b])
		t.end = t.pass.Learn(t.cost, t.y[b])
		if i == 0 {
			t.begin = t.end
		}
		t.rule.Step(float32(t.Alpha), w, g)
	}
}

func trainingJobs(r *run, add func(*job)) {
	w := workloadCalled(r.family)
	if r.Quick {
		w = w.quick()
	}
	t, err := newTraining(w, r.Seed)
	add(&job{
		result: Result{Work: w.Name, Optimizer: "adam"}, cost: w.price(), steps: w.Steps,
		ready: t.reset,
		repeat: func() error {
			if err == nil {
				t.run()
			}
			return err
		},
		losses: func() []float64 { return []float64{t.begin, t.end} },
	})
}

// quick is a shorter piece of the same training, for a look.
func (w workload) quick() workload {
	w.Steps = max(2, w.Steps/8)
	w.Batches = max(1, min(w.Batches, w.Steps/2)) // some batch comes twice: its cost shows whether the weights changed
	return w
}
