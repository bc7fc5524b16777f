// Package chapter5 is deck section 4-5 as one instrument: the ledger of backpropagation, in which every page opens at its own row.
package chapter5

import (
	"strconv"

	"gradus/deck"
	"gradus/lab/scene"
)

// leaf is one page of the section: where the ledger opens, what stands beside it, what is asked.
type leaf struct {
	n        int
	at       string // the row in focus where the page opens; empty: none is done yet
	formula  string
	slip     bool
	vignette bool
	finite   bool   // finite differences are shown from the beginning
	seed     uint64 // 0: the deck's numbers
	leads    bool   // what stands beside comes before the ledger
	lights   string // the row whose way through the network is shown where the page opens
	own      []scene.Control
	beside   func(*sheet) ([]scene.Figure, error)
	asks     func(*sheet) ([]scene.Exercise, error)
}

// book is what a state computes once, whatever its step.
type book struct {
	*deck.Work
	right, wrong []float64 // E over many steps, with the right and the wrong sign, once they are asked for
	early        bool      // one of the two ended early
	foresight    *scene.Plot
}

// sheet is the ledger of a state at a step.
type sheet struct {
	*book
	leaf  *leaf
	state *scene.State
	step  int
}

// Pages lists the pages of the section in order.
func Pages() []*scene.Page {
	var list []*scene.Page
	for i := range leaves {
		list = append(list, leaves[i].page())
	}
	return list
}

// id is 4-5-21.
func (l *leaf) id() string { return "4-5-" + strconv.Itoa(l.n) }

// key is a sentence of the page.
func (l *leaf) key(name string) string {
	n := strconv.Itoa(l.n)
	if l.n < 10 {
		n = "0" + n
	}
	return "lab45.p" + n + name
}

func (l *leaf) page() *scene.Page {
	return &scene.Page{
		ID: l.id(), Words: l.key(""), Formula: l.formula, Slip: l.slip, Vignette: l.vignette, Seed: l.seed,
		Controls: append(append([]scene.Control{}, l.own...), controls(l.finite)...),
		Drawn:    drawn,
		Step:     l.opens,
		Make:     l.run,
		Exercises: func(s *scene.State, run *scene.Run) ([]scene.Exercise, error) {
			return l.asks(&sheet{run.Kept.(*book), l, s, s.Step})
		},
	}
}

// opens is the step behind the row that the page opens at.
func (l *leaf) opens(s *scene.State) int {
	if l.at == "" {
		return 0
	}
	return example(s).Row(l.at) + 1
}

// run sets the ledger of a state to work: step k has k rows done, the last of them in focus.
func (l *leaf) run(s *scene.State) (*scene.Run, error) {
	w, err := example(s).Work()
	if err != nil {
		return nil, err
	}
	b := &book{Work: w}
	run := &scene.Run{Steps: len(w.Rows), Unit: scene.Say("lab45.row"), Kept: b}
	for _, m := range []struct{ symbol, key string }{
		{"o11", "forward"}, {"dE_dh21", "output"}, {"dEy1_dh11", "hidden"}, {"o11'", "again"},
	} {
		run.Marks = append(run.Marks, scene.Mark{Step: w.Row(m.symbol) + 1, Label: scene.Say("lab45." + m.key)})
	}
	run.At = func(step int) (*scene.Scene, error) { return (&sheet{b, l, s, step}).scene() }
	return run, nil
}

// scene is the ledger at the sheet's step: the network, the rows, and what the page has beside them.
func (q *sheet) scene() (*scene.Scene, error) {
	s := &scene.Scene{Figures: []scene.Figure{{Net: q.net()}}, Summary: q.summary()}
	ledger := scene.Figure{Ledger: q.ledger()}
	if !q.Own {
		ledger.Note = scene.Say("lab45.not_own")
	}
	if q.leaf.beside == nil {
		s.Figures = append(s.Figures, ledger)
		return s, nil
	}
	more, err := q.leaf.beside(q)
	if len(more) > 0 && more[0].Width == "half" && !q.leaf.leads {
		ledger.Width = "half"
	}
	if ledger.Width == "half" {
		s.Figures = append(append(s.Figures, ledger), more...)
	} else {
		s.Figures = append(append(s.Figures, more...), ledger)
	}
	return s, err
}

// summary says the row in focus in one sentence.
func (q *sheet) summary() scene.Words {
	if q.step == 0 {
		return scene.Say("lab45.sum_start", "x1", q.X[0], "x2", q.X[1], "y1", q.Y[0], "y2", q.Y[1])
	}
	r := q.Rows[q.step-1]
	args := []any{"n", q.step, "all", len(q.Rows), "page", r.Page, "formula", r.Formula, "value", scene.Round(r.Exact, 8), "printed", minus(r.Printed)}
	switch {
	case r.Printed == "":
		return scene.Say("lab45.sum_row", args...)
	case r.Agrees:
		return scene.Say("lab45.sum_agrees", args...)
	}
	return scene.Say("lab45.sum_slip", args...)
}

// minus is a printed number with a true minus sign.
func minus(s string) string {
	if s != "" && s[0] == '-' {
		return "−" + s[1:]
	}
	return s
}

// value is the number of a symbol; that there is none is a mistake of the program.
//
//go:noinline
func (q *sheet) value(symbol string) float64 {
	v, ok := q.Value(symbol)
	if !ok {
		panic("chapter5: nothing is called " + symbol)
	}
	return v
}

// again is a number that the ledger or the network has, shown once more.
//
//go:noinline
func (q *sheet) again(symbol, label string) scene.Number {
	return scene.Value(symbol, label, q.value(symbol)).Again()
}

// given is a number that the learner sets, shown once more and set there as well.
//
//go:noinline
func (q *sheet) given(symbol string) scene.Number {
	return q.again(symbol, low(symbol)).Editable(symbol)
}

// done reports whether the row of a symbol is computed at this step.
func (q *sheet) done(symbol string) bool {
	r := q.Row(symbol)
	return r >= 0 && r < q.step
}
