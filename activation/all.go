package activation

import "gradus/mat"

// All lists every activation in the order of the deck. To add one: its file, a row here, a golden value in its test.
func All[T mat.Float]() []Func[T] {
	return []Func[T]{
		Linear[T]{},
	}
}
