package blend

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gradus/mat"
	"gradus/network"
)

// cost is what Weigh minimises, written apart from it: −ln P or half the squared error, and the priors of one form.
func cost(a, b, noise float64, net, line mat.Matrix[float64], y []float64, outputs int, binary bool) (e float64) {
	for i, v := range y {
		o := make([]float64, outputs)
		for k := range o {
			o[k] = a*net.Row(i)[k] + b*line.Row(i)[k]
		}
		switch {
		case outputs > 1:
			sum := 0.
			for _, v := range o {
				sum += math.Exp(v)
			}
			e += math.Log(sum) - o[int(v)]
		case binary:
			e += math.Log(1+math.Exp(o[0])) - v*o[0]
		default:
			e += (o[0] - v) * (o[0] - v) / 2
		}
	}
	return e + noise*(pull*(a+b-1)*(a+b-1)+doubt*a*a)/2
}

// No a and b near those found cost less, for events, classes and numbers; neither is below 0.
func TestWeigh(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		outputs   int
		binary    bool
		good, bad float64 // how well net and line know the truth; below 0, the wrong way round
	}{{1, true, 1, 1}, {1, true, 3, 0}, {1, true, 1, -1}, {1, true, -1, 1}, {1, false, .5, .4}, {1, false, 1, -1}, {4, false, 1, 2}, {4, false, -1, 2}} {
		const n = 400
		net, line, y := mat.New[float64](n, c.outputs), mat.New[float64](n, c.outputs), make([]float64, n)
		for i := range y {
			z := r.NormFloat64()
			y[i] = z
			if c.outputs > 1 {
				y[i] = float64(r.IntN(c.outputs))
			} else if c.binary {
				y[i] = float64(r.IntN(2))
			}
			for k := range c.outputs {
				truth := y[i]
				if c.outputs > 1 {
					truth = map[bool]float64{true: 1}[k == int(y[i])]
				} else if c.binary {
					truth = y[i] - .5
				}
				net.Row(i)[k], line.Row(i)[k] = c.good*truth+r.NormFloat64(), c.bad*truth+r.NormFloat64()
			}
		}
		share := Weigh([]mat.Matrix[float64]{net, line}, y, c.outputs, c.binary)
		a, b := share[0], share[1]
		noise := 1.
		if c.outputs == 1 && !c.binary {
			noise = 0
			for i, v := range y {
				noise += math.Pow(a*net.Data[i]+b*line.Data[i]-v, 2) / n
			}
		}
		at := cost(a, b, noise, net, line, y, c.outputs, c.binary)
		for _, d := range [][2]float64{{.01, 0}, {-.01, 0}, {0, .01}, {0, -.01}, {.01, -.01}, {-.01, .01}} {
			if x, z := a+d[0], b+d[1]; x >= 0 && z >= 0 && cost(x, z, noise, net, line, y, c.outputs, c.binary) < at-1e-9 {
				t.Errorf("%+v: %v, %v costs more than %v, %v", c, a, b, x, z)
			}
		}
		if !(a >= 0 && b >= 0) {
			t.Errorf("%+v: %v, %v", c, a, b)
		}
	}
}

// Of two forms that say the same each takes half of what one would; of one that knows and one that does not, the first takes nearly all.
func TestForms(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const n = 1000
	good, bad, line, y := mat.New[float64](n, 1), mat.New[float64](n, 1), mat.New[float64](n, 1), make([]float64, n)
	for i := range y {
		good.Data[i], bad.Data[i], line.Data[i] = 2*r.NormFloat64(), r.NormFloat64(), r.NormFloat64()
		if r.Float64() < 1/(1+math.Exp(-good.Data[i])) {
			y[i] = 1
		}
	}
	one := Weigh([]mat.Matrix[float64]{good, line}, y, 1, true)
	two := Weigh([]mat.Matrix[float64]{good, good, line}, y, 1, true)
	if math.Abs(two[0]-two[1]) > 1e-6 || math.Abs(two[0]+two[1]-one[0]) > 1e-4 || math.Abs(two[2]-one[1]) > 1e-4 {
		t.Errorf("%v, not half of %v", two, one)
	}
	if a := Weigh([]mat.Matrix[float64]{good, bad, line}, y, 1, true); a[0] < .8 || a[1] > .2 || a[2] > .2 {
		t.Errorf("%v", a)
	}
}

// The regression is found again from its own numbers; what has no answer is a line of zeros.
func TestFit(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	x, y := mat.New[float32](500, 3), make([]float32, 500)
	for i := range y {
		for j := range 3 {
			x.Row(i)[j] = float32(r.NormFloat64())
		}
		y[i] = 2*x.Row(i)[0] - x.Row(i)[2] + .5
	}
	l := Fit(x, y, 1, false)
	o := mat.New[float64](500, 1)
	Of(l, o, x)
	for i, v := range y {
		if math.Abs(o.Data[i]-float64(v)) > .05 {
			t.Fatalf("row %d: %v, not %v", i, o.Data[i], v)
		}
	}
	for i := range y {
		y[i] = 1
	}
	if l := Fit(x, y, 1, true); l.Weights[0] != 0 || l.Biases[0] != 0 {
		t.Errorf("of one class: %+v", l)
	}
}

// Without held rows the networks stand alone.
func TestNothingHeld(t *testing.T) {
	net, err := network.Build[float32](2, []network.Spec{{Kind: "dense", Units: 1}})
	if err != nil {
		t.Fatal(err)
	}
	both := []*network.Network[float32]{net, net}
	if a := (Parts[float32]{List: []Part[float32]{{Nets: both}}, Forms: 2, Outputs: 1, Binary: true}).Weigh(); !slices.Equal(a, []float64{.5, .5, 0}) {
		t.Errorf("%v", a)
	}
}
