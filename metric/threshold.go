package metric

import "math"

// HarmThreshold is 1/(1+h): the risk at which calling and not calling cost the same when a missed event weighs as much as h false calls.
// Undefined unless h is positive and finite.
func HarmThreshold(h float64) Number {
	if !(h > 0) || math.IsInf(h, 1) {
		return undefined
	}
	return Number(1 / (1 + h))
}

// Operating is a threshold and what its calls p ≥ threshold are worth.
type Operating struct {
	Threshold Number `json:"threshold"`
	Confusion
}

func nowhere() Operating { return Operating{undefined, confusion(0, 0, 0, 0)} }

// AtSensitivity is the highest observed score whose calls find at least the share target of the events.
func AtSensitivity(y []bool, p []float64, target float64) (Operating, error) {
	list, err := cuts(y, p)
	if err != nil {
		return nowhere(), err
	}
	last := list[len(list)-1]
	for _, c := range list {
		if float64(c.tp) >= target*float64(last.tp)-1e-9 {
			return c.operating(last, len(y)), nil
		}
	}
	return nowhere(), nil
}

// AtSpecificity is the lowest observed score whose calls spare at least the share target of the others, of several with the same sensitivity
// the highest; undefined where even the highest score calls too many.
func AtSpecificity(y []bool, p []float64, target float64) (Operating, error) {
	list, err := cuts(y, p)
	if err != nil {
		return nowhere(), err
	}
	last, best := list[len(list)-1], nowhere()
	for i, c := range list {
		if float64(last.fp-c.fp) < target*float64(last.fp)-1e-9 {
			break
		}
		if i == 0 || int(c.tp) > best.TP {
			best = c.operating(last, len(y))
		}
	}
	return best, nil
}

func (c cut) operating(last cut, n int) Operating {
	return Operating{Number(c.threshold), confusion(int(c.tp), int(c.fp), n, int(last.tp))}
}

// PartialAUC is McClish's standardised area under the ROC curve left of a false positive rate of most: ½·(1 + (A − most²/2)/(most − most²/2)),
// ½ for chance and 1 for perfect.
func PartialAUC(y []bool, p []float64, most float64) (Number, error) {
	list, err := cuts(y, p)
	if err != nil || !(most > 0 && most <= 1) {
		return undefined, err
	}
	last, area, x, h := list[len(list)-1], 0., 0., 0.
	for _, c := range list {
		nextX, nextH := float64(c.fp)/float64(last.fp), float64(c.tp)/float64(last.tp)
		if nextX > most {
			end := h + (nextH-h)*(most-x)/(nextX-x)
			area += (most - x) * (h + end) / 2
			break
		}
		area += (nextX - x) * (h + nextH) / 2
		x, h = nextX, nextH
	}
	least := most * most / 2
	return Number((1 + (area-least)/(most-least)) / 2), nil
}
