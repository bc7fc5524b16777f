package cost

import (
	"gradus/internal/say"
	"gradus/mat"
)

// Check says what keeps f from being the cost of a network of out outputs.
func Check[T mat.Float](f Func[T], out int) error {
	if s, ok := f.(*Shifted[T]); ok {
		f = s.Of
	}
	if c, ok := f.(CrossEntropy[T]); ok && len(c.ClassWeights) != 0 && len(c.ClassWeights) != out {
		return say.Error("cost.class_weights", "given", len(c.ClassWeights), "outputs", out)
	}
	return nil
}

// CheckTargets says what keeps y (n,out), (n,1) of class indices, or what a Truthful f asks for, from being a truth that f can judge
// out outputs by. Rows and columns are counted from 1 in the sentence.
func CheckTargets[T mat.Float](f Func[T], y mat.Matrix[T], out int) error {
	if own, ok := f.(Truthful[T]); ok {
		return own.CheckTruth(y, out)
	}
	if s, ok := f.(*Shifted[T]); ok {
		f = s.Of
	}
	_, classes := f.(CrossEntropy[T])
	_, binary := f.(BinaryCrossEntropy[T])
	switch {
	case classes && y.Cols == 1 && out != 1:
		return checkIndices(y, out)
	case classes && y.Cols != out:
		return say.Error("cost.class_columns", "columns", y.Cols, "outputs", out)
	case y.Cols != out:
		return say.Error("cost.columns", "columns", y.Cols, "outputs", out)
	}
	for i, v := range y.Data {
		t, row, column := float64(v), i/y.Cols+1, i%y.Cols+1
		if (classes || binary) && !(t >= 0 && t <= 1) {
			return say.Error("cost.probability", "row", row, "column", column, "value", t)
		}
		if !finite(t) {
			return say.Error("cost.finite", "row", row, "column", column, "value", t)
		}
	}
	return nil
}

func checkIndices[T mat.Float](y mat.Matrix[T], out int) error {
	for i, v := range y.Data {
		if !isIndex(float64(v), out) {
			return say.Error("cost.class_index", "row", i+1, "value", float64(v), "last", out-1)
		}
	}
	return nil
}
