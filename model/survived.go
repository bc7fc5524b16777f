package model

import (
	"gradus/metric"
	"gradus/table"
)

// SurvivalStudy is what a nested cross-validation of survival found, in sums only.
type SurvivalStudy struct {
	Gradus   string       `json:"gradus"`
	Target   table.Target `json:"target"`
	Rows     int          `json:"rows"`
	Events   int          `json:"events"`
	Patients int          `json:"patients"`
	Columns  int          `json:"columns"`
	Folds    int          `json:"folds"`
	Repeats  int          `json:"repeats"`
	Inner    int          `json:"inner"`  // parts of each training part, one held from each network of the ensemble
	Earned   int          `json:"earned"` // folds in which the networks earned a part beside the regression
	Draws    int          `json:"draws"`  // of the bootstrap, whole patients
	Seed     uint64       `json:"seed"`
	Ties     string       `json:"ties"`
	Ridge    float64      `json:"ridge"` // λ of Cox's regression on z-scores
	// Settings as completed for the training part of the first fold.
	Settings Settings `json:"settings"`
	// Main is the horizon that the verdict looks at; the others stand in At in ascending order.
	Main     float64       `json:"main"`
	FollowUp FollowUp      `json:"follow_up"`
	Overall  SurvivalGroup `json:"overall"`

	Harrell    metric.ConcordanceTest `json:"harrell"` // A the network, B the regression
	Uno        metric.ConcordanceTest `json:"uno"`     // events until the last horizon
	Network    Spread                 `json:"network_spread"`
	Regression Spread                 `json:"regression_spread"`
	At         []HorizonPair          `json:"at"`
	Integrated PairOfScores           `json:"integrated_brier"` // from 0 to the last horizon

	Verdict    string          `json:"verdict"`     // network, regression or none: who is better
	RiskGroups SurvivalGroups  `json:"risk_groups"` // by predicted risk of the one the verdict recommends
	Groups     *SurvivalGroups `json:"groups,omitempty"`
	Hazards    Hazards         `json:"hazards"`
}

// FollowUp is how long the rows were followed.
type FollowUp struct {
	Median metric.Estimate `json:"median"` // by the reverse Kaplan–Meier curve
	Last   float64         `json:"last"`
	Event  float64         `json:"last_event"`
}

// SurvivalGroup is the Kaplan–Meier curve of some rows at equal steps of time, so that it tells of no single one.
type SurvivalGroup struct {
	Name   string                 `json:"name"`
	N      int                    `json:"n"`
	Events int                    `json:"events"`
	Median metric.Estimate        `json:"median"`
	Curve  []metric.SurvivalPoint `json:"curve"`
}

// SurvivalGroups are groups of rows beside each other, and the log-rank test of them.
type SurvivalGroups struct {
	Column string             `json:"column,omitempty"` // that parts them; empty: the predicted risk
	List   []SurvivalGroup    `json:"list"`
	Test   metric.LogRankTest `json:"log_rank"`
}

// PairOfScores are two scores of the same rows and their difference, network minus regression.
type PairOfScores struct {
	Network    metric.Estimate `json:"network"`
	Regression metric.Estimate `json:"regression"`
	Difference metric.Estimate `json:"difference"`
	Reference  metric.Number   `json:"reference"` // of the Kaplan–Meier curve, which knows no columns
}

// HorizonPair is what is found at one time.
type HorizonPair struct {
	At         float64         `json:"at"`
	AtRisk     int             `json:"at_risk"`
	Events     int             `json:"events"`   // until then
	Observed   metric.Estimate `json:"observed"` // 1 − S of the Kaplan–Meier curve
	AUROC      PairOfScores    `json:"auroc"`    // cumulative and dynamic
	Brier      PairOfScores    `json:"brier"`
	Network    HorizonSide     `json:"network"`
	Regression HorizonSide     `json:"regression"`
}

// HorizonSide is the calibration of one of the two at one time.
type HorizonSide struct {
	OE     metric.Estimate   `json:"oe"` // observed over mean predicted risk
	ICI    metric.Number     `json:"ici"`
	E50    metric.Number     `json:"e50"`
	E90    metric.Number     `json:"e90"`
	Emax   metric.Number     `json:"emax"`
	Groups []CalibratedGroup `json:"groups"`
	Curve  []Point           `json:"curve"` // smoothed: predicted, observed
}

// CalibratedGroup is a group of rows of like predicted risk.
type CalibratedGroup struct {
	N         int             `json:"n"`
	Predicted float64         `json:"predicted"` // mean
	Observed  metric.Estimate `json:"observed"`  // 1 − S
}

// Hazards are the hazard ratios of Cox's regression on all rows, and whether they are the same at all times.
type Hazards struct {
	Ridge     float64       `json:"ridge"` // 0: not penalised
	Terms     []HazardTerm  `json:"terms"`
	Tested    bool          `json:"tested"`    // proportional hazards, of the fit without a ridge
	Transform string        `json:"transform"` // of time in the test
	Global    metric.Number `json:"global"`
	DF        int           `json:"df"`
	P         metric.Number `json:"p"`
}

// HazardTerm is one feature: its hazard ratio for one unit more (of a level, against all levels that have no term of their own).
type HazardTerm struct {
	Term  string          `json:"term"`
	Ratio metric.Estimate `json:"ratio"`
	P     metric.Number   `json:"p"`
	ChiSq metric.Number   `json:"ph_chi_square"`
	PH    metric.Number   `json:"ph_p"`
	Aside bool            `json:"aside,omitempty"` // it says nothing that other terms do not
}
