package picture

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func svgOf(p Panel) string { return string((Figure{Panels: []Panel{p}}).SVG()) }

// No cell of fewer points than asked is published, and no point is lost from the count.
func TestBin(t *testing.T) {
	truth, guess := pairs()
	truth, guess = append(truth, math.NaN(), math.Inf(1), 1e4), append(guess, 1, 2, 3)
	c := Bin(guess, truth, 24, 5)
	sum := c.Hidden
	for _, n := range c.N {
		if n < 5 {
			t.Errorf("a cell of %d", n)
		}
		sum += n
	}
	if sum != 3001 || c.Hidden == 0 || len(c.X) != len(c.N) || len(c.Y) != len(c.N) {
		t.Errorf("%d points in %d cells, %d hidden", sum, len(c.N), c.Hidden)
	}
	if lone := Bin([]float64{1}, []float64{2}, 10, 5); len(lone.N) != 0 || lone.Hidden != 1 {
		t.Errorf("one patient: %+v", lone)
	}
	low, high := slices.Min(c.X), slices.Max(c.X)
	if low < slices.Min(guess)-c.pitch[0] || high > slices.Max(guess)+c.pitch[0] {
		t.Errorf("cells from %g to %g", low, high)
	}
}

// Treating all ends where it leaves the axes; the models decide how high they are.
func TestDecision(t *testing.T) {
	p := decisionChart()
	if p.Y.High < .13 || p.Y.High > .2 || p.Y.Low < -p.Y.High/3 || p.Y.Low >= 0 {
		t.Errorf("net benefit from %g to %g", p.Y.Low, p.Y.High)
	}
	all := p.Series[len(p.Series)-1]
	last := 0
	for i, y := range all.Y {
		if y < p.Y.Low {
			t.Errorf("%g is below the floor", y)
		}
		if !math.IsNaN(y) {
			last = i
		}
	}
	if all.Y[last] != p.Y.Low || math.Abs(all.X[last]-(.154-p.Y.Low)/(1-p.Y.Low)) > .002 {
		t.Errorf("treating all ends at %g, %g", all.X[last], all.Y[last])
	}
}

func TestCalibration(t *testing.T) {
	for high, want := range map[float64]float64{1: 1, .06: .06, .004: .004} {
		if p := calibrationChart(high); p.X.High != want || p.Y.High != want {
			t.Errorf("risks up to %g: axes to %g and %g", high, p.X.High, p.Y.High)
		}
	}
	for v, want := range map[float64]float64{0: 1, .0001: .001, .043: .05, .1: .1, .11: .15, .79: .8, .81: 1, 3: 1} {
		if got := roundUp(v); math.Abs(got-want) > 1e-12 {
			t.Errorf("roundUp(%g) = %g, want %g", v, got, want)
		}
	}
	wild := Calibration{Curve: Series{X: []float64{0, 1}, Y: []float64{-.2, 1.3}, Low: []float64{-1, .9}, High: []float64{.1, 7}}}.Panel()
	if band := wild.Series[0]; band.Low[0] != 0 || band.High[1] != 1 || wild.Y.High != 1 {
		t.Errorf("%+v", band)
	}
}

// Each side of the mirror is a share of its own group.
func TestMirror(t *testing.T) {
	up, down := Mirror{Up: []float64{1, 3}, Down: []float64{30, 10}}.Shares()
	if !slices.Equal(up, []float64{.25, .75}) || !slices.Equal(down, []float64{-.75, -.25}) {
		t.Error(up, down)
	}
	if none, _ := (Mirror{Up: []float64{0, 0}}).Shares(); !slices.Equal(none, []float64{0, 0}) {
		t.Error(none)
	}
}

func TestLosses(t *testing.T) {
	if lossesChart(4, 1).Y.Log || !lossesChart(4, 400).Y.Log {
		t.Error("the wrong axis")
	}
	if got := mean([][]float64{{1, 2, 3, 9}, {3, 4}, {5, 6, 5}}); !slices.Equal(got, []float64{3, 4, 4}) {
		t.Errorf("mean %v: the one that goes on alone is not the whole", got)
	}
	faint := strings.Count(svgOf(lossesChart(4, 1)), `opacity="0.3"`)
	if lone := strings.Count(svgOf(lossesChart(1, 1)), `opacity="0.3"`); faint != 8 || lone != 0 {
		t.Errorf("%d faint lines of four members, %d of one", faint, lone)
	}
}

func TestSurvival(t *testing.T) {
	x, y := stairs([]float64{0, 2, 5}, []float64{1, .8, .5})
	if !slices.Equal(x, []float64{0, 2, 2, 5, 5}) || !slices.Equal(y, []float64{1, 1, .8, .8, .5}) {
		t.Error(x, y)
	}
	words := wellFormed(t, []byte(svgOf(survivalChart())))
	for _, n := range []string{"400", "340", "24", "위험집합의 수"} {
		if !strings.Contains(words, n) {
			t.Errorf("no %s", n)
		}
	}
}

// A quiet row has words and no mark; an interval that leaves the axis has a head there; limits decide the ink of drift.
func TestRows(t *testing.T) {
	if n := strings.Count(svgOf(forestChart()), "<circle"); n != 6 {
		t.Errorf("%d marks of seven rows, one of which is too small", n)
	}
	heads := func(low, high float64) int {
		return strings.Count(svgOf(Odds{List: []Row{{Value: 1.5, Low: .9, High: 3}, {Value: 2, Low: low, High: high}}}.Panel()), `l-6 4 6 4"`) +
			10*strings.Count(svgOf(Odds{List: []Row{{Value: 1.5, Low: .9, High: 3}, {Value: 2, Low: low, High: high}}}.Panel()), `l6 4-6 4"`)
	}
	for want, ends := range map[int][2]float64{0: {1, 4}, 1: {0, 4}, 10: {1, math.Inf(1)}, 11: {1e-9, 1e9}} {
		if got := heads(ends[0], ends[1]); got != want {
			t.Errorf("%v: heads %d, want %d", ends, got, want)
		}
	}
	var inks []Ink
	for _, row := range (Drift{List: []Row{{Value: .0999}, {Value: .1}, {Value: .25}, {Value: math.NaN()}}}).Panel().Body.(Rows).List {
		inks = append(inks, row.Ink)
	}
	if !slices.Equal(inks, []Ink{Grey, Blue, Orange, Grey}) {
		t.Error(inks)
	}
}

// A curve of very many points is a short file, and looks as it is: it keeps its ends and its steps.
func TestLongCurve(t *testing.T) {
	const n = 300000
	s := line("ROC", Blue, n, 0, 1, func(x float64) float64 { return math.Floor(math.Sqrt(x)*50) / 50 })
	svg := Figure{Panels: []Panel{{Series: []Series{s}}}}.SVG()
	if len(svg) > 100<<10 {
		t.Errorf("%d bytes", len(svg))
	}
	path := string(svg[bytes.Index(svg, []byte(` d="M`)):])
	if steps := strings.Count(path[:strings.Index(path, " stroke")], "L"); steps < 100 {
		t.Errorf("%d points of fifty steps", steps)
	}
}

// The same figure stands twice on a page, with ids of its own each time, and only one of them is shown.
func TestPage(t *testing.T) {
	page := Figure{ID: "roc", Title: "ROC", Panels: []Panel{rocChart()}}.Page()
	wellFormed(t, append(append([]byte("<div>"), page...), "</div>"...))
	for _, want := range []string{`viewBox="0 0 720 `, `viewBox="0 0 360 `, `id="roc-title"`, `id="roc-narrow-title"`, "gradus-wide", "max-width:600px"} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("no %s", want)
		}
	}
	ids := map[string]bool{}
	for _, piece := range strings.Split(string(page), ` id="`)[1:] {
		id, _, _ := strings.Cut(piece, `"`)
		if ids[id] {
			t.Errorf("two of %s", id)
		}
		ids[id] = true
	}
	if len(ids) == 0 {
		t.Error("no ids")
	}
}

// Without colour every group differs by its dash or its mark.
func TestInks(t *testing.T) {
	seen := map[string]bool{}
	for i := range order {
		k := Nth(i).well()
		look := fmt.Sprint(k.dash, k.mark)
		if seen[look] {
			t.Errorf("group %d looks like another: %s", i, look)
		}
		seen[look] = true
	}
}
