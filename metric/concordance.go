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
	return concordance(time, event, risk, func([]float64) []float64 {
		w := make([]float64, len(time))
		for i, e := range event {
			w[i] = float64(side(e))
		}
		return w
	})
}

// UnoC is Harrell's C with each event weighted by 1/G(t−)², G the Kaplan–Meier curve of the censoring, events after the time
// until left out: it does not depend on who was censored (Uno and others 2011).
func UnoC(time []float64, event []bool, risk []float64, until float64) (Concordance, error) {
	return concordance(time, event, risk, func(g []float64) []float64 {
		w := make([]float64, len(time))
		for i, e := range event {
			if e && time[i] <= until {
				w[i] = 1 / (g[i] * g[i])
			}
		}
		return w
	})
}

func concordance(time []float64, event []bool, risk []float64, weigh func(g []float64) []float64) (Concordance, error) {
	if err := checkTimes(time, event); err != nil {
		return Concordance{}, err
	}
	if err := checkScores(event, risk); err != nil {
		return Concordance{}, err
	}
	w := weigh(uncensored(time, event))
	right, all := make([]float64, len(time)), make([]float64, len(time))
	pairs(time, event, risk, w, right, all)
	top, n := 0., 0.
	for i := range all {
		top += right[i] / 2 // each pair was counted for both of its rows
		n += all[i] / 2
	}
	if n == 0 {
		return Concordance{undefined, undefined}, ErrPairs
	}
	c, square := top/n, 0.
	for i := range all {
		d := (right[i] - c*all[i]) / n
		square += d * d
	}
	return Concordance{Number(c), Number(math.Sqrt(square))}, nil
}

// uncensored is G(t−) of each row's time: the chance of not being censored before it; events leave before censorings of their time.
func uncensored(time []float64, event []bool) []float64 {
	g, out, order := 1., make([]float64, len(time)), byTime(time)
	for from := 0; from < len(order); {
		to, d := from, 0
		for ; to < len(order) && time[order[to]] == time[order[from]]; to++ {
			out[order[to]] = g
			d += side(event[order[to]])
		}
		if lost := to - from - d; lost > 0 {
			g *= 1 - float64(lost)/float64(len(order)-from-d)
		}
		from = to
	}
	return out
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
