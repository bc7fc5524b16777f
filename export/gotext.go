package export

import "gradus/table"

// goTexts are the functions of the steps, in the order of the kernel's plain sums.
var goTexts = map[string]string{
	"number": `// number is (x − mean)/sd held within ±clip, of the median where x is NaN.
func number(x, median, mean, sd, clip float64) float32 {
	if x != x {
		x = median
	}
	return float32(min(max((x-mean)/sd, -clip), clip))
}
`,
	"dense": `func dense(h, x, w, b []float32) {
	for j := range h {
		var s float32
		for k, v := range x {
			s += float32(v * w[j*len(x)+k])
		}
		h[j] = s + b[j]
	}
}
`,
	"batchNorm": `func batchNorm(h, x, mean, variance, gamma, beta []float32, epsilon float32) {
	for i, v := range x {
		scale := 1 / float32(math.Sqrt(float64(variance[i]+epsilon)))
		h[i] = float32(gamma[i]*((v-mean[i])*scale)) + beta[i]
	}
}
`,
	"layerNorm": `func layerNorm(h, x, gamma, beta []float32, epsilon float32) {
	var mean, variance float32
	for _, v := range x {
		mean += v
	}
	mean /= float32(len(x))
	for _, v := range x {
		d := v - mean
		variance += float32(d * d)
	}
	scale := 1 / float32(math.Sqrt(float64(variance/float32(len(x))+epsilon)))
	for i, v := range x {
		h[i] = float32(gamma[i]*((v-mean)*scale)) + beta[i]
	}
}
`,
	"ramps": `func ramps(h, x []float32, of []int, from, steep []float32) {
	copy(h, x)
	for i := range of {
		h[len(x)+i] = min(max(float32((x[of[i]]-from[i])*steep[i]), 0), 1) - .5
	}
}
`,
	"first": "func first(h, x []float32) { copy(h, x) }\n",
	"clear": "func zero(h []float32) { clear(h) }\n",
	"add": `func add(h, x []float32) {
	for i, v := range x {
		h[i] += v
	}
}
`,
	"relu": `func reluAll(x []float32) {
	for i, v := range x {
		x[i] = max(v, 0)
	}
}
`,
	"leaky-relu": `func leaky(x []float32, slope float64) {
	for i, v := range x {
		if !(v > 0) {
			x[i] = float32(slope * float64(v))
		}
	}
}
`,
	"step": `func stepAll(x []float32) {
	for i, v := range x {
		switch {
		case v >= 0:
			x[i] = 1
		case v < 0:
			x[i] = 0
		}
	}
}
`,
	"softmax": "func softmaxAll(x []float32) { softmax(x) }\n",
}

const goSoftmax = `func softmax[T float32 | float64](x []T) {
	top, sum := float64(x[0]), 0.0
	for _, v := range x {
		top = max(top, float64(v))
	}
	for i, v := range x {
		e := exp(float64(v) - top)
		x[i] = T(e)
		sum += e
	}
	for i, e := range x {
		x[i] = T(float64(e) / sum)
	}
}
`

// goOps writes the functions that the steps call.
func (s *writer) goOps() {
	softmax := s.m.Target.Task == table.TaskClasses
	for i := range s.m.Preparation.Inputs {
		if in := &s.m.Preparation.Inputs[i]; in.Kind == table.Number && in.SD > 0 {
			s.f("%s\n", goTexts["number"])
			break
		}
	}
	for _, op := range s.ops() {
		if f := functions[op]; f != "" {
			s.f("func %s(x []float32) {\n\tfor i, v := range x {\n\t\tx[i] = float32(%s(float64(v)))\n\t}\n}\n\n", goOp(op), f)
			continue
		}
		softmax = softmax || op == "softmax"
		s.f("%s\n", goTexts[op])
	}
	if softmax {
		s.f("%s\n", goSoftmax)
	}
}
