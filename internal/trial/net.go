package trial

import (
	"math"

	"gradus/cost"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
)

// Net describes a network of dense layers.
type Net struct {
	In         int
	Hidden     []int  // neurons of each hidden layer
	Out        int    //
	Activation string // of the hidden layers
	Slope      float64
	Last       string  // activation of the last layer; "": linear
	Initial    string  // "": He for the ReLU family, else Xavier
	Bias       float64 // where every hidden bias starts
	Normalise  bool    // a batch normalisation before every hidden activation
	Dropout    float64 // behind every hidden layer
	Seed       uint64
}

// Layers is n hidden layers of width neurons.
func Layers(n, width int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = width
	}
	return list
}

// Build makes the network and gives it its start weights.
func (n Net) Build() (*network.Network[float64], error) {
	var specs []network.Spec
	for _, units := range n.Hidden {
		specs = append(specs, n.hidden(units)...)
	}
	specs = append(specs, network.Spec{Kind: "dense", Units: n.Out, Activation: n.Last})
	layers := make([]network.Layer[float64], len(specs))
	for i, s := range specs {
		l, err := network.FromSpec[float64](s)
		if err != nil {
			return nil, err
		}
		if d, ok := l.(*network.Dense[float64]); ok && n.Initial != "" {
			if d.Initial, err = network.InitializerByName(n.Initial); err != nil {
				return nil, err
			}
		}
		layers[i] = l
	}
	net, err := network.New(n.In, layers...)
	if err != nil {
		return nil, err
	}
	net.Init(n.Seed)
	for _, d := range dense(net)[:len(n.Hidden)] {
		b := d.Biases()
		for i := range b {
			b[i] = n.Bias
		}
	}
	return net, nil
}

func (n Net) hidden(units int) (list []network.Spec) {
	if n.Normalise {
		list = append(list, network.Spec{Kind: "dense", Units: units}, network.Spec{Kind: "batch-norm", Activation: n.Activation, Slope: n.Slope})
	} else {
		list = append(list, network.Spec{Kind: "dense", Units: units, Activation: n.Activation, Slope: n.Slope})
	}
	if n.Dropout > 0 {
		list = append(list, network.Spec{Kind: "dropout", Rate: n.Dropout})
	}
	return list
}

// dense are the dense layers of net.
func dense(net *network.Network[float64]) (list []*network.Dense[float64]) {
	for _, l := range net.Layers() {
		if d, ok := l.(*network.Dense[float64]); ok {
			list = append(list, d)
		}
	}
	return list
}

// Gradients is the mean |∂E/∂w| of every dense layer's weights, first to last, by one backpropagation over s.
func Gradients(net *network.Network[float64], name string, s Set) ([]float64, error) {
	c, err := cost.ByName[float64](name)
	if err != nil {
		return nil, err
	}
	pass := net.NewPass(s.Len(), 1)
	pass.Forward(s.X)
	pass.Backward(c, s.Y)
	var list []float64
	for _, span := range net.Spans() {
		if span.Name != "weights" {
			continue
		}
		sum := 0.0
		for _, g := range pass.Gradient()[span.Start:span.End] {
			sum += math.Abs(g)
		}
		list = append(list, sum/float64(span.End-span.Start))
	}
	return list, nil
}

// Dead is how many hidden neurons of net get no gradient from any row of s, ∂E/∂o = 0 throughout, and how many hidden neurons there
// are.
func Dead(net *network.Network[float64], name string, s Set) (dead, all int, err error) {
	c, err := cost.ByName[float64](name)
	if err != nil {
		return 0, 0, err
	}
	pass := net.NewPass(s.Len(), 1)
	pass.Forward(s.X)
	pass.Backward(c, s.Y)
	for i := range len(net.Layers()) - 1 {
		do := pass.Cells(i).DO
		for c := range do.Cols {
			all++
			if !reached(do, c) {
				dead++
			}
		}
	}
	return dead, all, nil
}

// reached tells whether column c holds anything but 0.
func reached(do mat.Matrix[float64], c int) bool {
	for r := range do.Rows {
		if do.At(r, c) != 0 {
			return true
		}
	}
	return false
}

// Products is how many products training makes for each of the forward pass: forward, ∂E/∂w, ∂E/∂x.
const Products = 3

// Work is how many weights and biases net has, and how many products are added to pass one row forward.
func Work(net *network.Network[float64]) (weights, products int) {
	for _, s := range net.Spans() {
		if s.Name == "weights" {
			products += s.End - s.Start
		}
	}
	return len(net.Weights()), products
}

// Collapsed is the one linear layer that does the work of net: w (out,in), b (out). A network with an activation between is refused
// with the reason.
func Collapsed(net *network.Network[float64]) (w [][]float64, b []float64, err error) {
	m, b, err := network.Collapse(net)
	if err != nil {
		return nil, nil, err
	}
	return m.Slices(), b, nil
}

// Apart is the largest difference between the output of net and w·x + b over the rows of x.
func Apart(net *network.Network[float64], w [][]float64, b []float64, x mat.Matrix[float64]) float64 {
	h := net.NewPrediction(x.Rows).Forward(x)
	one := mat.New[float64](x.Rows, len(b))
	mat.MulT(one, x, mat.From(w...))
	far := 0.0
	for r := range x.Rows {
		for c := range b {
			far = max(far, math.Abs(one.At(r, c)+b[c]-h.At(r, c)))
		}
	}
	return far
}

// Path is the weights of net at the start and after each of n steps of gradient descent over all of s.
func Path(net *network.Network[float64], name string, s Set, alpha float64, n int) ([][]float64, error) {
	c, err := cost.ByName[float64](name)
	if err != nil {
		return nil, err
	}
	w := net.Weights()
	rule, err := optimizer.New[float64]("descent", len(w), optimizer.Reference, nil)
	if err != nil {
		return nil, err
	}
	pass := net.NewPass(s.Len(), 1)
	path := [][]float64{append([]float64(nil), w...)}
	for range n {
		pass.Forward(s.X)
		pass.Backward(c, s.Y)
		rule.Step(alpha, w, pass.Gradient())
		path = append(path, append([]float64(nil), w...))
	}
	return path, nil
}

// Active is, for every neuron of hidden layer i, the share of the rows of s for which its o is above 0.
func Active(net *network.Network[float64], i int, s Set) []float64 {
	pass := net.NewPass(s.Len(), 1)
	pass.Forward(s.X)
	o := pass.Cells(i).O
	share := make([]float64, o.Cols)
	for r := range o.Rows {
		for c := range share {
			if o.At(r, c) > 0 {
				share[c]++
			}
		}
	}
	for c := range share {
		share[c] /= float64(o.Rows)
	}
	return share
}

// Moved is how far the weights of every dense layer lie from those of another network of the same shape: √(Σ(w−v)²).
func Moved(net, from *network.Network[float64]) []float64 {
	var list []float64
	w, v := net.Weights(), from.Weights()
	for _, span := range net.Spans() {
		if span.Name != "weights" {
			continue
		}
		sum := 0.0
		for i := span.Start; i < span.End; i++ {
			sum += float64((w[i] - v[i]) * (w[i] - v[i]))
		}
		list = append(list, math.Sqrt(sum))
	}
	return list
}
