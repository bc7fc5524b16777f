package model

import "gradus/metric"

// Nested is how a nested validation was made and what only it can say: what was chosen inside each training part, how that did on
// rows that no choice had seen, and whether the network is worth its weights.
type Nested struct {
	Scheme string       `json:"scheme"` // cross-validation, temporal, external
	Inner  int          `json:"inner"`  // folds inside each training part
	Trials int          `json:"trials"` // settings tried there, the defaults counted
	Rule   string       `json:"rule"`   // of the threshold: fixed, youden, harm, sensitivity
	Groups int          `json:"groups"` // patients among the rows judged
	Tested int          `json:"tested"` // rows judged
	Rows   []int        `json:"-"`      // which they are, for the one who ran it
	Folds  []NestedFold `json:"folds"`
	Frozen *Frozen      `json:"frozen,omitempty"` // of a binary task
	Loss   Likelihood   `json:"loss"`
	Boot   *Resampled   `json:"bootstrap,omitempty"` // of a binary task
	// Optimism of the regression, where a binary table is small and cross-validated.
	Optimism *Optimism `json:"optimism,omitempty"`
	Verdict  string    `json:"verdict"` // network, regression or none: who is better
}

// NestedFold is one outer fold.
type NestedFold struct {
	Name        string         `json:"name,omitempty"`
	Train       int            `json:"train"`
	Test        int            `json:"test"`
	TrainEvents int            `json:"train_events"` // of a binary task
	TestEvents  int            `json:"test_events"`
	Settings    Settings       `json:"settings"` // chosen inside the training part
	Threshold   float64        `json:"threshold"`
	Beside      float64        `json:"threshold_regression"`
	AUROC       *metric.Number `json:"auroc,omitempty"`
	Regression  *metric.Number `json:"auroc_regression,omitempty"`
}

// Frozen are the calls at thresholds that were chosen on out-of-fold predictions of the training parts: a row is called where its mean
// risk reaches the mean of the thresholds of its folds.
type Frozen struct {
	Network    metric.Confusion `json:"network"`
	Regression metric.Confusion `json:"regression"`
}

// Likelihood compares the losses of the same rows, network minus regression: of levels the log loss (Vuong's test of two models that
// are not nested, by patient), of a number the squared error. Below 0 the network is better.
type Likelihood struct {
	Network    metric.Number `json:"network"`
	Regression metric.Number `json:"regression"`
	Difference metric.Number `json:"difference"`
	Low        metric.Number `json:"low"`
	High       metric.Number `json:"high"`
	Z          metric.Number `json:"z"`
	P          metric.Number `json:"p"`
}

// Resampled are percentile intervals of a bootstrap that draws whole patients.
type Resampled struct {
	Draws      int             `json:"draws"` // those in which both levels came up
	Network    metric.Estimate `json:"auroc"`
	Regression metric.Estimate `json:"auroc_regression"`
	Difference metric.Estimate `json:"difference"`
}

// Optimism is Harrell's bootstrap of the AUROC of the regression: corrected = apparent − optimism.
type Optimism struct {
	Draws     int           `json:"draws"`
	Apparent  metric.Number `json:"apparent"`
	Optimism  metric.Number `json:"optimism"`
	Corrected metric.Number `json:"corrected"`
}
