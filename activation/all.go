package activation

import "gradus/mat"

// All lists every activation in the order of the deck, then the field's others. To add one: its file, a row here, a golden value in its test.
func All[T mat.Float]() []Func[T] {
	return []Func[T]{
		Linear[T]{},
		Step[T]{},
		Sigmoid[T]{},
		Tanh[T]{},
		ReLU[T]{},
		LeakyReLU[T]{},
		Softmax[T]{},
		ELU[T]{},
		GELU[T]{},
		GELUTanh[T]{},
		SiLU[T]{},
		Softplus[T]{},
		Mish[T]{},
	}
}
