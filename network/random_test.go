package network

import (
	"math"
	"math/rand/v2"
	"testing"

	"gradus/activation"
	"gradus/cost"
	"gradus/mat"
)

// costCase is a cost with targets that make sense for it and the output activation it needs ("": any will do).
type costCase struct {
	name   string
	make   func() (cost.Func[float64], cost.Func[float32])
	output string
	y      func(r *rand.Rand, rows, out int) mat.Matrix[float64]
	kink   bool
}

func both(a cost.Func[float64], b cost.Func[float32]) func() (cost.Func[float64], cost.Func[float32]) {
	return func() (cost.Func[float64], cost.Func[float32]) { return a, b }
}

// costCases has every cost in every meaning; TestCostCases holds it against cost.All.
func costCases() []costCase {
	weights := []float64{.5, 2, 1.25}
	return []costCase{
		{"mae", both(cost.MAE[float64]{}, cost.MAE[float32]{}), "", numbers, true},
		{"mse", both(cost.MSE[float64]{}, cost.MSE[float32]{}), "", numbers, false},
		{"half-sse", both(cost.HalfSSE[float64]{}, cost.HalfSSE[float32]{}), "", numbers, false},
		{"huber", both(cost.Huber[float64]{Delta: .4}, cost.Huber[float32]{Delta: .4}), "", numbers, true},
		{"binary-cross-entropy", both(cost.BinaryCrossEntropy[float64]{PositiveWeight: 2.5}, cost.BinaryCrossEntropy[float32]{PositiveWeight: 2.5}), "sigmoid", shares, false},
		{
			"binary-cross-entropy on logits", both(cost.BinaryCrossEntropy[float64]{On: cost.Logits, PositiveWeight: .5},
				cost.BinaryCrossEntropy[float32]{On: cost.Logits, PositiveWeight: .5}), "", shares, false,
		},
		{"cross-entropy", both(cost.CrossEntropy[float64]{}, cost.CrossEntropy[float32]{}), "softmax", distributions, false},
		{
			"cross-entropy weighted and smoothed", both(cost.CrossEntropy[float64]{ClassWeights: weights, LabelSmoothing: .1},
				cost.CrossEntropy[float32]{ClassWeights: weights, LabelSmoothing: .1}), "softmax", distributions, false,
		},
		{
			"cross-entropy of indices by weight", both(cost.CrossEntropy[float64]{ClassWeights: weights, Reduction: cost.Weights},
				cost.CrossEntropy[float32]{ClassWeights: weights, Reduction: cost.Weights}), "softmax", indices, false,
		},
		{
			"cross-entropy on logits", both(cost.CrossEntropy[float64]{On: cost.Logits, ClassWeights: weights, LabelSmoothing: .1},
				cost.CrossEntropy[float32]{On: cost.Logits, ClassWeights: weights, LabelSmoothing: .1}), "", distributions, false,
		},
	}
}

func TestCostCases(t *testing.T) {
	have := map[string]bool{}
	for _, c := range costCases() {
		f, _ := c.make()
		have[f.Name()] = true
	}
	for _, f := range cost.All[float64]() {
		if !have[f.Name()] {
			t.Errorf("no test of a network uses the cost %q: give it a row in costCases", f.Name())
		}
	}
}

// numbers are regression targets.
func numbers(r *rand.Rand, rows, out int) mat.Matrix[float64] {
	y := mat.New[float64](rows, out)
	for i := range y.Data {
		y.Data[i] = r.NormFloat64()
	}
	return y
}

// shares are targets between 0 and 1, both ends included.
func shares(r *rand.Rand, rows, out int) mat.Matrix[float64] {
	y := mat.New[float64](rows, out)
	for i := range y.Data {
		y.Data[i] = float64(r.IntN(5)) / 4
	}
	return y
}

// distributions are rows that sum to 1.
func distributions(r *rand.Rand, rows, out int) mat.Matrix[float64] {
	y := mat.New[float64](rows, out)
	for i := range rows {
		rest := 1.0
		for c := range out - 1 {
			y.Row(i)[c] = rest * r.Float64()
			rest -= y.Row(i)[c]
		}
		y.Row(i)[out-1] = rest
	}
	return y
}

func indices(r *rand.Rand, rows, out int) mat.Matrix[float64] {
	y := mat.New[float64](rows, 1)
	for i := range y.Data {
		y.Data[i] = float64(r.IntN(out))
	}
	return y
}

const (
	testIn, testHidden, testOut = 3, 4, 3
	testRows                    = 5
)

// shapes are networks that put a layer kind to work before and behind others; f is the activation under test, out that of the end.
var shapes = []struct {
	name   string
	layers func(f, out string) []Spec
}{
	{"dense", func(f, out string) []Spec {
		return []Spec{{Kind: "dense", Units: testHidden, Activation: f}, {Kind: "dense", Units: testOut, NoBias: true, Activation: out}}
	}},
	{"dropout", func(f, out string) []Spec {
		return []Spec{{Kind: "dense", Units: testHidden, Activation: f}, {Kind: "dropout", Rate: .4}, {Kind: "dense", Units: testOut, Activation: out}}
	}},
	{"batch-norm", func(f, out string) []Spec {
		return []Spec{{Kind: "dense", Units: testHidden}, {Kind: "batch-norm", Activation: f}, {Kind: "dense", Units: testOut, Activation: out}}
	}},
	{"layer-norm", func(f, out string) []Spec {
		return []Spec{{Kind: "layer-norm", Epsilon: .01}, {Kind: "dense", Units: testHidden}, {Kind: "layer-norm", Activation: f}, {Kind: "dense", Units: testOut, Activation: out}}
	}},
	{"batch-norm at both ends", func(f, out string) []Spec {
		return []Spec{{Kind: "batch-norm", Activation: f}, {Kind: "dense", Units: testOut}, {Kind: "batch-norm", Epsilon: .1, Activation: out}}
	}},
	{"layer-norm at the end", func(f, out string) []Spec {
		return []Spec{{Kind: "dense", Units: testOut, Activation: f}, {Kind: "layer-norm", Activation: out}}
	}},
	{"sum", func(f, out string) []Spec {
		return []Spec{{Kind: "dense", Units: testHidden, Activation: f}, {Kind: "sum", Chains: [][]Spec{
			{{Kind: "dense", Units: 2, Activation: f}, {Kind: "dropout", Rate: .4}, {Kind: "dense", Units: testHidden}},
			{{Kind: "dense", Units: testHidden}},
		}}, {Kind: "dense", Units: testOut, Activation: out}}
	}},
	{"ramps", func(f, out string) []Spec {
		return []Spec{{Kind: "ramps", Ramps: []Ramp{{Of: 0, From: -1, To: .5}, {Of: 2, From: -4, To: 4}}}, {Kind: "dense", Units: testHidden, Activation: f}, {Kind: "dense", Units: testOut, Activation: out}}
	}},
	{"first", func(f, out string) []Spec {
		return []Spec{{Kind: "dense", Units: testHidden, Activation: f}, {Kind: "first", Units: testHidden - 1}, {Kind: "dense", Units: testOut, Activation: out}}
	}},
}

// example is a random network with one batch for it.
type example struct {
	f       string // the activation under test
	shape   string
	cost    costCase
	net     *Network[float64]
	x, y    mat.Matrix[float64]
	outputs string
}

// eachExample goes through every layer kind × activation × cost.
func eachExample(t *testing.T, visit func(t *testing.T, e example)) {
	for _, s := range shapes {
		for _, f := range activation.All[float64]() {
			for _, c := range costCases() {
				out := c.output
				if out == "" {
					out = f.Name()
				}
				t.Run(s.name+"/"+f.Name()+"/"+c.name, func(t *testing.T) {
					r := rand.New(rand.NewPCG(7, 11))
					e := example{f: f.Name(), shape: s.name, cost: c, outputs: out}
					e.net = randomNetwork(t, r, s.layers(f.Name(), out))
					e.x = numbers(r, testRows, testIn)
					e.y = c.y(r, testRows, testOut)
					visit(t, e)
				})
			}
		}
	}
}

func randomNetwork(t testing.TB, r *rand.Rand, specs []Spec) *Network[float64] {
	t.Helper()
	net, err := Build[float64](testIn, specs)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	for i := range net.Weights() {
		net.Weights()[i] = .8 * r.NormFloat64()
	}
	return net
}

// apart is max|a−b| ÷ max|b|, and 0 only where both agree; NaN where one of them is NaN.
func apart[A, B mat.Float](a []A, b []B) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	var worst, largest float64
	for i := range b {
		worst, largest = max(worst, math.Abs(float64(a[i])-float64(b[i]))), max(largest, math.Abs(float64(b[i])))
	}
	if worst == 0 {
		return 0
	}
	return worst / largest
}

func mustActivation(t testing.TB, name string) activation.Func[float64] {
	t.Helper()
	f, err := activation.ByName[float64](name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
