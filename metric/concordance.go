package metric

import (
	"math"
	"slices"
)

// Concordance is the share of comparable pairs of which the one with the event first has the higher risk, ties of the risk counted half, with its
// standard error (infinitesimal jackknife, as R's survival::concordance).
type Concordance struct {
	Value Number `json:"value"`
	SE    Number `json:"se"`
}

// HarrellC compares every pair of which the earlier time is an event; at equal times an event comes before a censoring, and two
// events are not compared. O(n log n).
func HarrellC(time []float64, event []bool, risk []float64) (Concordance, error) {
	c, d, err := concordance(time, event, risk, math.Inf(1), harrell)
	return Concordance{c, jackknife(d, nil)}, err
}

// UnoC is Harrell's C with each event weighted by 1/G(t−)², G the Kaplan–Meier curve of the censoring, events after the time
// until left out: it does not depend on who was censored (Uno and others 2011).
func UnoC(time []float64, event []bool, risk []float64, until float64) (Concordance, error) {
	c, d, err := concordance(time, event, risk, until, uno)
	return Concordance{c, jackknife(d, nil)}, err
}

// harrell and uno are the weight of an event, g = G(t−).
func harrell(float64) float64 { return 1 }

func uno(g float64) float64 { return 1 / (g * g) }

// concordance is C and what each row adds to it, d, whose squares add up to its variance.
func concordance(time []float64, event []bool, risk []float64, until float64, weigh func(g float64) float64) (c Number, d []float64, err error) {
	if err := checkTimes(time, event); err != nil {
		return undefined, nil, err
	}
	if err := checkScores(event, risk); err != nil {
		return undefined, nil, err
	}
	w, _ := uncensored(time, event, until)
	for i, g := range w {
		if w[i] = 0; event[i] && time[i] <= until {
			w[i] = weigh(g)
		}
	}
	right, all := make([]float64, len(time)), make([]float64, len(time))
	pairs(time, event, risk, w, right, all)
	top, n := 0., 0.
	for i := range all {
		top += right[i] / 2 // each pair was counted for both of its rows
		n += all[i] / 2
	}
	if n == 0 {
		return undefined, nil, ErrPairs
	}
	for i := range all {
		right[i] = (right[i] - top/n*all[i]) / n
	}
	return Number(top / n), right, nil
}

// jackknife is √Σ d², the d of one group added first; nil groups: each row is one.
func jackknife(d []float64, group []int) Number {
	if d == nil {
		return undefined
	}
	square := 0.
	if group == nil {
		for _, v := range d {
			square += v * v
		}
		return Number(math.Sqrt(square))
	}
	sums, order := map[int]float64{}, []int(nil)
	for i, g := range group {
		if _, known := sums[g]; !known {
			order = append(order, g)
		}
		sums[g] += d[i]
	}
	for _, g := range order {
		square += sums[g] * sums[g]
	}
	return Number(math.Sqrt(square))
}

// uncensored is G(t−) of each row's time, the chance of not being censored before it, and G(at); events leave before censorings of
// their time.
func uncensored(time []float64, event []bool, at float64) (out []float64, here float64) {
	g, order := 1., byTime(time)
	out, here = make([]float64, len(time)), 1
	for from := 0; from < len(order); {
		to, d := from, 0
		for ; to < len(order) && time[order[to]] == time[order[from]]; to++ {
			out[order[to]] = g
			d += side(event[order[to]])
		}
		if lost := to - from - d; lost > 0 {
			g *= 1 - float64(lost)/float64(len(order)-from-d)
		}
		if time[order[from]] <= at {
			here = g
		}
		from = to
	}
	return out, here
}

// pairs adds to each row the weight of the comparable pairs it is in, and of those that risk orders rightly.
func pairs(time []float64, event []bool, risk, w, right, all []float64) {
	place, places := ranks(risk)
	order := byTime(time)
	later, earlier := make(fenwick, places+1), make(fenwick, places+1)
	for i := range time {
		later.add(place[i], 1)
	}
	for from := 0; from < len(order); {
		to := from
		for ; to < len(order) && time[order[to]] == time[order[from]]; to++ {
			if i := order[to]; event[i] {
				later.add(place[i], -1)
			}
		}
		now := order[from:to]
		for _, i := range now {
			if event[i] {
				right[i] += w[i] * (later.below(place[i]) + later.at(place[i])/2)
				all[i] += w[i] * later.below(places)

				judgeLater(earlier, places, i, place[i], right, all)
			}
		}
		for _, i := range now {
			if event[i] {
				earlier.add(place[i], w[i])
			}
		}
		for _, i := range now {
			if !event[i] {
				judgeLater(earlier, places, i, place[i], right, all)
				later.add(place[i], -1)
			}
		}
		from = to
	}
}

func judgeLater(earlier fenwick, places, i, at int, right, all []float64) {
	total, tied := earlier.below(places), earlier.at(at)
	right[i] += total - earlier.below(at) - tied/2
	all[i] += total
}

// ranks numbers the different values from 0.
func ranks(v []float64) (place []int, places int) {
	sorted := slices.Compact(slices.Sorted(slices.Values(v)))
	place = make([]int, len(v))
	for i, x := range v {
		place[i], _ = slices.BinarySearch(sorted, x)
	}
	return place, len(sorted)
}

// fenwick holds sums over places 0 … n−1 in n+1 cells.
type fenwick []float64

func (f fenwick) add(place int, v float64) {
	for i := place + 1; i < len(f); i += i & -i {
		f[i] += v
	}
}

// below is the sum over places 0 … place−1.
func (f fenwick) below(place int) (sum float64) {
	for i := place; i > 0; i -= i & -i {
		sum += f[i]
	}
	return sum
}

func (f fenwick) at(place int) float64 { return f.below(place+1) - f.below(place) }
