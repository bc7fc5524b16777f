package model

import (
	"fmt"
	"math"
	"slices"

	"gradus/internal/say"
	"gradus/mat"
	"gradus/metric"
	"gradus/network"
	"gradus/table"
)

// Survival turns the output o of a network of survival into chances: S(t) = exp(−H₀(t)·e^(o − Centre)).
type Survival struct {
	Centre   float64   `json:"centre"`   // mean of o over the training rows: the risk o − Centre of a usual row is 0
	Times    []float64 `json:"times"`    // ascending: equal steps up to the last event, and the horizons
	Hazard   []float64 `json:"hazard"`   // H₀ at those times, the cumulated baseline hazard
	Horizons []float64 `json:"horizons"` // the times that predictions tell of, each among Times
}

// steps is how many equal steps of time a model's baseline hazard is kept at: no time of a single patient is.
const steps = 100

// NewSurvival thins a baseline hazard of a row with risk 0, a step at each time of an event.
func NewSurvival(centre float64, times, hazard, horizons []float64) *Survival {
	s := &Survival{Centre: centre, Horizons: slices.Clone(horizons)}
	for k := range steps {
		s.Times = append(s.Times, times[len(times)-1]*float64(k+1)/steps)
	}
	s.Times = append(s.Times, horizons...)
	slices.Sort(s.Times)
	s.Times = slices.Compact(s.Times)
	for _, t := range s.Times {
		s.Hazard = append(s.Hazard, metric.HazardAt(times, hazard, t))
	}
	return s
}

// predict writes the risk and the chance of no event until each horizon of the output o.
func (s *Survival) predict(row []float64, o float64) {
	row[0] = o - s.Centre
	for k, t := range s.Horizons {
		row[1+k] = math.Exp(-s.At(t) * math.Exp(row[0]))
	}
}

// Valid checks what was read from a file.
func (s *Survival) Valid() error {
	ok := len(s.Times) == len(s.Hazard) && len(s.Times) > 0 && len(s.Horizons) > 0 && finiteNumber(s.Centre)
	for i := 0; ok && i < len(s.Times); i++ {
		ok = s.Times[i] > 0 && finiteNumber(s.Times[i]) && s.Hazard[i] >= 0 && finiteNumber(s.Hazard[i])
		ok = ok && (i == 0 || s.Times[i] > s.Times[i-1] && s.Hazard[i] >= s.Hazard[i-1])
	}
	for i := 0; ok && i < len(s.Horizons); i++ {
		ok = slices.Contains(s.Times, s.Horizons[i]) && (i == 0 || s.Horizons[i] > s.Horizons[i-1])
	}
	if !ok {
		return say.Error("model.head_survival")
	}
	return nil
}

func finiteNumber(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// survivalTruth is ty (n,2) of targets y of survival: the place of the row's time among the times of these rows, of which the partial
// likelihood asks the order only and which float32 holds exactly, and 1 for an event.
func survivalTruth[T mat.Float](rows []int, y []float64) mat.Matrix[T] {
	ty, times := mat.New[T](len(rows), 2), make([]float64, len(rows))
	for i, r := range rows {
		times[i] = math.Abs(y[r])
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(times)))
	for i, r := range rows {
		place, _ := slices.BinarySearch(sorted, times[i])
		if ty.Data[2*i] = T(place); y[r] > 0 {
			ty.Data[2*i+1] = 1
		}
	}
	return ty
}

// Events is how many of rows have the event, of targets y of survival.
func Events(rows []int, y []float64) (n int) {
	for _, r := range rows {
		if y[r] > 0 {
			n++
		}
	}
	return n
}

// A batch of survival is its own risk set: up to wholeBatch rows an epoch is one batch, of more rows a batch holds longBatch.
const (
	wholeBatch = 2048
	longBatch  = 1024
)

// defaultActivation is tanh, of survival silu: on crooked made-up tables it ranked better, on straight ones alike.
func (s Settings) defaultActivation() string {
	if s.Task == table.TaskSurvival {
		return "silu"
	}
	return DefaultActivation
}

// survivalPace fills in how fast an ensemble learns survival.
func (s Settings) survivalPace(rows int) Settings {
	alpha, epochs, batch, patience := 5e-3, 200, wholeBatch, 40
	if rows > wholeBatch {
		alpha, epochs, batch, patience = 4e-3, max(15, min(150, 600000/rows)), longBatch, 15
	}
	s.Alpha = or(s.Alpha, alpha)
	s.Epochs = or(s.Epochs, epochs)
	s.Batch = or(s.Batch, batch)
	s.Patience = or(s.Patience, patience)
	return s
}

// Baseline gives a model of survival the cumulated hazard of a row whose output is centre, a step at each time of an event.
func (m *Model) Baseline(centre float64, times, hazard []float64) {
	m.Survival = NewSurvival(centre, times, hazard, m.Card.Settings.Horizons)
}

// At is H₀(t), the cumulated hazard of a row of risk 0, as far as the model keeps it.
func (s *Survival) At(t float64) float64 { return metric.HazardAt(s.Times, s.Hazard, t) }

// Alone tells whether a model of several networks and a regression is the regression alone: the networks' last layers are zeros.
func (m *Model) Alone() bool {
	specs := m.Network.Specs()
	chains := specs[len(specs)-1].Chains
	last := map[string]bool{}
	for c := range max(len(chains)-1, 0) {
		last[fmt.Sprintf("%d.%d.weights", c, len(chains[c])-1)] = true
	}
	for _, s := range m.Network.Spans() {
		if last[s.Name] && slices.ContainsFunc(m.Network.Weights()[s.Start:s.End], func(v float32) bool { return v != 0 }) {
			return false
		}
	}
	return len(last) > 0
}

// Linear is a model of the same target and preparation whose network is one neuron, o = Σ w·x, without a baseline yet: a regression that
// can be kept in a file and predicts as a network does.
func (m *Model) Linear(w []float64) (*Model, error) {
	line := *m
	line.Survival, line.Card.Training = nil, nil
	line.Card.Settings.Hidden, line.Card.Settings.Members, line.Card.Settings.Bins = []int{}, 0, 0
	line.Card.Settings.Activation, line.Card.Settings.Optimizer = "linear", "newton"
	line.Card.Held, line.Card.HeldCost, line.Card.Epochs, line.Card.BestEpoch = 0, nil, 0, 0
	var err error
	if line.Network, err = network.Build[float32](m.Network.In(), []network.Spec{{Kind: "dense", Units: 1}}); err != nil {
		return nil, err
	}
	return &line, round(line.Network.Weights(), append(slices.Clone(w), 0))
}

// isSurvival tells whether the model is one of survival.
func (m *Model) isSurvival() bool { return m.Target.Task == table.TaskSurvival }
