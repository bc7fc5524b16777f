package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gradus/internal/say"
	"gradus/trace"
)

// exampleSpec is the deck's worked example, in the page of the command.
const exampleSpec = `cat > spec.json <<'END'
{"precision":"float64",
 "layers":[
  {"kind":"dense","activation":"sigmoid","weights":[[0.6,0.4],[0.1,0.3]],"biases":null},
  {"kind":"dense","activation":"sigmoid","weights":[[0.3,0.8],[0.5,0.3]],"biases":null}],
 "cost":{"name":"half-sse"},
 "optimizer":{"name":"descent","form":"reference","alpha":0.5},
 "batches":[{"x":[[0.1,0.2]],"y":[[0.8,0.6]]}]}
END
gradus trace spec.json --check
gradus trace - --json < spec.json`

// newTrace is gradus trace SPEC.json|-.
func newTrace(a *app) *cobra.Command {
	var check bool
	c := a.command("trace SPEC.json|-", 1, 1, func(args []string) error { return a.trace(args[0], check) })
	c.Flags().BoolVar(&check, "check", false, a.text("cmd.trace_check"))
	c.Example = exampleSpec
	return c
}

func (a *app) trace(path string, check bool) error {
	in, err := a.openInput(path)
	if err != nil {
		return err
	}
	defer in.Close()
	spec, err := trace.Read(in)
	if err != nil {
		return say.Error("say.inside", "where", path, "cause", err)
	}
	result, err := trace.Run(a.ctx, spec, trace.Options{Check: check})
	switch {
	case a.stopped(err):
		return err
	case err != nil:
		return within(path, err)
	case a.json:
		return a.writeJSON(result)
	}
	a.showTrace(spec, result)
	return nil
}

// The most a table of a trace shows; --json has the rest.
const (
	mostSteps   = 6
	mostRows    = 8
	mostColumns = 8
)

func (a *app) showTrace(s trace.Spec, r trace.Result) {
	for i, step := range r.Steps {
		if n := len(r.Steps); n > mostSteps && i >= mostSteps-1 && i < n-1 {
			if i == mostSteps-1 {
				a.print(a.text("cmd.trace_steps", "n", n-mostSteps) + "\n")
			}
			continue
		}
		a.showStep(s, i+1, step)
	}
	a.print(a.paint(a.tty, bold, a.text("cmd.trace_after", "n", len(r.Steps))))
	for i, l := range r.Layers {
		a.showLayer(s, i)
		a.matrix("w", l.Weights)
		a.vector("b", l.Biases)
		a.vector("γ", l.Gamma)
		a.vector("β", l.Beta)
		a.vector("μ", l.RunningMean)
		a.vector("σ²", l.RunningVariance)
	}
}

func (a *app) showStep(s trace.Spec, n int, step trace.Step) {
	title := a.text("cmd.trace_step", "n", n) + "   E = " + number(step.Cost)
	if step.Check != nil {
		title += "   " + a.text("cmd.trace_difference", "value", strconv.FormatFloat(*step.Check, 'e', 1, 64))
	}
	a.print(a.paint(a.tty, bold, title))
	for i, c := range step.Layers {
		a.showLayer(s, i)
		a.matrix("o", c.O)
		a.matrix("h", c.H)
		a.matrix("∂E/∂h", c.DH)
		a.matrix("∂E/∂o", c.DO)
		a.matrix("∂E/∂w", c.DW)
		a.vector("∂E/∂b", c.DB)
		a.vector("∂E/∂γ", c.DGamma)
		a.vector("∂E/∂β", c.DBeta)
	}
	a.matrix("∂E/∂x", step.DX)
	a.print("")
}

func (a *app) showLayer(s trace.Spec, i int) {
	kind, f := s.Layers[i].Kind, s.Layers[i].Activation.Name
	if kind == "" {
		kind = "dense"
	}
	if f == "" {
		f = "linear"
	}
	a.print("  " + a.text("cmd.trace_layer", "n", i+1, "kind", kind, "activation", f))
}

func (a *app) vector(label string, v []float64) {
	if v != nil {
		a.matrix(label, [][]float64{v})
	}
}

// matrix prints rows of numbers behind their label, the far ones left out and counted.
func (a *app) matrix(label string, m [][]float64) {
	for r, row := range m {
		if r == mostRows && len(m) > mostRows {
			a.print("           " + a.text("cmd.trace_rows", "n", len(m)-mostRows))
			return
		}
		var line strings.Builder
		for c, v := range row {
			if c == mostColumns && len(row) > mostColumns {
				line.WriteString("  " + a.text("cmd.trace_columns", "n", len(row)-mostColumns))
				break
			}
			fmt.Fprintf(&line, " %15s", number(v))
		}
		a.print(fmt.Sprintf("    %-6s", label) + line.String())
		label = ""
	}
}

// within names the file an error comes from and leaves its kind, wrong input or failed run, as it is.
func within(path string, err error) error {
	e, ok := err.(*say.Err) //nolint:errorlint // the outermost decides the exit code
	if ok && e.Fault {
		return say.Failure("say.inside", "where", path, "cause", err)
	}
	if ok {
		return say.Error("say.inside", "where", path, "cause", err)
	}
	return err
}
