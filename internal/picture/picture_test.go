package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

func sample() Figure {
	x := []float64{2, 3, 4, 5, 6, 8, 10, 12}
	fall := make([]float64, len(x))
	flat := make([]float64, len(x))
	for i := range x {
		fall[i], flat[i] = math.Pow(.2, x[i]), .5+.1*float64(i%3)
	}
	return Figure{
		ID: "t", Lang: "ko", Title: "층이 깊을수록 기울기가 사라진다: sigmoid & tanh <비교>", Description: "두 곡선", Foot: "gradus · 시드 1",
		Panels: []Panel{
			{
				Title: "첫 층 ÷ 끝 층", X: Axis{Name: "층의 수"}, Y: Axis{Name: "기울기 비", Log: true},
				Series: []Series{{Name: "sigmoid", X: x, Y: fall, Ink: Orange}, {Name: "ReLU + He", X: x, Y: flat, Ink: Blue}, {Name: "tanh", X: x, Y: flat, Ink: Green}},
				Notes:  []Note{{X: 6, Y: fall[4], Text: "6층", Ring: true, Drop: true}},
			},
			{
				Title: "막대", X: Axis{Labels: []string{"1개", "32개", "전체"}}, Y: Axis{Name: "오차"},
				Series:     []Series{{Name: "전", Kind: Bars, X: []float64{0, 1, 2}, Y: []float64{.3, .6, .9}, Ink: Orange}, {Name: "후", Kind: Bars, X: []float64{0, 1, 2}, Y: []float64{.2, .1, .4}, Ink: Blue}},
				References: []Reference{Horizontal(.5, "기준")},
			},
			{
				Title: "ROC", X: Axis{Name: "1 − 특이도", High: 1}, Y: Axis{Name: "민감도", High: 1}, Square: true,
				Series: []Series{
					{Kind: Band, X: []float64{0, .5, 1}, Low: []float64{0, .6, 1}, High: []float64{.2, .9, 1}, Ink: Blue},
					{Kind: Points, X: []float64{.2, .5}, Y: []float64{.5, .8}, Low: []float64{.4, .7}, High: []float64{.6, .9}, Ink: Pink},
				},
				References: []Reference{{"", 0, 0, 1, 1}},
			},
		},
	}
}

// wellFormed reads the whole picture as XML and returns its text.
func wellFormed(t *testing.T, svg []byte) string {
	t.Helper()
	var words strings.Builder
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return words.String()
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		if s, ok := token.(xml.CharData); ok {
			words.Write(s)
		}
	}
}

func TestFigure(t *testing.T) {
	svg := sample().SVG()
	if name := os.Getenv("PICTURE_OUT"); name != "" {
		if err := os.WriteFile(name, svg, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	words := wellFormed(t, svg)
	for _, want := range []string{"층이 깊을수록", "ReLU + He", "10−6", "기준", "6층", "두 곡선", "1 − 특이도", "<비교>"} {
		if !strings.Contains(words, want) {
			t.Errorf("no %q", want)
		}
	}
	text := string(svg)
	for _, want := range []string{`viewBox="0 0 1280 `, `lang="ko"`, `aria-labelledby="t-title t-desc"`, "Malgun Gothic", "prefers-color-scheme:dark", "@media print"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Error("a coordinate that is no number")
	}
	if !bytes.Equal(svg, sample().SVG()) {
		t.Error("two drawings differ")
	}
}

func TestNothingToDraw(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, p := range []Panel{
		{},
		{X: Axis{Log: true}, Y: Axis{Log: true}},
		{Series: []Series{{Name: "a", X: []float64{1, 2}, Y: []float64{nan, inf}}}},
		{Y: Axis{Log: true}, Series: []Series{{Name: "a", X: []float64{1, 2}, Y: []float64{0, -1}}}},
		{Series: []Series{{Name: "a", Kind: Bars, X: []float64{0}, Y: []float64{nan}}, {Kind: Band, X: []float64{1}}, {Kind: Points, Y: []float64{1}}}},
		{Series: []Series{{X: []float64{1, 1}, Y: []float64{3, 3}, Ink: 99}}, Notes: []Note{{X: nan, Y: 1, Text: "x"}}},
	} {
		if svg := string((Figure{Title: "\x00\xff", Panels: []Panel{p}}).SVG()); strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
			t.Errorf("%+v: %s", p, svg)
		} else {
			wellFormed(t, []byte(svg))
		}
	}
	wellFormed(t, Figure{}.SVG())
}

// A line that meets a value which is not finite is broken there, not drawn across.
func TestBroken(t *testing.T) {
	f := Figure{Panels: []Panel{{Series: []Series{{X: []float64{0, 1, 2, 3, 4}, Y: []float64{0, 1, math.NaN(), 3, 4}}}}}}
	path := string(f.SVG())
	path = path[strings.Index(path, ` d="`):]
	if n := strings.Count(path[:strings.Index(path, " stroke")], "M"); n != 2 {
		t.Errorf("%d strokes", n)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", .05: "0.05", -1.5: "−1.5", 1200: "1,200", 1e-9: "10⁻⁹", 2.5e-7: "2.5·10⁻⁷", -1e-5: "−10⁻⁵", 123456: "123,456", 1e6: "10⁶", .001: "0.001",
		100: "100", 12.345: "12.3", math.Inf(1): "–", .99999: "1",
	} {
		if got := Number(v); got != want {
			t.Errorf("Number(%g) = %s, want %s", v, got, want)
		}
	}
}

func TestTicks(t *testing.T) {
	texts := func(a Axis, values ...float64) (list []string) {
		_, ticks := fit(a, values, 320, 0)
		for _, t := range ticks {
			list = append(list, t.text)
		}
		return list
	}
	for _, c := range []struct {
		axis   Axis
		values []float64
		want   string
	}{
		{Axis{}, []float64{.1, .93}, "0 0.2 0.4 0.6 0.8 1.0"},
		{Axis{High: 1}, nil, "0 0.2 0.4 0.6 0.8 1.0"},
		{Axis{}, []float64{-3, 7}, "−4 −2 0 2 4 6 8"},
		{Axis{Log: true}, []float64{1e-9, 1}, "10⁻⁹ 10⁻⁷ 10⁻⁵ 0.001 0.1"},
		{Axis{Log: true}, []float64{2, 30}, "1 2 5 10 20 50 100"},
		{Axis{Zero: true}, []float64{1500, 2900}, "0 500 1,000 1,500 2,000 2,500 3,000"},
		{Axis{}, []float64{5, 5}, "2 3 4 5 6 7 8"},
		{Axis{Labels: []string{"가", "나"}}, nil, "가 나"},
		{Axis{High: 1, Format: func(v float64) string { return Number(v*100) + "%" }}, nil, "0% 20% 40% 60% 80% 100%"},
	} {
		if got := strings.Join(texts(c.axis, c.values...), " "); got != c.want {
			t.Errorf("%+v %v: %s, want %s", c.axis, c.values, got, c.want)
		}
	}
}

func TestSpread(t *testing.T) {
	heights := []float64{20, 20, 20, 20}
	at := spread([]float64{50, 51, 5, 99}, heights, 0, 100)
	order := slices.Clone(at)
	slices.Sort(order)
	for i := 1; i < len(order); i++ {
		if order[i]-order[i-1] < 20 {
			t.Errorf("labels overlap: %v", at)
		}
	}
	if order[0] < 10 || order[3] > 90 || at[2] > at[0] || at[0] > at[1] || at[1] > at[3] {
		t.Errorf("out of place: %v", at)
	}
}

func TestWrap(t *testing.T) {
	if got := wrap("가나다 라마바 사", 10, 65); !slices.Equal(got, []string{"가나다 라마바", "사"}) {
		t.Errorf("%q", got)
	}
	if wrap("  ", 10, 10) != nil {
		t.Error("lines of nothing")
	}
}

func TestRaised(t *testing.T) {
	for s, want := range map[string]string{
		"10⁻⁴":   `10<tspan dy="-5" font-size="9.5">−4</tspan>`,
		"x² < y": `x<tspan dy="-5" font-size="9.5">2</tspan><tspan dy="5"> &lt; y</tspan>`,
		"가나":     "가나",
		"":       "",
	} {
		if got := raised(s); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
}

// A series that ends early has its name beside it, off the other lines; two bars at one place stand side by side, one alone in the middle.
func TestPlaces(t *testing.T) {
	steep := Series{Name: "짧은", X: []float64{0, 2}, Y: []float64{0, 5}}
	long := Series{Name: "긴", X: []float64{0, 10}, Y: []float64{0, 10}}
	svg := string((Figure{Panels: []Panel{{Series: []Series{steep, long}}}}).SVG())
	if n := strings.Count(svg, `class="halo"`); n != 1 {
		t.Errorf("%d names beside their series, want that of the short one", n)
	}
	lone := Panel{X: Axis{Labels: []string{"a", "b"}}, Series: []Series{{Kind: Bars, X: []float64{0}, Y: []float64{1}}, {Kind: Bars, X: []float64{1}, Y: []float64{1}}}}
	pair := lone
	pair.Series = []Series{{Kind: Bars, X: []float64{0, 1}, Y: []float64{1, 1}}, {Kind: Bars, X: []float64{0, 1}, Y: []float64{1, 1}}}
	for want, p := range map[int]Panel{1: lone, 2: pair} {
		if a, _, _ := place(p, 0, 0, 500, 200); a.groups != want {
			t.Errorf("%d bars at one place, want %d", a.groups, want)
		}
	}
}

// The ticks of a level axis leave each other room, so that every one of them has its words.
func TestTickRoom(t *testing.T) {
	for _, wide := range []float64{90, 300, 673} {
		for _, values := range [][]float64{{-.065, .096}, {0, 123456}, {-2e-7, 1e-7}} {
			s, list := fit(Axis{}, values, 0, wide)
			if len(list) < 2 && wide > 100 || s.crowded(list) {
				t.Errorf("%v in %g pixels: %v", values, wide, list)
			}
		}
	}
}
