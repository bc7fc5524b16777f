// Package optimizer is deck section 4-4: how a gradient changes the weights.
//
// A rule sees the whole weight vector w and its gradient g once per iteration, so what it counts it counts once per iteration.
// α is an argument, not a field: schedules live elsewhere and each Step reads as the deck prints it.
package optimizer

import "gradus/mat"

// Form says which print of a formula a rule follows.
type Form string

// The forms.
const (
	Reference Form = "reference" // PyTorch's: ε outside the root
	Deck      Form = "deck"      // the deck's: ε inside the root; Nesterov looks ahead
	Printed   Form = "printed"   // Adam exactly as page 4-4-11 prints it, without the power t: kept as the lesson
)

// Rule is an optimizer. w and g are the flat vectors of all weights and of their gradient, of the length it was made for.
type Rule[T mat.Float] interface {
	// Name is the word of command line and spec, such as "adam".
	Name() string
	// Step changes w by one iteration with learning rate alpha and gradient g (left as it is).
	Step(alpha T, w, g []T)
	// State is what the rule remembers between iterations: live slices, so that writing into them restores a checkpoint.
	State() State[T]
}

// LookAhead is a rule that wants the gradient elsewhere than at w: the step calls Ahead before the forward pass, which moves w
// to the point asked for; the Step after it starts from where w was.
type LookAhead[T mat.Float] interface {
	Rule[T]
	Ahead(w []T)
}

// State is a rule's memory: the number of iterations done, where the rule counts them (else nil), and its named moments.
type State[T mat.Float] struct {
	T       *int
	Moments []Moment[T]
}

// Moment is one remembered vector, named as the deck names it: v, G, m, v̂ …
type Moment[T mat.Float] struct {
	Name   string
	Values []T
}

// Decayer is a rule with weight decay inside its own formula. Until DecayOnly names the spans [from, to) of w that hold weights,
// in ascending order, it decays everything; after it, biases are spared.
type Decayer[T mat.Float] interface {
	Rule[T]
	DecayOnly(spans [][2]int)
}

// Derived is a rule that can show values computed from its memory, such as Adam's m̂ and v̂; they are copies.
type Derived[T mat.Float] interface {
	Rule[T]
	Derived() []Moment[T]
}
