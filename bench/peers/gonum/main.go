// Command gonum is the same training written by hand on gonum's blas32, in plain Go and its assembly: every buffer made once.
package main

import (
	"math"
	"peer"
	"runtime/debug"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// net is a network with all it needs for a step; h and d by layer.
type net struct {
	*peer.Work
	w, g, m, v []float32
	h, d       []blas32.General
	t          int
	losses     [2]float64
}

func newNet(w *peer.Work, rows int) *net {
	n := &net{Work: w, w: append([]float32(nil), w.Weights...)}
	n.g, n.m, n.v = make([]float32, len(n.w)), make([]float32, len(n.w)), make([]float32, len(n.w))
	for _, s := range w.Sizes[1:] {
		n.h, n.d = append(n.h, view(rows, s, make([]float32, rows*s))), append(n.d, view(rows, s, make([]float32, rows*s)))
	}
	return n
}

func view(rows, cols int, data []float32) blas32.General {
	return blas32.General{Rows: rows, Cols: cols, Stride: cols, Data: data}
}

// layer is w (out,in) and b (out) of layer k in a flat vector.
func (n *net) layer(flat []float32, k int) (blas32.General, []float32) {
	at := 0
	for i := range k {
		at += (n.Sizes[i] + 1) * n.Sizes[i+1]
	}
	in, out := n.Sizes[k], n.Sizes[k+1]
	return view(out, in, flat[at:at+in*out]), flat[at+in*out : at+in*out+out]
}

func (n *net) reset() {
	copy(n.w, n.Weights)
	clear(n.m)
	clear(n.v)
	n.t = 0
}

func (n *net) forward(x blas32.General) blas32.General {
	for k, h := range n.h {
		w, b := n.layer(n.w, k)
		for i := range h.Rows {
			copy(h.Data[i*h.Cols:], b)
		}
		blas32.Gemm(blas.NoTrans, blas.Trans, 1, x, w, 1, h)
		if k < len(n.h)-1 {
			for i, v := range h.Data {
				h.Data[i] = max(v, 0)
			}
		}
		x = h
	}
	return x
}

func (n *net) step(i int) float64 {
	x := view(n.Batch, n.Sizes[0], n.X[i])
	loss := n.output(n.forward(x), n.Y[i])
	for k := len(n.h) - 1; k >= 0; k-- {
		below, d := x, n.d[k]
		if k > 0 {
			below = n.h[k-1]
		}
		gw, gb := n.layer(n.g, k)
		blas32.Gemm(blas.Trans, blas.NoTrans, 1, d, below, 0, gw)
		clear(gb)
		for i, v := range d.Data {
			gb[i%d.Cols] += v
		}
		if k > 0 {
			w, _ := n.layer(n.w, k)
			blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, d, w, 0, n.d[k-1])
			for i, v := range below.Data {
				if v <= 0 {
					n.d[k-1].Data[i] = 0
				}
			}
		}
	}
	n.adam()
	return loss
}

// output is the cost on logits; its gradient goes into d of the last layer.
func (n *net) output(o blas32.General, y []float32) (loss float64) {
	d, rows := n.d[len(n.d)-1], float32(n.Batch)
	for i := range o.Rows {
		row, to := o.Data[i*o.Cols:(i+1)*o.Cols], d.Data[i*o.Cols:]
		if n.Binary() {
			z := float64(row[0])
			loss += math.Max(z, 0) - z*float64(y[i]) + math.Log1p(math.Exp(-math.Abs(z)))
			to[0] = (float32(1/(1+math.Exp(-z))) - y[i]) / rows
			continue
		}
		loss -= softmax(to[:o.Cols], row, int(y[i]))
		to[int(y[i])]--
		for c := range row {
			to[c] /= rows
		}
	}
	return loss / float64(o.Rows)
}

// softmax writes p for one row and returns log p of the class right.
func softmax(p, o []float32, right int) float64 {
	top, sum := o[0], 0.
	for _, v := range o {
		top = max(top, v)
	}
	for c, v := range o {
		e := math.Exp(float64(v - top))
		p[c], sum = float32(e), sum+e
	}
	for c := range p {
		p[c] /= float32(sum)
	}
	return float64(o[right]-top) - math.Log(sum)
}

func (n *net) adam() {
	const b1, b2, eps = .9, .999, 1e-8
	n.t++
	rate := float32(n.Alpha / (1 - math.Pow(b1, float64(n.t))))
	scale := float32(1 / (1 - math.Pow(b2, float64(n.t))))
	for i, g := range n.g {
		n.m[i] = b1*n.m[i] + (1-b1)*g
		n.v[i] = b2*n.v[i] + (1-b2)*g*g
		n.w[i] -= rate * n.m[i] / (float32(math.Sqrt(float64(n.v[i]*scale))) + eps)
	}
}

func (n *net) run() {
	for s := range n.Steps {
		loss := n.step(s % n.Batches)
		n.losses[min(s, 1)] = loss
	}
}

// predict returns the first output of one row.
func (n *net) predict(row []float32) float64 {
	o := n.forward(view(1, len(row), row))
	if n.Binary() {
		return 1 / (1 + math.Exp(-float64(o.Data[0])))
	}
	return math.Exp(softmax(n.d[len(n.d)-1].Data, o.Data, 0))
}

func build(folder, work string) (*peer.Job, error) {
	switch work {
	case "S", "M", "L", "XL":
		w, err := peer.Load(folder, work)
		if err != nil {
			return nil, err
		}
		n := newNet(w, w.Batch)
		return &peer.Job{Steps: w.Steps, Ready: n.reset, Run: n.run, Losses: func() []float64 { return n.losses[:] }}, nil
	case "infer-S", "infer-M":
		w, err := peer.Load(folder, work[len(work)-1:])
		if err != nil {
			return nil, err
		}
		n, sum := newNet(w, 1), 0.
		run := func() {
			sum = 0
			for _, row := range w.Rows {
				sum += n.predict(row)
			}
		}
		return &peer.Job{Steps: len(w.Rows), Run: run, Losses: func() []float64 { return []float64{sum / float64(len(w.Rows))} }}, nil
	}
	return nil, nil
}

func main() {
	version := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == "gonum.org/v1/gonum" {
				version = d.Version
			}
		}
	}
	peer.Serve("gonum", version+", by hand on blas32", build)
}
