package metric

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"
)

// plain is the local parabola at z, every distinct prediction summed by itself, as up to loessPlain of them are.
func plain(l *loess, z float64) float64 {
	direct := *l
	direct.levels = nil
	return direct.at(z)
}

// crowds are predictions as bad as they come.
var crowds = map[string]func(*rand.Rand) float64{
	"even":            func(r *rand.Rand) float64 { return r.Float64() },
	"near 0":          func(r *rand.Rand) float64 { return math.Pow(r.Float64(), 6) },
	"hundredths":      func(r *rand.Rand) float64 { return math.Round(1e2*r.Float64()*r.Float64()) / 1e2 },
	"ten-thousandths": func(r *rand.Rand) float64 { return math.Round(1e4*r.Float64()) / 1e4 },
	"tight heap": func(r *rand.Rand) float64 {
		return .3 + 1e-9*r.Float64()*math.Floor(1.05*r.Float64()+.9) + math.Floor(1.1*r.Float64())*r.Float64()/2
	},
	"logits": func(r *rand.Rand) float64 { return 1 / (1 + math.Exp(-8*r.NormFloat64())) },
	"one tie": func(r *rand.Rand) float64 {
		if r.Float64() < .7 {
			return .25
		}
		return r.Float64()
	},
	"two heaps": func(r *rand.Rand) float64 { return math.Floor(2*r.Float64())*.8 + .1 + 1e-5*r.NormFloat64()*.1 },
}

// Summed in blocks the curve is that of the plain formula.
func TestLoessInBlocks(t *testing.T) {
	for name, next := range crowds {
		rng := rand.New(rand.NewPCG(7, 7))
		var y []bool
		var p []float64
		for range 3000 {
			v := next(rng)
			y, p = append(y, rng.Float64() < .1+.8*v), append(p, v)
		}
		l := newLoess(y, p)
		worst := 0.
		for i := 0; i < len(l.x); i += 3 {
			z := l.x[i]
			worst = max(worst, math.Abs(l.at(z)-plain(l, z)))
		}
		if !(worst < 1e-8) {
			t.Errorf("%s: furthest from the plain formula: %v", name, worst)
		}
	}
}

// One core and three draw the same curve, bit for bit.
func TestLoessOnAnyNumberOfCores(t *testing.T) {
	y, p := draw(2000, 1<<40, 4)
	l := newLoess(y, p)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := l.everywhere()
	runtime.GOMAXPROCS(3)
	if !slices.Equal(one, l.everywhere()) {
		t.Error("the curves differ")
	}
}

// Gauss's measure gives polynomials the sums of the points.
func TestGauss(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 5))
	var k lanczos
	for _, m := range []int{rowNodes, eventNodes} {
		k.clear()
		for range 64 {
			k.add(rng.Float64()-.5, float64(rng.IntN(50)))
		}
		g := k.gauss(m)
		for degree := range 2 * m {
			want, got, size := 0., 0., 0.
			for i, v := range k.t {
				want += k.w[i] * math.Pow(v, float64(degree))
				size += k.w[i] * math.Pow(math.Abs(v), float64(degree))
			}
			for i, v := range g.t[:g.n] {
				got += g.w[i] * math.Pow(v, float64(degree))
			}
			if math.Abs(got-want) > 1e-13*size {
				t.Error(m, degree, got, want)
			}
		}
	}
}

// The curve at a hundred thousand different predictions, in about a second on one core: -v says how long.
func TestLoessOfManyRows(t *testing.T) {
	y, p := draw(100_000, 1<<40, 5)
	start := time.Now()
	c, err := Calibrate(y, p)
	if t.Log(time.Since(start)); err != nil {
		t.Fatal(err)
	}
	if c.ICI > .01 || !(c.ICI > 0) { // the predictions are the chances
		t.Error(c.ICI)
	}
}
