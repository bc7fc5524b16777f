package metric

import "math"

const reliabilityBins = 10

// Reliability is what older papers report of calibration; it hangs on how the rows are grouped.
//
// ECE and MCE are the mean, weighted by rows, and the largest |mean p − share of events| over ten groups, of equal width (⌊10p⌋) or of equal
// count (rows in the order of p, equal p in the order of the rows). Spiegelhalter's Z is Σ(y−p)(1−2p)/√(Σ(1−2p)²p(1−p)), its p two-sided.
// HosmerLemeshow is over the groups of equal count, with 10 degrees of freedom, as predictions were made elsewhere, or 8 on the rows that the
// model was fitted on. With many rows it rejects any model, with few none: it is no verdict.
type Reliability struct {
	ECE            Number         `json:"ece"`
	MCE            Number         `json:"mce"`
	ECECount       Number         `json:"ece_equal_count"`
	MCECount       Number         `json:"mce_equal_count"`
	SpiegelhalterZ Number         `json:"spiegelhalter_z"`
	SpiegelhalterP Number         `json:"spiegelhalter_p"`
	HosmerLemeshow HosmerLemeshow `json:"hosmer_lemeshow"`
}

// HosmerLemeshow is Σ (observed − expected)²/(n·p̄(1−p̄)) over groups, and its chi-square tails.
type HosmerLemeshow struct {
	ChiSq   Number `json:"chi_square"`
	P       Number `json:"p"`        // as many degrees of freedom as groups
	FittedP Number `json:"p_fitted"` // two fewer: on the rows that the model was fitted on
}

// group is the rows of a group of predictions.
type group struct{ n, events, sum float64 }

// Reliable measures p against y in groups.
func Reliable(y []bool, p []float64) (Reliability, error) {
	if err := checkProbabilities(y, p); err != nil {
		return Reliability{}, err
	}
	wide, even := make([]group, reliabilityBins), make([]group, reliabilityBins)
	s := ranked(p)
	for i, row := range s {
		event := float64(side(y[row.row]))
		wide[min(int(reliabilityBins*row.p), reliabilityBins-1)].add(row.p, event)
		even[share(i, len(s), reliabilityBins)].add(row.p, event)
	}
	var r Reliability
	r.ECE, r.MCE = gaps(wide)
	r.ECECount, r.MCECount = gaps(even)
	r.SpiegelhalterZ, r.SpiegelhalterP = spiegelhalter(y, p)
	r.HosmerLemeshow = hosmerLemeshow(even)
	return r, nil
}

func (g *group) add(p, event float64) { g.n, g.events, g.sum = g.n+1, g.events+event, g.sum+p }

// share is the group of row i of n in k groups of which the first n mod k have one row more.
func share(i, n, k int) int {
	size, longer := n/k, n%k
	if i < longer*(size+1) {
		return i / (size + 1)
	}
	return longer + (i-longer*(size+1))/size
}

func gaps(list []group) (mean, most Number) {
	n := 0.
	for _, g := range list {
		if g.n > 0 {
			gap := Number(math.Abs(g.sum-g.events) / g.n)
			n, mean, most = n+g.n, mean+gap*Number(g.n), max(most, gap)
		}
	}
	return mean / Number(n), most
}

// spiegelhalter is undefined where every p is 0, ½ or 1.
func spiegelhalter(y []bool, p []float64) (z, tails Number) {
	sum, variance := 0., 0.
	for i, v := range p {
		sum += (float64(side(y[i])) - v) * (1 - 2*v)
		variance += (1 - 2*v) * (1 - 2*v) * v * (1 - v)
	}
	z = ratio(sum, math.Sqrt(variance))
	return z, Number(math.Erfc(math.Abs(float64(z)) / math.Sqrt2))
}

func hosmerLemeshow(list []group) HosmerLemeshow {
	sum, groups := 0., 0.
	for _, g := range list {
		if g.n > 0 {
			d := g.events - g.sum
			if d != 0 {
				sum += d * d / (g.sum * (1 - g.sum/g.n))
			}
			groups++
		}
	}
	h := HosmerLemeshow{Number(sum), undefined, undefined}
	if h.ChiSq.Defined() {
		h.P = Number(chiTail(sum, groups))
		if groups > 2 {
			h.FittedP = Number(chiTail(sum, groups-2))
		}
	}
	return h
}
