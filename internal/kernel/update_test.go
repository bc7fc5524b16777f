package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// weights are w, g and what a rule remembers.
type weights [5]guarded

func newWeights(n int, r *rand.Rand) (x weights) {
	for i := range x {
		x[i] = newGuarded(n, normals(r))
		if i >= 3 { // v and u are averages of squares
			for j, v := range x[i].mid {
				x[i].mid[j] = v * v
			}
		}
	}
	return x
}

func (x weights) clone() (y weights) {
	for i := range x {
		y[i] = newGuarded(len(x[i].mid), func() float32 { return 0 })
		copy(y[i].mid, x[i].mid)
	}
	return y
}

func root32(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// The numbers of the tests.
const (
	tAlpha, tGamma, tShare = float32(.01), float32(.9), float32(.1)
	tBeta2, tShare2, tEps  = float32(.999), float32(.001), float32(1e-8)
	tKeep, tFirst, tSecond = float32(.995), float32(.271), float32(.25)
	tLambda, tFactor       = float32(.02), float32(.5)
	tolerance              = 3 // units in the last place of a step of Adam
)

func tStep() AdamStep[float32] {
	return AdamStep[float32]{tGamma, tShare, tBeta2, tShare2, tKeep, tAlpha, tEps, tFirst, tSecond, false}
}

// averages are the two of Adam; with u the largest.
func averages(m, v, u *float32, g float32) (first, second float32) {
	*m = float32(tGamma**m) + float32(tShare*g)
	*v = float32(tBeta2**v) + float32(tShare2*g*g)
	if u == nil {
		return *m, *v
	}
	*u = max(*u, *v)
	return *m, *u
}

// Each rule as Go and as lanes: one element w, g, a, b, c of the vectors.
var rulesInGo = []struct {
	name  string
	plain func(w, g, a, b, c *float32)
	lanes func(before *Before, x weights) bool
	near  bool // not the same bits
}{
	{"descent", func(w, g, _, _, _ *float32) { *w -= float32(tAlpha * *g) }, func(b *Before, x weights) bool {
		return Descent(b, x[0].mid, x[1].mid, tAlpha)
	}, false},
	{"momentum", func(w, g, v, _, _ *float32) {
		*v = float32(tGamma**v) + float32(tShare**g)
		*w -= float32(tAlpha * *v)
	}, func(b *Before, x weights) bool {
		return Momentum(b, x[0].mid, x[1].mid, x[2].mid, tGamma, tShare, tAlpha)
	}, false},
	{"nesterov", func(w, g, v, _, _ *float32) {
		*v = float32(tGamma**v) + *g
		*w -= float32(tAlpha * (*g + float32(tGamma**v)))
	}, func(b *Before, x weights) bool {
		return Nesterov(b, x[0].mid, x[1].mid, x[2].mid, tGamma, tAlpha)
	}, false},
	{"throw", func(w, g, v, from, _ *float32) {
		*v = float32(tGamma**v) + float32(tAlpha**g)
		*w = *from - *v
	}, func(b *Before, x weights) bool {
		return Throw(b, x[0].mid, x[1].mid, x[2].mid, x[3].mid, tGamma, tAlpha)
	}, false},
	{"rmsprop", func(w, g, _, s, _ *float32) {
		*s = float32(tGamma**s) + float32(tShare**g**g)
		*w -= float32(tAlpha**g) / (root32(*s) + tEps)
	}, func(b *Before, x weights) bool {
		return RMSprop(b, x[0].mid, x[1].mid, x[3].mid, tGamma, tShare, tAlpha, tEps, false)
	}, false},
	{"rmsprop deck", func(w, g, _, s, _ *float32) {
		*s = float32(tGamma**s) + float32(tShare**g**g)
		*w -= float32(tAlpha**g) / root32(*s+tEps)
	}, func(b *Before, x weights) bool {
		return RMSprop(b, x[0].mid, x[1].mid, x[3].mid, tGamma, tShare, tAlpha, tEps, true)
	}, false},
	{"adagrad", func(w, g, _, s, _ *float32) {
		*s += float32(*g * *g)
		*w -= float32(tAlpha**g) / (root32(*s) + tEps)
	}, func(b *Before, x weights) bool {
		return RMSprop(b, x[0].mid, x[1].mid, x[3].mid, 1, 1, tAlpha, tEps, false)
	}, false},
	{"adam", func(w, g, m, v, _ *float32) {
		a, s := averages(m, v, nil, *g)
		*w = float32(tKeep**w) - float32(tAlpha*a)/(root32(s)/tSecond+tEps)
	}, func(b *Before, x weights) bool {
		return Adam(b, x[0].mid, x[1].mid, x[2].mid, x[3].mid, nil, tStep())
	}, true},
	{"adam deck", func(w, g, m, v, _ *float32) {
		a, s := averages(m, v, nil, *g)
		*w = float32(tKeep**w) - float32(tAlpha*(a/tFirst))/root32(s/tSecond+tEps)
	}, func(b *Before, x weights) bool {
		return AdamDeck(b, x[0].mid, x[1].mid, x[2].mid, x[3].mid, nil, tStep())
	}, false},
	{"amsgrad", func(w, g, m, v, u *float32) {
		a, s := averages(m, v, u, *g)
		*w = float32(tKeep**w) - float32(tAlpha*a)/(root32(s)/tSecond+tEps)
	}, func(b *Before, x weights) bool {
		return Adam(b, x[0].mid, x[1].mid, x[2].mid, x[3].mid, x[4].mid, tStep())
	}, true},
	{"amsgrad deck", func(w, g, m, v, u *float32) {
		a, s := averages(m, v, u, *g)
		*w = float32(tKeep**w) - float32(tAlpha*(a/tFirst))/root32(s/tSecond+tEps)
	}, func(b *Before, x weights) bool {
		return AdamDeck(b, x[0].mid, x[1].mid, x[2].mid, x[3].mid, x[4].mid, tStep())
	}, false},
}

// Every rule, at every length, with and without a penalty and a factor, gives the bits of its formula in Go, g included.
func TestRules(t *testing.T) {
	everyLane(t, func(name string) {
		for _, rule := range rulesInGo {
			for _, before := range []*Before{nil, {L2: tLambda, Scale: tFactor}} {
				for n := range 50 {
					x := newWeights(n, rand.New(rand.NewPCG(uint64(n), 10)))
					compareRule(t, name+" "+rule.name, x, before, rule.plain, rule.lanes, rule.near)
				}
				x := newWeights(Chunk+5, rand.New(rand.NewPCG(1, 11)))
				compareRule(t, name+" "+rule.name, x, before, rule.plain, rule.lanes, rule.near)
			}
		}
	})
}

func compareRule(t *testing.T, name string, x weights, b *Before, plain func(w, g, a, b, c *float32), lanes func(*Before, weights) bool, near bool) {
	t.Helper()
	want, n := x.clone(), len(x[0].mid)
	old := x[0].mid
	for i := range n {
		g := want[1].mid[i]
		if b != nil {
			g = (g + float32(b.L2*want[0].mid[i])) * b.Scale
		}
		plain(&want[0].mid[i], &g, &want[2].mid[i], &want[3].mid[i], &want[4].mid[i])
	}
	got := x.clone()
	if !lanes(b, got) {
		t.Fatalf("%s: not done", name)
	}
	for k := range x {
		for i, v := range want[k].mid {
			y := got[k].mid[i]
			if same32(y, v) {
				continue
			}
			step := float64(float32(tKeep*old[i])) - float64(v)
			if !near || k != 0 || math.Abs(float64(y-v)) > tolerance*unit(step)+unit(float64(v)) {
				t.Fatalf("%s of %d: vector %d at %d is %v, want %v", name, n, k, i, y, v)
			}
		}
		if got[k].broken() {
			t.Fatalf("%s of %d: written outside vector %d", name, n, k)
		}
	}
}

// NaN and ±Inf go the way of the formula, each lane for itself.
func TestRulesAtSpecialValues(t *testing.T) {
	inf, not := float32(math.Inf(1)), float32(math.NaN())
	special := []float32{0, float32(math.Copysign(0, -1)), inf, -inf, not, math.MaxFloat32, math.SmallestNonzeroFloat32, 1}
	everyLane(t, func(name string) {
		for _, rule := range rulesInGo {
			for vector := range 5 {
				x := newWeights(3*len(special), rand.New(rand.NewPCG(2, 12)))
				for i := range x[vector].mid {
					x[vector].mid[i] = special[i%len(special)]
				}
				compareRule(t, fmt.Sprint(name, " ", rule.name, " special in vector ", vector), x, nil, rule.plain, rule.lanes, rule.near)
			}
		}
	})
}

func TestAhead(t *testing.T) {
	everyLane(t, func(name string) {
		for n := range 40 {
			x := newWeights(n, rand.New(rand.NewPCG(uint64(n), 13)))
			y := x.clone()
			if !Ahead(y[0].mid, y[1].mid, y[2].mid, tGamma) {
				t.Fatal("not done")
			}
			for i, w := range x[0].mid {
				if y[1].mid[i] != w || y[0].mid[i] != w-float32(tGamma*x[2].mid[i]) {
					t.Fatalf("%s: w %v becomes %v, saved %v", name, w, y[0].mid[i], y[1].mid[i])
				}
			}
			if y[0].broken() || y[1].broken() {
				t.Fatalf("%s: written outside", name)
			}
		}
	})
}

// Where no lanes compute, each rule says so and changes nothing.
func TestRulesOnlyInSingle(t *testing.T) {
	everywhere(t, func(name string) {
		if isa != plainGo {
			return
		}
		for _, rule := range rulesInGo {
			x := newWeights(9, rand.New(rand.NewPCG(3, 14)))
			y := x.clone()
			if rule.lanes(nil, x) || x[0].mid[3] != y[0].mid[3] {
				t.Errorf("%s: %s was done", name, rule.name)
			}
		}
	})
	w := []float64{1}
	if Descent(nil, w, w, .1) || Adam(nil, w, w, w, w, nil, AdamStep[float64]{}) || w[0] != 1 {
		t.Error("float64 went through the lanes")
	}
}

func BenchmarkRules(b *testing.B) {
	everyLane(b, func(name string) {
		for _, rule := range rulesInGo {
			for _, n := range []int{641, 101770, 1863690} {
				x := newWeights(n, rand.New(rand.NewPCG(4, 15)))
				b.Run(fmt.Sprint(name, "/", rule.name, "/", n), func(b *testing.B) {
					for b.Loop() {
						rule.lanes(nil, x)
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/param")
				})
			}
		}
	})
}
