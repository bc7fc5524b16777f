package experiment

import (
	"context"
	"slices"

	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/internal/trial"
	"gradus/perceptron"
)

const (
	xorSeeds  = 30
	xorEpochs = 1000
)

// xor shows of a truth table what a line can do, and what a hidden layer learns by backpropagation from many starts; deck 4-1-11.
func xor(ctx context.Context, opt Options) (r Result, err error) {
	name := opt.Table
	if name == "" {
		name = "XOR"
	}
	table, err := perceptron.ParseTable(name)
	if err != nil {
		return r, err
	}
	set := truth(table)
	rows := r.table("rows", "setting", "hidden", "right", "of", "seeds", "learnt", "failed")
	cure := r.table("cure", "setting", "hidden", "right", "of", "seeds", "learnt", "failed", "epochs")
	proof := perceptron.Prove(table)
	best, wrong := perceptron.Best(table)
	if !best.Holds() || !proof.Holds() {
		return r, say.Failure("experiment.proof", "table", table.String())
	}
	rows.add("nearest-line", 0, float64(table.Rows()-wrong), table.Rows(), 1, count(proof.Separable), count(!proof.Separable))
	for _, hidden := range []int{0, 1, 2, 3, 4, 8, 16} {
		s, err := starts(ctx, set, hidden, opt.Seed)
		if err != nil {
			return r, err
		}
		if hidden == 0 {
			rows.add("backpropagation", 0, s.right, set.Len(), xorSeeds, s.learnt, xorSeeds-s.learnt)
		} else {
			cure.add("backpropagation", hidden, s.right, set.Len(), xorSeeds, s.learnt, xorSeeds-s.learnt, s.median())
		}
	}
	r.saysOfXOR(proof, wrong, cure)
	r.draw = func(lang say.Lang) []picture.Panel { return drawXOR(lang, rows, cure) }
	return r, nil
}

// saysOfXOR adds what the tables say.
func (r *Result) saysOfXOR(proof perceptron.Proof, wrong int, cure *Table) {
	if proof.Separable {
		r.text("experiment.xor_line", "table", proof.Table.String())
	} else {
		r.text("experiment.xor_no_line", "table", proof.Table.String(), "wrong", wrong, "rows", proof.Table.Rows())
	}
	last := cure.Rows[len(cure.Rows)-1]
	for _, row := range cure.Rows {
		if row[5] == xorSeeds {
			last = row
			break
		}
	}
	r.text("experiment.xor_hidden", "hidden", last[1], "learnt", last[5], "seeds", xorSeeds, "two", cure.Rows[1][1], "failed", cure.Rows[1][6])
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// truth is the table as rows to learn, 0 and 1 as they stand.
func truth(t perceptron.Table) trial.Set {
	var x, y [][]float64
	for r := range t.Rows() {
		x, y = append(x, t.X(r)), append(y, []float64{float64(t.Output(r))})
	}
	return trial.Rows(x, y)
}

// started is what came of many starts of one network.
type started struct {
	learnt int
	right  float64 // mean of the rows that come out right
	epochs []int   // until all were right, of the starts that got there
}

// median is the middle number of epochs; nil where no start got there.
func (s started) median() any {
	if len(s.epochs) == 0 {
		return nil
	}
	slices.Sort(s.epochs)
	return s.epochs[len(s.epochs)/2]
}

// starts trains a network with one hidden layer of so many neurons, none for 0, from xorSeeds starts. It has learnt where every row
// comes out right with room to spare.
func starts(ctx context.Context, set trial.Set, hidden int, seed uint64) (s started, err error) {
	for k := range uint64(xorSeeds) {
		net := trial.Net{In: set.X.Cols, Out: 1, Activation: "tanh", Last: "sigmoid", Initial: "xavier", Seed: seed + k}
		if hidden > 0 {
			net.Hidden = []int{hidden}
		}
		sure := func(e trial.Epoch) bool { return e.Cost < .1 }
		out, err := trial.Training{
			Net: net, Cost: "binary-cross-entropy", Rule: "adam", Alpha: .05, Epochs: xorEpochs, Seed: seed + k,
		}.Run(ctx, set, trial.Set{}, sure)
		if err != nil {
			return s, err
		}
		right := trial.Right(out.Net, set)
		s.right += float64(right) / xorSeeds
		if right == set.Len() {
			s.learnt++
			s.epochs = append(s.epochs, out.Last().Epoch)
		}
	}
	return s, nil
}

func drawXOR(lang say.Lang, rows, cure *Table) []picture.Panel {
	bars := picture.Series{Kind: picture.Bars, Ink: picture.Blue}
	line := picture.Series{Kind: picture.Bars, Ink: picture.Orange}
	var labels []string
	for i, row := range append(slices.Clone(rows.Rows[1:]), cure.Rows...) {
		s := &bars
		if i == 0 {
			s = &line
		}
		s.X, s.Y = append(s.X, float64(i)), append(s.Y, float64(row[5].(int)))
		labels = append(labels, number(float64(row[1].(int))))
	}
	return []picture.Panel{{
		Title: say.Text(lang, "experiment.xor_panel", "seeds", xorSeeds),
		X:     picture.Axis{Name: Heading(lang, "hidden"), Labels: labels}, Y: picture.Axis{Name: Heading(lang, "learnt"), Low: 0, High: xorSeeds},
		Series: []picture.Series{line, bars},
	}}
}
