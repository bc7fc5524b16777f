package network

import (
	"math"
	"math/rand/v2"

	"gradus/internal/kernel"
	"gradus/internal/say"
)

// Initializer gives a layer's weights their start values; deck 4-5-4 draws them at random.
type Initializer interface {
	// Name is the word of command line and spec.
	Name() string
	// Draw returns weight i of a layer with in inputs and out neurons.
	Draw(r *rand.Rand, in, out, i int) float64
}

// Initializers lists every initialiser with its default setting. Given needs values and so stands apart.
func Initializers() []Initializer {
	return []Initializer{
		Zero{},
		Constant{.1},
		Uniform{-.5, .5},
		Normal{0, .1},
		Xavier{},
		Xavier{Normal: true},
		He{},
		He{Normal: true},
		LeCun{},
		LeCun{Normal: true},
	}
}

// InitializerByName returns the initialiser called name.
func InitializerByName(name string) (Initializer, error) {
	var known []string
	for _, s := range Initializers() {
		if s.Name() == name {
			return s, nil
		}
		known = append(known, s.Name())
	}
	return nil, say.Error("network.initializer", "name", name, "nearest", say.Nearest(name, known), "known", known)
}

// initialFor is the default: He for functions that pass only one side, Xavier for the rest.
func initialFor(activation string) Initializer {
	switch activation {
	case "relu", "leaky-relu", "elu", "gelu", "gelu-tanh", "silu", "softplus":
		return He{}
	}
	return Xavier{}
}

// Given starts from the values themselves, (out,in) row by row.
type Given struct{ Values []float64 }

// Name is "given".
func (Given) Name() string { return "given" }

// Draw returns value i.
func (g Given) Draw(_ *rand.Rand, _, _, i int) float64 { return g.Values[i] }

// Zero starts from 0: neurons of a layer stay alike for ever.
type Zero struct{}

// Name is "zero".
func (Zero) Name() string { return "zero" }

// Draw returns 0.
func (Zero) Draw(*rand.Rand, int, int, int) float64 { return 0 }

// Constant starts every weight from one value.
type Constant struct{ Value float64 }

// Name is "constant".
func (Constant) Name() string { return "constant" }

// Draw returns the value.
func (c Constant) Draw(*rand.Rand, int, int, int) float64 { return c.Value }

// Uniform draws from [Low, High).
type Uniform struct{ Low, High float64 }

// Name is "uniform".
func (Uniform) Name() string { return "uniform" }

// Draw returns Low + u·(High−Low).
func (u Uniform) Draw(r *rand.Rand, _, _, _ int) float64 {
	return u.Low + float64(r.Float64()*(u.High-u.Low))
}

// Normal draws from N(Mean, SD²).
type Normal struct{ Mean, SD float64 }

// Name is "normal".
func (Normal) Name() string { return "normal" }

// Draw returns Mean + z·SD.
func (n Normal) Draw(r *rand.Rand, _, _, _ int) float64 {
	return n.Mean + float64(kernel.Normal(r)*n.SD)
}

// Xavier has variance 2/(in+out) (Glorot and Bengio 2010), uniform unless Normal.
type Xavier struct{ Normal bool }

// Name is "xavier" or "xavier-normal".
func (x Xavier) Name() string { return named("xavier", x.Normal) }

// Draw returns one weight.
func (x Xavier) Draw(r *rand.Rand, in, out, _ int) float64 {
	return scaled(r, 2/float64(in+out), x.Normal)
}

// He has variance 2/in (He et al. 2015), uniform unless Normal.
type He struct{ Normal bool }

// Name is "he" or "he-normal".
func (h He) Name() string { return named("he", h.Normal) }

// Draw returns one weight.
func (h He) Draw(r *rand.Rand, in, _, _ int) float64 { return scaled(r, 2/float64(in), h.Normal) }

// LeCun has variance 1/in (LeCun et al. 1998), uniform unless Normal.
type LeCun struct{ Normal bool }

// Name is "lecun" or "lecun-normal".
func (l LeCun) Name() string { return named("lecun", l.Normal) }

// Draw returns one weight.
func (l LeCun) Draw(r *rand.Rand, in, _, _ int) float64 { return scaled(r, 1/float64(in), l.Normal) }

func named(name string, normal bool) string {
	if normal {
		return name + "-normal"
	}
	return name
}

// scaled draws with mean 0 and the given variance: uniform on ±√(3·variance), or normal.
func scaled(r *rand.Rand, variance float64, normal bool) float64 {
	if normal {
		return kernel.Normal(r) * math.Sqrt(variance)
	}
	bound := math.Sqrt(3 * variance)
	return float64(2*bound*r.Float64()) - bound
}
