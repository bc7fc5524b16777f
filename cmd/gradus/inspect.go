package main

import (
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gradus/internal/disk"
	"gradus/internal/profile"
	"gradus/internal/say"
	"gradus/model"
	"gradus/network"
	"gradus/table"
)

// maxModel bounds a model or checkpoint file.
const maxModel = 4 << 30

// readModel reads a model file.
func (a *app) readModel(path string) (*model.Model, error) {
	in, err := a.openInput(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	b, err := disk.ReadLimited(in, maxModel, path)
	if err != nil {
		return nil, err
	}
	return model.Read(b, filepath.Base(path))
}

// readJudged reads a model whose predictions are probabilities or numbers; one of survival is refused.
func (a *app) readJudged(path string) (*model.Model, error) {
	m, err := a.readModel(path)
	if err == nil && m.Survival != nil {
		return nil, say.Error("survival.only_predict", "name", filepath.Base(path))
	}
	return m, err
}

// newInspect is gradus inspect MODEL.
func newInspect(a *app) *cobra.Command {
	c := a.command("inspect MODEL", 1, 1, func(args []string) error {
		m, err := a.readModel(args[0])
		if err != nil {
			return err
		}
		if a.json {
			return a.writeJSON(describe(m))
		}
		a.showModel(m)
		return nil
	})
	c.Example = "gradus inspect model.gradus\ngradus inspect model.gradus --json"
	return c
}

// describe is what inspect and train print as JSON.
func describe(m *model.Model) object {
	features, left := []string{}, append([]table.Left{}, m.Preparation.Left...) // lists, never null
	for _, f := range m.Preparation.Features() {
		features = append(features, f.String())
	}
	o := object{
		{"target", m.Target},
		{"inputs", m.Preparation.Inputs},
		{"left", left},
		{"features", features},
		{"layers", m.Network.Specs()},
		{"weights", len(m.Network.Weights())},
		{"card", m.Card},
	}
	if m.Survival != nil {
		o = append(o, member{"survival", m.Survival})
	}
	return o
}

// showTrained says what train made and, with p, where the time went.
func (a *app) showTrained(m *model.Model, out string, p *profile.Profile) error {
	if a.json {
		result := append(describe(m), member{"out", out})
		if p != nil {
			result = append(result, member{"profile", p})
		}
		return a.writeJSON(result)
	}
	a.showCard(m)
	a.print("")
	a.print(a.text("cmd.disclaimer"))
	a.print("")
	a.print(a.text("cmd.train_done", "out", out))
	if p != nil {
		a.print("")
		a.print(a.profileTable(p, m.Network.Specs()))
	}
	return nil
}

// showModel prints the card and the columns.
func (a *app) showModel(m *model.Model) {
	a.showCard(m)
	a.print("")
	a.showInputs(m.Preparation)
	a.print("")
	a.print(a.text("cmd.disclaimer"))
}

func (a *app) showCard(m *model.Model) {
	c := m.Card
	if c.Imported != "" {
		a.table([]string{"", ""}, [][]string{
			{a.text("cmd.inspect_target"), m.Target.Column + " (" + a.taskLine(m.Target, nil) + ")"},
			{a.text("cmd.inspect_network"), a.shapeLine(m)},
			{"gradus", c.Gradus + ", " + a.text("adopt.imported", "origin", c.Imported)},
		})
		return
	}
	rows := [][]string{
		{a.text("cmd.inspect_target"), m.Target.Column + " (" + a.taskLine(m.Target, m.Card.Settings.Horizons) + ")"},
		{a.text("cmd.inspect_rows"), a.rowsLine(m)},
		{a.text("cmd.inspect_network"), a.shapeLine(m)},
		{a.text("cmd.inspect_training"), a.text("cmd.inspect_training_value", "epochs", c.Epochs, "best", c.BestEpoch,
			"optimizer", c.Settings.Optimizer, "alpha", c.Settings.Alpha, "decay", strconv.FormatFloat(*c.Settings.WeightDecay, 'g', 4, 64), "seed", strconv.FormatUint(c.Settings.Seed, 10))},
		{a.text("cmd.inspect_cost"), strconv.FormatFloat(c.Cost, 'g', 4, 64)},
	}
	if c.HeldCost != nil {
		rows = append(rows, []string{a.text("cmd.inspect_held_cost"), strconv.FormatFloat(*c.HeldCost, 'g', 4, 64)})
	}
	if c.Settings.Precision != "" {
		rows = append(rows, []string{a.text("cmd.inspect_precision"), c.Settings.Precision})
	}
	rows = append(rows, []string{"gradus", c.Gradus})
	a.table([]string{"", ""}, rows)
}

func (a *app) taskLine(t table.Target, horizons []float64) string {
	switch t.Task {
	case table.TaskBinary:
		return a.text("cmd.inspect_binary", "event", t.Event)
	case table.TaskClasses:
		return a.text("cmd.inspect_classes", "levels", t.Levels)
	case table.TaskSurvival:
		return a.text("survival.inspect_task", "status", t.Status, "event", t.Event, "horizons", joined(horizons))
	}
	return a.text("cmd.inspect_number")
}

// joined writes numbers with commas.
func joined(list []float64) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = table.Format(v)
	}
	return strings.Join(texts, ", ")
}

func (a *app) rowsLine(m *model.Model) string {
	s := strconv.Itoa(m.Card.Rows)
	var levels []string
	for _, l := range m.Target.Levels {
		levels = append(levels, fmt.Sprintf("%s %d", l, m.Card.Levels[l]))
	}
	if m.Survival != nil {
		s = a.text("survival.inspect_rows", "rows", m.Card.Rows, "events", m.Card.Events)
	}
	if len(levels) > 0 {
		s += " (" + strings.Join(levels, ", ") + ")"
	}
	if m.Card.Held > 0 {
		s += "; " + a.text("cmd.inspect_held", "held", m.Card.Held)
	}
	return s
}

// shapeLine is 30–64–32–1, tanh, 4,097 weights; of an ensemble the shape of a member, and how many there are.
func (a *app) shapeLine(m *model.Model) string {
	specs, width := m.Network.Specs(), m.Network.In()
	if len(specs) > 1 && specs[0].Kind == "ramps" {
		width += len(specs[0].Ramps)
		specs = specs[1:]
	}
	times := ""
	if specs[0].Kind == "sum" {
		each := strconv.Itoa((len(specs[0].Chains)-1)/m.Forms()) + " × "
		for _, chain := range specs[0].Chains[1:m.Forms()] {
			times += each + sizes(m.Network.In(), chain) + ", "
		}
		times += each
		specs = specs[0].Chains[0]
	}
	return a.text("cmd.inspect_shape", "sizes", times+sizes(width, specs), "activation", hidden(specs), "weights", len(m.Network.Weights()))
}

// sizes is 30–64–32–1.
func sizes(width int, specs []network.Spec) string {
	list := []string{strconv.Itoa(width)}
	for _, l := range specs {
		if l.Kind == "dense" {
			list = append(list, strconv.Itoa(l.Units))
		}
	}
	return strings.Join(list, "–")
}

func hidden(layers []network.Spec) string {
	if len(layers) > 1 && layers[0].Activation != "" {
		return layers[0].Activation
	}
	return "linear"
}

func (a *app) showInputs(p *table.Preparation) {
	var rows [][]string
	for _, in := range p.Inputs {
		what := a.text("cmd.inspect_range", "low", table.Format(in.Low), "high", table.Format(in.High))
		if in.High == math.MaxFloat64 {
			what = none
		}
		if in.Kind == table.Category {
			what = strings.Join(in.Levels, ", ")
			if in.Other {
				what += ", " + a.text("cmd.inspect_other")
			}
		}
		if in.Missing {
			what += "; " + a.text("cmd.inspect_missing")
		}
		rows = append(rows, []string{in.Name, what})
	}
	a.table([]string{a.text("cmd.inspect_column"), a.text("cmd.inspect_what")}, rows)
	for _, l := range p.Left {
		a.print(a.text("cmd.inspect_left", "column", l.Name, "why", a.text("cmd.left_"+l.Why)))
	}
}
