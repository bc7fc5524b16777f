package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

var update = flag.Bool("update", false, "write the reports of testdata again")

// sample is a real run, testdata/README.md.
func sample(t *testing.T, lang say.Lang) Input {
	t.Helper()
	b, err := os.ReadFile("testdata/validation.json")
	if err != nil {
		t.Fatal(err)
	}
	var run struct {
		Validation *model.Validation
		Explained  []model.Explanation
		Card       *model.Card
	}
	if err := json.Unmarshal(b, &run); err != nil {
		t.Fatal(err)
	}
	return Input{
		Lang: lang, Title: "Breast cancer & co", Question: "Is it malignant?", Source: "A source.", License: "A licence.", Badge: "a badge",
		Validation: run.Validation, Explained: run.Explained, Card: run.Card, File: "model.gradus", Command: "gradus demo --seed 1",
	}
}

func written(t *testing.T, in Input) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, in); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var pictures = regexp.MustCompile(`(?s)<svg.*?</svg>`)

func TestGolden(t *testing.T) {
	for _, lang := range []say.Lang{say.English, say.Korean} {
		name := "testdata/report." + string(lang) + ".html"
		got := pictures.ReplaceAllString(written(t, sample(t, lang)), "<svg></svg>")
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is behind; look at it and run: go test ./report -update", name)
		}
	}
}

// Nothing in the page leads out of it, runs, or was left without a sentence.
func TestSelfContained(t *testing.T) {
	for _, lang := range []say.Lang{say.English, say.Korean} {
		page := written(t, sample(t, lang))
		for _, out := range []string{
			`(?i)https?:`, `(?i)<script`, `(?i)<link`, `(?i)<(i?frame|object|embed|img|image|use|a|form|base)\b`, `(?i)@import`, `(?i)\bsrc\s*=`, `(?i)href\s*=`,
			`(?i)url\([^#]`, `(?i)\son[a-z]+\s*=`, `(?i)javascript:`, `//`, `\[report\.`, `\{[a-z_]+\}`, `NaN`, `Inf\b`, `ZgotmplZ`,
		} {
			if found := regexp.MustCompile(out).FindString(strings.ReplaceAll(page, "{font", "{ font")); found != "" {
				t.Errorf("%s: the page holds %q", lang, found)
			}
		}
		if n := strings.Count(page, "<svg"); n != 1+2*4 { // the ruler, and each figure for wide and for narrow screens
			t.Errorf("%d pictures", n)
		}
		if page != written(t, sample(t, lang)) {
			t.Error("two pages of one input differ")
		}
		for _, word := range []string{"AUROC", "DeLong", "Wilson", "Brier", "<html lang=\"" + string(lang), "size:A4", "Malgun Gothic", say.Text(lang, "report.disclaimer")} {
			if !strings.Contains(page, word) {
				t.Errorf("%s: no %q", lang, word)
			}
		}
	}
}

// The digits on the page are those of the result.
func TestFiguresAreTheResult(t *testing.T) {
	in := sample(t, say.English)
	page, n, r := written(t, in), &in.Validation.Binary.Network, &in.Validation.Binary.Regression
	cells := []string{
		interval(say.English, n.AUROC.Estimate, 4), interval(say.English, r.AUROC.Estimate, 4), fixed(n.Brier, 4), fixed(r.LogLoss, 4),
		fixed(n.Calibration.OE, 3), fixed(n.Calibration.ICI, 4), fixed(n.Spread.Mean, 4) + " ± " + fixed(n.Spread.SD, 4),
		interval(say.English, n.Confusion.Sensitivity, 3), interval(say.English, r.Confusion.NPV, 3),
		fixed(metric.Number(n.Confusion.TP), 0), fixed(metric.Number(r.Confusion.FN), 0), fixed(n.Brier-r.Brier, 4),
	}
	for _, c := range cells {
		if !strings.Contains(page, "<td>"+c+"</td>") {
			t.Errorf("no cell %q", c)
		}
	}
	// the same figures once more, by hand from the file
	b, _ := os.ReadFile("testdata/validation.json")
	var raw struct {
		Validation struct {
			Binary struct {
				Network struct {
					Auroc struct{ Value, Low, High float64 }
				}
			}
		}
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatal(err)
	}
	if a := raw.Validation.Binary.Network.Auroc; math.Abs(a.Value-float64(n.AUROC.Value)) > 0 || a.Low >= a.Value || a.Value < .9 {
		t.Errorf("the file says %+v", a)
	}
}

// Whatever columns, levels and titles are called, they are words on the page.
func TestHostileNames(t *testing.T) {
	bad := `</style><script>alert(1)</script><img src=x onerror=y>"'&{{.}} ` + "\x00\u202e"
	in := sample(t, say.Korean)
	v := *in.Validation
	v.Target = table.Target{Column: bad, Kind: table.Category, Task: table.TaskBinary, Levels: []string{bad, bad + "2"}, Event: bad}
	in.Validation, in.Title, in.Question, in.Source, in.Badge, in.File, in.Command = &v, bad, bad, bad, bad, bad, bad
	in.Explained = []model.Explanation{{Kind: "high", Columns: []model.Contribution{{Column: bad, Value: bad, Usual: bad, Odds: 2}}}}
	page := written(t, in)
	for _, tag := range []string{"<script", "<img", "</style><", "onerror=y>"} {
		if strings.Contains(page, tag) {
			t.Errorf("%s got through", tag)
		}
	}
	if strings.Count(page, "</style>") != 1+8 || !strings.Contains(page, "&lt;script&gt;") { // the page's and one of each figure, wide and narrow
		t.Errorf("%d ends of style", strings.Count(page, "</style>"))
	}
}

// Rows are explained only where the caller hands them over; without a final model there is no card.
func TestLeavesOut(t *testing.T) {
	in := sample(t, say.English)
	in.Explained, in.Card, in.Command, in.Badge, in.Source = nil, nil, "", "", ""
	page := written(t, in)
	for _, gone := range []string{`id="explained"`, `id="card"`, "<code>", `class="badge"`, "A source."} {
		if strings.Contains(page, gone) {
			t.Errorf("%s is still there", gone)
		}
	}
	in.Card = &model.Card{Rows: 1000, Held: 150, Epochs: 80, BestEpoch: 50}
	if page = written(t, in); !strings.Contains(page, "1000 rows, 150 of them held") || !strings.Contains(page, "80, weights of epoch 50") {
		t.Error("the card does not say what was held")
	}
}

func TestLimits(t *testing.T) {
	in := sample(t, say.English)
	has := func(key string, args ...any) bool {
		r := &writer{in, in.Validation, in.Validation.Binary}
		want := say.Text(say.English, key, args...)
		for _, l := range r.limits().Blocks[0].List {
			if l == want {
				return true
			}
		}
		return false
	}
	b := in.Validation.Binary
	b.Network.AUROC.Value, b.Regression.AUROC.Value, b.Network.Calibration.Slope, b.Network.Calibration.OE = .9, .9, 1, 1
	for _, key := range []string{"report.limit_internal", "report.limit_centre", "report.limit_independent", "report.limit_interval", "paper.limit_no_subgroups", "paper.limit_outcome"} {
		if !has(key) {
			t.Errorf("%s is missing", key)
		}
	}
	if in.Source = ""; has("report.limit_bundled") {
		t.Error("the user's own table is called bundled")
	}
	if in.Source = "A source."; !has("report.limit_bundled") {
		t.Error("a bundled table is not called so")
	}
	few := []any{"events", 99, "others", 470}
	if has("report.limit_leak") || has("report.limit_few", few...) || has("report.limit_steep", "value", "0.50") || has("report.limit_oe", "value", "1.30") {
		t.Error("a limit without its reason")
	}
	b.Events, b.Network.AUROC.Value, b.Network.Calibration.Slope, b.Network.Calibration.OE = 99, .995, .5, 1.3
	if !has("report.limit_leak") || !has("report.limit_few", few...) || !has("report.limit_steep", "value", "0.50") || !has("report.limit_oe", "value", "1.30") {
		t.Error("a reason without its limit")
	}
	if b.Network.Calibration.Slope = 2; !has("report.limit_flat", "value", "2.00") {
		t.Error("a slope of 2 passes")
	}
}

// What could not be computed is a dash, and its picture is left out or empty, never a wrong number.
func TestUndefined(t *testing.T) {
	in := sample(t, say.English)
	nan := metric.Number(math.NaN())
	b := in.Validation.Binary
	b.Network.Calibration.Slope, b.Network.Calibration.SlopeSE, b.Network.AUROC.Low, b.Network.AUROC.High = nan, nan, nan, nan
	b.Difference.P, b.Difference.Low, b.Difference.High = nan, nan, nan
	b.Network.ROC, b.Network.Curve, b.Network.Bins, b.Network.DecisionCurve = nil, nil, nil, nil
	page := written(t, in)
	if !strings.Contains(page, "<td>–</td>") || strings.Contains(page, "NaN") || !strings.Contains(page, "p = –") {
		t.Error("the undefined is not a dash")
	}
}

func TestRefuses(t *testing.T) {
	for _, v := range []*model.Validation{nil, {Target: table.Target{Task: table.TaskNumber}}} {
		err := Write(io.Discard, Input{Validation: v})
		if e, ok := errors.AsType[*say.Err](err); !ok || e.Key != "report.task" {
			t.Errorf("%v", err)
		}
	}
	in := sample(t, say.English)
	if err := Write(full{}, in); err == nil {
		t.Error("a full disk went unnoticed")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("full") }

// What a study's way of parting rows answers is not listed as left open: other sites judged, or the rows of a patient kept together.
func TestLimitsOfAStudy(t *testing.T) {
	in := sample(t, say.English)
	const internal, independent = "Internal validation only", "Every row counts as an independent case"
	for _, c := range []struct {
		nested                *model.Nested
		internal, independent bool
	}{
		{nil, true, true},
		{&model.Nested{Scheme: "cross-validation", Groups: 90, Tested: 100}, true, false},
		{&model.Nested{Scheme: "external", Groups: 100, Tested: 100}, false, true},
		{&model.Nested{Scheme: "temporal", Groups: 90, Tested: 100}, false, false},
	} {
		in.Nested = c.nested
		var b bytes.Buffer
		if err := Write(&b, in); err != nil {
			t.Fatal(err)
		}
		if has := strings.Contains(b.String(), internal); has != c.internal {
			t.Errorf("%+v: internal %v", c.nested, has)
		}
		if has := strings.Contains(b.String(), independent); has != c.independent {
			t.Errorf("%+v: independent %v", c.nested, has)
		}
	}
}

// The method says what was trained: one network, or an ensemble beside a regression; and that patients stayed together.
func TestMethodOfAStudy(t *testing.T) {
	in := sample(t, say.English)
	v := *in.Validation
	for _, c := range []struct {
		members  int
		nested   *model.Nested
		ensemble bool
		patients bool
	}{{0, nil, false, false}, {5, &model.Nested{Groups: 90, Tested: 100}, true, true}, {5, &model.Nested{Groups: 100, Tested: 100}, true, false}} {
		v.Settings.Members, v.Settings.Bins, v.Settings.Beside = c.members, 8, "silu"
		in.Validation, in.Nested = &v, c.nested
		page := written(t, in)
		if has := strings.Contains(page, "The model is 5 pairs of such networks"); has != c.ensemble {
			t.Errorf("%+v: ensemble %v", c, has)
		}
		v.Settings.Beside = ""
		if has := strings.Contains(written(t, in), "The model is 5 such networks"); has != c.ensemble {
			t.Errorf("%+v: ensemble of one form %v", c, has)
		}
		if has := strings.Contains(page, "each of the 90 patients"); has != c.patients {
			t.Errorf("%+v: patients %v", c, has)
		}
	}
}
