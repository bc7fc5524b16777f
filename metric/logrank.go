package metric

import "math"

// LogRankTest is the log-rank test of groups: Σ over event times of observed less expected events, chi-square with groups−1 degrees of
// freedom.
type LogRankTest struct {
	Observed []float64 `json:"observed"`
	Expected []float64 `json:"expected"`
	ChiSq    Number    `json:"chi_square"`
	DF       int       `json:"df"`
	P        Number    `json:"p"`
}

// LogRank compares the survival of the groups numbered 0 … groups−1, with the hypergeometric variance at tied times.
func LogRank(time []float64, event []bool, group []int, groups int) (LogRankTest, error) {
	if err := checkTimes(time, event); err != nil {
		return LogRankTest{}, err
	}
	if len(group) != len(time) {
		return LogRankTest{}, ErrLength
	}
	risk := make([]float64, groups)
	for i, g := range group {
		if g < 0 || g >= groups {
			return LogRankTest{}, &RowError{i + 1, float64(g), ErrClass}
		}
		risk[g]++
	}
	r := LogRankTest{Observed: make([]float64, groups), Expected: make([]float64, groups), ChiSq: undefined, DF: groups - 1, P: undefined}
	v := r.sum(time, event, group, risk)
	u := make([]float64, groups-1)
	for g := range u {
		u[g] = r.Observed[g] - r.Expected[g]
	}
	if q, ok := mahalanobis(v, u); ok && groups > 1 {
		r.ChiSq, r.P = Number(q), Number(chiTail(q, float64(r.DF)))
	}
	return r, nil
}

// sum walks the times, filling observed and expected, and returns the covariance of the first groups−1 differences.
func (r *LogRankTest) sum(time []float64, event []bool, group []int, risk []float64) [][]float64 {
	v := make([][]float64, len(risk)-1)
	for g := range v {
		v[g] = make([]float64, len(risk)-1)
	}
	order, leave := byTime(time), make([]float64, len(risk))
	for from := 0; from < len(order); {
		n, d, to := float64(len(order)-from), 0., from
		clear(leave)
		for ; to < len(order) && time[order[to]] == time[order[from]]; to++ {
			i := order[to]
			leave[group[i]]++
			if event[i] {
				d++
				r.Observed[group[i]]++
			}
		}
		tied := 0.
		if n > 1 {
			tied = d * (n - d) / (n - 1)
		}
		for g := range risk {
			r.Expected[g] += d * risk[g] / n
			for h := range min(g+1, len(v)) {
				if g < len(v) {
					v[g][h] -= tied * risk[g] * risk[h] / n / n
				}
			}
			if g < len(v) {
				v[g][g] += tied * risk[g] / n
			}
		}
		for g := range risk {
			risk[g] -= leave[g]
		}
		from = to
	}
	return v
}

// mahalanobis is uᵀ·v⁻¹·u by Cholesky of the lower triangle v, which it overwrites.
func mahalanobis(v [][]float64, u []float64) (sum float64, ok bool) {
	for i := range v {
		for j := range i + 1 {
			s := v[i][j]
			for k := range j {
				s -= v[i][k] * v[j][k]
			}
			if i == j && !(s > 1e-12) {
				return 0, false
			}
			if i == j {
				v[i][i] = math.Sqrt(s)
			} else {
				v[i][j] = s / v[j][j]
			}
		}
		for k := range i {
			u[i] -= v[i][k] * u[k]
		}
		u[i] /= v[i][i]
		sum += u[i] * u[i]
	}
	return sum, true
}
