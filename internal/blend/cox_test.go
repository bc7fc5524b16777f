package blend

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gradus/mat"
	"gradus/network"
)

// held are rows whose order of times a network knows as well as good says, and a line as well as bad.
func held(r *rand.Rand, n int, good, bad float64) (s stratum) {
	s.says = make([][]float64, 2)
	for i := range n {
		z := r.NormFloat64()
		s.time = append(s.time, float64(n-i/2)) // pairs of ties, the latest first
		s.event = append(s.event, r.Float64() < .7)
		truth := z + float64(i)/float64(n)*6 - 3
		s.says[0], s.says[1] = append(s.says[0], good*truth+r.NormFloat64()), append(s.says[1], bad*truth+r.NormFloat64())
	}
	return s
}

// The gradient and the Hessian are those of the likelihood by finite differences.
func TestHazardsGradient(t *testing.T) {
	s := held(rand.New(rand.NewPCG(1, 4)), 40, .5, .4)
	const a, b, h = .7, .3, 1e-4
	w := newWeighing(2, 0)
	w.a = []float64{a, b}
	s.add(w)
	l := func(a, b float64) float64 { return s.likelihood([]float64{a, b}) }
	for name, c := range map[string][2]float64{
		"∂/∂a":   {w.g[0], -(l(a+h, b) - l(a-h, b)) / 2 / h},
		"∂/∂b":   {w.g[1], -(l(a, b+h) - l(a, b-h)) / 2 / h},
		"∂²/∂a²": {w.h.At(0, 0), -(l(a+h, b) - 2*l(a, b) + l(a-h, b)) / h / h},
		"∂²/∂b²": {w.h.At(1, 1), -(l(a, b+h) - 2*l(a, b) + l(a, b-h)) / h / h},
		"∂²/∂ab": {w.h.At(0, 1), -(l(a+h, b+h) - l(a+h, b-h) - l(a-h, b+h) + l(a-h, b-h)) / 4 / h / h},
	} {
		if math.Abs(c[0]-c[1]) > 1e-5*(1+math.Abs(c[1])) {
			t.Errorf("%s is %v, finite differences have %v", name, c[0], c[1])
		}
	}
}

// No weights near those found are likelier; a network that knows nothing gets none.
func TestWeighHazards(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 4))
	for _, c := range []struct {
		good, bad float64
		net       bool
	}{{1, .2, true}, {0, 1, false}, {.1, 1, false}} {
		strata := []stratum{held(r, 200, c.good, c.bad), held(r, 200, c.good, c.bad)}
		share := weighStrata(strata, 2)
		a, b := share[0], share[1]
		if (a > 0) != c.net {
			t.Errorf("%+v: weights %v, %v", c, a, b)
		}
		value := func(a, b float64) float64 {
			return strata[0].likelihood([]float64{a, b}) + strata[1].likelihood([]float64{a, b}) - pull*(a+b-1)*(a+b-1)/2
		}
		for _, d := range [][2]float64{{.02, 0}, {-.02, 0}, {0, .02}, {0, -.02}} {
			if x, z := a+d[0], b+d[1]; x >= 0 && z >= 0 && (c.net || d[0] == 0) && value(x, z) > value(a, b)+1e-6 {
				t.Errorf("%+v: %v, %v is likelier than %v, %v", c, x, z, a, b)
			}
		}
	}
	if share := weighStrata(nil, 3); !slices.Equal(share, []float64{.5, .5, 0}) {
		t.Errorf("nothing held: %v", share)
	}
}

// Each held row's risk is that of the network it was held from, less the network's mean: an output that is shifted changes nothing.
func TestRisks(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	x := mat.New[float64](6, 2)
	for i := range x.Data {
		x.Data[i] = r.NormFloat64()
	}
	p := Parts[float64]{Outputs: 1, Forms: 1, Survival: true}
	for k := range 2 {
		net, err := network.Build[float64](2, []network.Spec{{Kind: "dense", Units: 1}})
		if err != nil {
			t.Fatal(err)
		}
		copy(net.Weights(), []float64{1, -1, 100 * float64(k)}) // the bias
		p.List = append(p.List, Part[float64]{Nets: []*network.Network[float64]{net}, Line: Line{[]float64{.5, 0}, []float64{7}}, Held: []int{k, k + 2, k + 4}})
	}
	risk, place := p.Risks(x, []float64{1, 1})
	mean := 0.
	for i := range 6 {
		mean += (1.5*x.At(i, 0) - x.At(i, 1)) / 6
	}
	for i, at := range place {
		if want := 1.5*x.At(at, 0) - x.At(at, 1) - mean; math.Abs(risk[i]-want) > 1e-12 {
			t.Errorf("row %d: %v, not %v", at, risk[i], want)
		}
	}
	if len(place) != 6 {
		t.Errorf("%d rows", len(place))
	}
	net, err := network.Build[float32](2, []network.Spec{{Kind: "dense", Units: 1}})
	if err != nil {
		t.Fatal(err)
	}
	copy(net.Weights(), []float32{1, 0, 3})
	risk, centre := Centred(net, x)
	if sum := risk[0] + risk[1] + risk[2] + risk[3] + risk[4] + risk[5]; math.Abs(sum) > 1e-5 || math.Abs(centre-3) > 1.5 {
		t.Errorf("centred: %v, %v", risk, centre)
	}
}

// A regression too long to fit is a line of zeros; one that fits orders the times.
func TestRegressHazards(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	x, y := mat.New[float64](100, 2), mat.New[float64](100, 2)
	for i := range 100 {
		x.Row(i)[0], x.Row(i)[1] = r.NormFloat64(), r.NormFloat64()
		y.Row(i)[0], y.Row(i)[1] = r.ExpFloat64()*math.Exp(-x.At(i, 0)), 1
	}
	l := Parts[float64]{Outputs: 1, Survival: true}.Regress(x, y)
	if w := l.Weights; math.Abs(w[0]-1) > .4 || math.Abs(w[1]) > .3 || l.Biases[0] != 0 {
		t.Errorf("%+v", l)
	}
}
