package study

import (
	"math"
	"strconv"
	"strings"

	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
	"gradus/validate"
)

// Warning is a sentence about the result that its reader must know.
type Warning struct {
	Key  string
	Args []any
}

// In is the sentence in lang.
func (w Warning) In(lang say.Lang) string { return say.Text(lang, w.Key, w.Args...) }

// Verdict says in one sentence whether the network is worth its weights: the difference of AUROC (else of the loss) with its interval.
func (r *Result) Verdict(lang say.Lang) string {
	key, l := "study.verdict_"+r.Nested.Verdict, r.Nested.Loss
	beside := say.Text(lang, "study.regression_"+string(r.Validation.Target.Task))
	name, d := say.Text(lang, "study.loss_"+string(r.Validation.Target.Task)), metric.Estimate{Value: l.Difference, Low: l.Low, High: l.High}
	loss := name + " " + between(lang, d)
	if r.Validation.Binary != nil {
		d = r.areaDifference()
		loss = "ΔAUROC " + between(lang, d) + say.Text(lang, "study.and") + loss
	}
	return say.Text(lang, key, "regression", beside, "figures", loss)
}

// areaDifference is the difference of AUROC with DeLong's interval, or, where patients repeat, the bootstrap's.
func (r *Result) areaDifference() metric.Estimate {
	d := r.Validation.Binary.Difference
	if b := r.Nested.Boot; b != nil && r.Nested.Groups < r.Nested.Tested {
		return b.Difference
	}
	return metric.Estimate{Value: d.Difference, Low: d.Low, High: d.High}
}

func between(lang say.Lang, e metric.Estimate) string {
	if !e.Low.Defined() {
		return fixed(e.Value)
	}
	return say.Text(lang, "study.between", "value", fixed(e.Value), "low", fixed(e.Low), "high", fixed(e.High))
}

// fixed is a figure of four decimals below 100 in size, of one above, its sign a true minus.
func fixed(v metric.Number) string {
	if !v.Defined() {
		return "–"
	}
	decimals := 4
	if math.Abs(float64(v)) >= 100 {
		decimals = 1
	}
	return strings.Replace(strconv.FormatFloat(float64(v), 'f', decimals, 64), "-", "−", 1)
}

// warn lists what limits the result: few events for the columns, poor calibration, a ranking too good to be true, one centre.
func (r *Result) warn() {
	add := func(key string, args ...any) { r.Warnings = append(r.Warnings, Warning{key, args}) }
	v := r.Validation
	if b := v.Binary; b != nil {
		rare := min(b.Events, v.Rows-b.Events)
		if rare < 100 {
			add("study.warn_events", "events", rare)
		}
		c := b.Network.Calibration
		if c.Slope.Defined() && c.Slope < .8 {
			add("study.warn_slope", "slope", fixed(c.Slope))
		}
		if c.OE.Defined() && (c.OE < .8 || c.OE > 1.2) {
			add("study.warn_oe", "oe", fixed(c.OE))
		}
		if b.Network.AUROC.Value > .99 || b.Regression.AUROC.Value > .99 {
			add("study.warn_leak", "auroc", fixed(max(b.Network.AUROC.Value, b.Regression.AUROC.Value)))
		}
	}
	if r.Plan.Split != string(validate.External) {
		add("study.warn_internal")
	}
	if v.Rows < 1000 && r.Plan.Split == string(validate.Temporal) {
		add("study.warn_small", "rows", v.Rows)
	}
}

// Frozen is one line for each of both: the calls at the threshold that the training parts chose.
func (r *Result) Frozen(lang say.Lang) [][]string {
	if r.Nested.Frozen == nil {
		return nil
	}
	row := func(name string, c metric.Confusion) []string {
		return []string{say.Text(lang, name), between(lang, c.Sensitivity), between(lang, c.Specificity), between(lang, c.PPV), between(lang, c.NPV)}
	}
	return [][]string{row("study.network", r.Nested.Frozen.Network), row("study.regression_"+string(table.TaskBinary), r.Nested.Frozen.Regression)}
}

// Chosen is the threshold of the final model's calls: the mean of those the training parts froze.
func Chosen(n *model.Nested) float64 {
	sum := 0.
	for _, f := range n.Folds {
		sum += f.Threshold
	}
	return sum / float64(len(n.Folds))
}
