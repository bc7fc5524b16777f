package report

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
)

func TestFixed(t *testing.T) {
	for _, c := range []struct {
		v        float64
		decimals int
		want     string
	}{
		{.5, 3, "0.500"},
		{-.0106, 4, "−0.0106"},
		{-.00001, 4, "0.0000"}, // no minus before nothing
		{0, 0, "0"},
		{math.Copysign(0, -1), 2, "0.00"},
		{1234.5, 0, "1234"},
		{.99996, 4, "1.0000"},
		{math.NaN(), 2, "–"},
		{math.Inf(1), 2, "–"},
	} {
		if got := fixed(metric.Number(c.v), c.decimals); got != c.want {
			t.Errorf("%v is %q, want %q", c.v, got, c.want)
		}
	}
}

func TestInterval(t *testing.T) {
	e := func(v, low, high float64) metric.Estimate {
		return metric.Estimate{Value: metric.Number(v), Low: metric.Number(low), High: metric.Number(high)}
	}
	for _, c := range []struct {
		lang say.Lang
		e    metric.Estimate
		want string
	}{
		{say.English, e(.994, .987, 1), "0.994 (0.987–1.000)"},
		{say.English, e(-.1, -.4, .2), "−0.100 (−0.400 to 0.200)"},
		{say.Korean, e(-.1, -.4, .2), "−0.100 (−0.400 ~ 0.200)"},
		{say.English, e(.5, math.NaN(), 1), "0.500"},
		{say.English, e(math.NaN(), 0, 1), "–"},
	} {
		if got := interval(c.lang, c.e, 3); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if w := wald(.12, .29); math.Abs(float64(w.Low)+.4484) > 1e-4 || math.Abs(float64(w.High)-.6884) > 1e-4 { // .12 ± 1.96·.29
		t.Errorf("%+v", w)
	}
}

func TestChanceAndRisk(t *testing.T) {
	for p, want := range map[float64]string{.00001: "p < 0.001", .0123: "p = 0.012", .25: "p = 0.25", 1: "p = 1.00"} {
		if got := chance(metric.Number(p)); got != want {
			t.Errorf("%v is %q, want %q", p, got, want)
		}
	}
	for p, want := range map[float64]string{0: "< 0.001", .0004: "< 0.001", .0005: "0.001", .4736: "0.474", .9994: "0.999", .9995: "> 0.999", 1: "> 0.999"} {
		if got := risk(p); got != want {
			t.Errorf("%v is %q, want %q", p, got, want)
		}
	}
}

func TestTickStep(t *testing.T) {
	for length, want := range map[float64]float64{.5: .1, .3: .05, .1: .02, .05: .01, .0128: .002, .02: .005, 0: .002} {
		step, decimals := tickStep(length)
		if step != want || math.Abs(step*math.Pow10(decimals)-math.Round(step*math.Pow10(decimals))) > 1e-9 {
			t.Errorf("%v has steps of %v in %d decimals, want %v", length, step, decimals, want)
		}
	}
}

func TestVerdict(t *testing.T) {
	for _, lang := range []say.Lang{say.English, say.Korean} {
		seen := map[string]bool{}
		for _, who := range []string{"network", "regression", "none"} {
			v := &model.Validation{Binary: &model.BinaryValidation{Difference: model.Difference{
				Test: metric.Test{Difference: -.0123, P: .04}, Low: -.02, High: -.004, Verdict: who,
			}}}
			s := Verdict(lang, v)
			for _, want := range []string{"−0.0123", "−0.0200", "−0.0040", "p = 0.040"} {
				if !strings.Contains(s, want) {
					t.Errorf("%q does not say %s", s, want)
				}
			}
			seen[s] = true
		}
		if len(seen) != 3 {
			t.Error("two verdicts read alike")
		}
	}
}

func TestSentence(t *testing.T) {
	in := sample(t, say.English)
	e := model.Explanation{Kind: "low", Risk: .0123, OutOfFold: .2, Event: false, Columns: []model.Contribution{
		{Column: "age", Value: "40", Usual: "61.2", Odds: .25}, {Column: "sex", Value: "F", Odds: 1.5},
	}}
	want := "Predicted low: risk of malignant 0.012 by the final model, 0.200 while the row was held out. What happened: benign. " +
		"Chiefly age 40 (mean 61.2), odds × 0.25; sex F, odds × 1.5."
	if got := Sentence(say.English, in.Validation, e); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if e.Event = true; !strings.Contains(Sentence(say.English, in.Validation, e), "What happened: malignant") {
		t.Error("the event did not happen")
	}
}

// The enlarged corner shows the same curve: what it holds below the corner is lifted to its edge, and it ends at its right edge.
func TestCorner(t *testing.T) {
	r := &writer{in: sample(t, say.English)}
	r.v, r.b = r.in.Validation, r.in.Validation.Binary
	whole := r.both(func(s *model.BinarySide) []model.Point { return s.ROC })
	for k, s := range clip(whole) {
		last := len(s.X) - 1
		if s.X[0] != 0 || s.Y[0] != 1-corner || s.X[last] != corner || s.Y[last] != at(whole[k], corner) {
			t.Errorf("%v … %v, %v … %v", s.X[0], s.X[last], s.Y[0], s.Y[last])
		}
	}
	poor := r.in.Validation.Binary
	poor.Regression.ROC = []model.Point{{}, {X: 1, Y: 1}}
	if svg := string(r.roc()); strings.Contains(svg, say.Text(say.English, "report.roc_corner")) {
		t.Error("a corner without a curve is enlarged")
	}
}

// Every sentence of the area is used.
func TestNoIdleSentence(t *testing.T) {
	b, err := os.ReadFile("../internal/say/catalogue/report.json")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, pattern := range []string{"*.go", "../cmd/gradus/demo.go"} {
		list, _ := filepath.Glob(pattern)
		for _, name := range list {
			if !strings.HasSuffix(name, "_test.go") {
				text, _ := os.ReadFile(name)
				code.Write(text)
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^  "([a-z_]+)": \{`).FindAllStringSubmatch(string(b), -1) {
		if !strings.Contains(code.String(), `"report.`+m[1]+`"`) && !strings.HasPrefix(m[1], "explained_") {
			t.Errorf("report.%s is said nowhere", m[1])
		}
	}
}
