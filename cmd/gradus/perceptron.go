package main

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gradus/internal/say"
	"gradus/perceptron"
)

// perceptronFlags are the flags as they are typed.
type perceptronFlags struct {
	learn             bool
	alpha, w, b, x    string
	activation, slope string
	epochs            int
}

// newPerceptron is gradus perceptron TABLE [--learn], or --w … --b … --x ….
func newPerceptron(a *app) *cobra.Command {
	var f perceptronFlags
	c := a.command("perceptron [AND|OR|NAND|XOR|TABLE]", 0, 1, func(args []string) error {
		given := f.w != "" || f.x != ""
		switch {
		case given && len(args) == 0:
			return a.stages(f)
		case given || len(args) == 0:
			return say.Error("cmd.perceptron_either")
		}
		table, err := perceptron.ParseTable(args[0])
		if err != nil {
			return err
		}
		if f.learn {
			return a.rosenblatt(table, f)
		}
		return a.gate(args[0], table)
	})
	set := c.Flags()
	set.BoolVar(&f.learn, "learn", false, a.text("cmd.perceptron_learn"))
	set.StringVar(&f.alpha, "alpha", "1", a.text("cmd.perceptron_alpha"))
	set.IntVar(&f.epochs, "epochs", 1000, a.text("cmd.perceptron_epochs"))
	set.StringVar(&f.w, "w", "", a.text("cmd.perceptron_w"))
	set.StringVar(&f.b, "b", "0", a.text("cmd.perceptron_b"))
	set.StringVar(&f.x, "x", "", a.text("cmd.perceptron_x"))
	set.StringVar(&f.activation, "activation", "step", a.text("cmd.perceptron_activation"))
	set.StringVar(&f.slope, "slope", "", a.text("cmd.activation_slope"))
	c.ValidArgs = append(perceptron.Gates(), "XOR")
	c.Example = "gradus perceptron AND\ngradus perceptron NAND --learn\ngradus perceptron XOR\ngradus perceptron 01101001\n" +
		"gradus perceptron --w 0.6,0.4 --b 0 --x 0.1,0.2 --activation sigmoid"
	return c
}

// stagesJSON is one run of a perceptron: its weights and every stage's number.
type stagesJSON struct {
	W          []float64 `json:"w"`
	B          float64   `json:"b"`
	Activation string    `json:"activation"`
	perceptron.Stages
}

// stages runs the perceptron of --w --b on --x.
func (a *app) stages(f perceptronFlags) error {
	if f.w == "" || f.x == "" {
		return say.Error("cmd.perceptron_either")
	}
	w, err := numbers("--w", f.w)
	if err != nil {
		return err
	}
	x, err := numbers("--x", f.x)
	if err != nil {
		return err
	}
	b, err := parseValue("--b", f.b)
	if err != nil {
		return err
	}
	fire, err := activationNamed(f.activation, f.slope)
	if err != nil {
		return err
	}
	s, err := perceptron.Perceptron{W: w, B: b, Activation: fire}.Run(x...)
	if err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(stagesJSON{w, b, fire.Name(), s})
	}
	rows := [][]string{}
	for i := range x {
		n := subscript(i + 1)
		rows = append(rows, []string{"w" + n + "·x" + n, number(w[i]) + " · " + number(x[i]), number(s.Products[i])})
	}
	rows = append(rows,
		[]string{"Σwx", strings.Join(each(s.Products, number), " + "), number(s.Sum)},
		[]string{"o = Σwx + b", number(s.Sum) + " + " + number(b), number(s.O)},
		[]string{"y = f(o)", fire.Name() + "(" + number(s.O) + ")", number(s.Y)})
	a.table([]string{a.text("cmd.perceptron_stage"), a.text("cmd.perceptron_numbers"), a.text("cmd.perceptron_value")}, rows)
	return nil
}

// gateRow is one row of a truth table through a perceptron.
type gateRow struct {
	perceptron.Stages
	Target int `json:"target"`
}

// gateJSON is a truth table: the perceptron that makes it, or the proof that none does with the nearest one and, for XOR, the
// network that makes it.
type gateJSON struct {
	Table     string      `json:"table"`
	Inputs    int         `json:"inputs"`
	Separable bool        `json:"separable"`
	W         []float64   `json:"w"`
	B         float64     `json:"b"`
	Wrong     int         `json:"wrong"`
	Rows      []gateRow   `json:"rows"`
	Proof     *proofJSON  `json:"proof,omitempty"`
	Wired     []wiredJSON `json:"wired,omitempty"`
}

// proofJSON is why no line makes a table: with these weights on the rows the ones and the zeros have one centre of gravity.
type proofJSON struct {
	Weights []int     `json:"weights"`
	Meet    []float64 `json:"meet"`
	Holds   bool      `json:"holds"`
}

// wiredJSON is one row through NAND, OR and AND.
type wiredJSON struct {
	perceptron.WiredStages
	Target int `json:"target"`
}

// gate shows the perceptron of a truth table, or why there is none.
func (a *app) gate(name string, t perceptron.Table) error {
	proof := perceptron.Prove(t)
	g := gateJSON{Table: t.String(), Inputs: t.Inputs(), Separable: proof.Separable}
	p := proof.Line
	if given, err := perceptron.Gate(name); err == nil {
		p = given
	} else if !proof.Separable {
		nearest, wrong := perceptron.Best(t)
		p, g.Wrong = nearest.Line, wrong
		g.Proof = &proofJSON{proof.Weights, proof.Meet, proof.Holds()}
	}
	g.W, g.B = p.W, p.B
	for r := range t.Rows() {
		s, err := p.Run(t.X(r)...)
		if err != nil {
			return err
		}
		g.Rows = append(g.Rows, gateRow{s, t.Output(r)})
	}
	if t == perceptron.Parity(2) {
		for r := range t.Rows() {
			s, err := perceptron.XOR().Run(t.X(r)...)
			if err != nil {
				return err
			}
			g.Wired = append(g.Wired, wiredJSON{s, t.Output(r)})
		}
	}
	if a.json {
		return a.writeJSON(g)
	}
	a.showGate(g)
	return nil
}

func (a *app) showGate(g gateJSON) {
	if g.Separable {
		a.print(a.text("cmd.perceptron_line", "line", line(g.W, g.B)))
	} else {
		a.print(a.text("cmd.perceptron_no_line", "table", g.Table, "weights", spread(g.Proof.Weights), "meet", strings.Join(each(g.Proof.Meet, number), ", ")))
		a.print(a.text("cmd.perceptron_best", "line", line(g.W, g.B), "wrong", g.Wrong, "rows", len(g.Rows)))
	}
	header := append(components("x", g.W), components("wx", g.W)...)
	header = append(header, "Σwx", "o", "y", a.text("cmd.perceptron_wanted"))
	var rows [][]string
	for _, r := range g.Rows {
		row := append(each(r.X, number), each(r.Products, number)...)
		rows = append(rows, append(row, number(r.Sum), number(r.O), number(r.Y), strconv.Itoa(r.Target)))
	}
	a.table(header, rows)
	if len(g.Wired) == 0 {
		return
	}
	a.print("\n" + a.text("cmd.perceptron_wired"))
	rows = nil
	for _, r := range g.Wired {
		rows = append(rows, append(each(r.First[0].X, number), number(r.First[0].O), number(r.First[0].Y), number(r.First[1].O), number(r.First[1].Y),
			number(r.Last.O), number(r.Last.Y), strconv.Itoa(r.Target)))
	}
	a.table([]string{"x₁", "x₂", "o NAND", "y NAND", "o OR", "y OR", "o AND", "y", a.text("cmd.perceptron_wanted")}, rows)
}

// line writes the perceptron as its inequality.
func line(w []float64, b float64) string {
	var s strings.Builder
	for i, v := range w {
		s.WriteString(signed(v, i == 0) + "·x" + subscript(i+1))
	}
	return s.String() + signed(b, false) + " ≥ 0"
}

// signed is " + 1.5" or " − 1.5"; the first term of a sum has its sign close by.
func signed(v float64, first bool) string {
	switch {
	case first && v < 0:
		return "−" + number(-v)
	case first:
		return number(v)
	case v < 0:
		return " − " + number(-v)
	}
	return " + " + number(v)
}

func spread(list []int) string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = strconv.Itoa(v)
	}
	return strings.Join(words, ", ")
}
