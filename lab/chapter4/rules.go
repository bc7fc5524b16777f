package chapter4

import (
	"math"
	"math/rand/v2"
	"sync"

	"gradus/internal/kernel"
	"gradus/lab/scene"
	"gradus/optimizer"
)

// bowl is ½(λ₁w₁² + λ₂w₂² + …), the cost on which the learning rate is explained.
func bowl(lambda ...float64) optimizer.Surface {
	start, bottom := make([]float64, len(lambda)), make([]float64, len(lambda))
	for i := range start {
		start[i] = 1
	}
	return optimizer.Surface{
		Name: "bowl", Start: start, Minima: []optimizer.Minimum{{W: bottom}},
		Value: func(w []float64) float64 {
			sum := 0.
			for i, l := range lambda {
				sum += float64(l * w[i] * w[i])
			}
			return sum / 2
		},
		Gradient: func(g, w []float64) {
			for i, l := range lambda {
				g[i] = float64(l * w[i])
			}
		},
	}
}

// Noisy is a surface whose gradient is seen through the noise of small batches.
func Noisy(on optimizer.Surface, size float64, seed uint64) optimizer.Surface {
	rng := rand.New(rand.NewPCG(seed, 0x44))
	clean := on.Gradient
	on.Gradient = func(g, w []float64) {
		clean(g, w)
		for i := range g {
			g[i] += float64(size * kernel.Normal(rng))
		}
	}
	return on
}

// Rule makes a rule whose name and values are known to be good.
func Rule(name string, n int, form optimizer.Form, values map[string]float64) optimizer.Rule[float64] {
	rule, err := optimizer.New[float64](name, n, form, values)
	if err != nil {
		panic(err) // the controls hold what the rule allows
	}
	return rule
}

// walk runs one rule over a course whose numbers are known to be good.
func walk(c optimizer.Course, rule optimizer.Rule[float64]) optimizer.Trajectory {
	tr, err := c.Run(rule)
	if err != nil {
		panic(err) // the controls hold what a course allows
	}
	return tr
}

// Uncorrected is what Adam without bias correction walks with, in the words of the printed form, which divides by 1−β and not by
// 1−βᵗ: its learning rate and its ε. The divisors 1−β₁ and √(1−β₂) cancel.
func Uncorrected(alpha, beta1, beta2, epsilon float64) (a, e float64) {
	return float64(alpha*(1-beta1)) / math.Sqrt(1-beta2), epsilon / (1 - beta2)
}

// own draws numbers that belong to a seed: the deck's under the page's own seed.
type own struct {
	deck bool
	rng  *rand.Rand
}

func ownOf(s *scene.State) own {
	return own{s.Seed == 7, rand.New(rand.NewPCG(s.Seed, 0x4a))}
}

// pick is the first value under the page's own seed, else one of all.
func (o own) pick(values ...float64) float64 {
	if o.deck {
		return values[0]
	}
	return values[o.rng.IntN(len(values))]
}

// number is a part of an equation.
func number(n scene.Number) scene.Part { return scene.Part{Number: &n} }

// text is a part of an equation.
func text(s string) scene.Part { return scene.Part{Text: scene.Text(s)} }

// remember keeps what f found for the last seed, for all desks.
func remember[T any](f func(seed uint64) T) func(seed uint64) T {
	var at sync.Mutex
	var seed uint64
	var found *T
	return func(s uint64) T {
		at.Lock()
		defer at.Unlock()
		if found == nil || seed != s {
			v := f(s)
			found, seed = &v, s
		}
		return *found
	}
}
