package metric

import (
	"cmp"
	"errors"
	"math"
	"slices"
)

// What keeps survival times from being measured.
var (
	ErrTime   = errors.New("metric: a time is not a number of at least 0")
	ErrEvents = errors.New("metric: no event is among the times")
	ErrPairs  = errors.New("metric: no two rows can be compared")
)

// SurvivalPoint is Kaplan and Meier's curve at one time: the share without the event, its standard error (Greenwood), the rows at risk
// just before, and the 95 % interval.
type SurvivalPoint struct {
	Time   float64 `json:"time"`
	AtRisk int     `json:"at_risk"`
	Events int     `json:"events"` // at this very time
	SE     Number  `json:"se"`
	Estimate
	square float64 // Σ d/(n(n−d)), the variance of ln S
}

// Interval says on which scale the interval of a survival curve is symmetric.
type Interval int

// Log is R's default, S·exp(±1.96·se(ln S)); LogLog stays within (0, 1).
const (
	Log Interval = iota
	LogLog
)

// KaplanMeier is the curve S(t) = Π (1 − d/n) at every time at which an event happened; who is censored at a time was at risk then.
// Where S is 0, or 1 on the log-log scale, the interval is undefined.
func KaplanMeier(time []float64, event []bool, scale Interval) ([]SurvivalPoint, error) {
	if err := checkTimes(time, event); err != nil {
		return nil, err
	}
	var curve []SurvivalPoint
	s, square := 1., 0.
	moments(time, event, func(t float64, risk, d int) {
		if d == 0 {
			return
		}
		s *= float64(risk-d) / float64(risk)
		square += float64(d) / float64(risk) / float64(risk-d)
		curve = append(curve, survivalPoint(t, risk, d, s, square, scale))
	})
	return curve, nil
}

func survivalPoint(t float64, risk, d int, s, square float64, scale Interval) SurvivalPoint {
	p := SurvivalPoint{Time: t, AtRisk: risk, Events: d, SE: undefined, Estimate: Estimate{Number(s), undefined, undefined}, square: square}
	if s == 0 {
		return p
	}
	se := math.Sqrt(square)
	p.SE = Number(s * se)
	switch {
	case scale == Log:
		p.Low, p.High = Number(s*math.Exp(-z95*se)), Number(min(1, s*math.Exp(z95*se)))
	case s < 1:
		l, half := math.Log(s), z95*se/math.Abs(math.Log(s))
		p.Low, p.High = Number(math.Exp(l*math.Exp(half))), Number(math.Exp(l*math.Exp(-half)))
	}
	return p
}

// SurvivalAt reads the curve at t, with the rows at risk there; before the first event S is 1.
func SurvivalAt(time []float64, event []bool, t float64, scale Interval) (SurvivalPoint, error) {
	curve, err := KaplanMeier(time, event, scale)
	if err != nil {
		return SurvivalPoint{}, err
	}
	s, square := 1., 0.
	d, risk := 0, 0
	for _, p := range curve {
		if p.Time <= t {
			s, square = float64(p.Value), p.square
		}
		if p.Time == t {
			d = p.Events
		}
	}
	for _, v := range time {
		if v >= t {
			risk++
		}
	}
	return survivalPoint(t, risk, d, s, square, scale), nil
}

// SurvivalQuantile is the first time at which the curve is at most 1−q; undefined where it never falls that far.
func SurvivalQuantile(curve []SurvivalPoint, q float64) Number {
	for _, p := range curve {
		if float64(p.Value) <= 1-q+1e-12 {
			return Number(p.Time)
		}
	}
	return undefined
}

// HazardAt reads a cumulated hazard, a step at each of times (ascending), at t: 0 before the first.
func HazardAt(times, hazard []float64, t float64) float64 {
	i, found := slices.BinarySearch(times, t)
	if found {
		i++
	}
	if i == 0 {
		return 0
	}
	return hazard[i-1]
}

// moments calls each, for every different time in ascending order, with the rows at risk and the events.
func moments(time []float64, event []bool, each func(t float64, risk, events int)) {
	order := byTime(time)
	for from := 0; from < len(order); {
		to, d := from, 0
		for ; to < len(order) && time[order[to]] == time[order[from]]; to++ {
			d += side(event[order[to]])
		}
		each(time[order[from]], len(order)-from, d)
		from = to
	}
}

func byTime(time []float64) []int {
	order := make([]int, len(time))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(time[a], time[b]), a-b) })
	return order
}

func checkTimes(time []float64, event []bool) error {
	err := check(event, time, func(v float64) bool { return v >= 0 && !math.IsInf(v, 1) }, ErrTime)
	if err == nil && count(event) == 0 {
		return ErrEvents
	}
	return err
}
