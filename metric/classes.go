package metric

import "math"

// ClassesResult is every figure of a prediction of one of several classes.
type ClassesResult struct {
	N        int    `json:"n"`
	Accuracy Number `json:"accuracy"`
	LogLoss  Number `json:"log_loss"`
	AUROC    Number `json:"auroc_ovr"`
}

// Classes measures the probabilities p (n,k) of the classes y (n), numbered from 0. The call is the likeliest class, of equal
// ones the first. AUROC is the mean over the classes of each one against the rest; a class that no row or every row has is
// left out of that mean.
func Classes(y []int, p [][]float64) (ClassesResult, error) {
	if err := checkClasses(y, p); err != nil {
		return ClassesResult{}, err
	}
	right, loss := 0, 0.
	for i, row := range p {
		best := 0
		for c, v := range row {
			if v > row[best] {
				best = c
			}
		}
		if best == y[i] {
			right++
		}
		loss -= math.Log(inside(row[y[i]], 1e-15))
	}
	n := float64(len(y))
	return ClassesResult{len(y), Number(float64(right) / n), Number(loss / n), oneVersusRest(y, p)}, nil
}

func oneVersusRest(y []int, p [][]float64) Number {
	sum, classes := 0., 0.
	is, score := make([]bool, len(y)), make([]float64, len(y))
	for c := range p[0] {
		for i := range y {
			is[i], score[i] = y[i] == c, p[i][c]
		}
		if a, err := AUROC(is, score); err == nil {
			sum += float64(a.Value)
			classes++
		}
	}
	return ratio(sum, classes)
}

func checkClasses(y []int, p [][]float64) error {
	if len(y) != len(p) {
		return ErrLength
	}
	if len(y) == 0 {
		return ErrEmpty
	}
	for i, row := range p {
		if len(row) != len(p[0]) {
			return ErrLength
		}
		if y[i] < 0 || y[i] >= len(row) {
			return &RowError{i + 1, float64(y[i]), ErrClass}
		}
		sum := 0.
		for _, v := range row {
			if !probability(v) {
				return &RowError{i + 1, v, ErrProbability}
			}
			sum += v
		}
		if math.Abs(sum-1) > 1e-3 {
			return &RowError{i + 1, sum, ErrSum}
		}
	}
	return nil
}
