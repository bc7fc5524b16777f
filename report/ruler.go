package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"gradus/metric"
)

// The place of the measure in its drawing.
const (
	rulerLeft  = 150.
	rulerRight = 800.
	rulerFoot  = 84
)

// ruler sets the two AUROCs with their intervals on one measure, up to 1.
func (r *writer) ruler() template.HTML {
	network, regression := r.b.Network.AUROC.Estimate, r.b.Regression.AUROC.Estimate
	low := 1.
	for _, v := range []metric.Number{network.Value, network.Low, regression.Value, regression.Low} {
		if v.Defined() {
			low = min(low, float64(v))
		}
	}
	step, decimals := tickStep(1 - low)
	from := max(0, math.Floor(low/step+1e-9)*step)
	x := func(v float64) float64 { return rulerLeft + (rulerRight-rulerLeft)*(v-from)/(1-from) }
	var s strings.Builder
	fmt.Fprintf(&s, `<svg class="ruler" role="img" viewBox="0 0 820 116" width="820" height="116"><title>%s</title>`, template.HTMLEscapeString(r.text("report.row_auroc")))
	onRuler(&s, r.text("report.network"), "pos", `<circle class="pos" cx="%.1f" cy="%.0f" r="5"/>`, network, 24, x)
	onRuler(&s, r.text("report.regression"), "neg", `<path class="neg" d="M%.1f %.0fm0 -6l6 10h-12z"/>`, regression, 58, x)
	fmt.Fprintf(&s, `<line class="axis" x1="%.1f" x2="%.1f" y1="%d" y2="%[3]d"/>`, rulerLeft, rulerRight, rulerFoot)
	for n, v := 0, from; v <= 1+1e-9; v = from + step*float64(n)/5 {
		high := 6
		if n%5 == 0 {
			high = 11
			fmt.Fprintf(&s, `<text class="tick" text-anchor="middle" x="%.1f" y="110">%.*f</text>`, x(v), decimals, v)
		}
		fmt.Fprintf(&s, `<line class="axis" x1="%.1f" x2="%[1]f" y1="%d" y2="%d"/>`, x(v), rulerFoot, rulerFoot+high)
		n++
	}
	s.WriteString("</svg>")
	return template.HTML(s.String())
}

// onRuler draws one value at height y: its name, its interval, its mark and its digits.
func onRuler(s *strings.Builder, name, ink, mark string, e metric.Estimate, y float64, x func(float64) float64) {
	if !e.Value.Defined() {
		return
	}
	fmt.Fprintf(s, `<text x="0" y="%.0f">%s</text>`, y+5, template.HTMLEscapeString(name))
	if e.Low.Defined() && e.High.Defined() {
		fmt.Fprintf(s, `<line class="%s" x1="%.1f" x2="%.1f" y1="%.0f" y2="%[4]f"/>`, ink, x(float64(e.Low)), x(float64(e.High)), y)
	}
	v := x(float64(e.Value))
	fmt.Fprintf(s, mark, v, y)
	fmt.Fprintf(s, `<text class="value" text-anchor="middle" x="%.1f" y="%.0f">%s</text>`, v, y-10, fixed(e.Value, 4))
}

// tickStep is the distance of the labelled marks of a measure of the given length, and the decimals they need.
func tickStep(length float64) (step float64, decimals int) {
	for _, c := range []struct {
		step     float64
		decimals int
	}{{.1, 1}, {.05, 2}, {.02, 2}, {.01, 2}, {.005, 3}} {
		if length >= 4*c.step {
			return c.step, c.decimals
		}
	}
	return .002, 3
}
