package model

import "gradus/metric"

// Subgroups are the rows judged, parted by the values of one column.
type Subgroups struct {
	Column string `json:"column"`
	// Kind says what the column is: category, number (parted at Cuts), site, or year (of the column of the visit).
	Kind   string     `json:"kind"`
	Cuts   []float64  `json:"cuts,omitempty"`
	Groups []Subgroup `json:"groups"`
	// Disparity of the calls among the groups that are not too small; nil where there are fewer than two or the task is not binary.
	Network    *Disparity `json:"disparity,omitempty"`
	Regression *Disparity `json:"disparity_regression,omitempty"`
}

// Subgroup is one value of a column. Rows without a value, and those of values that fewer than five rows have, are in no group.
type Subgroup struct {
	Value    string `json:"value"` // the level, or "< 65", "65 – 75", "≥ 75"
	N        int    `json:"n"`
	Patients int    `json:"patients"`
	Events   int    `json:"events"` // of a binary task
	// Hidden: Events is not shown, because fewer than five rows are of one level here, or because it would tell that of another group.
	Hidden bool `json:"events_hidden,omitempty"`
	TooFew bool `json:"too_few"` // n < 50, or in a binary task events or others < 10: no figure but the counts is given
	// Rest tests the AUROC of the network here against that in all other rows of the column's groups (DeLong, unpaired); with two
	// groups that is the one against the other. nil where either is too small.
	Rest       *metric.Unpaired `json:"rest,omitempty"`
	Network    *GroupFigures    `json:"network,omitempty"`
	Regression *GroupFigures    `json:"regression,omitempty"`
}

// GroupFigures are the figures of one prediction in a group of rows; those that the task does not have are nil.
type GroupFigures struct {
	Binary  *GroupBinary          `json:"binary,omitempty"`
	Classes *metric.ClassesResult `json:"classes,omitempty"`
	Number  *GroupNumber          `json:"number,omitempty"`
}

// GroupBinary are the figures of risks in a group; the calls are those of the thresholds that the training parts froze.
type GroupBinary struct {
	Prevalence  metric.Number   `json:"prevalence"`
	MeanRisk    metric.Number   `json:"mean_risk"`
	AUROC       metric.Estimate `json:"auroc"`
	Brier       metric.Number   `json:"brier"`
	LogLoss     metric.Number   `json:"log_loss"`
	InTheLarge  metric.Estimate `json:"in_the_large"` // Wald's interval
	Slope       metric.Estimate `json:"slope"`
	OE          metric.Number   `json:"oe"`
	Selected    metric.Number   `json:"selection_rate"` // share that is called
	Sensitivity metric.Estimate `json:"sensitivity"`    // Wilson's interval
	Specificity metric.Estimate `json:"specificity"`
	Threshold   float64         `json:"threshold"` // mean of the frozen ones over the rows
	NetBenefit  metric.Number   `json:"net_benefit"`
}

// GroupNumber are the figures of a predicted number in a group.
type GroupNumber struct {
	metric.NumberResult
	Mean  metric.Number `json:"mean"`  // of what was
	Bias  metric.Number `json:"bias"`  // mean of predicted − observed
	Slope metric.Number `json:"slope"` // of observed on predicted
}

// Disparity is the largest difference between two groups: of the share called, of both rates of right calls, and of sensitivity.
type Disparity struct {
	Parity      metric.Number `json:"demographic_parity_difference"`
	Odds        metric.Number `json:"equalized_odds_difference"` // the larger of the differences in sensitivity and in 1 − specificity
	Opportunity metric.Number `json:"equal_opportunity_difference"`
}
