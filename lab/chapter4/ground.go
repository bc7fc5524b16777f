package chapter4

import "gradus/optimizer"

// stretches are what is drawn of the engine's surfaces, and the level lines that say most about each.
var stretches = map[string]struct {
	box    Box
	levels []float64
}{
	"quadratic":   {Box{[2]float64{-4, -2.6}, [2]float64{4, 2.6}}, []float64{.5, 2, 8, 16, 32, 64}},
	"rosenbrock":  {Box{[2]float64{-2, -1}, [2]float64{2, 3}}, []float64{1, 10, 50, 200, 500, 1000}},
	"beale":       {Box{[2]float64{-.6, -1}, [2]float64{4, 1.8}}, []float64{.3, 1, 3, 10, 30, 100}},
	"saddle":      {Box{[2]float64{-1.6, -1.6}, [2]float64{1.6, 1.6}}, []float64{-2, -1, -.4, 0, .4, 1, 2}},
	"double-well": {wellBox, nil},
}

// Ground is one of the engine's surfaces as a track without runners.
func Ground(name string, steps int) (*Track, error) {
	on, err := optimizer.SurfaceByName(name)
	if err != nil {
		return nil, err
	}
	d := stretches[name]
	return &Track{On: on, Box: d.box, Levels: d.levels, Steps: steps}, nil
}
