// Command gomlx is the same training as GoMLX graphs on its Go backend: forward pass, Gradient and Adam in one compiled step.
package main

import (
	"math"
	"peer"
	"runtime/debug"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	_ "github.com/gomlx/compute/gobackend"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// net is a network and its compiled step; state is the weights, then m, then v, array by array.
type net struct {
	*peer.Work
	step   *Exec
	state  []any
	x, y   []*tensors.Tensor
	losses [2]float64
}

func newNet(backend compute.Backend, w *peer.Work) *net {
	n := &net{Work: w}
	n.step = MustNewExec(backend, func(in []*Node) []*Node { return n.graph(in) })
	for i := range w.X {
		n.x = append(n.x, tensors.FromFlatDataAndDimensions(w.X[i], w.Batch, w.Sizes[0]))
		n.y = append(n.y, tensors.FromFlatDataAndDimensions(w.Y[i], w.Batch, 1))
	}
	return n
}

// reset makes the start state.
func (n *net) reset() {
	n.state = weights(n.Work)
	for range 2 {
		for _, t := range weights(n.Work) {
			t := t.(*tensors.Tensor)
			zero := tensors.FromFlatDataAndDimensions(make([]float32, t.Shape().Size()), t.Shape().Dimensions...)
			n.state = append(n.state, zero)
		}
	}
}

func weights(w *peer.Work) (list []any) {
	at := 0
	for k, out := range w.Sizes[1:] {
		in := w.Sizes[k]
		list = append(list, tensors.FromFlatDataAndDimensions(append([]float32(nil), w.Weights[at:at+in*out]...), out, in))
		at += in * out
		list = append(list, tensors.FromFlatDataAndDimensions(append([]float32(nil), w.Weights[at:at+out]...), 1, out))
		at += out
	}
	return list
}

// logits is the forward pass.
func logits(x *Node, p []*Node) *Node {
	for k := 0; k < len(p); k += 2 {
		x = Add(Dot(x, Transpose(p[k], 0, 1)).Product(), p[k+1])
		if k < len(p)-2 {
			x = MaxScalar(x, float32(0))
		}
	}
	return x
}

// graph is one step: x, y, α/(1−β1ᵗ), 1/(1−β2ᵗ), state → cost, state.
func (n *net) graph(in []*Node) []*Node {
	x, y, rate, scale, state := in[0], in[1], in[2], in[3], in[4:]
	third := len(state) / 3
	p, m, v := state[:third], state[third:2*third], state[2*third:]
	o := logits(x, p)
	var loss *Node
	if n.Binary() {
		loss = ReduceAllMean(Add(Sub(MaxScalar(o, float32(0)), Mul(o, y)), Log1P(Exp(Neg(Abs(o))))))
	} else {
		right := OneHot(Squeeze(ConvertDType(y, dtypes.Int32), -1), n.Sizes[len(n.Sizes)-1], dtypes.Float32)
		loss = MulScalar(ReduceAllSum(Mul(LogSoftmax(o), right)), -1/float32(n.Batch))
	}
	out := make([]*Node, 1+len(state))
	out[0] = loss
	for i, g := range Gradient(loss, p...) {
		m2 := Add(MulScalar(m[i], float32(.9)), MulScalar(g, float32(.1)))
		v2 := Add(MulScalar(v[i], float32(.999)), MulScalar(Mul(g, g), float32(.001)))
		out[1+i] = Sub(p[i], Div(Mul(m2, rate), AddScalar(Sqrt(Mul(v2, scale)), float32(1e-8))))
		out[1+third+i], out[1+2*third+i] = m2, v2
	}
	return out
}

func (n *net) run() {
	for s := range n.Steps {
		t := float64(s + 1)
		args := []any{n.x[s%n.Batches], n.y[s%n.Batches], float32(n.Alpha / (1 - math.Pow(.9, t))), float32(1 / (1 - math.Pow(.999, t)))}
		out, err := n.step.Exec(append(args, n.state...)...)
		if err != nil {
			panic(err)
		}
		n.losses[min(s, 1)] = float64(tensors.ToScalar[float32](out[0]))
		for i, v := range out[1:] {
			n.state[i].(*tensors.Tensor).FinalizeAll()
			n.state[i] = v
		}
	}
}

// predictions is every row alone through a compiled forward pass.
func predictions(backend compute.Backend, w *peer.Work) *peer.Job {
	step := MustNewExec(backend, func(in []*Node) []*Node {
		o := logits(in[0], in[1:])
		if w.Binary() {
			return []*Node{Sigmoid(o)}
		}
		return []*Node{Softmax(o)}
	})
	args, sum := weights(w), 0.
	var rows []*tensors.Tensor
	for _, row := range w.Rows {
		rows = append(rows, tensors.FromFlatDataAndDimensions(row, 1, len(row)))
	}
	run := func() {
		sum = 0
		for _, row := range rows {
			out, err := step.Exec(append([]any{row}, args...)...)
			if err != nil {
				panic(err)
			}
			sum += float64(tensors.MustCopyFlatData[float32](out[0])[0])
			out[0].FinalizeAll()
		}
	}
	return &peer.Job{Steps: len(rows), Run: run, Losses: func() []float64 { return []float64{sum / float64(len(rows))} }}
}

func main() {
	backend := compute.MustNew()
	version := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == "github.com/gomlx/gomlx" {
				version = d.Version
			}
		}
	}
	peer.Serve("GoMLX", version+", Go backend"+experiment, func(folder, work string) (*peer.Job, error) {
		switch work {
		case "S", "M", "L":
			w, err := peer.Load(folder, work)
			if err != nil {
				return nil, err
			}
			n := newNet(backend, w)
			return &peer.Job{Steps: w.Steps, Ready: n.reset, Run: n.run, Losses: func() []float64 { return n.losses[:] }}, nil
		case "infer-S", "infer-M":
			w, err := peer.Load(folder, work[len(work)-1:])
			if err != nil {
				return nil, err
			}
			return predictions(backend, w), nil
		}
		return nil, nil
	})
}
