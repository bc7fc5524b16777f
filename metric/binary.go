package metric

import "errors"

// Options of Binary; the zero value stands for the documented defaults.
type Options struct {
	Threshold  *float64  // of the confusion table; nil: .5
	Thresholds []float64 // of net benefit; nil: .05 .1 .2 .3 .5
}

// BinaryResult is every figure of a binary prediction; what is undefined is NaN here and null in JSON.
type BinaryResult struct {
	N                int          `json:"n"`
	Events           int          `json:"events"`
	Prevalence       Number       `json:"prevalence"`
	AUROC            Area         `json:"auroc"`
	AveragePrecision Number       `json:"average_precision"`
	Brier            Number       `json:"brier"`
	ScaledBrier      Number       `json:"scaled_brier"`
	LogLoss          Number       `json:"log_loss"`
	Calibration      Calibration  `json:"calibration"`
	Clipped          int          `json:"clipped"`
	NetBenefit       []NetBenefit `json:"net_benefit"`
	Confusion        Confusion    `json:"confusion"`
	Details          Details      `json:"details"` // of the confusion table
	Youden           Youden       `json:"youden"`
	// AtSpecificity90 is the most events found while at least nine in ten of the others are spared.
	AtSpecificity90 Operating `json:"at_specificity_90"`
	PartialAUC      Number    `json:"partial_auc"` // left of a false positive rate of .1, McClish's
}

// Binary measures the predicted probabilities p of the events y. With rows of one class only the error is ErrOneClass, and
// the result holds what is defined all the same (a subgroup may be shown so).
func Binary(y []bool, p []float64, opt Options) (BinaryResult, error) {
	if err := checkProbabilities(y, p); err != nil {
		return BinaryResult{}, err
	}
	threshold, thresholds := .5, opt.Thresholds
	if opt.Threshold != nil {
		threshold = *opt.Threshold
	}
	if thresholds == nil {
		thresholds = []float64{.05, .1, .2, .3, .5}
	}
	r := BinaryResult{N: len(y), Events: count(y), Clipped: Clipped(p)}
	r.Prevalence = ratio(float64(r.Events), float64(r.N))
	err := errors.Join(
		keep(&r.NetBenefit)(DecisionCurve(y, p, thresholds)),
		keep(&r.Confusion)(ConfusionAt(y, p, threshold)),
		keep(&r.Calibration)(Calibrate(y, p)))
	if err != nil {
		return BinaryResult{}, err
	}
	r.Details = r.Confusion.Details()
	return r, r.ranks(y, p)
}

// ranks fills what one class alone leaves undefined.
func (r *BinaryResult) ranks(y []bool, p []float64) error {
	brier, _ := Brier(y, p) // p was checked
	loss, _ := LogLoss(y, p)
	scaled, err := ScaledBrier(y, p)
	r.Brier, r.LogLoss, r.ScaledBrier = Number(brier), Number(loss), Number(scaled)
	r.AUROC, _ = AUROC(y, p)
	r.AveragePrecision = undefined
	r.Youden, _ = YoudenAt(y, p)
	r.AtSpecificity90, _ = AtSpecificity(y, p, .9)
	r.PartialAUC, _ = PartialAUC(y, p, .1)
	if err != nil {
		return err
	}
	precision, err := AveragePrecision(y, p)
	r.AveragePrecision = Number(precision)
	return err
}

// keep stores a result and hands on its error.
func keep[T any](to *T) func(T, error) error {
	return func(v T, err error) error {
		*to = v
		return err
	}
}
