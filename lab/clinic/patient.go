package clinic

import (
	"math"
	"slices"
	"strconv"

	"gradus/internal/kernel"
	"gradus/lab/scene"
	"gradus/mat"
	"gradus/regression"
)

const taught = 2000 // patients the model has learnt from

// measure is one measurement: where patients lie, how it acts, what may be set.
type measure struct {
	key             string
	middle, spread  float64 // of the patients
	skewed          bool    // middle·e^(spread·z) in place of middle + spread·z
	least, most     float64 // of a patient of the cohort
	effect          float64 // log-odds for each unit from the middle on
	low, high, step float64 // of the slider: wider than the cohort
	places          int
}

var measures = []measure{
	{"age", 66, 13, false, 18, 95, .035, 18, 110, 1, 0},
	{"sbp", 124, 20, false, 70, 200, -.022, 40, 260, 1, 0},
	{"rr", 19, 4, false, 8, 40, .11, 4, 60, 1, 0},
	{"lactate", 1.6, .45, true, .4, 9, .38, .2, 20, .1, 1},
	{"creatinine", 1, .4, true, .3, 6, .3, .2, 15, .1, 1},
}

// patient is the room of one patient before a model.
func patient() *scene.Page {
	keys := make([]string, len(measures))
	p := &scene.Page{ID: "patient", Words: "labclinic.pat", Vignette: true, Make: patientRun, Exercises: patientExercises}
	start := []float64{74, 104, 24, 3.1, 1.4}
	for i, m := range measures {
		keys[i] = m.key
		p.Controls = append(p.Controls, scene.RealControl(m.key, scene.Say("labclinic.pat_"+m.key), start[i], m.low, m.high, m.step))
	}
	p.Controls = append(p.Controls, scene.ChoiceControl("along", scene.Say("labclinic.pat_along"), "labclinic.pat_along", "lactate", "age", "sbp", "rr", "creatinine").In("bar"))
	return p
}

// doctor is the model of a seed and what it has seen.
type doctor struct {
	fit       *regression.LogisticFit
	low, high []float64 // of each measurement in the cohort
	risks     []float64 // of the cohort, from the lowest
}

var doctors = memory[uint64, *doctor]{most: 16}

// newDoctor is the model of a seed.
func newDoctor(seed uint64) (*doctor, error) {
	return doctors.recall(seed, func() (*doctor, error) { return learn(seed) })
}

// learn draws the cohort and fits the regression.
func learn(seed uint64) (*doctor, error) {
	r := stream(seed, 31)
	x, y := make([][]float64, taught), make([]bool, taught)
	for i := range x {
		o := -2.6
		for _, m := range measures {
			v := m.draw(kernel.Normal(r))
			x[i] = append(x[i], v)
			o += float64(m.effect * (v - m.middle))
		}
		y[i] = r.Float64() < kernel.Sigmoid(o)
	}
	f, err := regression.Logistic(mat.From(x...), y, 1)
	if err != nil {
		return nil, err
	}
	d := &doctor{fit: f}
	for j := range measures {
		column := make([]float64, taught)
		for i, row := range x {
			column[i] = row[j]
		}
		d.low, d.high = append(d.low, slices.Min(column)), append(d.high, slices.Max(column))
	}
	for _, row := range x {
		d.risks = append(d.risks, f.Predict(row))
	}
	slices.Sort(d.risks)
	return d, nil
}

// draw is the measurement of a patient of the cohort, rounded as it is charted.
func (m measure) draw(z float64) float64 {
	v := m.middle + float64(m.spread*z)
	if m.skewed {
		v = m.middle * kernel.Exp(float64(m.spread*z))
	}
	return m.round(math.Min(m.most, math.Max(m.least, v)))
}

func (m measure) round(v float64) float64 {
	scale := 1 / m.step
	return math.Round(v*math.Round(scale)) / math.Round(scale)
}

// card is what the model says of one patient.
type card struct {
	row       []float64
	o, se     float64
	parts     []float64 // log-odds by measurement, from the mean patient on
	average   float64   // log-odds of the mean patient
	out       []int     // measurements outside what the model has seen
	low, high float64   // of the risk, 95 %
}

func (d *doctor) card(row []float64) card {
	c := card{row: row, average: d.fit.Intercept}
	for j, w := range d.fit.Coefficients {
		part := float64(w * (row[j] - d.fit.Mean[j]))
		c.parts = append(c.parts, part)
		c.average += float64(w * d.fit.Mean[j])
		if row[j] < d.low[j] || row[j] > d.high[j] {
			c.out = append(c.out, j)
		}
	}
	c.o = c.average
	for _, part := range c.parts {
		c.o += part
	}
	c.se = d.fit.StandardError(row)
	c.low, c.high = kernel.Sigmoid(c.o-float64(z95*c.se)), kernel.Sigmoid(c.o+float64(z95*c.se))
	return c
}

const z95 = 1.959963984540054

func (c card) risk() float64 { return kernel.Sigmoid(c.o) }

// set is the patient of a state.
func set(s *scene.State) []float64 {
	row := make([]float64, len(measures))
	for j, m := range measures {
		row[j] = s.Real(m.key)
	}
	return row
}

// name is a measurement as people call it.
func name(j int) scene.Words { return scene.Say("labclinic.pat_" + measures[j].key) }

// written is a value as it is charted.
func written(j int, v float64) string { return strconv.FormatFloat(v, 'f', measures[j].places, 64) }
