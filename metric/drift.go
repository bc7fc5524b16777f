package metric

import (
	"errors"
	"math"
	"slices"
)

// ErrTable is a table of counts that holds nothing to compare.
var ErrTable = errors.New("metric: a table of counts is ragged, empty or negative")

// leastShare is the floor of a share in PSI: an empty bin would make it infinite.
const leastShare = 1e-4

// PSI is Σ (b − a)·ln(b/a) over bins, a and b the shares of the bins in old and new counts, each held at 1e-4.
func PSI(old, now []int) (Number, error) {
	if len(old) != len(now) {
		return undefined, ErrTable
	}
	n, m := 0., 0.
	for i := range old {
		if old[i] < 0 || now[i] < 0 {
			return undefined, ErrTable
		}
		n, m = n+float64(old[i]), m+float64(now[i])
	}
	if n == 0 || m == 0 {
		return undefined, ErrTable
	}
	sum := 0.
	for i := range old {
		a, b := math.Max(float64(old[i])/n, leastShare), math.Max(float64(now[i])/m, leastShare)
		sum += (b - a) * math.Log(b/a)
	}
	return Number(sum), nil
}

// Deciles are the nine quantiles .1 … .9 of values, linear between order statistics (R's type 7).
func Deciles(values []float64) []float64 { return Quantiles(values, 10) }

// Quantiles are the k−1 quantiles 1/k … (k−1)/k of values, as Deciles are for k = 10.
func Quantiles(values []float64, k int) []float64 {
	if len(values) == 0 || k < 2 {
		return nil
	}
	sorted, edges := slices.Sorted(slices.Values(values)), make([]float64, k-1)
	for i := range edges {
		at := float64(i+1) * float64(len(sorted)-1) / float64(k)
		j := int(at)
		edges[i] = sorted[j]
		if j+1 < len(sorted) {
			edges[i] += (at - float64(j)) * (sorted[j+1] - sorted[j])
		}
	}
	return edges
}

// Binned counts values between edges, len(edges)+1 bins; a value on an edge belongs to the bin below.
func Binned(values, edges []float64) []int {
	n := make([]int, len(edges)+1)
	for _, v := range values {
		i, _ := slices.BinarySearch(edges, v)
		n[i]++
	}
	return n
}

// Distance is Kolmogorov and Smirnov's: the largest difference of two distributions and its asymptotic p.
type Distance struct {
	D Number `json:"d"`
	P Number `json:"p"`
}

// KolmogorovSmirnov compares two samples of n and m; p is that of one sample of nm/(n+m), rounded, as SciPy's asymptotic mode has it.
func KolmogorovSmirnov(a, b []float64) (Distance, error) {
	if len(a) == 0 || len(b) == 0 {
		return Distance{undefined, undefined}, ErrEmpty
	}
	x, y := slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	if x[0] != x[0] || y[0] != y[0] {
		return Distance{undefined, undefined}, ErrScore // NaN is sorted first
	}
	d, n, m := 0., float64(len(x)), float64(len(y))
	for i, j := 0, 0; i < len(x) && j < len(y); {
		v := math.Min(x[i], y[j])
		for ; i < len(x) && x[i] == v; i++ {
		}
		for ; j < len(y) && y[j] == v; j++ {
		}
		d = math.Max(d, math.Abs(float64(i)/n-float64(j)/m))
	}
	return Distance{Number(d), Number(kolmogorovTail(d, max(1, math.RoundToEven(n*m/(n+m)))))}, nil
}

// StandardDifference is (mean of b − mean of a)/√((sd²a + sd²b)/2), sd over n−1; undefined where neither varies.
func StandardDifference(a, b []float64) Number {
	meanA, sdA := Moments(a)
	meanB, sdB := Moments(b)
	return MomentDifference(meanA, sdA, meanB, sdB)
}

// MomentDifference is StandardDifference where only the means and the standard deviations are known.
func MomentDifference(meanA, sdA, meanB, sdB Number) Number {
	return ratio(float64(meanB-meanA), math.Sqrt(float64(sdA*sdA+sdB*sdB)/2))
}

// Moments is the mean of v and its standard deviation over n−1; undefined of too few values.
func Moments(v []float64) (mean, sd Number) {
	m, variance := moment(v)
	if len(v) == 0 {
		m = math.NaN()
	}
	if len(v) < 2 {
		variance = math.NaN()
	}
	return Number(m), Number(math.Sqrt(variance))
}

// BinnedDistance is the largest difference of two distributions at the edges of their bins: no more than Kolmogorov and Smirnov's D, which
// looks between the edges too.
func BinnedDistance(old, now []int) Number {
	n, m := 0, 0
	for i := range old {
		n, m = n+old[i], m+now[i]
	}
	if n == 0 || m == 0 {
		return undefined
	}
	d, a, b := 0., 0, 0
	for i := range old {
		a, b = a+old[i], b+now[i]
		d = math.Max(d, math.Abs(float64(a)/float64(n)-float64(b)/float64(m)))
	}
	return Number(d)
}

func moment(v []float64) (mean, variance float64) {
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		variance += (x - mean) * (x - mean) / float64(len(v)-1)
	}
	return mean, variance
}

// Association is Pearson's chi-square test of a table of counts, without continuity correction, and Cramér's V.
type Association struct {
	ChiSq   Number `json:"chi_square"`
	DF      int    `json:"df"`
	P       Number `json:"p"`
	CramerV Number `json:"cramers_v"`
}

// ChiSquare tests rows against columns of counts; rows and columns without any count are left out.
func ChiSquare(counts [][]int) (Association, error) {
	a := Association{undefined, 0, undefined, undefined}
	if len(counts) == 0 {
		return a, ErrTable
	}
	n, byRow, byColumn := 0., make([]float64, len(counts)), make([]float64, len(counts[0]))
	for r, row := range counts {
		if len(row) != len(byColumn) || len(row) > 0 && slices.Min(row) < 0 {
			return a, ErrTable
		}
		for c, k := range row {
			n, byRow[r], byColumn[c] = n+float64(k), byRow[r]+float64(k), byColumn[c]+float64(k)
		}
	}
	used, wide, sum := filled(byRow), filled(byColumn), 0.
	if a.DF = (used - 1) * (wide - 1); used < 2 || wide < 2 {
		a.DF = 0
		return a, nil
	}
	for r, row := range counts {
		for c, k := range row {
			if e := byRow[r] * byColumn[c] / n; e > 0 {
				sum += (float64(k) - e) * (float64(k) - e) / e
			}
		}
	}
	a.ChiSq, a.P = Number(sum), Number(chiTail(sum, float64(a.DF)))
	a.CramerV = Number(math.Sqrt(sum / n / float64(min(used, wide)-1)))
	return a, nil
}

func filled(sums []float64) (n int) {
	for _, v := range sums {
		if v > 0 {
			n++
		}
	}
	return n
}
