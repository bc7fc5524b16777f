package main

import (
	"strconv"

	"github.com/spf13/cobra"

	"gradus/activation"
	"gradus/internal/say"
	"gradus/mat"
)

// newActivation is gradus activation NAME --at a,b,….
func newActivation(a *app) *cobra.Command {
	var at, slope string
	c := a.command("activation NAME", 1, 1, func(args []string) error {
		f, err := activationNamed(args[0], slope)
		if err != nil {
			return err
		}
		o, err := numbers("--at", at)
		if err != nil {
			return err
		}
		return a.showActivation(valuesOf(f, o))
	})
	c.Flags().StringVar(&at, "at", "-3,-2,-1,-0.5,0,0.5,1,2,3", a.text("cmd.activation_at"))
	c.Flags().StringVar(&slope, "slope", "", a.text("cmd.activation_slope"))
	for _, f := range activation.All[float64]() {
		c.ValidArgs = append(c.ValidArgs, f.Name())
	}
	c.Example = "gradus activation sigmoid --at 0.14,0.07\ngradus activation leaky-relu --slope 0.1 --at -2,0,2\ngradus activation softmax --at 1,2,3 --json"
	return c
}

// activationNamed makes the activation of a name and the text of --slope, which may be empty.
func activationNamed(name, slope string) (activation.Func[float64], error) {
	if slope == "" {
		return activation.New[float64](name, 0)
	}
	v, err := numbers("--slope", slope)
	if err != nil {
		return nil, err
	}
	if len(v) != 1 || v[0] == 0 {
		return nil, say.Error("cmd.slope", "value", slope)
	}
	return activation.New[float64](name, v[0])
}

// activationValues is what the command prints: h = f(o) with f′(o), or with the whole Jacobian ∂hᵢ/∂oⱼ where the outputs depend
// on one another.
type activationValues struct {
	Name     string      `json:"name"`
	O        []float64   `json:"o"`
	H        []float64   `json:"h"`
	DhDo     []float64   `json:"dh_do,omitempty"`
	Jacobian [][]float64 `json:"jacobian,omitempty"`
}

func valuesOf(f activation.Func[float64], at []float64) activationValues {
	o := mat.From(at)
	h := mat.New[float64](1, o.Cols)
	f.Forward(h, o)
	v := activationValues{Name: f.Name(), O: at, H: h.Data}
	if !coupled(f) {
		for _, x := range at {
			_, d := activation.At(f, x)
			v.DhDo = append(v.DhDo, d)
		}
		return v
	}
	for i := range at {
		one, row := mat.New[float64](1, o.Cols), mat.New[float64](1, o.Cols)
		one.Data[i] = 1
		f.Backward(row, one, o, h)
		v.Jacobian = append(v.Jacobian, row.Data)
	}
	return v
}

// coupled tells whether an output of f depends on more than its own input, as softmax's do.
func coupled(f activation.Func[float64]) bool {
	o, h := mat.From([]float64{1, 2}), mat.New[float64](1, 2)
	f.Forward(h, o)
	do := mat.New[float64](1, 2)
	f.Backward(do, mat.From([]float64{1, 0}), o, h)
	return do.Data[1] != 0
}

func (a *app) showActivation(v activationValues) error {
	if a.json {
		return a.writeJSON(v)
	}
	header := []string{"o", "h = f(o)"}
	if v.Jacobian == nil {
		header = append(header, "f′(o)")
	}
	for j := range v.Jacobian {
		header = append(header, "∂h/∂o"+subscript(j+1))
	}
	var rows [][]string
	for i, o := range v.O {
		row := []string{number(o), number(v.H[i])}
		if v.Jacobian == nil {
			row = append(row, number(v.DhDo[i]))
		} else {
			row = append(row, each(v.Jacobian[i], number)...)
		}
		rows = append(rows, row)
	}
	a.table(header, rows)
	return nil
}

// each shows every value of a list.
func each(values []float64, show func(float64) string) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = show(v)
	}
	return list
}

// subscript is n in small digits below the line.
func subscript(n int) string {
	digits := []rune(strconv.Itoa(n))
	for i := range digits {
		digits[i] += '₀' - '0'
	}
	return string(digits)
}
