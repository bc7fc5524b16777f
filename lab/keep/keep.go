// Package keep makes of a network of the playground a model that gradus predict, explain and evaluate open.
package keep

import (
	"bytes"
	"io"

	"gradus/lab/page"
	"gradus/lab/room"
	"gradus/model"
	"gradus/table"
)

// Write writes the network of an address of the playground as a model file.
func Write(w io.Writer, address string) error {
	var desk page.Desk
	t, err := desk.Trained(address)
	if err != nil {
		return err
	}
	m, err := Model(t)
	if err != nil {
		return err
	}
	return m.Write(w)
}

// Model is a network of the playground as a model: its columns as they are written in the table of the cases, its weights rounded once.
func Model(t *room.Trained) (*model.Model, error) {
	tbl, err := table.Read(bytes.NewReader(t.Cases), "playground-cases.csv", table.Options{})
	if err != nil {
		return nil, err
	}
	target, y, err := table.NewTarget(tbl, "class", table.TaskBinary, "1")
	if err != nil {
		return nil, err
	}
	fit := make([]int, t.Train)
	for i := range fit {
		fit[i] = i
	}
	m, err := model.New(tbl, fit, target, y, settings(t))
	if err != nil {
		return nil, err
	}
	m.Preparation.Clip = 0
	for i := range m.Preparation.Inputs {
		m.Preparation.Inputs[i].Scale = table.Scale{Mean: t.Columns[i].Mean, SD: t.Columns[i].SD}
	}
	if err := model.Take(m, t.Weights); err != nil {
		return nil, err
	}
	m.Card.Rows, m.Card.Levels = t.Train, m.Count(fit, y)
	m.Card.Epochs, m.Card.BestEpoch, m.Card.Cost, m.Card.HeldCost = t.Epochs, t.Epochs, t.Cost, &t.Held
	return m, nil
}

// settings say how the network was trained.
func settings(t *room.Trained) model.Settings {
	none := 0.
	return model.Settings{
		Hidden: t.Hidden, Activation: t.Activation, Optimizer: t.Rule, Alpha: t.Alpha, Epochs: max(t.Epochs, 1), Batch: t.Batch,
		WeightDecay: &t.Decay, Dropout: t.Dropout, Patience: max(t.Epochs, 1), Validation: &none, Seed: t.Seed, Precision: model.Float64,
		Task: table.TaskBinary, Event: "1", Leave: []string{"case", "part"},
	}
}
