package chapter3

import (
	"math"
	"math/rand/v2"
	"slices"

	"gradus/cost"
	"gradus/lab/scene"
	"gradus/mat"
)

// stay are the days in hospital of seven patients, the longest last: the lab's own under its seed, else drawn.
func stay(seed uint64) []float64 {
	if seed == 7 {
		return []float64{2, 3, 3, 4, 5, 6, 60}
	}
	rng := rand.New(rand.NewPCG(seed, 0x43))
	list := make([]float64, 7)
	for i := range list {
		list[i] = float64(1 + rng.IntN(9))
	}
	list[6] = float64(30 + rng.IntN(60))
	slices.Sort(list)
	return list
}

// column is values as a matrix of one column.
func column(values []float64) mat.Matrix[float64] { return mat.View(len(values), 1, values) }

// everyone is one prediction for every patient.
func everyone(c float64, n int) mat.Matrix[float64] {
	m := mat.New[float64](n, 1)
	for i := range m.Data {
		m.Data[i] = c
	}
	return m
}

// judged is the cost of predicting c for everyone, each patient's share of its gradient, and their sum.
func judged(f cost.Func[float64], c float64, days []float64) (e float64, shares []float64, slope float64) {
	h, y, dh := everyone(c, len(days)), column(days), mat.New[float64](len(days), 1)
	f.Backward(dh, h, y)
	for _, d := range dh.Data {
		slope += d
	}
	return f.Forward(h, y), dh.Data, slope
}

// best is the prediction at which the slope of the cost changes its sign, by halving.
func best(f cost.Func[float64], days []float64) float64 {
	low, high := slices.Min(days), slices.Max(days)
	for range 200 {
		c := low + (high-low)/2
		switch _, _, slope := judged(f, c, days); {
		case math.Abs(slope) < 1e-15:
			return c
		case slope < 0:
			low = c
		default:
			high = c
		}
	}
	return low + (high-low)/2
}

// curve is a cost over the predictions from low to high.
func curve(f cost.Func[float64], days []float64, low, high float64) scene.Series {
	const n = 240
	var s scene.Series
	var ys []float64
	for i := range n + 1 {
		c := low + float64((high-low)*float64(i)/n)
		e, _, _ := judged(f, c, days)
		s.X, ys = append(s.X, c), append(ys, e)
	}
	s.Y = scene.Y(ys)
	return s
}

// apart keeps the mistakes that are neither right nor another's.
func apart(right, within float64, list ...scene.Mistake) []scene.Mistake {
	seen, keep := []float64{right}, []scene.Mistake{}
	for _, m := range list {
		v := m.Values[0]
		if !slices.ContainsFunc(seen, func(s float64) bool { return math.Abs(s-v) <= 2*within }) {
			seen, keep = append(seen, v), append(keep, m)
		}
	}
	return keep
}

func mean(values []float64) float64 {
	sum := 0.
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
