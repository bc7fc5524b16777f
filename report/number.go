package report

import (
	"math"
	"strconv"
	"strings"

	"gradus/internal/say"
	"gradus/metric"
)

// fixed writes v with so many decimals, a leading zero and a true minus; what is undefined is a dash.
func fixed(v metric.Number, decimals int) string {
	if !v.Defined() {
		return "–"
	}
	s := strconv.FormatFloat(math.Abs(float64(v)), 'f', decimals, 64)
	if v < 0 && strings.Trim(s, "0.") != "" {
		return "−" + s
	}
	return s
}

// interval is a value with its 95 % interval: 0.994 (0.987–1.000), or −0.1 (−0.4 to 0.2), where a dash would read as a minus.
func interval(lang say.Lang, e metric.Estimate, decimals int) string {
	return ranged(lang, e, func(v metric.Number) string { return fixed(v, decimals) })
}

// ranged writes an estimate with its interval, each number as write says.
func ranged(lang say.Lang, e metric.Estimate, write func(metric.Number) string) string {
	value, low, high := write(e.Value), write(e.Low), write(e.High)
	switch {
	case !e.Value.Defined() || !e.Low.Defined() || !e.High.Defined():
		return value
	case e.Low < 0 || e.High < 0:
		return value + " (" + say.Text(lang, "report.to", "low", low, "high", high) + ")"
	}
	return value + " (" + low + "–" + high + ")"
}

// wald is a value with the interval of its standard error.
func wald(v, se metric.Number) metric.Estimate {
	half := 1.959963984540054 * se
	return metric.Estimate{Value: v, Low: v - half, High: v + half}
}

// chance writes a p value.
func chance(p metric.Number) string {
	switch {
	case !p.Defined():
		return "p = –"
	case p < .001:
		return "p < 0.001"
	case p < .1:
		return "p = " + fixed(p, 3)
	}
	return "p = " + fixed(p, 2)
}

// Figure is one line of the headline table, in words and digits.
type Figure struct {
	Name       string `json:"name"`
	Network    string `json:"network"`
	Regression string `json:"regression"`
	Difference string `json:"difference"`
}
