package cost

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"gradus/mat"
)

// number reads the reference's "Inf", "-Inf" and "NaN" beside plain numbers.
type number float64

func (n *number) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case `"NaN"`:
		*n = number(math.NaN())
	case `"Inf"`:
		*n = number(math.Inf(1))
	case `"-Inf"`:
		*n = number(math.Inf(-1))
	default:
		return json.Unmarshal(b, (*float64)(n))
	}
	return nil
}

// reference is testdata/losses.json: PyTorch 1.13 in float64 and, for both cross-entropies, exactly rounded values.
type reference struct {
	Regression struct {
		Pred, Target [][]number
		Cases        []struct {
			Loss, Reduction string
			Value           number
			Grad            [][]number
		}
	}
	RegressionExtreme [][]any `json:"regression_extreme_torch"`
	Prob              struct {
		P     []number
		Cases []struct {
			Y          number
			TorchValue []number `json:"torch_value"`
			TorchGrad  []number `json:"torch_grad"`
			ExactValue []number `json:"exact_value"`
		}
	} `json:"bce_prob"`
	Logits struct {
		Z     []number
		Cases []struct {
			Y           number
			Value, Grad []number
		}
	} `json:"bce_logits"`
	PosWeight struct {
		Z, Y   []number
		Weight number `json:"pos_weight"`
		Value  number
		Grad   []number
	} `json:"bce_logits_pos_weight"`
	CrossEntropy struct {
		Logits [][]number
		Index  []number
		Prob   [][]number
		Cases  []struct {
			Case, Reduction string
			Weight          []number
			Value           number
			Grad            [][]number
		}
	} `json:"cross_entropy"`
	Extreme []struct {
		Logits []number
		Index  number
		Value  number
		Grad   []number
	} `json:"cross_entropy_extreme"`
}

func load(t *testing.T) reference {
	b, err := os.ReadFile("testdata/losses.json")
	if err != nil {
		t.Fatal(err)
	}
	var r reference
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func matrix(rows ...[]number) mat.Matrix[float64] {
	m := mat.New[float64](len(rows), len(rows[0]))
	for r, row := range rows {
		for c, v := range row {
			m.Row(r)[c] = float64(v)
		}
	}
	return m
}

// near is 1e-14 of size; NaN is near NaN and an infinity near itself.
func near(got, want, size float64) bool {
	if math.IsNaN(want) || math.IsInf(want, 0) {
		return got == want || got != got && want != want
	}
	return math.Abs(got-want) <= 1e-14*size+1e-300
}

// judge compares value and gradient, each times scale, with the reference: 1e-14 of the value, and of the gradient's largest
// element (PyTorch's own smaller ones carry the rounding of differences: 2.4e-14 and 3e-14 of themselves in two places).
func judge(t *testing.T, name string, f Func[float64], h, y mat.Matrix[float64], scale, value float64, grad mat.Matrix[float64]) {
	t.Helper()
	if got := f.Forward(h, y) * scale; !near(got, value, math.Abs(value)) {
		t.Errorf("%s: E %v, reference %v", name, got, value)
	}
	dh := mat.New[float64](h.Rows, h.Cols)
	f.Backward(dh, h, y)
	var largest float64
	for _, g := range grad.Data {
		largest = max(largest, math.Abs(g))
	}
	for i, d := range dh.Data {
		if !near(d*scale, grad.Data[i], largest) {
			t.Errorf("%s: gradient %d is %v, reference %v", name, i, d*scale, grad.Data[i])
		}
	}
}

func TestRegressionReference(t *testing.T) {
	r := load(t).Regression
	costs := map[string]Func[float64]{
		"mae": MAE[float64]{}, "mse": MSE[float64]{}, "huber_1": Huber[float64]{}, "huber_0.25": Huber[float64]{Delta: 0.25},
		"smooth_l1_0.25": Huber[float64]{Delta: 0.25}, "half_sse(deck E)": HalfSSE[float64]{},
	}
	for _, c := range r.Cases {
		h, y, scale := matrix(r.Pred...), matrix(r.Target...), 1.0
		if c.Reduction == "sum" {
			scale = float64(len(h.Data))
		}
		if c.Loss == "smooth_l1_0.25" {
			scale /= 0.25 // smooth L1 is Huber over δ
		}
		if c.Loss == "half_sse(deck E)" { // a sum over everything: that of one row
			h, y, scale = mat.View(1, len(h.Data), h.Data), mat.View(1, len(y.Data), y.Data), 1
		}
		if costs[c.Loss] == nil {
			t.Fatal("no cost for", c.Loss)
		}
		judge(t, c.Loss+" "+c.Reduction, costs[c.Loss], h, y, scale, float64(c.Value), matrix(c.Grad...))
	}
}

func TestRegressionExtremes(t *testing.T) {
	costs := map[string]Func[float64]{"mae": MAE[float64]{}, "mse": MSE[float64]{}, "huber_1": Huber[float64]{}}
	words := map[any]float64{"Inf": math.Inf(1), "-Inf": math.Inf(-1), "NaN": math.NaN()}
	for _, c := range load(t).RegressionExtreme {
		var v [4]float64 // h, y, E, gradient
		for i, x := range c[1:] {
			if f, ok := x.(float64); ok {
				v[i] = f
			} else {
				v[i] = words[x]
			}
		}
		one := func(x float64) mat.Matrix[float64] { return mat.From([]float64{x}) }
		judge(t, c[0].(string), costs[c[0].(string)], one(v[0]), one(v[1]), 1, v[2], one(v[3]))
	}
}

// On probabilities PyTorch's holds are the reference where they act, and the exact value elsewhere: PyTorch 1.13 took log(1−p)
// and lost digits near p = 0.
func TestBinaryOnProbabilities(t *testing.T) {
	r := load(t).Prob
	for _, c := range r.Cases {
		for i, p := range r.P {
			value := c.ExactValue[i]
			if p < 1e-200 || p == 1 {
				value = c.TorchValue[i]
			}
			judge(t, "binary", BinaryCrossEntropy[float64]{}, matrix([]number{p}), matrix([]number{c.Y}), 1, float64(value),
				matrix([]number{c.TorchGrad[i]}))
		}
	}
}

func TestBinaryOnLogits(t *testing.T) {
	r := load(t)
	for _, c := range r.Logits.Cases {
		for i, z := range r.Logits.Z {
			judge(t, "binary on logits", BinaryCrossEntropy[float64]{On: Logits}, matrix([]number{z}), matrix([]number{c.Y}), 1,
				float64(c.Value[i]), matrix([]number{c.Grad[i]}))
		}
	}
	p := r.PosWeight
	f := BinaryCrossEntropy[float64]{On: Logits, PositiveWeight: float64(p.Weight)}
	judge(t, "positive weight", f, matrix(p.Z), matrix(p.Y), 1, float64(p.Value), matrix(p.Grad))
}

func TestCrossEntropyReference(t *testing.T) {
	r := load(t).CrossEntropy
	index := mat.New[float64](len(r.Index), 1)
	for i, v := range r.Index {
		index.Data[i] = float64(v)
	}
	for _, c := range r.Cases {
		f, y, scale := CrossEntropy[float64]{On: Logits}, index, 1.0
		switch c.Case {
		case "index":
		case "prob":
			y = matrix(r.Prob...)
		case "index+class_weight (mean divides by sum of weights of targets)":
			f.Reduction = Weights
		case "prob+class_weight (mean divides by N)":
			y = matrix(r.Prob...)
		case "index+label_smoothing 0.1":
			f.LabelSmoothing = 0.1
		default:
			t.Fatal("unknown case", c.Case)
		}
		if c.Reduction == "sum" {
			scale = float64(len(r.Index))
		}
		for _, w := range c.Weight {
			f.ClassWeights = append(f.ClassWeights, float64(w))
		}
		judge(t, c.Case+" "+c.Reduction, f, matrix(r.Logits...), y, scale, float64(c.Value), matrix(c.Grad...))
	}
}

func TestCrossEntropyExtremes(t *testing.T) {
	for _, c := range load(t).Extreme {
		judge(t, "extreme", CrossEntropy[float64]{On: Logits}, matrix(c.Logits), matrix([]number{c.Index}), 1, float64(c.Value), matrix(c.Grad))
	}
}
