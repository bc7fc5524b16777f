package model

import (
	"gradus/mat"
	"gradus/metric"
	"gradus/table"
)

// Validation is what a repeated cross-validation found, in sums only but for the risks, which no file gets. One of Binary, Classes
// and Number is set, as the task asks.
type Validation struct {
	Gradus  string         `json:"gradus"`
	Target  table.Target   `json:"target"`
	Rows    int            `json:"rows"`
	Levels  map[string]int `json:"levels,omitempty"`
	Columns int            `json:"columns"` // of the table, the target not counted
	Folds   int            `json:"folds"`
	Repeats int            `json:"repeats"`
	Seed    uint64         `json:"seed"`
	// Settings as completed for the training part of the first fold.
	Settings Settings `json:"settings"`
	Ridge    float64  `json:"ridge"` // of the regression beside the network

	Binary  *BinaryValidation           `json:"binary,omitempty"`
	Classes *Pair[metric.ClassesResult] `json:"classes,omitempty"`
	Number  *Pair[metric.NumberResult]  `json:"number,omitempty"`
}

// Pair is the figures of the network and, on the same folds, of the regression, each on the mean of a row's out-of-fold predictions.
type Pair[T any] struct {
	Network          T      `json:"network"`
	Regression       T      `json:"regression"`
	NetworkSpread    Spread `json:"network_spread"`
	RegressionSpread Spread `json:"regression_spread"`
}

// Spread is the mean and standard deviation of one figure over the folds of all repeats.
type Spread struct {
	Figure string        `json:"figure"` // auroc, accuracy, r2
	Mean   metric.Number `json:"mean"`
	SD     metric.Number `json:"sd"` // over n − 1
	Folds  int           `json:"folds"`
}

// BinaryValidation is the validation of the probability of an event.
type BinaryValidation struct {
	Events     int        `json:"events"`
	Threshold  float64    `json:"threshold"` // of the confusion tables
	Network    BinarySide `json:"network"`
	Regression BinarySide `json:"regression"`
	Difference Difference `json:"difference"`
}

// BinarySide is one of the two predictions: its figures and what its pictures are drawn from.
type BinarySide struct {
	metric.BinaryResult
	Spread        Spread              `json:"spread"`
	ROC           []Point             `json:"roc"`
	PR            []Point             `json:"precision_recall"` // precision by recall
	Curve         []Point             `json:"calibration_curve"`
	Bins          []Bin               `json:"calibration_bins"`
	DecisionCurve []metric.NetBenefit `json:"decision_curve"`
	Histogram     Histogram           `json:"histogram"`
	// Risks are the rows' mean out-of-fold probabilities, for the one who ran it; they are written nowhere.
	Risks []float64 `json:"-"`
}

// Point is a point of a picture.
type Point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// Bin is a group of rows with like risks: the mean risk and the share of events.
type Bin struct {
	N        int             `json:"n"`
	Mean     float64         `json:"mean"`
	Observed metric.Estimate `json:"observed"`
}

// Histogram counts the rows in equal stretches of risk from 0 to 1.
type Histogram struct {
	Events []int `json:"events"`
	Others []int `json:"others"`
}

// Difference is the AUROC of the network minus that of the regression, by DeLong's paired test.
type Difference struct {
	metric.Test
	Low  metric.Number `json:"low"` // of the 95 % interval
	High metric.Number `json:"high"`
	// Verdict is network, regression or none: whose ranking is better at p < .05.
	Verdict string `json:"verdict"`
}

// Explanation says what a prediction rests on.
type Explanation struct {
	Kind      string         `json:"kind"` // high, low, uncertain
	Risk      float64        `json:"risk"` // by the model explained, which may have been trained on the row
	OutOfFold float64        `json:"out_of_fold"`
	Event     bool           `json:"event"` // what happened
	Columns   []Contribution `json:"columns"`
}

// Contribution is what one column does to a prediction: the odds with its value over the odds with the column at its mean.
type Contribution struct {
	Column string  `json:"column"`
	Value  string  `json:"value"` // to three digits
	Usual  string  `json:"usual"` // the mean over the training rows; of a category empty
	Odds   float64 `json:"odds"`
}

// Features prepares rows of tbl for a regression beside the network: x (n,width), as the network sees them.
func (m *Model) Features(tbl *table.Table, rows []int) (mat.Matrix[float64], error) {
	x, _, err := m.Preparation.Apply(tbl, rows)
	out := mat.New[float64](x.Rows, x.Cols)
	for i, v := range x.Data {
		out.Data[i] = float64(v)
	}
	return out, err
}
