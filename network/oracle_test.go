package network

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"gradus/activation"
	"gradus/cost"
	"gradus/mat"
	"gradus/optimizer"
)

// reference is testdata/reference.json: PyTorch 1.13 and NumPy in float64.
type reference struct {
	MLP struct {
		Sizes []int         `json:"sizes"`
		W     [][][]float64 `json:"W"`
		B     [][]float64   `json:"b"`
		X     [][]float64   `json:"x"`
		Y     []float64     `json:"y"`
		Cases []struct {
			Act, Out string
			Loss     float64
			Logits   [][]float64
			GW       [][][]float64 `json:"gW"`
			Gb       [][]float64   `json:"gb"`
			Gx       [][]float64   `json:"gx"`
			Target   [][]float64
		} `json:"cases"`
		Momentum curve `json:"train20_tanh_sgd"`
		Adam     curve `json:"train20_tanh_adam"`
	} `json:"mlp_5_7_4_3"`
	Batch struct {
		X, Upstream, Gx   [][]float64
		TrainY            [][]float64 `json:"train_y"`
		EvalY             [][]float64 `json:"eval_y"`
		Gamma, Beta       []float64
		Ggamma, Gbeta     []float64
		Eps, Momentum     float64
		RunningMean       []float64 `json:"running_mean"`
		RunningVar        []float64 `json:"running_var"`
		RunningMeanSecond []float64 `json:"running_mean_after_2nd(x*0.5+1)"`
		RunningVarSecond  []float64 `json:"running_var_after_2nd"`
	} `json:"batchnorm1d"`
	Layer struct {
		Eps   float64
		Y, Gx [][]float64
	} `json:"layernorm"`
	Dropout struct {
		P         float64
		X, Mask   []float64
		TrainY    []float64 `json:"train_y"`
		GradOfSum []float64 `json:"grad_of_sum"`
		EvalY     []float64 `json:"eval_y"`
		ExpectY   []float64 `json:"expect_y"`
		VarY      []float64 `json:"var_y"`
	} `json:"dropout"`
	Init struct {
		In          int     `json:"fan_in"`
		Out         int     `json:"fan_out"`
		Xavier      float64 `json:"xavier_uniform_bound"`
		XavierN     float64 `json:"xavier_normal_std"`
		He          float64 `json:"kaiming_uniform_relu_bound"`
		HeN         float64 `json:"kaiming_normal_relu_std"`
		TorchLinear float64 `json:"torch_linear_default_bound"` // 1/√in
	} `json:"init"`
}

type curve struct {
	Loss []float64
	W2   [][]float64 `json:"W2_final"`
}

func readReference(t *testing.T) reference {
	t.Helper()
	b, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var r reference
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// mlp is the 5-7-4-3 network with its given weights.
func (r reference) mlp(t *testing.T, hidden, last string) *Network[float64] {
	t.Helper()
	var layers []Layer[float64]
	for i, units := range r.MLP.Sizes[1:] {
		name := hidden
		if i == len(r.MLP.Sizes)-2 {
			name = last
		}
		f, err := activation.ByName[float64](name)
		if err != nil {
			t.Fatal(err)
		}
		layers = append(layers, &Dense[float64]{Units: units, Activation: f, Initial: Given{slices.Concat(r.MLP.W[i]...)}})
	}
	net, err := New(r.MLP.Sizes[0], layers...)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(0)
	for i, l := range layers {
		copy(l.(*Dense[float64]).Biases(), r.MLP.B[i])
	}
	return net
}

func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if d := apart(got, want); !(d <= tolerance) {
		t.Errorf("%s off by %.2g: %v, want %v", what, d, got, want)
	}
}

func flat(rows [][]float64) []float64 { return slices.Concat(rows...) }

// Ten activations with cross-entropy on logits, sigmoid with MSE, tanh with binary cross-entropy on logits.
func TestReferenceGradients(t *testing.T) {
	r := readReference(t)
	if len(r.MLP.Cases) != 12 {
		t.Fatalf("%d cases", len(r.MLP.Cases))
	}
	for _, c := range r.MLP.Cases {
		t.Run(c.Act+" "+c.Out, func(t *testing.T) {
			last, f, y := "linear", cost.Func[float64](cost.CrossEntropy[float64]{On: cost.Logits}), mat.View(len(r.MLP.Y), 1, r.MLP.Y)
			switch c.Out {
			case "sigmoid+mse(mean)":
				last, f, y = "sigmoid", cost.MSE[float64]{}, mat.From(c.Target...)
			case "bce_logits(mean)":
				f, y = cost.BinaryCrossEntropy[float64]{On: cost.Logits}, mat.From(c.Target...)
			}
			net := r.mlp(t, strings.ReplaceAll(c.Act, "_", "-"), last)
			p := net.NewPass(6, 0)
			h := p.Forward(mat.From(r.MLP.X...))
			near(t, "loss", []float64{f.Forward(h, y)}, []float64{c.Loss}, 1e-12)
			if c.Logits != nil {
				near(t, "logits", h.Data, flat(c.Logits), 1e-12)
			}
			dx := p.BackwardPlain(f, y, false)
			if c.Gx != nil {
				near(t, "gx", dx.Data, flat(c.Gx), 1e-12)
			}
			for _, s := range net.Spans() {
				want := c.Gb[s.Layer]
				if s.Name == "weights" {
					want = flat(c.GW[s.Layer])
				}
				near(t, s.Name, p.Gradient()[s.Start:s.End], want, 1e-12)
			}
		})
	}
}

// Softmax with cross-entropy on probabilities is the same network as logits with the softmax in the cost.
func TestReferenceBySoftmax(t *testing.T) {
	r := readReference(t)
	c := r.MLP.Cases[2] // tanh
	net := r.mlp(t, c.Act, "softmax")
	p := net.NewPass(6, 0)
	f, y := cost.CrossEntropy[float64]{}, mat.View(6, 1, r.MLP.Y)
	near(t, "loss", []float64{f.Forward(p.Forward(mat.From(r.MLP.X...)), y)}, []float64{c.Loss}, 1e-12)
	for name, back := range map[string]func(){
		"fused": func() { p.Backward(f, y) }, "plain": func() { p.BackwardPlain(f, y, true) },
	} {
		back()
		for _, s := range net.Spans() {
			if s.Name == "weights" {
				near(t, name, p.Gradient()[s.Start:s.End], flat(c.GW[s.Layer]), 1e-12)
			}
		}
	}
}

// Twenty steps on the whole batch: momentum .9 with α .05, Adam with α .02.
func TestReferenceCurves(t *testing.T) {
	r := readReference(t)
	for name, c := range map[string]struct {
		rule  string
		alpha float64
		want  curve
	}{"momentum": {"momentum", .05, r.MLP.Momentum}, "adam": {"adam", .02, r.MLP.Adam}} {
		net := r.mlp(t, "tanh", "linear")
		rule, err := optimizer.New[float64](c.rule, len(net.Weights()), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		p, f := net.NewPass(6, 0), cost.CrossEntropy[float64]{On: cost.Logits}
		x, y := mat.From(r.MLP.X...), mat.View(6, 1, r.MLP.Y)
		var loss []float64
		for range 20 {
			loss = append(loss, f.Forward(p.Forward(x), y))
			p.Backward(f, y)
			rule.Step(c.alpha, net.Weights(), p.Gradient())
		}
		near(t, name+" loss", loss, c.want.Loss, 1e-11)
		near(t, name+" last weights", net.Layers()[2].(*Dense[float64]).Weights().Data, flat(c.want.W2), 1e-11)
	}
}

// given is a cost whose gradient is what PyTorch was handed from above: E = Σ u·h.
type given struct{ u []float64 }

func (given) Name() string { return "given" }

func (g given) Forward(h, _ mat.Matrix[float64]) (e float64) {
	for i, v := range h.Data {
		e += v * g.u[i]
	}
	return e
}

func (g given) Backward(dh, _, _ mat.Matrix[float64]) { copy(dh.Data, g.u) }

func TestReferenceBatchNorm(t *testing.T) {
	r := readReference(t).Batch
	layer := &BatchNorm[float64]{Epsilon: r.Eps, Momentum: r.Momentum}
	net, err := New[float64](4, layer)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(0)
	copy(net.Weights(), append(slices.Clone(r.Gamma), r.Beta...))
	x, second := mat.From(r.X...), mat.From(r.X...)
	for i := range second.Data {
		second.Data[i] = second.Data[i]*.5 + 1
	}
	p := net.NewPass(5, 0)
	// Column 4 is constant: its √(σ²+ε) is √ε, which makes 316 of every rounding.
	near(t, "y", p.Forward(x).Data, flat(r.TrainY), 1e-12)
	dx := p.BackwardPlain(given{flat(r.Upstream)}, x, false)
	near(t, "gx", dx.Data, flat(r.Gx), 1e-12)
	near(t, "gγ", p.Gradient()[:4], r.Ggamma, 1e-12)
	near(t, "gβ", p.Gradient()[4:], r.Gbeta, 1e-12)
	p.Settle()
	near(t, "running mean", net.Buffers()[0].Values, r.RunningMean, 1e-14)
	near(t, "running variance", net.Buffers()[1].Values, r.RunningVar, 1e-14)
	near(t, "prediction", net.NewPrediction(5).Forward(x).Data, flat(r.EvalY), 1e-12)
	p.Forward(second)
	p.Settle()
	near(t, "running mean after the second", layer.Buffers()[0].Values, r.RunningMeanSecond, 1e-14)
	near(t, "running variance after the second", layer.Buffers()[1].Values, r.RunningVarSecond, 1e-14)
}

func TestReferenceLayerNorm(t *testing.T) {
	all := readReference(t)
	r := all.Layer
	net, err := New[float64](4, &LayerNorm[float64]{Epsilon: r.Eps})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(0)
	x := mat.From(all.Batch.X...)
	p := net.NewPass(5, 0)
	near(t, "y", p.Forward(x).Data, flat(r.Y), 1e-12)
	near(t, "gx", p.BackwardPlain(given{flat(all.Batch.Upstream)}, x, false).Data, flat(r.Gx), 1e-12)
	near(t, "prediction", net.NewPrediction(5).Forward(x).Data, flat(r.Y), 1e-12)
}

// The reference's mask comes up by chance among seeds; with it, every number is the reference's.
func TestReferenceDropout(t *testing.T) {
	r := readReference(t).Dropout
	net, err := New[float64](len(r.X), &Dropout[float64]{Rate: r.P})
	if err != nil {
		t.Fatal(err)
	}
	x, ones := mat.From(r.X), mat.New[float64](1, len(r.X))
	for i := range ones.Data {
		ones.Data[i] = 1
	}
	for seed := range uint64(5000) {
		p := net.NewPass(1, seed)
		if h := p.Forward(ones); !sameMask(h.Data, r.Mask) {
			continue
		}
		p.Iteration(0)
		for i, v := range p.Forward(x).Data {
			want := r.TrainY[i] // x/.75; the engine multiplies by 1/.75, which may differ in the last place
			if math.Abs(v-want) > 2e-16*math.Abs(want) || math.Signbit(v) != math.Signbit(want) {
				t.Errorf("h%d = %v, want %v", i, v, want)
			}
		}
		near(t, "gradient", p.BackwardPlain(given{ones.Data}, x, false).Data, r.GradOfSum, 0)
		near(t, "prediction", net.NewPrediction(1).Forward(x).Data, r.EvalY, 0)
		return
	}
	t.Error("the mask never came up")
}

func sameMask(h, mask []float64) bool {
	for i := range h {
		if (h[i] != 0) != (mask[i] != 0) {
			return false
		}
	}
	return true
}

// Mean and variance of dropped-out numbers: E h = x, Var h = x²·p/(1−p).
func TestDropoutMoments(t *testing.T) {
	r := readReference(t).Dropout
	net, err := New[float64](len(r.X), &Dropout[float64]{Rate: r.P})
	if err != nil {
		t.Fatal(err)
	}
	p, x := net.NewPass(1, 1), mat.From(r.X)
	const draws = 40000
	sum, square := make([]float64, len(r.X)), make([]float64, len(r.X))
	for i := range draws {
		p.Iteration(i)
		for c, v := range p.Forward(x).Data {
			sum[c] += v
			square[c] += v * v
		}
	}
	for c, v := range r.X {
		mean := sum[c] / draws
		variance := square[c]/draws - mean*mean
		if spread := 5 * math.Sqrt(r.VarY[c]/draws); math.Abs(mean-r.ExpectY[c]) > spread || math.Abs(variance-r.VarY[c]) > .05*r.VarY[c] {
			t.Errorf("x = %v: mean %v, variance %v, want %v", v, mean, variance, r.VarY[c])
		}
	}
}

// The bounds and standard deviations of the initialisers for 784 → 128.
func TestReferenceInit(t *testing.T) {
	r := readReference(t).Init
	bound, sd := map[string]float64{"xavier": r.Xavier, "he": r.He, "lecun": math.Sqrt(3) * r.TorchLinear, "uniform": .5},
		map[string]float64{"xavier-normal": r.XavierN, "he-normal": r.HeN, "lecun-normal": r.TorchLinear, "normal": .1}
	for name, b := range bound {
		sd[name] = b / math.Sqrt(3)
	}
	tested := 0
	for _, s := range Initializers() {
		draw, n := rand.New(rand.NewPCG(1, 2)), r.In*r.Out
		var sum, square, largest float64
		for i := range n {
			w := s.Draw(draw, r.In, r.Out, i)
			sum, square, largest = sum+w, square+w*w, max(largest, math.Abs(w))
		}
		mean := sum / float64(n)
		if want, ok := sd[s.Name()]; ok {
			tested++
			if got := math.Sqrt(square / float64(n)); math.Abs(got/want-1) > .02 || math.Abs(mean) > 5*want/math.Sqrt(float64(n)) {
				t.Errorf("%s: mean %v, standard deviation %v, want %v", s.Name(), mean, got, want)
			}
		}
		if want, ok := bound[s.Name()]; ok && (largest > want*(1+1e-15) || largest < .999*want) {
			t.Errorf("%s: the largest is %v, want up to %v", s.Name(), largest, want)
		}
	}
	if tested != 8 {
		t.Errorf("%d of 8 random initialisers were seen", tested)
	}
}
