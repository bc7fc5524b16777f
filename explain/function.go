package explain

import (
	"math"

	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/model"
	"gradus/network"
	"gradus/table"
)

// Scale is what of a prediction is explained.
type Scale string

// The scales. Logit is ln(p/(1−p)), in which the parts of a logistic model add up; Value is a number target in its own unit.
const (
	Probability Scale = "probability"
	Logit       Scale = "logit"
	Value       Scale = "value"
)

// Function is f: x → one number, what is explained of a network: a probability, its logit, or the number. It computes in float64,
// with the network's own weights, so that sums can be held against one another. It is not shared between goroutines; Clone is.
type Function struct {
	net    *network.Network[float64]
	pass   *network.Pass[float64]
	all    *network.Prediction[float64]
	rows   int // of room in pass and all
	task   table.Task
	output int // the level that is explained, among those sorted
	sign   float64
	scale  Scale
	of     table.Scale
}

// batch is how many rows go through the network at once.
const batch = 128

// NewFunction is the function of one level of m's target, "" for the event of a binary one; a number has none. The zero scale is
// Probability, or Value.
func NewFunction(m *model.Model, level string, scale Scale) (*Function, error) {
	f := &Function{task: m.Target.Task, sign: 1, scale: scale, of: m.Scale}
	if err := f.choose(m.Target, level); err != nil {
		return nil, err
	}
	var specs []network.Spec
	for _, s := range m.Network.Specs() {
		if s.Kind != "dropout" { // of which a prediction knows nothing
			specs = append(specs, s)
		}
	}
	net, err := network.Build[float64](m.Network.In(), specs)
	if err != nil {
		return nil, err
	}
	for i, w := range m.Network.Weights() {
		net.Weights()[i] = float64(w)
	}
	for i, b := range m.Network.Buffers() {
		for k, v := range b.Values {
			net.Buffers()[i].Values[k] = float64(v)
		}
	}
	return f.with(net), nil
}

// choose settles which output is explained and how.
func (f *Function) choose(t table.Target, level string) error {
	if t.Task == table.TaskNumber {
		if level != "" || f.scale != "" && f.scale != Value {
			return say.Error("explain.number", "column", t.Column)
		}
		f.scale = Value
		return nil
	}
	switch f.scale {
	case "":
		f.scale = Probability
	case Probability, Logit:
	default:
		return say.Error("explain.scale", "value", string(f.scale))
	}
	if level == "" {
		level = t.Event
	}
	for i, l := range t.Levels {
		if l == level {
			f.output = i
			if t.Task == table.TaskBinary && l != t.Event {
				f.sign = -1
			}
			return nil
		}
	}
	if level == "" {
		return say.Error("explain.level_missing", "column", t.Column, "known", t.Levels)
	}
	return say.Error("explain.level", "value", level, "nearest", say.Nearest(level, t.Levels), "known", t.Levels)
}

func (f *Function) with(net *network.Network[float64]) *Function {
	f.net, f.rows = net, batch
	f.all = net.NewPrediction(batch)
	return f
}

// Clone is the same function for another goroutine.
func (f *Function) Clone() *Function {
	c := *f
	c.pass = nil
	return c.with(f.net)
}

// Scale is what f returns.
func (f *Function) Scale() Scale { return f.scale }

// Values writes f(x) of each row of x (n,width) to dst (n).
func (f *Function) Values(dst []float64, x mat.Matrix[float64]) {
	for at := 0; at < x.Rows; at += batch {
		n := min(batch, x.Rows-at)
		h := f.all.Forward(mat.Matrix[float64]{Rows: n, Cols: x.Cols, Data: x.Data[at*x.Cols : (at+n)*x.Cols]})
		for r := range n {
			dst[at+r] = f.value(h.Row(r))
		}
	}
}

// value is f of the network's output h of one row.
func (f *Function) value(h []float64) float64 {
	var logit float64
	switch f.task {
	case table.TaskNumber:
		return f.of.X(h[0])
	case table.TaskBinary:
		logit = f.sign * h[0]
	default:
		logit = against(h, f.output)
	}
	if f.scale == Logit {
		return logit
	}
	return kernel.Sigmoid(logit)
}

// against is ln(p/(1−p)) = h_k − ln Σ_{j≠k} exp h_j of p = softmax(h)_k.
func against(h []float64, k int) float64 {
	top, sum := math.Inf(-1), 0.
	for j, v := range h {
		if j != k {
			top = max(top, v)
		}
	}
	for j, v := range h {
		if j != k {
			sum += kernel.Exp(v - top)
		}
	}
	return h[k] - top - kernel.Log(sum)
}

// slope writes dh = ∂f/∂h of one row. With s = ∂f/∂logit, 1 or p(1−p): of softmax, ∂logit/∂h_k = 1 and ∂logit/∂h_j = −p_j/(1−p_k).
func (f *Function) slope(dh, h []float64) {
	if f.task == table.TaskNumber {
		dh[0] = f.of.SD
		return
	}
	s := 1.
	if p := f.value(h); f.scale == Probability {
		s = p * (1 - p)
	}
	if f.task == table.TaskBinary {
		dh[0] = s * f.sign
		return
	}
	dh[f.output] = math.Inf(-1)
	for j, v := range h {
		if j != f.output {
			dh[j] = v
		}
	}
	kernel.SoftmaxRow(dh, dh) // p_j/(1−p_k), and 0 in the place of k
	for j := range dh {
		dh[j] *= -s
	}
	dh[f.output] = s
}

// Gradients calls each with ∂f/∂x of the rows of x, in order; the slice lives until it returns. A batch normalisation has none
// row by row.
func (f *Function) Gradients(x mat.Matrix[float64], each func(row int, dx []float64)) error {
	for _, s := range f.net.Specs() {
		if s.Kind == "batch-norm" {
			return say.Error("explain.batch_norm")
		}
	}
	if f.pass == nil {
		f.pass = f.net.NewPass(batch, 0)
	}
	for at := 0; at < x.Rows; at += batch {
		n := min(batch, x.Rows-at)
		f.pass.Forward(mat.Matrix[float64]{Rows: n, Cols: x.Cols, Data: x.Data[at*x.Cols : (at+n)*x.Cols]})
		dx := f.pass.BackwardPlain(asCost{f}, mat.Matrix[float64]{}, false)
		for r := range n {
			each(at+r, dx.Row(r))
		}
	}
	return nil
}

// asCost is f as the cost E = Σ f(h) over the rows, so that backpropagation gives ∂f/∂x: no row's f hangs on another's x.
type asCost struct{ f *Function }

// Name is that of no cost a user can choose.
func (c asCost) Name() string { return "explained" }

// Forward returns E = Σ f(h); there is no truth y.
func (c asCost) Forward(h, _ mat.Matrix[float64]) (e float64) {
	for r := range h.Rows {
		e += c.f.value(h.Row(r))
	}
	return e
}

// Backward writes dh = ∂f/∂h.
func (c asCost) Backward(dh, h, _ mat.Matrix[float64]) {
	for r := range h.Rows {
		c.f.slope(dh.Row(r), h.Row(r))
	}
}
