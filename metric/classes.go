package metric

import "math"

// ClassesResult is every figure of a prediction of one of several classes.
type ClassesResult struct {
	N        int    `json:"n"`
	Accuracy Number `json:"accuracy"`
	LogLoss  Number `json:"log_loss"`
	AUROC    Number `json:"auroc_ovr"`
	HandTill Number `json:"auroc_hand_till"`
	Brier    Number `json:"brier"`
}

// Classes measures the probabilities p (n,k) of the classes y (n), numbered from 0. The call is the likeliest class, of equal
// ones the first. AUROC is the mean over the classes of each one against the rest; a class that no row or every row has is
// left out of that mean. HandTill is the mean over the pairs of classes that have rows of (A(i|j) + A(j|i))/2, A(i|j) the AUROC of p_i between the
// rows of i and of j alone: it does not hang on how common the classes are (Hand and Till 2001). Brier is the mean of Σ (p_c − y_c)² over
// the classes c, from 0 to 2.
func Classes(y []int, p [][]float64) (ClassesResult, error) {
	if err := checkClasses(y, p); err != nil {
		return ClassesResult{}, err
	}
	right, loss, square := 0, 0., 0.
	for i, row := range p {
		if likeliest(row) == y[i] {
			right++
		}
		for c, v := range row {
			d := v - float64(side(c == y[i]))
			square += d * d
		}
		loss -= math.Log(inside(row[y[i]], 1e-15))
	}
	n := float64(len(y))
	return ClassesResult{
		len(y), Number(float64(right) / n), Number(loss / n), oneVersusRest(y, p), handTill(y, p), Number(square / n),
	}, nil
}

func likeliest(row []float64) int {
	best := 0
	for c, v := range row {
		if v > row[best] {
			best = c
		}
	}
	return best
}

func handTill(y []int, p [][]float64) Number {
	sum, pairs := 0., 0.
	for i := range p[0] {
		for j := range i {
			var is []bool
			var first, second []float64
			for r, c := range y {
				if c == i || c == j {
					is, first, second = append(is, c == i), append(first, p[r][i]), append(second, -p[r][j])
				}
			}
			if events := count(is); events == 0 || events == len(is) {
				continue
			}
			_, a := placements(is, first)
			_, b := placements(is, second)
			sum += float64(a+b) / 2
			pairs++
		}
	}
	return ratio(sum, pairs)
}

// Class is one class against all others: how many rows have it, how well its probability ranks and agrees, and the calls of the likeliest
// class.
type Class struct {
	N           int         `json:"n"`
	AUROC       Area        `json:"auroc"`
	Brier       Number      `json:"brier"`
	Calibration Calibration `json:"calibration"`
	Confusion   Confusion   `json:"confusion"`
}

// ClassesDetail is what stands behind ClassesResult: accuracy with Wilson's interval, how often each class (row) was called each class (column),
// and each class against the rest.
type ClassesDetail struct {
	Accuracy  Estimate `json:"accuracy"`
	Confusion [][]int  `json:"confusion"`
	Each      []Class  `json:"each"`
}

// DetailClasses measures the classes one by one.
func DetailClasses(y []int, p [][]float64) (ClassesDetail, error) {
	if err := checkClasses(y, p); err != nil {
		return ClassesDetail{}, err
	}
	k := len(p[0])
	d := ClassesDetail{Confusion: make([][]int, k), Each: make([]Class, k)}
	for c := range d.Confusion {
		d.Confusion[c] = make([]int, k)
	}
	for i, row := range p {
		d.Confusion[y[i]][likeliest(row)]++
	}
	right := 0
	for c := range k {
		right += d.Confusion[c][c]
		d.Each[c] = d.class(c, y, p)
	}
	d.Accuracy = Wilson(right, len(y))
	return d, nil
}

func (d *ClassesDetail) class(c int, y []int, p [][]float64) Class {
	is, score := make([]bool, len(y)), make([]float64, len(y))
	called := 0
	for i := range y {
		is[i], score[i] = y[i] == c, p[i][c]
	}
	for _, row := range d.Confusion {
		called += row[c]
	}
	one := Class{N: count(is)}
	brier, _ := Brier(is, score) // p was checked
	one.Brier = Number(brier)
	one.AUROC, _ = AUROC(is, score)
	one.Calibration, _ = Calibrate(is, score)
	one.Confusion = confusion(d.Confusion[c][c], called-d.Confusion[c][c], len(y), one.N)
	return one
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
