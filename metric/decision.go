package metric

// Confusion counts right and wrong calls, a call being p ≥ threshold, with Wilson's intervals and, beside them, Clopper and Pearson's; the
// likelihood ratios have the interval of their logarithm.
type Confusion struct {
	TP          int      `json:"tp"`
	FP          int      `json:"fp"`
	FN          int      `json:"fn"`
	TN          int      `json:"tn"`
	Sensitivity Estimate `json:"sensitivity"`
	Specificity Estimate `json:"specificity"`
	PPV         Estimate `json:"ppv"`
	NPV         Estimate `json:"npv"`

	Exact      Exact    `json:"clopper_pearson"`
	LRPositive Estimate `json:"lr_positive"` // sensitivity/(1 − specificity)
	LRNegative Estimate `json:"lr_negative"` // (1 − sensitivity)/specificity
}

// ConfusionAt counts the calls p ≥ threshold.
func ConfusionAt(y []bool, p []float64, threshold float64) (Confusion, error) {
	if err := checkScores(y, p); err != nil {
		return Confusion{}, err
	}
	tp, fp := calls(y, p, threshold)
	return confusion(tp, fp, len(y), count(y)), nil
}

func confusion(tp, fp, n, events int) Confusion {
	c := Confusion{TP: tp, FP: fp, FN: events - tp, TN: n - events - fp}
	c.Sensitivity = Wilson(c.TP, c.TP+c.FN)
	c.Specificity = Wilson(c.TN, c.TN+c.FP)
	c.PPV = Wilson(c.TP, c.TP+c.FP)
	c.NPV = Wilson(c.TN, c.TN+c.FN)
	c.Exact = Exact{
		ClopperPearson(c.TP, c.TP+c.FN), ClopperPearson(c.TN, c.TN+c.FP), ClopperPearson(c.TP, c.TP+c.FP), ClopperPearson(c.TN, c.TN+c.FN),
	}
	c.LRPositive = likelihoodRatio(c.TP, c.TP+c.FN, c.FP, c.FP+c.TN)
	c.LRNegative = likelihoodRatio(c.FN, c.TP+c.FN, c.TN, c.FP+c.TN)
	return c
}

func calls(y []bool, p []float64, threshold float64) (tp, fp int) {
	for i, v := range p {
		if v >= threshold {
			if y[i] {
				tp++
			} else {
				fp++
			}
		}
	}
	return tp, fp
}

// Youden is the observed score whose calls have the largest J = sensitivity + specificity − 1, and those calls.
type Youden struct {
	Threshold Number `json:"threshold"`
	J         Number `json:"j"`
	Confusion
}

// YoudenAt finds Youden's threshold; of several with the same J the highest, which calls the fewest.
func YoudenAt(y []bool, p []float64) (Youden, error) {
	list, err := cuts(y, p)
	if err != nil {
		return Youden{undefined, undefined, confusion(0, 0, 0, 0)}, err
	}
	last := list[len(list)-1]
	best, most := 0, int64(-1)
	for i, c := range list {
		if j := c.tp*last.fp - c.fp*last.tp; i == 0 || j > most { // J in whole numbers, so that ties are ties
			best, most = i, j
		}
	}
	c := list[best]
	j := float64(most) / (float64(last.tp) * float64(last.fp))
	return Youden{Number(c.threshold), Number(j), confusion(int(c.tp), int(c.fp), len(y), int(last.tp))}, nil
}

// NetBenefit is the net benefit at a threshold of the model, of calling everyone and of calling no one.
type NetBenefit struct {
	Threshold Number `json:"threshold"`
	Model     Number `json:"model"`
	All       Number `json:"all"`
	None      Number `json:"none"`
}

// DecisionCurve is tp/n − fp/n·t/(1−t) at each threshold t, a call being p ≥ t (Vickers and Elkin 2006).
func DecisionCurve(y []bool, p, thresholds []float64) ([]NetBenefit, error) {
	if err := checkProbabilities(y, p); err != nil {
		return nil, err
	}
	n, events := float64(len(y)), float64(count(y))
	curve := make([]NetBenefit, len(thresholds))
	for i, t := range thresholds {
		if !(t >= 0 && t < 1) {
			return nil, &RowError{i + 1, t, ErrThreshold}
		}
		odds := t / (1 - t)
		tp, fp := calls(y, p, t)
		model := float64(tp)/n - float64(fp)/n*odds
		curve[i] = NetBenefit{Number(t), Number(model), Number(events/n - (n-events)/n*odds), 0}
	}
	return curve, nil
}
