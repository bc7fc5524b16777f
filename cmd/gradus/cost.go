package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gradus/cost"
	"gradus/internal/say"
	"gradus/mat"
)

// costFlags are the parameters of the costs as they are typed.
type costFlags struct{ y, h, delta, positive, classes, smoothing, on, reduction string }

// newCost is gradus cost [NAME] --y … --h …; without a name every cost that can judge these values, side by side.
func newCost(a *app) *cobra.Command {
	var f costFlags
	c := a.command("cost [NAME]", 0, 1, func(args []string) error {
		y, h, err := f.matrices()
		if err != nil {
			return err
		}
		if len(args) == 0 {
			return a.compareCosts(f, y, h)
		}
		v, err := f.judge(args[0], y, h)
		if err != nil {
			return err
		}
		return a.showCost(v)
	})
	set := c.Flags()
	set.StringVar(&f.y, "y", "", a.text("cmd.cost_y"))
	set.StringVar(&f.h, "h", "", a.text("cmd.cost_h"))
	set.StringVar(&f.delta, "delta", "", a.text("cmd.cost_delta"))
	set.StringVar(&f.positive, "positive-weight", "", a.text("cmd.cost_positive"))
	set.StringVar(&f.classes, "class-weights", "", a.text("cmd.cost_classes"))
	set.StringVar(&f.smoothing, "label-smoothing", "", a.text("cmd.cost_smoothing"))
	set.StringVar(&f.on, "on", "", a.text("cmd.cost_on"))
	set.StringVar(&f.reduction, "reduction", "", a.text("cmd.cost_reduction"))
	for _, f := range cost.All[float64]() {
		c.ValidArgs = append(c.ValidArgs, f.Name())
	}
	c.Example = "gradus cost half-sse --y 0.8,0.6 --h 0.64,0.604\n" +
		"gradus cost cross-entropy --y '0,1,0;1,0,0' --h '0.2,0.7,0.1;0.5,0.3,0.2'\n" +
		"gradus cost binary-cross-entropy --y 1,0 --h 2.5,-1 --on logits --positive-weight 3\n" +
		"gradus cost --y 1,0,1 --h 0.9,0.2,0.4"
	return c
}

// matrices reads --y and --h.
func (f costFlags) matrices() (y, h mat.Matrix[float64], err error) {
	if f.y == "" || f.h == "" {
		return y, h, say.Error("cmd.cost_missing")
	}
	if y, err = matrix("--y", f.y); err != nil {
		return y, h, err
	}
	if h, err = matrix("--h", f.h); err != nil {
		return y, h, err
	}
	if y.Rows != h.Rows {
		return y, h, say.Error("cmd.cost_rows", "y", y.Rows, "h", h.Rows)
	}
	return y, h, nil
}

// matrix reads "a,b;c,d": rows behind semicolons.
func matrix(flag, text string) (mat.Matrix[float64], error) {
	var rows [][]float64
	for i, line := range strings.Split(text, ";") {
		row, err := numbers(flag, line)
		if err != nil {
			return mat.Matrix[float64]{}, err
		}
		if i > 0 && len(row) != len(rows[0]) {
			return mat.Matrix[float64]{}, say.Error("cmd.ragged", "flag", flag, "row", i+1, "found", len(row), "want", len(rows[0]))
		}
		rows = append(rows, row)
	}
	return mat.From(rows...), nil
}

// params turns the flags into the cost's parameters.
func (f costFlags) params() (p cost.Params, err error) {
	p.On, p.Reduction = cost.On(f.on), cost.Reduction(f.reduction)
	for _, one := range []struct {
		flag, text string
		to         **float64
	}{{"--delta", f.delta, &p.Delta}, {"--positive-weight", f.positive, &p.PositiveWeight}, {"--label-smoothing", f.smoothing, &p.LabelSmoothing}} {
		if one.text == "" {
			continue
		}
		v, err := strconv.ParseFloat(one.text, 64)
		if err != nil {
			return p, say.Error("cmd.number", "flag", one.flag, "place", 1, "value", one.text)
		}
		*one.to = &v
	}
	if f.classes != "" {
		p.ClassWeights, err = numbers("--class-weights", f.classes)
	}
	return p, err
}

// costValues is what the command prints: the cost of h against y and its gradient ∂E/∂h.
type costValues struct {
	Name string      `json:"name"`
	Y    [][]float64 `json:"y"`
	H    [][]float64 `json:"h"`
	Cost float64     `json:"cost"`
	Dh   [][]float64 `json:"dh"`
}

// judge computes one cost.
func (f costFlags) judge(name string, y, h mat.Matrix[float64]) (costValues, error) {
	p, err := f.params()
	if err != nil {
		return costValues{}, err
	}
	e, err := cost.New[float64](name, p)
	if err != nil {
		return costValues{}, err
	}
	if err := cost.Check(e, h.Cols); err != nil {
		return costValues{}, err
	}
	if err := cost.CheckTargets(e, y, h.Cols); err != nil {
		return costValues{}, err
	}
	if err := probabilities(name, p.On, h); err != nil {
		return costValues{}, err
	}
	dh := mat.New[float64](h.Rows, h.Cols)
	e.Backward(dh, h, y)
	return costValues{name, y.Slices(), h.Slices(), e.Forward(h, y), dh.Slices()}, nil
}

// probabilities refuses an output that is none where the cost takes it for one.
func probabilities(name string, on cost.On, h mat.Matrix[float64]) error {
	if on == cost.Logits || !strings.HasSuffix(name, "cross-entropy") {
		return nil
	}
	for i, v := range h.Data {
		if v < 0 || v > 1 {
			return say.Error("cmd.cost_probability", "row", i/h.Cols+1, "column", i%h.Cols+1, "value", v)
		}
	}
	return nil
}

func (a *app) showCost(v costValues) error {
	if a.json {
		return a.writeJSON(v)
	}
	var rows [][]string
	for r := range v.H {
		for c, h := range v.H[r] {
			rows = append(rows, []string{strconv.Itoa(r + 1), strconv.Itoa(c + 1), target(v.Y[r], c), number(h), number(v.Dh[r][c])})
		}
	}
	a.table([]string{a.text("cmd.cost_row"), a.text("cmd.cost_output"), "y", "h", "∂E/∂h"}, rows)
	a.print("E = " + number(v.Cost))
	return nil
}

// target is what row y wants of output c; a class index wants 1 of its own class.
func target(y []float64, c int) string {
	if c < len(y) {
		return number(y[c])
	}
	return none
}

// compareCosts shows every cost that these values and flags fit on the same errors.
func (a *app) compareCosts(f costFlags, y, h mat.Matrix[float64]) error {
	var list []costValues
	for _, e := range cost.All[float64]() {
		v, err := f.judge(e.Name(), y, h)
		if err != nil {
			a.note(e.Name() + ": " + say.In(a.lang, err))
			continue
		}
		list = append(list, v)
	}
	if a.json {
		return a.writeJSON(list)
	}
	header, rows := []string{a.text("cmd.cost_name"), "E"}, [][]string{}
	for i := range h.Data {
		header = append(header, fmt.Sprintf("∂E/∂h%s%s", prefix(h.Rows, i/h.Cols+1), subscript(i%h.Cols+1)))
	}
	for _, v := range list {
		row := []string{v.Name, number(v.Cost)}
		for _, d := range v.Dh {
			row = append(row, each(d, number)...)
		}
		rows = append(rows, row)
	}
	a.table(header, rows)
	return nil
}

// prefix names the row where there are several.
func prefix(rows, r int) string {
	if rows == 1 {
		return ""
	}
	return subscript(r) + "·"
}
