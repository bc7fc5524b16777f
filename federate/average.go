package federate

import (
	"slices"

	"gradus/internal/say"
	"gradus/model"
)

// Average makes the weights of m the mean of the sites' by their rows,
//
//	w = Σ nₖ·wₖ / Σ nₖ  (FedAvg: McMahan et al. 2017),
//
// in float64, the products (exact) added from the least to the largest, so that the order of the sites changes no bit; and says in the card
// how the model came about. name is what messages call each.
func Average(p *Plan, m *model.Model, sites []*Weights, name func(i int) string) error {
	if len(sites) == 0 {
		return say.Error("federate.no_sites")
	}
	if err := p.Made(m, "MODEL"); err != nil {
		return err
	}
	w := m.Network.Weights()
	values, rows, count := make([][]float32, len(sites)), 0, 0
	for i, s := range sites {
		if s.Round != sites[0].Round {
			return say.Error("federate.other_round", "file", name(i), "found", s.Round, "want", sites[0].Round)
		}
		if err := s.Into(m, name(i)); err != nil {
			return err
		}
		values[i] = slices.Clone(w)
		rows, count = rows+s.Rows, count+s.Sites
	}
	products := make([]float64, len(sites))
	for j := range w {
		for i, s := range sites {
			products[i] = float64(s.Rows) * float64(values[i][j])
		}
		slices.Sort(products)
		sum := 0.
		for _, v := range products {
			sum += v
		}
		w[j] = float32(sum / float64(rows))
	}
	c := &m.Card
	round := sites[0].Round
	c.Rows, c.Epochs, c.BestEpoch = rows, round*p.Settings.Epochs, round*p.Settings.Epochs
	c.Cost, c.Federation = meanCost(sites, rows), p.card(round, count)
	return nil
}

// meanCost is the sites' by their rows; 0 where one does not say.
func meanCost(sites []*Weights, rows int) float64 {
	var parts []float64
	for _, s := range sites {
		if s.Cost == nil {
			return 0
		}
		parts = append(parts, float64(s.Rows)**s.Cost)
	}
	slices.Sort(parts)
	sum := 0.
	for _, v := range parts {
		sum += v
	}
	return sum / float64(rows)
}
