//go:build js && wasm

package main

import (
	"context"
	"math"
	"time"

	"gradus/internal/trial"
	"gradus/mat"
)

// speed trains a network of middling size for a third of a second and returns the power of ten of the products a second, to a tenth.
func speed() float64 {
	const rows, in = 200, 30
	t := trial.Training{
		Net:  trial.Net{In: in, Hidden: trial.Layers(2, 64), Out: 1, Activation: "relu", Last: "sigmoid", Seed: 7},
		Cost: "binary-cross-entropy", Alpha: .01, Epochs: 1, Batch: 50, Seed: 7,
	}
	net, err := t.Net.Build()
	if err != nil {
		return 0
	}
	_, products := trial.Work(net)
	set := trial.Set{X: mat.New[float64](rows, in), Y: mat.New[float64](rows, 1)}
	begin, rounds := time.Now(), 0
	for time.Since(begin) < 300*time.Millisecond {
		if _, err := t.Run(context.Background(), set, trial.Set{}, nil); err != nil {
			return 0
		}
		rounds++
	}
	return math.Round(10*math.Log10(trial.Products*float64(products*rows*rounds)/time.Since(begin).Seconds())) / 10
}
