// Package scenetest reads a page in tests as a person does: at an address, at a step.
package scenetest

import (
	"math"
	"testing"

	"gradus/lab/scene"
)

// State is the state of an address of p, all of which must be known.
func State(t *testing.T, p *scene.Page, query string) *scene.State {
	t.Helper()
	s, ignored := p.Read(query)
	if len(ignored) > 0 {
		t.Fatalf("%s: %v", query, ignored)
	}
	return s
}

// Numbers are the numbers that p shows at a step, by their symbols; NaN where one has no value yet.
func Numbers(t *testing.T, p *scene.Page, query string, step int) map[string]float64 {
	t.Helper()
	run, err := p.Make(State(t, p, query))
	if err != nil {
		t.Fatal(err)
	}
	sc, err := run.At(step)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]float64{}
	for _, n := range sc.Numbers() {
		all[n.Symbol] = math.NaN()
		if n.Value != nil {
			all[n.Symbol] = *n.Value
		}
	}
	return all
}
