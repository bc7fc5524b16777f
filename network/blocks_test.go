package network

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gradus/cost"
	"gradus/mat"
)

// The gradient of a block is that of its rows alone, however the blocks are dealt out to passes: with dropout, which draws by the row of
// the batch, chains beside each other and every way that a cost and the last layer meet.
func TestBlocks(t *testing.T) {
	const rows, in = 23, 5
	ends := []int{4, 5, 12, rows}
	sum := []Spec{{Kind: "dense", Units: 3}, {Kind: "sum", Chains: [][]Spec{{{Kind: "dense", Units: 4, Activation: "relu"}, {Kind: "dropout", Rate: .4}, {Kind: "dense", Units: 3}}, {{Kind: "dense", Units: 3}}}}}
	deep := func(last string) []Spec {
		return []Spec{{Kind: "dense", Units: 40, Activation: "relu"}, {Kind: "dense", Units: 7, Activation: "tanh"}, {Kind: "dropout", Rate: .3}, {Kind: "dense", Units: 3, Activation: last}}
	}
	for name, c := range map[string]struct {
		specs []Spec
		cost  cost.Func[float32]
	}{
		"one pass": {deep(""), cost.CrossEntropy[float32]{On: cost.Logits}},
		"fused":    {deep("softmax"), cost.CrossEntropy[float32]{LabelSmoothing: .1}},
		"plain":    {deep("tanh"), cost.MSE[float32]{}},
		"sum":      {sum, cost.CrossEntropy[float32]{On: cost.Logits}},
	} {
		net, err := Build[float32](in, c.specs)
		if err != nil {
			t.Fatal(err)
		}
		net.Init(1)
		r := rand.New(rand.NewPCG(1, 2))
		x, y := mat.New[float32](rows, in), mat.New[float32](rows, 3)
		for i := range x.Data {
			x.Data[i] = float32(r.NormFloat64())
		}
		for i := range rows {
			y.Row(i)[r.IntN(3)] = 1
		}
		learnt := func(first, last int) (g [][]float32, e []float64) { // blocks first … last−1
			from := 0
			if first > 0 {
				from = ends[first-1]
			}
			var own []int
			for _, end := range ends[first:last] {
				own = append(own, end-from)
			}
			p, err := net.NewBlocks(rows, len(own), 9)
			if err != nil {
				t.Fatal(err)
			}
			p.Place(from)
			p.Iteration(3)
			p.Forward(between(x, from, ends[last-1]))
			e = make([]float64, len(own))
			p.LearnBlocks(c.cost, between(y, from, ends[last-1]), own, e)
			return p.Blocks(), e
		}
		all, costs := learnt(0, len(ends))
		for first := range ends {
			for last := first + 1; last <= len(ends); last++ {
				g, e := learnt(first, last)
				for i := range g {
					if !slices.Equal(g[i], all[first+i]) || e[i] != costs[first+i] || slices.Max(g[i]) == 0 {
						t.Fatalf("%s: block %d of %d … %d differs", name, first+i, first, last)
					}
				}
			}
		}
		nearPass(t, name, net, c.cost, x, y, all, ends)
	}
}

// nearPass compares the blocks, weighed by their rows, with the gradient of a pass of all rows.
func nearPass(t *testing.T, name string, net *Network[float32], f cost.Func[float32], x, y mat.Matrix[float32], blocks [][]float32, ends []int) {
	t.Helper()
	p := net.NewPass(x.Rows, 9)
	p.Iteration(3)
	p.Forward(x)
	p.Learn(f, y)
	for i, want := range p.Gradient() {
		sum, from := 0., 0
		for k, g := range blocks {
			sum += float64(g[i]) * float64(ends[k]-from) / float64(x.Rows)
			from = ends[k]
		}
		if d := sum - float64(want); d > 1e-6 || d < -1e-6 {
			t.Fatalf("%s: weight %d: %v, not %v", name, i, sum, want)
		}
	}
}

// A layer that looks at all rows of a batch cannot be cut.
func TestBlocksRefuse(t *testing.T) {
	for _, kind := range []string{"batch-norm", "layer-norm"} {
		net, err := Build[float32](3, []Spec{{Kind: kind}, {Kind: "dense", Units: 1}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := net.NewBlocks(8, 2, 1); err == nil {
			t.Errorf("%s was cut", kind)
		}
	}
}
