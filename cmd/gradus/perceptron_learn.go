package main

import (
	"strconv"

	"gradus/perceptron"
)

// learningJSON is a run of Rosenblatt's rule.
type learningJSON struct {
	Table     string              `json:"table"`
	Alpha     float64             `json:"alpha"`
	Converged bool                `json:"converged"`
	Epochs    int                 `json:"epochs"`
	Mistakes  int                 `json:"mistakes"`
	CycleFrom *int                `json:"cycle_from"` // epochs whose ends are the same, null where it does not go round in circles
	CycleTo   *int                `json:"cycle_to"`
	W         []float64           `json:"w"`
	B         float64             `json:"b"`
	History   []perceptron.Update `json:"history"`
}

// rosenblatt lets a perceptron learn the table.
func (a *app) rosenblatt(t perceptron.Table, f perceptronFlags) error {
	alpha, err := parseValue("--alpha", f.alpha)
	if err != nil {
		return err
	}
	l, err := perceptron.Learn(t, alpha, f.epochs)
	if err != nil {
		return err
	}
	if a.json {
		out := learningJSON{
			Table: t.String(), Alpha: alpha, Converged: l.Converged, Epochs: l.Epochs, Mistakes: l.Mistakes,
			W: l.Perceptron.W, B: l.Perceptron.B, History: l.History,
		}
		if l.CycleTo > 0 {
			out.CycleFrom, out.CycleTo = &l.CycleFrom, &l.CycleTo
		}
		if out.History == nil {
			out.History = []perceptron.Update{}
		}
		return a.writeJSON(out)
	}
	a.showMistakes(l)
	switch {
	case l.Converged:
		a.print(a.text("cmd.perceptron_learnt", "mistakes", l.Mistakes, "epochs", l.Epochs, "line", line(l.Perceptron.W, l.Perceptron.B)))
	case l.CycleTo > 0:
		a.print(a.text("cmd.perceptron_cycle", "mistakes", l.Mistakes, "from", l.CycleFrom, "to", l.CycleTo))
	default:
		a.print(a.text("cmd.perceptron_unfinished", "mistakes", l.Mistakes, "epochs", l.Epochs))
	}
	return nil
}

// showMistakes is the table of every update.
func (a *app) showMistakes(l perceptron.Learning) {
	header := append([]string{a.text("cmd.perceptron_epoch"), a.text("cmd.cost_row")}, components("x", l.Perceptron.W)...)
	header = append(header, "o", "y", a.text("cmd.perceptron_wanted"))
	header = append(append(header, components("w", l.Perceptron.W)...), "b")
	var rows [][]string
	for _, u := range l.History {
		row := append([]string{strconv.Itoa(u.Epoch), strconv.Itoa(u.Row + 1)}, each(u.X, number)...)
		row = append(row, number(u.O), strconv.Itoa(u.Y), strconv.Itoa(u.Target))
		rows = append(rows, append(append(row, each(u.W, number)...), number(u.B)))
	}
	a.table(header, rows)
}
