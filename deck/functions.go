package deck

import "strings"

// copied are the deck's lines as it fills them in, where that is not with what it printed before.
var copied = map[string]string{
	"dEy1_dh11": "0.1602·0.2305·0.3 = 0.0111",
	"dEy2_dh11": "(−0.0041)·0.2392·0.5 = −0.0005",
	"w21'":      "0.3 − 0.5·(−0.1602)·0.2305·0.5349 = 0.3 + 0.0099 = 0.3099",
	"w22'":      "0.8 − 0.5·(−0.1602)·0.2305·0.5175 = 0.8096",
	"w23'":      "0.5 − 0.5·0.0041·0.2392·0.5349 = 0.4997",
	"w24'":      "0.3 − 0.5·0.0041·0.2392·0.5175 = 0.2997",
	"w11'":      "0.6 − 0.5·0.0106·0.2488·0.1 = 0.6 + 0.00013 = 0.59986",
	"w12'":      "0.4 − 0.5·0.0106·0.2488·0.2 = 0.39974",
	"w13'":      "0.1 − 0.5·0.0292·0.2497·0.1 = 0.09964",
	"w14'":      "0.3 − 0.5·0.0292·0.2497·0.2 = 0.29927",
	"o12'":      "0.09964·0.1 + 0.29985·0.2 = 0.06993",
	"o21'":      "0.3099·0.53493 + 0.8091·0.51748 = 0.5845",
}

// activations say f(o) and f′ in letters and with numbers: ○ stands for the neuron's number, 'for the mark of the second pass.
var activations = map[string]struct{ h, hNumbers, slope, slopeNumbers string }{
	"sigmoid":    {"1/(1 + e^(−o○))", "1/(1 + e^(−{o○'}))", "h○(1 − h○)", "{h○}·(1 − {h○})"},
	"tanh":       {"tanh(o○)", "tanh({o○'})", "1 − h○²", "1 − {h○}²"},
	"relu":       {"max(0, o○)", "max(0, {o○'})", "(o○ > 0)", "({o○} > 0)"},
	"leaky-relu": {"max(0.01·o○, o○)", "max(0.01·{o○'}, {o○'})", "f′(o○)", "f′({o○})"},
	"linear":     {"o○", "{o○'}", "1", "1"},
}

// costs say E and ∂E/∂h of one output, ○ its number, in letters and with numbers.
var costs = map[string]struct{ e, eNumbers, slope, slopeNumbers string }{
	"half-sse": {"½{(y₁ − h₂₁)² + (y₂ − h₂₂)²}", "½·[({y1} − {h21'})² + ({y2} − {h22'})²]", "h₂○ − y○", "{h2○} − {y○}"},
	"mse":      {"1/n·{(y₁ − h₂₁)² + (y₂ − h₂₂)²}", "1/2·[({y1} − {h21'})² + ({y2} − {h22'})²]", "2/n·(h₂○ − y○)", "2/2·({h2○} − {y○})"},
	"mae":      {"1/n·(|y₁ − h₂₁| + |y₂ − h₂₂|)", "1/2·(|{y1} − {h21'}| + |{y2} − {h22'}|)", "1/n·sign(h₂○ − y○)", "1/2·sign({h2○} − {y○})"},
	"binary-cross-entropy": {
		"−1/n·Σ{yᵢ·log h₂ᵢ + (1 − yᵢ)·log(1 − h₂ᵢ)}",
		"−1/2·[{y1}·log {h21'} + (1 − {y1})·log(1 − {h21'}) + {y2}·log {h22'} + (1 − {y2})·log(1 − {h22'})]",
		"1/n·(h₂○ − y○)/(h₂○(1 − h₂○))", "1/2·({h2○} − {y○})/({h2○}·(1 − {h2○}))",
	},
}

// lowered writes the digits of a symbol as subscripts.
var lowered = strings.NewReplacer("1", "₁", "2", "₂", "3", "₃", "4", "₄")

// lines are the rows of deck 4-5 for the example's functions and biases.
func (e Example) lines() []line {
	var list []line
	for _, l := range lines {
		if !strings.HasPrefix(l.page, "4-5") || l.symbol == "slip" {
			continue
		}
		list = append(list, e.adapt(l))
		switch {
		case e.B == nil:
		case l.symbol == "w24'":
			list = append(list, biases(l.page, "21", "22")...)
		case l.symbol == "w14'":
			list = append(list, biases(l.page, "11", "12")...)
		}
	}
	return list
}

// adapt writes a line for the example's functions; a line that the deck's functions have right stays as it is.
func (e Example) adapt(l line) line {
	name, mark := strings.TrimSuffix(l.symbol, "'"), ""
	if name != l.symbol {
		mark = "'"
	}
	result := " = {" + l.symbol + "}"
	switch {
	case name[0] == 'o' && e.B != nil:
		at := name[1:]
		l.formula += " + b" + lowered.Replace(at)
		l.numbers = strings.TrimSuffix(l.numbers, result) + " + {b" + at + mark + "}" + result
	case name[0] == 'h' && e.Activation != "sigmoid":
		f, at := activations[e.Activation], name[1:]
		l.formula = "h" + lowered.Replace(at) + " = f(o" + lowered.Replace(at) + ") = " + strings.ReplaceAll(f.h, "○", lowered.Replace(at))
		l.numbers = strings.NewReplacer("○", at, "'", mark).Replace(f.hNumbers) + result
	case name == "E" && e.Cost != "half-sse":
		l.formula = "E = " + costs[e.Cost].e
		l.numbers = strings.ReplaceAll(costs[e.Cost].eNumbers, "'", mark) + result
	case strings.HasPrefix(name, "dE_dh2") && e.Cost != "half-sse":
		c, at := costs[e.Cost], name[len("dE_dh2"):]
		l.formula = "∂E/∂h₂" + lowered.Replace(at) + " = " + strings.ReplaceAll(c.slope, "○", lowered.Replace(at))
		l.numbers = strings.ReplaceAll(c.slopeNumbers, "○", at) + result
	case strings.HasPrefix(name, "dh") && e.Activation != "sigmoid":
		f, at := activations[e.Activation], name[2:4]
		l.formula = "∂h" + lowered.Replace(at) + "/∂o" + lowered.Replace(at) + " = " + strings.ReplaceAll(f.slope, "○", lowered.Replace(at))
		l.numbers = strings.ReplaceAll(f.slopeNumbers, "○", at) + result
	case strings.HasPrefix(name, "dEy") && (e.Activation != "sigmoid" || e.Cost != "half-sse"):
		out, w := name[3:4], map[string]string{"1": "w₂₁", "2": "w₂₃"}[name[3:4]]
		at := lowered.Replace("2" + out)
		l.formula = "∂E_y" + lowered.Replace(out) + "/∂h₁₁ = ∂E/∂h" + at + "·∂h" + at + "/∂o" + at + "·" + w
	}
	return l
}

// biases are the gradient and the update of two biases: the weight of an input that is always 1.
func biases(page string, names ...string) []line {
	var list []line
	for _, at := range names {
		low := lowered.Replace(at)
		list = append(list,
			line{page: page, symbol: "dE_db" + at, formula: "∂E/∂b" + low + " = ∂E/∂h" + low + "·∂h" + low + "/∂o" + low, numbers: "{dE_dh" + at + "}·{dh" + at + "_do" + at + "} = {dE_db" + at + "}"},
			line{page: page, symbol: "b" + at + "'", formula: "b" + low + " := b" + low + " − α·∂E/∂b" + low, numbers: "{b" + at + "} − {α}·{dE_db" + at + "} = {b" + at + "'}"})
	}
	return list
}
