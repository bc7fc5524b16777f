package metric

import "math"

// CategoryDifference is the standardised difference of two groups that have a (k) and b (k) rows at each of k levels (Yang and Dalton
// 2012): √((q−p)ᵀ S⁻¹ (q−p)) over the shares p, q of all levels but the last, S the mean of both multinomial covariances. Of two levels
// it is |q−p|/√((p(1−p) + q(1−q))/2). Undefined where a group is empty or the shares do not vary.
func CategoryDifference(a, b []int) Number {
	n, m := 0., 0.
	for i := range a {
		n, m = n+float64(a[i]), m+float64(b[i])
	}
	var p, q []float64
	for i := range a {
		if a[i]+b[i] > 0 {
			p, q = append(p, float64(a[i])/n), append(q, float64(b[i])/m)
		}
	}
	k := len(p) - 1
	if n == 0 || m == 0 || k < 1 {
		return undefined
	}
	s, d := make([][]float64, k), make([]float64, k)
	for i := range k {
		s[i], d[i] = make([]float64, k), q[i]-p[i]
		for j := range k {
			s[i][j] = -(p[i]*p[j] + q[i]*q[j]) / 2
		}
		s[i][i] += (p[i] + q[i]) / 2
	}
	square, ok := mahalanobis(s, d)
	if !ok {
		return undefined
	}
	return Number(math.Sqrt(square))
}
