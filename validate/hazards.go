package validate

import (
	"math"
	"slices"

	"gradus/internal/blend"
	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// perTerm is how many events for each feature a fit without a ridge is shown from.
const perTerm = 10

// CoxModel fits Cox's regression to all rows of tbl, prepared as for m, and returns it as a model that predicts as m does, with its
// hazard ratios: of the fit without a ridge where there are ten events for each feature and it settles, else of the fit with one.
func CoxModel(m *model.Model, tbl *table.Table, y []float64, ridge float64) (*model.Model, model.Hazards, error) {
	x, err := m.Features(tbl, nil)
	if err != nil {
		return nil, model.Hazards{}, err
	}
	time, event := table.Survived(y)
	f, err := blend.Cox(x, time, event, ridge)
	if err != nil {
		return nil, model.Hazards{}, err
	}
	line, err := m.Linear(f.Coefficients)
	if err != nil {
		return nil, model.Hazards{}, err
	}
	centre := 0.
	for j, w := range f.Coefficients {
		centre += w * f.Mean[j]
	}
	risk := make([]float64, x.Rows)
	for i := range risk {
		risk[i] = f.Risk(x.Row(i))
	}
	times, hazard := blend.Baseline(risk, time, event)
	line.Baseline(centre, times, hazard)
	line.Card.Cost = -f.LogLikelihood / float64(x.Rows)
	h, err := hazardsOf(m, tbl, time, event, f, ridge)
	return line, h, err
}

// unpenalised is the fit without a ridge, nil where it does not settle or there are fewer events than features, and its test of
// proportional hazards.
func unpenalised(m *model.Model, tbl *table.Table, time []float64, event []bool) (*blend.CoxFit, *blend.Proportionality, error) {
	x, err := m.Features(tbl, nil)
	if err != nil || countTrue(event) < x.Cols {
		return nil, nil, err
	}
	f, err := blend.Cox(x, time, event, 0)
	if err != nil {
		return nil, nil, nil
	}
	test, err := blend.Proportional(f, x, time, event)
	return f, test, err
}

// hazardsOf makes the table of hazard ratios, f being the fit with a ridge.
func hazardsOf(m *model.Model, tbl *table.Table, time []float64, event []bool, f *blend.CoxFit, ridge float64) (model.Hazards, error) {
	h := model.Hazards{Ridge: ridge, Transform: blend.Transform, Global: undefined, P: undefined}
	plain, test, err := unpenalised(m, tbl, time, event)
	if err != nil {
		return h, err
	}
	if plain != nil {
		h.Tested, h.Global, h.DF = true, metric.Number(test.Global), test.DF
		h.P = metric.ChiSquareTail(test.Global, test.DF)
		if countTrue(event) >= perTerm*test.DF {
			f, h.Ridge = plain, 0
		}
	}
	for j, name := range m.Preparation.Features() {
		t := hazardTerm(name.String(), f.Coefficients[j], f.SE[j], unit(m.Preparation, name))
		if t.Aside = slices.Contains(f.Aside, j); t.Aside {
			t.Ratio, t.P = metric.Estimate{Value: 1, Low: undefined, High: undefined}, undefined
		}
		if test != nil && !math.IsNaN(test.ChiSq[j]) {
			t.ChiSq, t.PH = metric.Number(test.ChiSq[j]), metric.ChiSquareTail(test.ChiSq[j], 1)
		}
		h.Terms = append(h.Terms, t)
	}
	return h, nil
}

func countTrue(event []bool) (n int) {
	for _, is := range event {
		if is {
			n++
		}
	}
	return n
}

// unit is how much of a feature one unit of its column is: of a number, whose feature is a z-score, 1/sd.
func unit(p *table.Preparation, f table.Feature) float64 {
	for i := range p.Inputs {
		if in := &p.Inputs[i]; in.Name == f.Column && f.Part == "" && in.Kind == table.Number && in.SD > 0 {
			return 1 / in.SD
		}
	}
	return 1
}

// hazardTerm is e^(b·unit) with Wald's interval and test.
func hazardTerm(name string, b, se, unit float64) model.HazardTerm {
	at := func(v float64) metric.Number { return metric.Number(math.Exp(v * unit)) }
	return model.HazardTerm{
		Term: name, Ratio: metric.Estimate{Value: at(b), Low: at(b - z95*se), High: at(b + z95*se)},
		P: metric.Number(math.Erfc(math.Abs(b/se) / math.Sqrt2)), ChiSq: undefined, PH: undefined,
	}
}

// Events is how many there are, and the time by which half of them have happened, to two digits, rounded down.
func Events(y []float64) (n int, half float64) {
	var times []float64
	for _, v := range y {
		if v > 0 {
			times = append(times, v)
		}
	}
	if len(times) == 0 {
		return 0, 0
	}
	slices.Sort(times)
	half = times[(len(times)-1)/2]
	scale := math.Pow(10, math.Floor(math.Log10(half))-1)
	return len(times), max(math.Floor(half/scale+1e-9)*scale, times[0])
}

// sentenceOfSurvival keeps the sentence of an error that has one.
func sentenceOfSurvival(err error) error {
	if _, ok := err.(*say.Err); ok {
		return err
	}
	return sentence(err)
}
