// Package clinic is the clinical rooms of the lab: where to set a threshold, what resampling does to a risk, how few patients are too
// few, and one patient before a model. All patients are drawn from the seed; none is real.
package clinic

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"

	"gradus/internal/kernel"
	"gradus/lab/scene"
)

// Pages lists the rooms.
func Pages() []*scene.Page {
	return []*scene.Page{
		threshold(),
		imbalance(),
		overfit(),
		patient(),
	}
}

// stream is the chance of one purpose; purposes do not disturb each other.
func stream(seed, purpose uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 600+purpose)) }

// logit is ln(p/(1−p)).
func logit(p float64) float64 { return kernel.Log(p) - kernel.Log1p(-p) }

// percent shows a share as a percentage with some decimals.
func percent(symbol string, label scene.Words, share float64, places int) scene.Number {
	n := scene.Value(symbol, "", share).Named(label).Fixed(places)
	n.Percent = true
	return n
}

// shown is a share as it stands in a sentence: 8.3 of .083.
func shown(share float64, places int) string { return scene.Round(100*share, places) }

// tidy is a share as a percentage without the zeros behind it: 1 of .01, 12.5 of .125.
func tidy(share float64) float64 { return math.Round(1000*share) / 10 }

// The places of a log-odds axis in percent: those with a name, and those between them.
var (
	named   = []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10, 30, 50, 70, 90, 97, 99, 99.7}
	unnamed = []float64{.2, .5, 2, 5, 7, 15, 20, 40, 60, 80, 95}
)

// scaleTicks are the places of a log-odds axis from low to high, the named ones first.
func scaleTicks(low, high float64) []scene.Tick {
	var list []scene.Tick
	for i, p := range append(slices.Clone(named), unnamed...) {
		t := scene.Tick{At: logit(p / 100)}
		if i < len(named) {
			t.Label = scene.Text(number(p))
		}
		if t.At >= low && t.At <= high {
			list = append(list, t)
		}
	}
	return list
}

// upTo rounds an axis end up to a tenth.
func upTo(v float64) float64 { return math.Ceil(float64(v*10)-1e-9) / 10 }

// mean is the mean of p.
func mean(p []float64) float64 {
	sum := 0.
	for _, v := range p {
		sum += v
	}
	return sum / float64(len(p))
}

// count is how many have the event.
func count(y []bool) (n int) {
	for _, is := range y {
		if is {
			n++
		}
	}
	return n
}

// number is a value as an address writes it.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// memory keeps what costs time and depends on its key alone, the last few of them.
type memory[K comparable, V any] struct {
	sync.Mutex
	most int
	of   map[K]V
}

// recall returns the value of key, made where it is not there.
func (m *memory[K, V]) recall(key K, make func() (V, error)) (V, error) {
	m.Lock()
	defer m.Unlock()
	if v, ok := m.of[key]; ok {
		return v, nil
	}
	v, err := make()
	if err == nil {
		if m.of == nil || len(m.of) >= m.most {
			m.of = map[K]V{}
		}
		m.of[key] = v
	}
	return v, err
}
