package metric

import (
	"math"
	"testing"
)

// The bounds against SciPy 1.17.1 (betaincinv, betainccinv), up to a million rows; the upper ones of 1 and 2 of a million by mpmath with 40
// digits, where R 4.2.2 (qbeta) agrees and SciPy is 1e-12 and 1e-11 off.
func TestClopperPearson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{1, 2, 0.01257911709342505, 0.9874208829065749},
		{2, 3, 0.09429932405024609, 0.9915962413403874},
		{5, 10, 0.18708602844739855, 0.8129139715526015},
		{1, 100, 0.00025314603297742064, 0.05445938539208066},
		{99, 100, 0.9455406146079194, 0.9997468539670226},
		{7, 12, 0.2766696856821058, 0.8483477701915698},
		{33, 99999, 0.00022716963374088883, 0.00046341640397768526},
		{99000, 99999, 0.9893740871313921, 0.9906170444331199},
		{1, 1000000, 2.5317807663794178e-08, 5.571630655172244e-06},
		{2, 1000000, 2.4220937031600326e-07, 7.224668794380317e-06},
		{10, 1000000, 4.795398777545602e-06, 1.8390278891238535e-05},
		{123456, 1000000, 0.12281184162962973, 0.12410234027680268},
		{500000, 1000000, 0.49901951919531184, 0.5009804808046882},
		{999990, 1000000, 0.9999816097211087, 0.9999952046012225},
		{999999, 1000000, 0.9999944283693448, 0.9999999746821924},
	} {
		got := ClopperPearson(c.k, c.n)
		if math.Abs(float64(got.Low)-c.low) > 1e-12*c.low || math.Abs(float64(got.High)-c.high) > 1e-12*c.high {
			t.Errorf("%d of %d: %v, want %v to %v", c.k, c.n, got, c.low, c.high)
		}
	}
	for _, n := range []int{1, 10, 1_000_000} {
		none, all := ClopperPearson(0, n), ClopperPearson(n, n)
		if none.Low != 0 || all.High != 1 || math.Abs(math.Pow(1-float64(none.High), float64(n))-.025) > 1e-9 {
			t.Error(n, none, all)
		}
		nearBy(t, "the two ends mirror", all.Low, 1-float64(none.High), 1e-15)
		if one := ClopperPearson(1, max(n, 2)); !(one.Low > 0 && one.High < 1) {
			t.Error(one)
		}
	}
	if e := ClopperPearson(0, 0); e.Value.Defined() || e.Low.Defined() || e.High.Defined() {
		t.Error(e)
	}
}

// At its bounds the binomial tails are 2.5 %, summed term by term.
func TestClopperPearsonByItsDefinition(t *testing.T) {
	tail := func(from, to, n int, p float64) (sum float64) {
		for k := from; k <= to; k++ {
			c := 1.
			for i := range k {
				c *= float64(n-i) / float64(i+1)
			}
			sum += c * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
		}
		return sum
	}
	for n := 2; n < 40; n++ {
		for k := 1; k < n; k++ {
			e := ClopperPearson(k, n)
			nearBy(t, "low", Number(tail(k, n, n, float64(e.Low))), .025, 1e-11)
			nearBy(t, "high", Number(tail(0, k, n, float64(e.High))), .025, 1e-11)
		}
	}
}

// Where a class or a call is missing a ratio has no value, where no event is missed no interval.
func TestLikelihoodRatiosAtTheirEnds(t *testing.T) {
	c := confusion(5, 2, 20, 5) // no event missed
	if c.LRNegative.Value != 0 || c.LRNegative.Low.Defined() || !c.LRPositive.High.Defined() {
		t.Error(c.LRNegative, c.LRPositive)
	}
	c = confusion(0, 0, 20, 5) // no call
	if c.LRPositive.Value.Defined() || c.LRNegative.Value != 1 || c.Details().MCC.Defined() || c.Details().F1 != 0 {
		t.Error(c, c.Details())
	}
	if c = confusion(0, 3, 20, 0); c.LRPositive.Value.Defined() || c.LRNegative.Value.Defined() || c.Details().BalancedAccuracy.Defined() {
		t.Error(c)
	}
}
