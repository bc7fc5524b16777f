package metric

import "slices"

// Benefit is a net benefit with its bootstrap interval (percentile, 95 %), and that of the difference from calling everyone.
type Benefit struct {
	NetBenefit
	Low     Number `json:"low"`
	High    Number `json:"high"`
	OverAll Number `json:"over_all"` // model − all
	AllLow  Number `json:"over_all_low"`
	AllHigh Number `json:"over_all_high"`
}

// DecisionBand is DecisionCurve with intervals. Each draw counts the rows once, by how many thresholds their prediction reaches, and adds up
// from the highest: its cost is the rows and the thresholds, not their product.
func DecisionBand(y []bool, p, thresholds []float64, plan Plan) ([]Benefit, error) {
	curve, err := DecisionCurve(y, p, thresholds)
	if err != nil {
		return nil, err
	}
	if plan.Patient != nil && len(plan.Patient) != len(y) || plan.Stratum != nil && len(plan.Stratum) != len(y) {
		return nil, ErrLength
	}
	sorted := slices.Sorted(slices.Values(thresholds))
	reached := reaches(y, p, sorted)
	counts := make([]int, 2*(len(sorted)+1))
	drawn, over := make([][]float64, len(sorted)), make([][]float64, len(sorted))
	plan.weights(len(y), plan.patients(len(y)), func(weight []int) {
		clear(counts)
		for row, k := range reached {
			counts[k] += weight[row]
		}
		var called [2]int
		all := totals(counts)
		n := float64(all[0] + all[1])
		for k := len(sorted) - 1; k >= 0; k-- {
			called[0], called[1] = called[0]+counts[2*k+2], called[1]+counts[2*k+3]
			odds := sorted[k] / (1 - sorted[k])
			model := (float64(called[1]) - float64(called[0])*odds) / n
			drawn[k] = append(drawn[k], model)
			over[k] = append(over[k], model-(float64(all[1])-float64(all[0])*odds)/n)
		}
	})
	band := make([]Benefit, len(curve))
	for i, c := range curve {
		k, _ := slices.BinarySearch(sorted, thresholds[i])
		b := Benefit{NetBenefit: c, OverAll: c.Model - c.All}
		b.Low, b.High = middle(drawn[k])
		b.AllLow, b.AllHigh = middle(over[k])
		band[i] = b
	}
	return band, nil
}

// reaches is, for each row, twice the number of sorted thresholds that p reaches, plus 1 for an event.
func reaches(y []bool, p, sorted []float64) []int {
	reached := make([]int, len(p))
	for row, v := range p {
		k, found := slices.BinarySearch(sorted, v)
		for found && k < len(sorted) && sorted[k] == v {
			k++
		}
		reached[row] = 2*k + side(y[row])
	}
	return reached
}

func totals(counts []int) (all [2]int) {
	for i, n := range counts {
		all[i%2] += n
	}
	return all
}

// middle is the 2.5 % and 97.5 % points; it sorts values.
func middle(values []float64) (low, high Number) {
	if len(values) == 0 {
		return undefined, undefined
	}
	slices.Sort(values)
	return Number(quantile(values, tail95)), Number(quantile(values, 1-tail95))
}
