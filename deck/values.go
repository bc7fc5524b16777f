package deck

import (
	"context"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"gradus/activation"
	"gradus/trace"
)

// values are exact numbers by their symbol.
type values map[string]float64

// compute runs the engine: the example, its second forward pass, the same with the deck's slip, and what shows the other slips.
func compute() (values, error) {
	v, err := Worked().values()
	if err != nil {
		return nil, err
	}
	return v, v.claims()
}

// values computes every number of the example.
func (e Example) values() (values, error) {
	v := values{}
	before, err := trace.Run(context.Background(), e.Spec(), trace.Options{})
	if err != nil {
		return nil, err
	}
	v.given(e)
	v.forward(before.Steps[0], "")
	if err := v.chain(e, before.Steps[0]); err != nil {
		return nil, err
	}
	after := e.learnt(before.Layers)
	v.weights(after, "'")
	if err := v.again(after, "'"); err != nil {
		return nil, err
	}
	return v, v.slipped(e, after)
}

// given are the numbers of deck 4-5-4, 4-5-9 and 4-5-18.
func (v values) given(e Example) {
	v.weights(e, "")
	for i := range 2 {
		v["x"+strconv.Itoa(i+1)], v["y"+strconv.Itoa(i+1)] = e.X[i], e.Y[i]
	}
	v["α"] = e.Alpha
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

func (v values) weights(e Example, mark string) {
	for i, w := range e.W {
		v["w"+strconv.Itoa(i/4+1)+strconv.Itoa(i%4+1)+mark] = w
	}
	if e.B != nil {
		for i, b := range e.B {
			v["b"+strconv.Itoa(i/2+1)+strconv.Itoa(i%2+1)+mark] = b
		}
	}
}

// chain names every link of the chain rule, deck 4-5-14 to 4-5-25.
func (v values) chain(e Example, s trace.Step) error {
	f, err := activation.ByName[float64](e.Activation)
	if err != nil {
		return err
	}
	for l, c := range s.Layers {
		for i := range 2 {
			at := strconv.Itoa(l+1) + strconv.Itoa(i+1)
			v["dE_dh"+at] = c.DH[0][i]
			_, v["dh"+at+"_do"+at] = activation.At(f, v["o"+at])
			if e.B != nil {
				v["dE_db"+at] = c.DB[i]
			}
		}
		for i, d := range slices.Concat(c.DW...) {
			w := "w" + strconv.Itoa(l+1) + strconv.Itoa(i+1)
			v["dE_d"+w], v["step_"+w] = d, -v["α"]*d
		}
	}
	v["do21_dw21"], v["do11_dw11"] = v["h11"], v["x1"]
	out := s.Layers[1].DO[0]
	v["dEy1_dh11"], v["dEy2_dh11"] = out[0]*v["w21"], out[1]*v["w23"]
	v["dEy1_dh12"], v["dEy2_dh12"] = out[0]*v["w22"], out[1]*v["w24"]
	return nil
}

// again runs the forward pass of an example whose weights have changed, and names its numbers with mark.
func (v values) again(e Example, mark string) error {
	result, err := trace.Run(context.Background(), e.Spec(), trace.Options{})
	if err != nil {
		return err
	}
	v.forward(result.Steps[0], mark)
	v["drop"+strings.TrimPrefix(mark, "'")] = v["E"] - v["E"+mark]
	return nil
}

// slipped follows the slip of 4-5-21 to its end: the first layer moved by +α·∂E/∂w, against its gradient.
func (v values) slipped(e, after Example) error {
	wrong := e.wrong(after)
	v.weights(wrong, "!")
	return v.again(wrong, "!")
}

// fill replaces every {symbol} by its value with eight decimals.
func (v values) fill(text string) string { return v.fillWith(text, number) }

// fillWith replaces every {symbol} by its value as show writes it.
func (v values) fillWith(text string, write func(float64) string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		show := write(v[name])
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

// short shows four decimals, or all eight of a small number.
func short(x float64) string {
	if math.Abs(x) < .01 {
		return number(x)
	}
	return number(math.Round(x*1e4) / 1e4)
}

// args are all values as the notes name them: e_wrong is {E!}.
func (v values) args() []any {
	var list []any
	for _, name := range slices.Sorted(maps.Keys(v)) {
		x := v[name]
		name = strings.NewReplacer("'", "_after", "!", "_wrong", "α", "alpha").Replace(strings.ToLower(name))
		list = append(list, name, number(x))
	}
	return list
}
