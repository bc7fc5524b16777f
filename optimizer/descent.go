package optimizer

import (
	"gradus/internal/kernel"
	"gradus/mat"
)

// Descent is w := w − α·g, deck 4-4-2; with a batch's gradient it is SGD, deck 4-4-5. Both forms are this one.
type Descent[T mat.Float] struct{}

// NewDescent makes gradient descent, which remembers nothing.
func NewDescent[T mat.Float]() Descent[T] { return Descent[T]{} }

func buildDescent[T mat.Float](int, Form, map[string]float64) Rule[T] { return Descent[T]{} }

// Name is "descent".
func (Descent[T]) Name() string { return "descent" }

// Step is w := w − α·g.
func (Descent[T]) Step(alpha T, w, g []T) {
	w = w[:len(g)]
	if kernel.Descent(nil, w, g, alpha) {
		return
	}
	for i, gi := range g {
		w[i] -= T(alpha * gi)
	}
}

// State is empty.
func (Descent[T]) State() State[T] { return State[T]{} }
