package bench

import (
	"math"

	"gradus/activation"
	"gradus/internal/kernel"
	"gradus/mat"
	"gradus/optimizer"
)

// An elementary function counts as so many operations; the optimizer's are counted.
const (
	elementary  = 20
	adamFlops   = 12
	adamBytes   = 28 // w, m, v read and written, g read
	adamAlpha   = .1 // steps so large that a cost shows them
	elements    = 10_000
	manyWeights = 100_000
)

// function is h = f(o) over many numbers, and f in float64 where the error is to be told.
type function struct {
	name  string
	run   func(h, o mat.Matrix[float32])
	exact func(float64) float64
}

// functions are e, the logarithm and the activations that networks use most.
func functions() []function {
	list := []function{
		{"exp", lanes(kernel.ExpOf, kernel.Exp), math.Exp},
		{"log", lanes(kernel.LogOf, kernel.Log), math.Log},
	}
	exact := map[string]func(float64) float64{
		"sigmoid": func(o float64) float64 { return 1 / (1 + math.Exp(-o)) },
		"tanh":    math.Tanh,
		"gelu":    nil, "silu": nil, "softmax": nil, "relu": nil,
	}
	for _, f := range activation.All[float32]() {
		if reference, wanted := exact[f.Name()]; wanted {
			list = append(list, function{f.Name(), f.Forward, reference})
		}
	}
	return list
}

// lanes is a function of the kernel, in plain Go where nothing faster computes.
func lanes(f kernel.Formula, plain func(float64) float64) func(h, o mat.Matrix[float32]) {
	return func(h, o mat.Matrix[float32]) {
		if kernel.Apply(f, h.Data, o.Data) {
			return
		}
		for i, v := range o.Data {
			h.Data[i] = float32(plain(float64(v)))
		}
	}
}

// vectorJobs are functions of 10,000 numbers in rows of 100, and Adam over 100,000 weights; a step is one number, one weight.
func vectorJobs(r *run, add func(*job)) {
	for _, f := range functions() {
		o, h := mat.View(elements/100, 100, pattern(elements, 37, 4099, 512)), mat.New[float32](elements/100, 100)
		if f.name == "log" {
			for i, v := range o.Data {
				o.Data[i] = float32(math.Abs(float64(v))) + 1./512
			}
		}
		flops := float64(elementary)
		if f.name == "relu" {
			flops = 1
		}
		add(&job{
			result: Result{Work: "vector-" + f.name, Error: largestError(f, h, o)}, steps: elements,
			cost:   price{flops: flops, bytes: 8, holds: 8 * elements},
			repeat: func() error { f.run(h, o); return nil },
			losses: func() []float64 { return []float64{meanSize(h.Data), float64(h.Data[elements/3])} },
		})
	}
	w, g := pattern(manyWeights, 37, 4099, 512), pattern(manyWeights, 53, 4099, 512)
	rule, err := optimizer.NewAdam[float32](manyWeights, optimizer.Reference, optimizer.AdamConfig{})
	add(&job{
		result: Result{Work: "vector-adam", Optimizer: "adam"}, steps: manyWeights,
		cost: price{flops: adamFlops, bytes: adamBytes, holds: 16 * manyWeights},
		repeat: func() error {
			if err == nil {
				rule.Step(adamAlpha, w, g)
			}
			return err
		},
		losses: func() []float64 { return []float64{meanSize(w)} },
	})
}

// largestError is how far f is from the exact value at most, in units of the last place of a float32; 0 where nothing exact is known.
func largestError(f function, h, o mat.Matrix[float32]) (most float64) {
	if f.exact == nil {
		return 0
	}
	f.run(h, o)
	for i, v := range o.Data {
		want := f.exact(float64(v))
		near := float32(math.Abs(want))
		unit := float64(math.Nextafter32(near, math.MaxFloat32) - near)
		most = max(most, math.Abs(float64(h.Data[i])-want)/unit)
	}
	return most
}
