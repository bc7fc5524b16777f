package export

import (
	"strconv"

	"gradus/activation"
	"gradus/model"
	"gradus/network"
)

// step is one line of the prediction: op reads the vector from and writes or adds to the vector to; both are numbers of vectors.
type step struct {
	op       string // dense, batchNorm, layerNorm, ramps, first, clear, add, or the name of an activation
	from, to int
	arrays   []int   // numbers of the constants it takes
	value    float64 // epsilon, or the slope of leaky-relu
}

// constant is an array of the file.
type constant struct {
	name   string
	values []float32
	places []int // of ramps: the columns they stand on
}

// program is a network as straight lines over vectors x0, x1 …; x0 holds the features.
type program struct {
	widths    []int
	constants []constant
	steps     []step
	named     map[string][]float32
	buffers   []network.Buffer[float32]
}

func programOf(m *model.Model) *program {
	p := &program{widths: []int{m.Network.In()}, named: map[string][]float32{}, buffers: m.Network.Buffers()}
	for name, v := range m.Network.Named() {
		p.named[name] = v.Data
	}
	p.layers(0, m.Network.Specs(), "")
	return p
}

// vector makes room for width numbers.
func (p *program) vector(width int) int {
	p.widths = append(p.widths, width)
	return len(p.widths) - 1
}

// layers appends the steps of specs behind vector x and returns the vector they end in.
func (p *program) layers(x int, specs []network.Spec, prefix string) int {
	for i, s := range specs {
		x = p.layer(x, s, prefix+strconv.Itoa(i)+".")
	}
	return x
}

func (p *program) layer(x int, s network.Spec, prefix string) int {
	width := p.widths[x]
	switch s.Kind {
	case "dense":
		w, b := p.array(prefix+"weights", p.named[prefix+"weights"]), p.array(prefix+"biases", p.bias(prefix, s))
		x = p.step(step{op: "dense", from: x, arrays: []int{w, b}}, s.Units)
	case "batch-norm":
		mean, variance := p.buffers[0].Values, p.buffers[1].Values
		p.buffers = p.buffers[2:]
		list := []int{p.array(prefix+"mean", mean), p.array(prefix+"variance", variance)}
		x = p.step(step{op: "batchNorm", from: x, arrays: append(list, p.norm(prefix)...), value: s.Epsilon}, width)
	case "layer-norm":
		x = p.step(step{op: "layerNorm", from: x, arrays: p.norm(prefix), value: s.Epsilon}, width)
	case "ramps":
		x = p.step(step{op: "ramps", from: x, arrays: p.ramps(prefix, s.Ramps)}, width+len(s.Ramps))
	case "first":
		x = p.step(step{op: "first", from: x}, s.Units)
	case "sum":
		x = p.sum(x, s, prefix)
	}
	if s.Activation != "" && s.Activation != (activation.Linear[float32]{}).Name() {
		f := step{op: s.Activation, from: x, to: x}
		if f.op == (activation.LeakyReLU[float32]{}).Name() {
			if f.value = s.Slope; f.value == 0 {
				f.value = activation.DefaultSlope
			}
		}
		p.steps = append(p.steps, f)
	}
	return x
}

// sum adds what each chain makes of x, in their order, from 0 on.
func (p *program) sum(x int, s network.Spec, prefix string) int {
	at, total := len(p.steps), 0
	p.steps = append(p.steps, step{op: "clear"})
	for c, chain := range s.Chains {
		out := p.layers(x, chain, prefix+strconv.Itoa(c)+".")
		if c == 0 {
			total = p.vector(p.widths[out])
			p.steps[at].to = total
		}
		p.steps = append(p.steps, step{op: "add", from: out, to: total})
	}
	return total
}

func (p *program) step(s step, width int) int {
	s.to = p.vector(width)
	p.steps = append(p.steps, s)
	return s.to
}

func (p *program) array(name string, v []float32) int {
	p.constants = append(p.constants, constant{name: name, values: v})
	return len(p.constants) - 1
}

// bias is zeros where a layer has none: they change no sum.
func (p *program) bias(prefix string, s network.Spec) []float32 {
	if s.NoBias {
		return make([]float32, s.Units)
	}
	return p.named[prefix+"biases"]
}

func (p *program) norm(prefix string) []int {
	return []int{p.array(prefix+"gamma", p.named[prefix+"gamma"]), p.array(prefix+"beta", p.named[prefix+"beta"])}
}

func (p *program) ramps(prefix string, list []network.Ramp) []int {
	of, from, steep := make([]int, len(list)), make([]float32, len(list)), make([]float32, len(list))
	for i, r := range list {
		of[i], from[i], steep[i] = r.Of, float32(r.From), float32(1/(r.To-r.From))
	}
	p.constants = append(p.constants, constant{name: prefix + "of", places: of})
	return []int{len(p.constants) - 1, p.array(prefix+"from", from), p.array(prefix+"steep", steep)}
}
