package deck

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"gradus/activation"
	"gradus/trace"
)

// Spec is the worked example as deck 4-5-2 to 4-5-10 gives it: weights, one row, ½Σ, α = .5.
func Spec() trace.Spec {
	alpha := trace.Number(.5)
	sigmoid := trace.Activation{Name: "sigmoid"}
	return trace.Spec{
		Layers: []trace.Layer{
			{Kind: "dense", Activation: sigmoid, Weights: [][]trace.Number{{.6, .4}, {.1, .3}}},
			{Kind: "dense", Activation: sigmoid, Weights: [][]trace.Number{{.3, .8}, {.5, .3}}},
		},
		Cost:      trace.Cost{Name: "half-sse"},
		Optimizer: trace.Optimizer{Name: "descent", Alpha: &alpha},
		Batches:   []trace.Batch{{X: [][]trace.Number{{.1, .2}}, Y: [][]trace.Number{{.8, .6}}}},
	}
}

// values are exact numbers by their symbol.
type values map[string]float64

// compute runs the engine: the example, its second forward pass, the same with the deck's slip, and what shows the other slips.
func compute() (values, error) {
	v := values{}
	before, err := trace.Run(context.Background(), Spec(), trace.Options{})
	if err != nil {
		return nil, err
	}
	v.given()
	v.forward(before.Steps[0], "")
	v.chain(before.Steps[0])
	v.weights(before.Layers, "'")
	after, err := again(before.Layers)
	if err != nil {
		return nil, err
	}
	v.forward(after, "'")
	v["drop"] = v["E"] - v["E'"]
	if err := v.slipped(before.Layers); err != nil {
		return nil, err
	}
	return v, v.claims()
}

// given are the numbers of deck 4-5-4, 4-5-9 and 4-5-18.
func (v values) given() {
	s := Spec()
	for l, layer := range s.Layers {
		for r, row := range layer.Weights {
			for c, w := range row {
				v["w"+strconv.Itoa(l+1)+strconv.Itoa(2*r+c+1)] = float64(w)
			}
		}
	}
	for i := range 2 {
		v["x"+strconv.Itoa(i+1)], v["y"+strconv.Itoa(i+1)] = float64(s.Batches[0].X[0][i]), float64(s.Batches[0].Y[0][i])
	}
	v["α"] = float64(*s.Optimizer.Alpha)
}

// forward names o, h and E of a step.
func (v values) forward(s trace.Step, mark string) {
	for l, c := range s.Layers {
		for i := range 2 {
			at := strconv.Itoa(l+1) + strconv.Itoa(i+1) + mark
			v["o"+at], v["h"+at] = c.O[0][i], c.H[0][i]
		}
	}
	v["E"+mark] = s.Cost
}

func (v values) weights(layers []trace.State, mark string) {
	for l, s := range layers {
		for i, w := range slices.Concat(s.Weights...) {
			v["w"+strconv.Itoa(l+1)+strconv.Itoa(i+1)+mark] = w
		}
	}
}

// chain names every link of the chain rule, deck 4-5-14 to 4-5-25.
func (v values) chain(s trace.Step) {
	for l, c := range s.Layers {
		for i := range 2 {
			at := strconv.Itoa(l+1) + strconv.Itoa(i+1)
			v["dE_dh"+at] = c.DH[0][i]
			_, v["dh"+at+"_do"+at] = activation.At(activation.Sigmoid[float64]{}, v["o"+at])
		}
		for i, d := range slices.Concat(c.DW...) {
			w := "w" + strconv.Itoa(l+1) + strconv.Itoa(i+1)
			v["dE_d"+w], v["step_"+w] = d, -v["α"]*d
		}
	}
	v["do21_dw21"], v["do11_dw11"] = v["h11"], v["x1"]
	out := s.Layers[1].DO[0]
	v["dEy1_dh11"], v["dEy2_dh11"] = out[0]*v["w21"], out[1]*v["w23"]
}

// again runs the forward pass with the weights of layers.
func again(layers []trace.State) (trace.Step, error) {
	s := Spec()
	for l := range s.Layers {
		for r, row := range layers[l].Weights {
			for c, w := range row {
				s.Layers[l].Weights[r][c] = trace.Number(w)
			}
		}
	}
	result, err := trace.Run(context.Background(), s, trace.Options{})
	if err != nil {
		return trace.Step{}, err
	}
	return result.Steps[0], nil
}

// slipped follows the slip of 4-5-21 to its end: w₁₁ … w₁₄ moved by +α·∂E/∂w, against their gradient.
func (v values) slipped(after []trace.State) error {
	wrong := []trace.State{{}, after[1]}
	for r := range 2 {
		row := make([]float64, 2)
		for c := range row {
			w := "w1" + strconv.Itoa(2*r+c+1)
			row[c] = v[w] - v["step_"+w]
			v[w+"!"] = row[c]
		}
		wrong[0].Weights = append(wrong[0].Weights, row)
	}
	s, err := again(wrong)
	if err != nil {
		return err
	}
	v.forward(s, "!")
	v["drop!"] = v["E"] - v["E!"]
	return nil
}

// fill replaces every {symbol} by its value.
func (v values) fill(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		show := number(v[name])
		if math.Signbit(v[name]) && !strings.HasSuffix(before, "= ") {
			show = "(" + show + ")"
		}
		b.WriteString(show)
		text = after
	}
}

// number shows eight decimals, fewer where they are zeros.
func number(x float64) string {
	s := strconv.FormatFloat(x, 'f', 8, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	return strings.Replace(s, "-", "−", 1)
}

// args are all values as the notes name them: e_wrong is {E!}.
func (v values) args() []any {
	var list []any
	for name, x := range v {
		name = strings.NewReplacer("'", "_after", "!", "_wrong", "α", "alpha").Replace(strings.ToLower(name))
		list = append(list, name, number(x))
	}
	return list
}
