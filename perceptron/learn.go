package perceptron

import (
	"math"
	"slices"

	"gradus/internal/say"
)

// Learning is a run of Rosenblatt's rule on a truth table.
type Learning struct {
	Perceptron Perceptron // as the last epoch left it
	Converged  bool       // an epoch went by without a mistake
	Epochs     int        // epochs run, the one without a mistake included
	Mistakes   int        // updates made
	History    []Update   // every one of them
	CycleFrom  int        // where it goes round in circles: the end of epoch CycleFrom and of the last one have the same w and b, so no
	CycleTo    int        // number of epochs will do; else both are 0. Epoch 0 is the start.
}

// Update is one mistake and what the rule made of it.
type Update struct {
	Epoch  int       `json:"epoch"` // from 1
	Row    int       `json:"row"`   // of the table, from 0
	X      []float64 `json:"x"`
	O      float64   `json:"o"` // Σwᵢxᵢ + b before the update
	Y      int       `json:"y"` // what came out
	Target int       `json:"target"`
	W      []float64 `json:"w"` // after the update
	B      float64   `json:"b"`
}

// Learn is Rosenblatt's rule, w := w + α(t − y)x, b := b + α(t − y), from w = 0, b = 0, row by row, beside deck 4-1-8…10. It stops after
// an epoch without a mistake, when it is proven to go round in circles, or after maxEpochs.
func Learn(t Table, alpha float64, maxEpochs int) (Learning, error) {
	if !(alpha > 0 && finite(alpha)) {
		return Learning{}, say.Error("perceptron.alpha", "value", alpha)
	}
	if maxEpochs < 1 {
		return Learning{}, say.Error("perceptron.epochs", "value", maxEpochs)
	}
	var l Learning
	var s state
	seen := map[state]int{s: 0}
	for l.Epochs < maxEpochs && !l.Converged && l.CycleTo == 0 {
		l.Epochs++
		before := l.Mistakes
		for r := range t.Rows() {
			o, err := s.see(t, r, alpha)
			if !finite(s.reach(t)) {
				return Learning{}, say.Error("perceptron.alpha", "value", alpha)
			}
			if err != 0 {
				l.Mistakes++
				l.History = append(l.History, Update{l.Epochs, r, t.X(r), o, t.Output(r) - err, t.Output(r), s.w(t), s[MaxInputs]})
			}
		}
		l.Converged = l.Mistakes == before
		if at, again := seen[s]; again && !l.Converged {
			l.CycleFrom, l.CycleTo = at, l.Epochs
		}
		seen[s] = l.Epochs
	}
	l.Perceptron = s.perceptron(t)
	return l, nil
}

// state is w and, in the last place, b.
type state [MaxInputs + 1]float64

// see runs row r and applies the rule: it returns o before it and the error t − y, 0 where nothing had to change.
func (s *state) see(t Table, r int, alpha float64) (o float64, err int) {
	for i := range t.inputs {
		o += float64(s[i] * float64(t.bit(r, i)))
	}
	o += s[MaxInputs]
	err = t.Output(r)
	if o >= 0 {
		err--
	}
	for i := range t.inputs {
		s[i] += float64(alpha * float64(err*t.bit(r, i)))
	}
	s[MaxInputs] += float64(alpha * float64(err))
	return o, err
}

// reach is Σ|wᵢ| + |b|, which no weighted sum exceeds.
func (s *state) reach(t Table) float64 {
	reach := math.Abs(s[MaxInputs])
	for i := range t.inputs {
		reach += math.Abs(s[i])
	}
	return reach
}

func (s *state) w(t Table) []float64 { return slices.Clone(s[:t.inputs]) }

func (s *state) perceptron(t Table) Perceptron { return Perceptron{W: s.w(t), B: s[MaxInputs]} }
