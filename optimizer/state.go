package optimizer

import (
	"slices"

	"gradus/internal/say"
	"gradus/mat"
)

// Clone is a copy that later steps leave alone: what a checkpoint keeps.
func (s State[T]) Clone() State[T] {
	c := State[T]{Moments: make([]Moment[T], len(s.Moments))}
	if s.T != nil {
		t := *s.T
		c.T = &t
	}
	for i, m := range s.Moments {
		c.Moments[i] = Moment[T]{m.Name, slices.Clone(m.Values)}
	}
	return c
}

// Restore copies a saved state into rule, which was made with the same name, form, values and number of weights; it goes on as if
// it had never stopped. A state that does not fit is refused before anything is changed.
func Restore[T mat.Float](rule Rule[T], saved State[T]) error {
	live := rule.State()
	if (live.T == nil) != (saved.T == nil) || len(live.Moments) != len(saved.Moments) {
		return say.Error("optimizer.state", "rule", rule.Name(), "have", saved.shape(), "want", live.shape())
	}
	for i, m := range live.Moments {
		if s := saved.Moments[i]; s.Name != m.Name || len(s.Values) != len(m.Values) {
			return say.Error("optimizer.state", "rule", rule.Name(), "have", saved.shape(), "want", live.shape())
		}
	}
	if live.T != nil {
		if *saved.T < 0 {
			return say.Error("optimizer.state_t", "rule", rule.Name(), "t", *saved.T)
		}
		*live.T = *saved.T
	}
	for i, m := range live.Moments {
		copy(m.Values, saved.Moments[i].Values)
	}
	return nil
}

// shape lists what a state holds, such as "t, m (12), v (12)".
func (s State[T]) shape() []string {
	list := []string{}
	if s.T != nil {
		list = append(list, "t")
	}
	for _, m := range s.Moments {
		list = append(list, m.Name+" ("+number(float64(len(m.Values)))+")")
	}
	if len(list) == 0 {
		return []string{"-"}
	}
	return list
}

// clearState takes rule back to its first iteration.
func clearState[T mat.Float](rule Rule[T]) {
	s := rule.State()
	if s.T != nil {
		*s.T = 0
	}
	for _, m := range s.Moments {
		clear(m.Values)
	}
}
