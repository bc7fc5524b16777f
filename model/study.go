package model

import "gradus/metric"

// Study is what a study collects beside its figures, so that a reader can judge them. It holds sums and counts only: no row, no
// identifier, no count of fewer than five rows in a cell of Table 1 or among the events of a subgroup, and no name of a level that
// fewer than five rows have. A part that the task or the table does not have is nil.
type Study struct {
	Flow          *Flow             `json:"flow,omitempty"`
	TableOne      *TableOne         `json:"table_one,omitempty"`
	Loss          *LossCurves       `json:"loss_curves,omitempty"` // of the final model
	Subgroups     []Subgroups       `json:"subgroups,omitempty"`   // one for each column, sites and years among them
	SampleSize    *SampleCheck      `json:"sample_size,omitempty"`
	Recalibration *Recalibration    `json:"recalibration,omitempty"`     // of a binary task
	Formula       *Formula          `json:"formula,omitempty"`           // of the regression on all rows
	Decision      *DecisionInterval `json:"decision_interval,omitempty"` // of a binary task
	Importance    *Importance       `json:"importance,omitempty"`
	Parts         []Part            `json:"parts,omitempty"` // one for each fold, period or site that was judged
}

// Flow is the way of the records to the rows that are judged. Records − Σ Excluded = Rows.
type Flow struct {
	Records  int        `json:"records"`  // data records of the file
	Excluded []Excluded `json:"excluded"` // in the order in which they were left out
	Rows     int        `json:"rows"`     // analysed
	Patients int        `json:"patients"` // Rows where no column says whose a row is
	Events   int        `json:"events"`   // of a binary task
	Parts    []FlowPart `json:"parts"`    // of the first repeat, in the order of the folds
	Repeats  int        `json:"repeats"`
}

// Excluded counts the records left out for one reason: blank, footer, duplicate, target (missing), as package check names them.
type Excluded struct {
	Reason string `json:"reason"`
	N      int    `json:"n"`
}

// FlowPart is one fold, period or site: what was learnt from and what was judged.
type FlowPart struct {
	Name  string   `json:"name,omitempty"` // of a site; empty for a numbered fold and for a period
	Train FlowSize `json:"train"`
	Test  FlowSize `json:"test"`
}

// FlowSize counts rows, patients and, in a binary task, events.
type FlowSize struct {
	Rows     int `json:"rows"`
	Patients int `json:"patients"`
	Events   int `json:"events"`
}

// LossCurves are the costs of the final model's training by epoch, which say whether it was stopped in time.
type LossCurves struct {
	Members []LossCurve `json:"members"` // one for each network of the ensemble
	// Mean is over the members that were still training in that epoch.
	Mean LossCurve `json:"mean"`
	Best int       `json:"best"` // epoch of the card: the mean of the members' best
}

// LossCurve is one training: the mean cost of the rows fitted to, and of those held for early stopping, after each epoch.
type LossCurve struct {
	Fit  []float64 `json:"fit"`
	Held []float64 `json:"held,omitempty"` // none where no rows were held
	Best int       `json:"best"`           // epoch, from 1, whose weights were kept
}

// SampleCheck holds the table against the criteria of Riley and others for developing a model, and what is judged against the rule
// of thumb for external validation, which is no more than that.
type SampleCheck struct {
	Rows       int     `json:"rows"`
	Events     int     `json:"events"`     // of a binary task
	Parameters int     `json:"parameters"` // of the regression: a category of k levels has k − 1
	PerTerm    float64 `json:"events_per_parameter"`
	// R2 is of Cox and Snell, from the out-of-fold log loss of the regression: 1 − exp(2·(loss − loss of the prevalence)).
	R2 metric.Number `json:"r2"`
	// Needed by criteria 1–3 at that R²; nil where R² is not above 0 or the task is not binary.
	Needed *metric.BinarySize `json:"needed,omitempty"`
	Enough bool               `json:"enough"` // Rows ≥ Needed.N
	// Judged counts what the figures rest on; Thumb is whether there are 100 events and 100 others.
	Judged       int  `json:"judged"`
	JudgedEvents int  `json:"judged_events"`
	Thumb        bool `json:"rule_of_thumb"`
}

// Recalibration corrects the network's risks by maps that were learnt on the out-of-fold predictions inside each training part, and
// judges them on the rows of the fold, which neither the network nor the map had seen.
type Recalibration struct {
	Rows     int            `json:"rows"` // judged
	Events   int            `json:"events"`
	Original Recalibrated   `json:"original"`
	Methods  []Recalibrated `json:"methods"` // intercept, logistic, temperature, isotonic
	// Best is the method with the least log loss among those that are better than the original with 95 % confidence; "" says: keep it.
	Best string `json:"best"`
}

// Recalibrated is the figures of one correction.
type Recalibrated struct {
	Method  string        `json:"method,omitempty"`
	LogLoss metric.Number `json:"log_loss"`
	// Difference is the log loss less that of the original, with its interval by patient; of the original undefined.
	Difference metric.Estimate `json:"difference"`
	Brier      metric.Number   `json:"brier"`
	AUROC      metric.Number   `json:"auroc"`
	InTheLarge metric.Number   `json:"in_the_large"`
	Slope      metric.Number   `json:"slope"`
	OE         metric.Number   `json:"oe"`
	ICI        metric.Number   `json:"ici"`
	// A and B are the mean over the folds of logit p' = A + B·logit p; both 0 of isotonic.
	A float64 `json:"a"`
	B float64 `json:"b"`
	// Folds in which the map could be fitted; in the others the original risk stands.
	Folds int `json:"folds"`
}

// Formula is the regression fitted to all rows with the final model's preparation: of a binary task the logit of the event, of
// classes one equation a level (softmax), of a number the number itself.
type Formula struct {
	Ridge     float64    `json:"ridge"` // λ on z-scores
	Rows      int        `json:"rows"`
	Equations []Equation `json:"equations"`
}

// Equation is intercept + Σ coefficient·value.
type Equation struct {
	Level             string  `json:"level,omitempty"` // whose logit it is; empty of a number
	Intercept         float64 `json:"intercept"`       // in the units of the table
	StandardIntercept float64 `json:"standard_intercept"`
	Terms             []Term  `json:"terms"`
}

// Term is a feature: a number of the table, or 1 where a level, another level or a gap is there and else 0.
type Term struct {
	Column      string  `json:"column"`
	Part        string  `json:"part,omitempty"` // the level
	Kind        string  `json:"kind"`           // number, level, other, missing
	Coefficient float64 `json:"coefficient"`    // for one unit of the table
	Standard    float64 `json:"standard"`       // for one standard deviation of the training rows
	OddsRatio   float64 `json:"odds_ratio"`     // e^Coefficient; of a number task 0
	OddsRatioSD float64 `json:"odds_ratio_sd"`  // e^Standard; of a number task 0
	Mean        float64 `json:"mean"`           // of the feature over the training rows
	SD          float64 `json:"sd"`
	Median      float64 `json:"median"` // what stands for a missing number
	Low         float64 `json:"low"`    // a number is held within Low and High, far outside what is usual; both 0: it is not
	High        float64 `json:"high"`
}

// DecisionInterval is the net benefit by threshold with the percentile interval of a bootstrap that draws whole patients.
type DecisionInterval struct {
	Draws  int             `json:"draws"`
	Named  []float64       `json:"thresholds"` // those that the study names
	Points []DecisionPoint `json:"points"`     // at every hundredth and at those named, ascending
}

// DecisionPoint is one threshold.
type DecisionPoint struct {
	Threshold  float64         `json:"threshold"`
	Network    metric.Estimate `json:"network"`
	Regression metric.Estimate `json:"regression"`
	Difference metric.Estimate `json:"difference"` // network − regression
	All        metric.Estimate `json:"all"`        // everyone is called
}

// Importance is by how much the loss of the rows judged grows where a column's values are exchanged among them, each fold's network
// on its own rows: what the prediction rests on, not what causes the outcome.
type Importance struct {
	Loss    string             `json:"loss"`    // log loss or squared error
	Repeats int                `json:"repeats"` // exchanges of each column in each fold
	Base    float64            `json:"base"`    // loss of the rows as they are
	Columns []ColumnImportance `json:"columns"` // the most important first
}

// ColumnImportance is one column, or several that are so correlated (|r| > .8) that they are exchanged together.
type ColumnImportance struct {
	Column   string        `json:"column"` // joined by " + "
	Joined   bool          `json:"joined,omitempty"`
	Increase metric.Number `json:"increase"`
	SE       metric.Number `json:"se"` // over folds; of one fold over its exchanges
	Folds    int           `json:"folds"`
}

// Part is what was judged in one fold, period or site, and how the two predictions did there.
type Part struct {
	Name       string       `json:"name,omitempty"` // of a site
	Repeat     int          `json:"repeat"`         // from 1
	Fold       int          `json:"fold"`           // from 1
	Train      FlowSize     `json:"train"`
	Test       FlowSize     `json:"test"`
	Network    GroupFigures `json:"network"`
	Regression GroupFigures `json:"regression"`
}
