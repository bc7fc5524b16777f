package network

import (
	"math"
	"slices"
	"testing"

	"gradus/cost"
	"gradus/mat"
	"gradus/tape"
)

// This file computes a network a second time, number by number on the scalar tape, from the definitions and without a formula of
// the engine: sigmoid is 1/(1+e⁻ᵒ), tanh (e²ᵒ−1)/(e²ᵒ+1), softmax eᵒ/Σeᵒ.

type (
	value = tape.Value
	row   = []tape.Value
)

func each(f func(value) value) func(*tape.Tape, row) row {
	return func(_ *tape.Tape, o row) row {
		h := make(row, len(o))
		for i, v := range o {
			h[i] = f(v)
		}
		return h
	}
}

func scale(v value, by float64, t *tape.Tape) value { return v.Mul(t.Const(by)) }

// onTape knows activations by their definition; one that is not here has the finite differences alone.
func onTape(t *tape.Tape, name string) func(*tape.Tape, row) row {
	one, half := t.Const(1), t.Const(.5)
	sigmoid := func(o value) value { return one.Div(one.Add(o.Neg().Exp())) }
	tanh := func(o value) value {
		e := scale(o, 2, t).Exp()
		return e.Sub(one).Div(e.Add(one))
	}
	return map[string]func(*tape.Tape, row) row{
		"linear":     each(func(o value) value { return o }),
		"step":       each(value.Step),
		"sigmoid":    each(sigmoid),
		"tanh":       each(tanh),
		"relu":       each(value.ReLU),
		"leaky-relu": each(func(o value) value { return o.Max(scale(o, .01, t)) }),
		"elu": each(func(o value) value {
			if o.Value() > 0 {
				return o
			}
			return o.Exp().Sub(one)
		}),
		"gelu": each(func(o value) value {
			return o.Mul(half).Mul(one.Add(o.Div(t.Const(math.Sqrt2)).Erf()))
		}),
		"gelu-tanh": each(func(o value) value {
			inner := o.Add(scale(o.Mul(o).Mul(o), .044715, t))
			return o.Mul(half).Mul(one.Add(tanh(scale(inner, math.Sqrt(2/math.Pi), t))))
		}),
		"silu":     each(func(o value) value { return o.Mul(sigmoid(o)) }),
		"softplus": each(func(o value) value { return one.Add(o.Exp()).Log() }),
		"softmax":  softmaxOnTape,
	}[name]
}

func softmaxOnTape(t *tape.Tape, o row) row {
	e := make(row, len(o))
	for i, v := range o {
		e[i] = v.Exp()
	}
	sum, h := t.Sum(e...), make(row, len(o))
	for i := range e {
		h[i] = e[i].Div(sum)
	}
	return h
}

// layersOnTape sends rows through net, whose weights are w; a dropout layer multiplies by the mask that the engine drew.
func layersOnTape(t *tape.Tape, net *Network[float64], p *Pass[float64], w row, h []row) []row {
	for i, l := range net.Layers() {
		s := l.Spec()
		part := func(name string) row {
			for _, span := range net.Spans() {
				if span.Layer == i && span.Name == name {
					return w[span.Start:span.End]
				}
			}
			return nil
		}
		switch s.Kind {
		case "dense":
			h = denseOnTape(t, part("weights"), part("biases"), h)
		case "dropout":
			h = maskOnTape(t, p.stages[i].(*dropoutStage[float64]).mask, h)
		case "ramps":
			h = rampsOnTape(t, s.Ramps, h)
		case "first":
			for r := range h {
				h[r] = h[r][:s.Units]
			}
		case "sum":
			h = sumOnTape(t, l.(*Sum[float64]), p.stages[i].(*sumStage[float64]), w[net.Spans()[spanOf(net, i)].Start:], h)
		case "layer-norm":
			for r := range h {
				h[r] = normalOnTape(t, h[r], s.Epsilon)
			}
			h = affineOnTape(part("gamma"), part("beta"), h)
		case "batch-norm":
			for c := range h[0] {
				column := make(row, len(h))
				for r := range h {
					column[r] = h[r][c]
				}
				for r, v := range normalOnTape(t, column, s.Epsilon) {
					h[r][c] = v
				}
			}
			h = affineOnTape(part("gamma"), part("beta"), h)
		}
		if s.Activation != "" {
			for r := range h {
				h[r] = onTape(t, s.Activation)(t, h[r])
			}
		}
	}
	return h
}

// spanOf is the place of the first span of layer i.
func spanOf(net *Network[float64], i int) int {
	return slices.IndexFunc(net.Spans(), func(s Span) bool { return s.Layer == i })
}

func sumOnTape(t *tape.Tape, s *Sum[float64], stage *sumStage[float64], w row, x []row) []row {
	var h []row
	for k, n := range s.nets {
		o := layersOnTape(t, n, &Pass[float64]{stages: stage.chains[k]}, w[:len(n.w)], slices.Clone(x))
		w = w[len(n.w):]
		for r := range o {
			if k == 0 {
				h = append(h, o[r])
				continue
			}
			for c, v := range o[r] {
				h[r][c] = h[r][c].Add(v)
			}
		}
	}
	return h
}

func rampsOnTape(t *tape.Tape, ramps []Ramp, x []row) []row {
	h := make([]row, len(x))
	for r := range x {
		h[r] = slices.Clone(x[r])
		for _, ramp := range ramps {
			at := x[r][ramp.Of].Sub(t.Const(ramp.From)).Div(t.Const(ramp.To - ramp.From))
			if v := at.Value(); v < 0 || v > 1 {
				at = t.Const(min(max(v, 0), 1))
			}
			h[r] = append(h[r], at.Sub(t.Const(.5)))
		}
	}
	return h
}

func denseOnTape(t *tape.Tape, w, b row, x []row) []row {
	in := len(x[0])
	h := make([]row, len(x))
	for r := range x {
		for j := range len(w) / in {
			var terms row
			for i, v := range x[r] {
				terms = append(terms, v.Mul(w[j*in+i]))
			}
			if b != nil {
				terms = append(terms, b[j])
			}
			h[r] = append(h[r], t.Sum(terms...))
		}
	}
	return h
}

func maskOnTape(t *tape.Tape, mask []float64, x []row) []row {
	h := make([]row, len(x))
	for r := range x {
		for c, v := range x[r] {
			h[r] = append(h[r], scale(v, mask[r*len(x[r])+c], t))
		}
	}
	return h
}

// normalOnTape is (x−μ)/√(σ²+ε).
func normalOnTape(t *tape.Tape, x row, epsilon float64) row {
	n := t.Const(float64(len(x)))
	mean := t.Sum(x...).Div(n)
	var squares, h row
	for _, v := range x {
		d := v.Sub(mean)
		squares = append(squares, d.Mul(d))
	}
	sd := t.Sum(squares...).Div(n).Add(t.Const(epsilon)).Sqrt()
	for _, v := range x {
		h = append(h, v.Sub(mean).Div(sd))
	}
	return h
}

func affineOnTape(gamma, beta row, x []row) []row {
	h := make([]row, len(x))
	for r := range x {
		for c, v := range x[r] {
			h[r] = append(h[r], v.Mul(gamma[c]).Add(beta[c]))
		}
	}
	return h
}

// costOnTape is E by its definition.
func costOnTape(t *tape.Tape, f cost.Func[float64], h []row, y mat.Matrix[float64]) value {
	var terms row
	rows, out := len(h), len(h[0])
	divisor := float64(rows)
	switch f := f.(type) {
	case cost.CrossEntropy[float64]:
		if f.Reduction == cost.Weights {
			divisor = 0
		}
		for r := range h {
			p := h[r]
			if f.On == cost.Logits {
				p = softmaxOnTape(t, p)
			}
			for c := range p {
				target := y.Row(r)[0]
				if y.Cols == out {
					target = y.Row(r)[c]
				} else if target == float64(c) {
					target = 1
				} else {
					target = 0
				}
				weight := 1.
				if f.ClassWeights != nil {
					weight = f.ClassWeights[c]
				}
				if f.Reduction == cost.Weights {
					divisor += weight * target
				}
				target = (1-f.LabelSmoothing)*target + f.LabelSmoothing/float64(out)
				terms = append(terms, scale(p[c].Log(), -weight*target, t))
			}
		}
	default:
		if f.Name() != "half-sse" {
			divisor *= float64(out)
		}
		for r := range h {
			for c := range h[r] {
				terms = append(terms, elementOnTape(t, f, h[r][c], y.At(r, c)))
			}
		}
	}
	return t.Sum(terms...).Div(t.Const(divisor))
}

func elementOnTape(t *tape.Tape, f cost.Func[float64], h value, y float64) value {
	one, d := t.Const(1), h.Sub(t.Const(y))
	switch f := f.(type) {
	case cost.MAE[float64]:
		return d.Abs()
	case cost.MSE[float64]:
		return d.Mul(d)
	case cost.HalfSSE[float64]:
		return scale(d.Mul(d), .5, t)
	case cost.Huber[float64]:
		if math.Abs(d.Value()) <= f.Delta {
			return scale(d.Mul(d), .5, t)
		}
		return scale(d.Abs().Sub(t.Const(f.Delta/2)), f.Delta, t)
	case cost.BinaryCrossEntropy[float64]:
		p := h
		if f.On == cost.Logits {
			p = one.Div(one.Add(h.Neg().Exp()))
		}
		return scale(p.Log(), -f.PositiveWeight*y, t).Add(scale(one.Sub(p).Log(), -(1 - y), t))
	}
	return t.Const(math.NaN())
}

// Tape and backpropagation agree to 1e-12 on the cost, every weight's gradient and every input's, for every layer kind ×
// activation × cost, plain and fused.
func TestTapeAgrees(t *testing.T) {
	compared := 0
	eachExample(t, func(t *testing.T, e example) {
		f, _ := e.cost.make()
		tp := tape.New()
		if onTape(tp, e.f) == nil {
			return
		}
		compared++
		p := e.net.NewPass(testRows, 3)
		got := f.Forward(p.Forward(e.x), e.y)
		w, x := variables(tp, e.net.Weights()), variables(tp, e.x.Data)
		rows := make([]row, testRows)
		for r := range rows {
			rows[r] = append(row(nil), x[r*testIn:(r+1)*testIn]...)
		}
		want := costOnTape(tp, f, layersOnTape(tp, e.net, p, w, rows), e.y)
		tp.Backward(want)
		if math.Abs(got-want.Value()) > 1e-12*max(1, math.Abs(want.Value())) {
			t.Errorf("E %.17g, tape %.17g", got, want.Value())
		}
		dx := p.BackwardPlain(f, e.y, false)
		if d := apart(dx.Data, grads(x)); !(d <= 1e-12) {
			t.Errorf("∂E/∂x off by %.2g", d)
		}
		if d := apart(p.Gradient(), grads(w)); !(d <= 1e-12) {
			t.Errorf("∂E/∂w off by %.2g", d)
		}
		p.Backward(f, e.y)
		if d := apart(p.Gradient(), grads(w)); !(d <= 1e-12) {
			t.Errorf("∂E/∂w by the short way off by %.2g", d)
		}
	})
	if least := len(shapes) * 12 * len(costCases()); compared < least {
		t.Errorf("%d networks were compared, expected %d", compared, least)
	}
}

func variables(t *tape.Tape, v []float64) row {
	list := make(row, len(v))
	for i, x := range v {
		list[i] = t.Var(x)
	}
	return list
}

func grads(v row) []float64 {
	list := make([]float64, len(v))
	for i := range v {
		list[i] = v[i].Grad()
	}
	return list
}
