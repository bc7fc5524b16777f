package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
)

// lifetimes is a real run on the bundled table of that name, testdata/README.md.
func lifetimes(t *testing.T, lang say.Lang) SurvivalInput {
	t.Helper()
	var run struct {
		Study *model.SurvivalStudy
		Card  *model.Card
	}
	b, err := os.ReadFile("testdata/survival.json")
	if err := errors.Join(err, json.Unmarshal(b, &run)); err != nil {
		t.Fatal(err)
	}
	return SurvivalInput{
		Lang: lang, Title: "Lifetimes & co", Study: run.Study, Card: run.Card, Warnings: []string{"know this"},
		Command: "gradus survival lifetimes.csv --seed 1",
	}
}

func survivalPage(t *testing.T, in SurvivalInput) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteSurvival(&b, in); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var foreign = regexp.MustCompile(`(?i)https?:|<script|<link|<img|<i?frame|@import|\bsrc\s*=|javascript:|\[survival\.|\[report\.|\{[a-z_]+\}|(?-i:NaN)|ZgotmplZ`)

// The page stands by itself in both languages: every sentence there, nothing fetched, each figure that of the study.
func TestSurvivalReport(t *testing.T) {
	for _, lang := range []say.Lang{say.English, say.Korean} {
		in := lifetimes(t, lang)
		page := survivalPage(t, in)
		if found := foreign.FindString(strings.ReplaceAll(page, "{font", "{ font")); found != "" {
			t.Errorf("%s: the page holds %q", lang, found)
		}
		if page != survivalPage(t, in) {
			t.Error("two pages of one input differ")
		}
		if n := strings.Count(page, "<svg"); n != 4 {
			t.Errorf("%s: %d pictures, not 4", lang, n)
		}
		v := in.Study
		for _, want := range []string{
			SurvivalVerdict(lang, v), "<td>" + interval(lang, v.Harrell.A, 3) + "</td>", "<td>" + interval(lang, v.At[0].Brier.Regression, 3) + "</td>",
			"<td>" + fixed(v.At[0].Network.ICI, 3) + "</td>", "stage=II", say.Text(lang, "survival.risk_high"), "treatment new", "know this",
			say.Text(lang, "report.disclaimer"), in.Command, span(lang, v.Overall.Median),
		} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %q", lang, want)
			}
		}
	}
}

// The verdict is one of three plain sentences; a median that was not reached is said so; no ridge and a ridge are told apart.
func TestSurvivalWords(t *testing.T) {
	v := lifetimes(t, say.English).Study
	seen := map[string]bool{}
	for _, verdict := range []string{"network", "regression", "none"} {
		v.Verdict = verdict
		seen[SurvivalVerdict(say.English, v)] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d verdicts", len(seen))
	}
	if v.Verdict = "none"; !strings.Contains(SurvivalVerdict(say.Korean, v), "Cox 회귀를 쓰십시오") {
		t.Error(SurvivalVerdict(say.Korean, v))
	}
	v.Overall.Median.Value = metric.Number(math.NaN())
	if got := SurvivalMedian(say.English, v); !strings.Contains(got, "not reached") {
		t.Error(got)
	}
	plain := HazardsTitle(say.English, v)
	if v.Hazards.Ridge = 2; HazardsTitle(say.English, v) == plain {
		t.Error("a ridge is not told")
	}
	kept := Proportional(say.English, v)
	v.Hazards.P = .001
	broken := Proportional(say.English, v)
	if v.Hazards.Tested = false; kept == broken || Proportional(say.English, v) == broken {
		t.Error(kept)
	}
}
