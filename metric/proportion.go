package metric

import "math"

// ClopperPearson is the share k/n with the exact interval: the shares at which k or more, and k or fewer, of n have 2.5 % chance.
// Undefined when n is 0. It holds the true share in at least 95 % of samples, Wilson's in about 95 %.
func ClopperPearson(k, n int) Estimate {
	if n == 0 {
		return Estimate{undefined, undefined, undefined}
	}
	e := Estimate{Number(float64(k) / float64(n)), 0, 1}
	a, m := float64(k), float64(n)
	start := Wilson(k, n)
	switch k {
	case 0:
	case n:
		e.Low = Number(math.Exp(math.Log(tail95) / m))
	default:
		e.Low = Number(binomialBound(float64(start.Low), a, m-a+1, func(p float64) float64 { return incompleteBeta(a, m-a+1, p, 1-p) }))
	}
	switch k {
	case 0:
		e.High = Number(-math.Expm1(math.Log(tail95) / m))
	case n:
	default:
		e.High = Number(binomialBound(float64(start.High), a+1, m-a, func(p float64) float64 { return incompleteBeta(m-a, a+1, 1-p, p) }))
	}
	return e
}

const tail95 = .025

// binomialBound solves tail(p) = .025, tail or its complement being I(a, b; p): Newton on ln tail over ln p, kept in a bracket.
func binomialBound(p, a, b float64, tail func(float64) float64) float64 {
	low, high := 0., 1.
	rising := tail(.9*p) < tail(math.Min(1, 1.1*p))
	for range 200 {
		t := tail(p)
		if (t < tail95) == rising {
			low = p
		} else {
			high = p
		}
		slope := betaFront(a, b, p, 1-p) / (1 - p) / t // d ln tail / d ln p
		if !rising {
			slope = -slope
		}
		next := p * math.Exp(math.Log(tail95/t)/slope)
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		if math.Abs(next-p) <= 4e-16*p {
			return next
		}
		p = next
	}
	return p
}

// Exact is the four proportions of a confusion table with Clopper and Pearson's intervals.
type Exact struct {
	Sensitivity Estimate `json:"sensitivity"`
	Specificity Estimate `json:"specificity"`
	PPV         Estimate `json:"ppv"`
	NPV         Estimate `json:"npv"`
}

// likelihoodRatio is (a/n)/(b/m) with the interval exp(ln ratio ± 1.96·√(1/a − 1/n + 1/b − 1/m)); the interval needs a and b, the ratio n
// and b.
func likelihoodRatio(a, n, b, m int) Estimate {
	e := Estimate{undefined, undefined, undefined}
	if n == 0 || b == 0 {
		return e
	}
	e.Value = Number(float64(a) / float64(n) / (float64(b) / float64(m)))
	if a > 0 {
		half := z95 * math.Sqrt(1/float64(a)-1/float64(n)+1/float64(b)-1/float64(m))
		e.Low, e.High = e.Value*Number(math.Exp(-half)), e.Value*Number(math.Exp(half))
	}
	return e
}

// Details are figures of a confusion table that mix what a false call and a missed event cost in a way that nobody chose; they are given
// because readers ask for them. Undefined where a denominator is 0.
type Details struct {
	Accuracy         Estimate `json:"accuracy"`
	BalancedAccuracy Number   `json:"balanced_accuracy"`
	F1               Number   `json:"f1"`
	MCC              Number   `json:"mcc"`
	Kappa            Number   `json:"kappa"`
}

// Details of the table: accuracy (tp+tn)/n with Wilson's interval, the mean of sensitivity and specificity, F1 = 2tp/(2tp+fp+fn),
// Matthews' correlation (tp·tn − fp·fn)/√((tp+fp)(tp+fn)(tn+fp)(tn+fn)) and Cohen's kappa (accuracy − chance)/(1 − chance).
func (c Confusion) Details() Details {
	tp, fp, fn, tn := float64(c.TP), float64(c.FP), float64(c.FN), float64(c.TN)
	n := tp + fp + fn + tn
	d := Details{Accuracy: Wilson(c.TP+c.TN, c.TP+c.TN+c.FP+c.FN), BalancedAccuracy: (c.Sensitivity.Value + c.Specificity.Value) / 2}
	d.F1 = ratio(2*tp, 2*tp+fp+fn)
	d.MCC = ratio(tp*tn-fp*fn, math.Sqrt(tp+fp)*math.Sqrt(tp+fn)*math.Sqrt(tn+fp)*math.Sqrt(tn+fn))
	chance := (tp+fp)*(tp+fn) + (tn+fp)*(tn+fn)
	d.Kappa = ratio(n*(tp+tn)-chance, n*n-chance)
	return d
}
