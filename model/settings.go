package model

import (
	"math"

	"gradus/internal/say"
	"gradus/table"
)

// Settings say how a network is trained on a table. The zero value of a field stands for the default that Complete fills in.
type Settings struct {
	Hidden      []int    `json:"hidden"`       // neurons of each hidden layer; nil: default, empty: none
	Activation  string   `json:"activation"`   // of the hidden layers
	Optimizer   string   `json:"optimizer"`    // rule, in its reference form
	Alpha       float64  `json:"alpha"`        // learning rate at the start
	Epochs      int      `json:"epochs"`       // at most
	Batch       int      `json:"batch"`        // rows of an iteration
	WeightDecay *float64 `json:"weight_decay"` // λ₂ of the rule; nil: default
	Dropout     float64  `json:"dropout"`      // rate behind each hidden layer
	Patience    int      `json:"patience"`     // epochs without a better validation cost
	Validation  *float64 `json:"validation"`   // share of the rows kept for early stopping; nil: default, 0: none
	Seed        uint64   `json:"seed"`
	Members     int      `json:"members,omitempty"` // networks whose mean, beside a regression, is the model; 0: default, of explicit Hidden 1
	Bins        int      `json:"bins,omitempty"`    // ramps over each column of numbers; 0: default, of explicit Hidden none; below 0: none
	Beside      string   `json:"beside,omitempty"`  // activation of a second network of each member, which sees the columns and no ramps; empty: default, of explicit Hidden none
	// Horizons are, of survival, the times that predictions tell of.
	Horizons []float64 `json:"horizons,omitempty"`
	// Even gives columns of one measure, such as pixels, their own spread back: Model.Even.
	Even bool `json:"even,omitempty"`
	// ClassWeights counts the classes alike while training, whatever their numbers; the logits are corrected for it, so that the
	// probabilities stay right.
	ClassWeights bool `json:"class_weights,omitempty"`
	// Temperature is what the logits are divided by after training, found on rows not trained on; 0: nothing.
	Temperature float64 `json:"temperature,omitempty"`
	// Blocks are the pieces that a batch was cut into by a job of several ranks, whose gradients were summed as whole numbers; 0: not cut.
	Blocks    int    `json:"blocks,omitempty"`
	Precision string `json:"precision,omitempty"` // trained in Float32 or Float64; empty, as in models that do not say, is Float32

	Task  table.Task `json:"task,omitempty"`  // empty: inferred
	Event string     `json:"event,omitempty"` // empty: inferred
	Leave []string   `json:"leave,omitempty"` // columns to leave out
	// Constant has a table whose every column is constant make a model all the same, of the mean of the target.
	Constant bool `json:"-"`
}

// Precisions a network is trained in. The model holds float32 either way: weights trained in Float64 are rounded once, at the end.
const (
	Float32 = "float32"
	Float64 = "float64"
)

// The defaults, chosen by cross-validation on the bundled tables; weight decay and early stopping depend on the number of rows.
const (
	DefaultActivation = "tanh"
	DefaultBeside     = "silu" // of the networks of an ensemble that see no ramps
	DefaultOptimizer  = "adam"
	DefaultAlpha      = 1e-3
	DefaultEpochs     = 150
	DefaultBatch      = 32
	DefaultPatience   = 30
	DefaultMembers    = 5
	DefaultBins       = 16

	prior = 6    // default weight decay × rows: the precision of a normal prior on each weight
	decay = .012 // default weight decay at most
	many  = 1000 // rows from which on early stopping costs less than it gives
	share = .15  // of the rows, held for early stopping

	wideFrom    = 60 // columns of numbers, above which wider networks with dropout do better
	wideMembers = 8

	few        = 500 // rows below which more members, each with fewer rows held, cost little
	fewMembers = 8
)

// DefaultHidden are the neurons of the hidden layers.
func DefaultHidden() []int { return []int{64, 32} }

// Complete fills in the defaults for rows rows and checks every value.
func (s Settings) Complete(rows int) (Settings, error) {
	s = s.shape(rows)
	s.Activation = or(s.Activation, s.defaultActivation())
	s.Optimizer = or(s.Optimizer, DefaultOptimizer)
	s = s.pace(rows)
	if s.Precision == Float32 {
		s.Precision = "" // so the file of a model trained in float32 is what it was
	}
	s.WeightDecay = orPointer(s.WeightDecay, s.defaultDecay(rows))
	if s.Members > 1 {
		s.Validation = orPointer(s.Validation, 1/float64(s.Members))
	}
	if rows >= many {
		s.Validation = orPointer(s.Validation, share)
	}
	s.Validation = orPointer(s.Validation, 0)
	return s, s.check()
}

// pace fills in how fast an ensemble learns: many rows teach as much in fewer epochs of larger batches. One network keeps its own.
func (s Settings) pace(rows int) Settings {
	alpha, epochs, batch, patience := DefaultAlpha, DefaultEpochs, DefaultBatch, DefaultPatience
	switch {
	case s.Task == table.TaskSurvival:
		return s.survivalPace(rows)
	case s.Members == 0:
	case rows < 6000:
		alpha, epochs, patience = 4e-3, 75, 15
	case rows < 30000:
		alpha, epochs, batch, patience = 4e-3, 30, 128, 8
	default:
		alpha, epochs, batch, patience = 4e-3, 15, 256, 8
	}
	s.Alpha = or(s.Alpha, alpha)
	s.Epochs = or(s.Epochs, epochs)
	s.Batch = or(s.Batch, batch)
	s.Patience = or(s.Patience, patience)
	return s
}

func defaultBins(rows int) int { return min(max(rows/100, 3), DefaultBins) }

// Wide fills in what does better where columns columns of numbers are many and so are the rows: wider networks with dropout. What is
// given stays; so do settings that ask for layers of their own. even says that the columns have one measure: they keep their spread, and
// need no ramps.
func (s Settings) Wide(columns, rows int, even bool) Settings {
	if s.Hidden != nil || s.Members == 1 || columns <= wideFrom || rows < many {
		return s
	}
	if even && s.Bins == 0 && s.Beside == "" {
		s.Hidden, s.Members, s.Dropout, s.Even = []int{128, 64}, or(s.Members, wideMembers), or(s.Dropout, .2), true
		s.Activation = or(s.Activation, "relu")
		return s
	}
	s.Hidden, s.Members, s.Dropout = []int{128, 64}, or(s.Members, wideMembers), or(s.Dropout, .2)
	s.Beside = or(s.Beside, or(s.Activation, DefaultBeside))
	s.Bins = or(s.Bins, defaultBins(rows))
	return s
}

// shape fills in the size of the model. Who says the hidden layers gets one network of them and nothing else that was not asked for.
func (s Settings) shape(rows int) Settings {
	if s.Hidden == nil {
		s.Hidden = DefaultHidden()
		if rows < few {
			s.Members = or(s.Members, fewMembers)
		}
		s.Members = or(s.Members, DefaultMembers)
		s.Beside = or(s.Beside, or(s.Activation, DefaultBeside))
		s.Bins = or(s.Bins, defaultBins(rows))
	}
	if s.Members == 1 {
		s.Members = 0
	}
	if s.Task == table.TaskSurvival {
		s.Members = max(s.Members, 2) // the baseline hazard rests on rows that a member was not trained on
	}
	if s.Members == 0 {
		s.Beside = ""
	}
	s.Bins = max(s.Bins, 0)
	return s
}

// defaultDecay is prior ÷ rows, at most decay. MSE is twice the negative log-likelihood of a number with unit noise, so there the
// same prior takes twice the λ.
func (s Settings) defaultDecay(rows int) float64 {
	l := min(prior/float64(max(rows, 1)), decay)
	if s.Task == table.TaskNumber {
		l *= 2
	}
	return l
}

func (s Settings) check() error {
	for _, units := range s.Hidden {
		if units < 1 || units > 1<<20 {
			return say.Error("model.setting", "name", "hidden", "value", units, "allowed", "1 … 1048576")
		}
	}
	for _, v := range []struct {
		name, allowed string
		value         any
		ok            bool
	}{
		{"alpha", "> 0", s.Alpha, s.Alpha > 0 && !math.IsInf(s.Alpha, 1)},
		{"epochs", "1 … 1000000", s.Epochs, s.Epochs >= 1 && s.Epochs <= 1e6},
		{"batch", "≥ 1", s.Batch, s.Batch >= 1},
		{"patience", "≥ 1", s.Patience, s.Patience >= 1},
		{"weight-decay", "≥ 0", *s.WeightDecay, *s.WeightDecay >= 0 && !math.IsInf(*s.WeightDecay, 1)},
		{"dropout", "[0, 1)", s.Dropout, s.Dropout >= 0 && s.Dropout < 1},
		{"validation", "[0, 0.9]", *s.Validation, *s.Validation >= 0 && *s.Validation <= .9},
		{"class-weights", "binary, classes", s.ClassWeights, !s.ClassWeights || s.Task != table.TaskNumber},
		{"temperature", "≥ 0", s.Temperature, s.Temperature >= 0 && !math.IsInf(s.Temperature, 1)},
		{"members", "1 … 100", s.Members, s.Members >= 0 && s.Members <= 100},
		{"blocks", "0 … 1048576", s.Blocks, s.Blocks >= 0 && s.Blocks <= 1<<20},
		{"bins", "-1 … 1000", s.Bins, s.Bins <= 1000},
		{"precision", Float32 + ", " + Float64, s.Precision, s.Precision == "" || s.Precision == Float64},
	} {
		if !v.ok {
			return say.Error("model.setting", "name", v.name, "value", v.value, "allowed", v.allowed)
		}
	}
	for _, name := range []string{s.Activation, s.Beside} {
		if name == "softmax" || name == "step" {
			return say.Error("model.hidden_activation", "name", name)
		}
	}
	return nil
}

func or[T comparable](v, other T) T {
	var zero T
	if v == zero {
		return other
	}
	return v
}

func orPointer(v *float64, other float64) *float64 {
	if v == nil {
		return &other
	}
	return v
}
