package metric

import "math"

// NumberSize is the least number of rows to develop a model of a number by the four criteria of Riley and others (2019, part I).
type NumberSize struct {
	Shrinkage int     `json:"shrinkage"`   // criterion 1: expected shrinkage of at least .9
	Optimism  int     `json:"optimism"`    // criterion 2: at most .05 between apparent and adjusted R²
	Residual  int     `json:"residual_sd"` // criterion 3: the residual SD to 10 %
	Mean      int     `json:"mean"`        // criterion 4: the mean to 10 %
	N         int     `json:"n"`
	Rules     string  `json:"rules"`
	PerTerm   float64 `json:"rows_per_parameter"`
	Expected  float64 `json:"expected_shrinkage"` // of N rows
	R2        float64 `json:"r2"`
}

// SizeNumber is for an expected adjusted R², the number of candidate parameters, and the mean and SD of the outcome. Its fourth criterion
// is t·√(SD²·(1−R²)/n) ≤ .1·|mean|; pmsampsize 1.1.3 has the SD in the place of its square there, and so seldom asks for more.
func SizeNumber(r2 float64, parameters int, mean, sd float64) (NumberSize, error) {
	if !(r2 > 0 && r2 < 1 && sd > 0 && sd < math.Inf(1)) || mean == 0 || mean-mean != 0 || parameters < 1 {
		return NumberSize{}, ErrSize
	}
	p := float64(parameters)
	s := NumberSize{R2: r2}
	s.Shrinkage = least(parameters+2, func(n float64) bool { return copas(r2, p, n) >= leastShrinkage })
	s.Optimism = whole(1 + p*(1-r2)/mostOptimism)
	s.Residual = least(parameters+2, func(n float64) bool {
		df := n - p - 1
		square := meanMargin * meanMargin
		return chiTail(df/square, df) >= .975 && chiTail(square*df, df) <= .025
	})
	s.Mean = least(parameters+2, func(n float64) bool {
		return studentTails((meanMargin-1)*math.Abs(mean)/(sd*math.Sqrt((1-r2)/n)), n-p-1) <= .05
	})
	if s.Shrinkage == 0 || s.Mean == 0 {
		return NumberSize{}, ErrSize
	}
	s.N, s.Rules = most(named{"shrinkage", s.Shrinkage}, named{"optimism", s.Optimism}, named{"residual_sd", s.Residual}, named{"mean", s.Mean})
	s.PerTerm, s.Expected = float64(s.N)/p, copas(r2, p, float64(s.N))
	return s, nil
}

// copas is 1 + (p−2)/(n·ln(1−R²app)), the shrinkage of n rows; R²app = (R²·(n−p−1)+p)/(n−1) is the apparent R² of an adjusted one.
func copas(r2, p, n float64) float64 {
	return 1 + (p-2)/(n*math.Log1p(-(r2*(n-p-1)+p)/(n-1)))
}
