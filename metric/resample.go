package metric

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Plan says how rows are drawn: whole patients with replacement, in each stratum as many as it has.
type Plan struct {
	Patient []int  // of each row, numbered in any way; nil: every row is a patient
	Stratum []bool // of each row, the outcome for example; a patient is in the true one with any of his rows; nil: one stratum
	Draws   int    // 0: 1,000
	Seed    uint64 // draw i has a stream of its own, so that any order of draws gives the same
}

const (
	bootStream  = 11 << 32
	jackknifes  = 1000 // parts that are left out in turn, where there are more patients
	usualDraws  = 1000
	leastUsable = 20 // draws that an interval needs
)

// Resampled is a figure with bootstrap intervals of 95 %: the percentile one, and BCa, corrected for bias and acceleration (Efron 1987).
type Resampled struct {
	Estimate
	BCaLow  Number `json:"bca_low"`
	BCaHigh Number `json:"bca_high"`
	Draws   int    `json:"draws"` // in which the figure was defined
}

// patients is the rows of each patient, of the false stratum and of the true one.
func (p Plan) patients(rows int) (strata [2][][]int) {
	place := map[int]int{}
	var all [][]int
	for row := range rows {
		id := row
		if p.Patient != nil {
			id = p.Patient[row]
		}
		at, known := place[id]
		if !known {
			at = len(all)
			place[id], all = at, append(all, nil)
		}
		all[at] = append(all[at], row)
	}
	for _, members := range all {
		s := 0
		if p.Stratum != nil && slices.ContainsFunc(members, func(row int) bool { return p.Stratum[row] }) {
			s = 1
		}
		strata[s] = append(strata[s], members)
	}
	return strata
}

// weights calls each with how often each row was drawn, draw by draw.
func (p Plan) weights(rows int, strata [2][][]int, each func(weight []int)) {
	draws, weight := p.Draws, make([]int, rows)
	if draws == 0 {
		draws = usualDraws
	}
	for draw := range draws {
		r := rand.New(rand.NewPCG(p.Seed, bootStream+uint64(draw)))
		clear(weight)
		for _, s := range strata {
			for range s {
				for _, row := range s[r.IntN(len(s))] {
					weight[row]++
				}
			}
		}
		each(weight)
	}
}

// Bootstrap takes the intervals of a statistic of rows, each counted weight times; draws where it is NaN are left out. The acceleration comes
// from leaving out each patient in turn, of more than 1,000 each thousandth part of them.
func Bootstrap(rows int, plan Plan, statistic func(weight []int) float64) (Resampled, error) {
	if rows == 0 {
		return Resampled{}, ErrEmpty
	}
	if plan.Patient != nil && len(plan.Patient) != rows || plan.Stratum != nil && len(plan.Stratum) != rows {
		return Resampled{}, ErrLength
	}
	one, strata := ones(rows), plan.patients(rows)
	value := statistic(one)
	var drawn []float64
	plan.weights(rows, strata, func(weight []int) {
		if v := statistic(weight); v == v {
			drawn = append(drawn, v)
		}
	})
	slices.Sort(drawn)
	b := Resampled{Estimate{Number(value), undefined, undefined}, undefined, undefined, len(drawn)}
	if len(drawn) < leastUsable || value != value {
		return b, nil
	}
	b.Low, b.High = Number(quantile(drawn, tail95)), Number(quantile(drawn, 1-tail95))
	bias, bend := biasOf(drawn, value), acceleration(one, strata, statistic)
	if at := func(z float64) float64 { return normal(bias + (bias+z)/(1-bend*(bias+z))) }; !math.IsInf(bias, 0) && bend == bend {
		b.BCaLow, b.BCaHigh = Number(quantile(drawn, at(-z95))), Number(quantile(drawn, at(z95)))
	}
	return b, nil
}

func ones(n int) []int {
	one := make([]int, n)
	for i := range one {
		one[i] = 1
	}
	return one
}

func normal(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// biasOf is Φ⁻¹ of the share of sorted draws below value, ties half.
func biasOf(drawn []float64, value float64) float64 {
	below, _ := slices.BinarySearch(drawn, value)
	upTo := below
	for upTo < len(drawn) && drawn[upTo] == value {
		upTo++
	}
	return -math.Sqrt2 * math.Erfcinv(float64(below+upTo)/float64(len(drawn)))
}

// acceleration is Σd³/(6·(Σd²)^1.5), d the mean of the jackknifed values less each.
func acceleration(weight []int, strata [2][][]int, statistic func([]int) float64) float64 {
	all := slices.Concat(strata[0], strata[1])
	parts := min(len(all), jackknifes)
	var values []float64
	mean := 0.
	for part := range parts {
		set := func(to int) {
			for i := part; i < len(all); i += parts {
				for _, row := range all[i] {
					weight[row] = to
				}
			}
		}
		set(0)
		if v := statistic(weight); v == v {
			values, mean = append(values, v), mean+v
		}
		set(1)
	}
	mean /= float64(len(values))
	square, cube := 0., 0.
	for _, v := range values {
		d := mean - v
		square += d * d
		cube += d * d * d
	}
	if square == 0 {
		return 0
	}
	return cube / (6 * math.Pow(square, 1.5))
}
