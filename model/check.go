package model

import (
	"slices"

	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/network"
	"gradus/table"
)

// check looks at every part of a head before anything is allocated for it.
func (h head) check(f *safetensors.File) error {
	if h.Preparation == nil {
		return say.Error("model.head_lacks", "part", "preparation")
	}
	if err := h.Preparation.Valid(); err != nil {
		return err
	}
	if err := h.Target.Valid(); err != nil {
		return err
	}
	switch {
	case h.Preparation.Target != h.Target.Column:
		return say.Error("model.head_target", "found", h.Preparation.Target, "want", h.Target.Column)
	case (h.Scale != nil) != (h.Target.Task == table.TaskNumber):
		return say.Error("model.head_scale", "task", string(h.Target.Task))
	case h.Scale != nil && !(h.Scale.SD >= 0):
		return say.Error("model.head_sd", "value", h.Scale.SD)
	case (h.Survival != nil) != (h.Target.Task == table.TaskSurvival), h.Survival == nil && len(h.Card.Settings.Horizons) > 0:
		return say.Error("model.head_survival")
	case h.Inputs != h.Preparation.Width():
		return say.Error("model.head_inputs", "found", h.Inputs, "want", h.Preparation.Width())
	}
	if err := h.Card.check(h.Target.Levels); err != nil {
		return err
	}
	if s := h.Survival; s != nil {
		if err := s.Valid(); err != nil || !slices.Equal(s.Horizons, h.Card.Settings.Horizons) {
			return say.Error("model.head_survival")
		}
	}
	if err := h.Card.Training.check(h.Preparation.Inputs, len(h.Target.Levels)); err != nil {
		return err
	}
	return h.fits(f)
}

// fits checks that the layers ask for just the numbers the file holds, so that no size in a head costs more memory than its file.
func (h head) fits(f *safetensors.File) error {
	have := 0
	for _, t := range f.Tensors {
		have += len(t.Data) / 4
	}
	return network.Within(h.Inputs, h.Layers, have)
}

// check looks at what a reader of the card relies on.
func (c Card) check(levels []string) error {
	s := c.Settings
	if s.WeightDecay == nil || s.Validation == nil {
		return say.Error("model.head_lacks", "part", "card.settings")
	}
	ok := (s.Precision == "" || s.Precision == Float32 || s.Precision == Float64) && c.Held >= 0 && c.Rows >= c.Held && c.BestEpoch >= 0 && c.Epochs >= c.BestEpoch
	counted := 0
	for _, l := range levels {
		counted += min(c.Levels[l], 1)
	}
	if !ok || counted != len(c.Levels) {
		return say.Error("model.head_card")
	}
	return nil
}
