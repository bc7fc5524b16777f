package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"gradus/metric"
)

// ruler sets the two AUROCs with their intervals on one measure, up to 1.
func (r *writer) ruler() template.HTML {
	low := 1.
	for _, e := range []metric.Estimate{r.b.Network.AUROC.Estimate, r.b.Regression.AUROC.Estimate} {
		for _, v := range []metric.Number{e.Value, e.Low} {
			if v.Defined() {
				low = min(low, float64(v))
			}
		}
	}
	step, decimals := tickStep(1 - low)
	from := max(0, math.Floor(low/step+1e-9)*step)
	const left, right, width = 150., 20., 820.
	x := func(v float64) float64 { return left + (width-left-right)*(v-from)/(1-from) }
	var s strings.Builder
	fmt.Fprintf(&s, `<svg class="ruler" role="img" viewBox="0 0 820 116" width="820" height="116"><title>%s</title>`, template.HTMLEscapeString(r.text("report.row_auroc")))
	for i, c := range []struct {
		name, ink, shape string
		e                metric.Estimate
	}{
		{r.text("report.network"), "pos", "circle", r.b.Network.AUROC.Estimate},
		{r.text("report.regression"), "neg", "triangle", r.b.Regression.AUROC.Estimate},
	} {
		if !c.e.Value.Defined() {
			continue
		}
		y, v := 24+34*float64(i), x(float64(c.e.Value))
		fmt.Fprintf(&s, `<text x="0" y="%.0f">%s</text>`, y+5, template.HTMLEscapeString(c.name))
		if c.e.Low.Defined() {
			fmt.Fprintf(&s, `<line class="%s" x1="%.1f" x2="%.1f" y1="%.0f" y2="%.0f"/>`, c.ink, x(float64(c.e.Low)), x(float64(c.e.High)), y, y)
		}
		if c.shape == "circle" {
			fmt.Fprintf(&s, `<circle class="%s" cx="%.1f" cy="%.0f" r="5"/>`, c.ink, v, y)
		} else {
			fmt.Fprintf(&s, `<path class="%s" d="M%.1f %.1fl6 10h-12z"/>`, c.ink, v, y-6)
		}
		fmt.Fprintf(&s, `<text class="value" text-anchor="middle" x="%.1f" y="%.0f">%s</text>`, v, y-10, fixed(c.e.Value, 4))
	}
	fmt.Fprintf(&s, `<line class="axis" x1="%.1f" x2="%.1f" y1="84" y2="84"/>`, left, width-right)
	for v, n := from, 0; v <= 1+1e-9; v, n = from+step*float64(n+1)/5, n+1 {
		high := 6
		if n%5 == 0 {
			high = 11
			fmt.Fprintf(&s, `<text class="tick" text-anchor="middle" x="%.1f" y="110">%.*f</text>`, x(v), decimals, v)
		}
		fmt.Fprintf(&s, `<line class="axis" x1="%.1f" x2="%.1f" y1="84" y2="%d"/>`, x(v), x(v), 84+high)
	}
	s.WriteString("</svg>")
	return template.HTML(s.String())
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
