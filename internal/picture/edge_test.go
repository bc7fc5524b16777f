package picture

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"
)

// drawn fails where a picture is no XML or holds a coordinate that is no number.
func drawn(t *testing.T, f Figure) []byte {
	t.Helper()
	svg := f.SVG()
	wellFormed(t, svg)
	for _, bad := range []string{"NaN", "Inf", `="-0"`} {
		if bytes.Contains(svg, []byte(bad)) {
			at := bytes.Index(svg, []byte(bad))
			t.Fatalf("%s in %s", bad, svg[max(0, at-200):min(len(svg), at+100)])
		}
	}
	if len(svg) > 4<<20 {
		t.Fatalf("%d bytes", len(svg))
	}
	return svg
}

// every makes one of each chart from the same numbers.
func every(v []float64) []Panel {
	at := func(i int) float64 {
		if len(v) == 0 {
			return 0
		}
		return v[i%len(v)]
	}
	s := Series{Name: "s", X: v, Y: v, Low: v, High: v, Ink: Blue}
	cells := Bin(v, v, 12, 1)
	m := Mirror{Edges: v, Up: v, Down: v, UpName: "up", DownName: "down"}
	row := []Row{{Name: "r", Value: at(0), Low: at(1), High: at(2), Text: "t"}, {Name: "q", Value: at(3), Low: at(4), High: at(5), Text: "t"}}
	note := []Note{{X: at(0), Y: at(1), Text: "n"}}
	group := Group{Name: "g", Time: v, Value: v, Low: v, High: v, Censored: v, CensoredAt: v}
	return []Panel{
		ROC{Curves: []Series{s}, Chance: "c", Cuts: note}.Panel(),
		PrecisionRecall{Curves: []Series{s}, Prevalence: at(0), Name: "p", Cuts: note}.Panel(),
		Calibration{Curve: s, Groups: s, Ideal: "i", Risks: m}.Panel(),
		Risks{Groups: m, Cut: at(0), Name: "c"}.Panel(),
		Decision{Curves: []Series{s}, All: s, None: "n", Low: at(0), High: at(1), Cut: at(2), CutName: "c"}.Panel(),
		Losses{Groups: []Course{{Name: "c", Members: [][]float64{v, v}}}, Best: at(0), Name: "b"}.Panel(),
		Survival{Groups: []Group{group}, AtRisk: AtRisk{Head: "h", Count: func(_ int, x float64) int { return int(min(max(x, -9), 1e9)) }}, Low: at(0)}.Panel(),
		Agreement{Cells: cells, Mean: at(0), Low: at(1), High: at(2), MeanName: "m"}.Panel(),
		Observed{Cells: cells, Curve: s, Ideal: "i"}.Panel(),
		Dependence{Mean: s, Rows: [][]float64{v}, Rug: v}.Panel(),
		Odds{List: row, None: "1"}.Panel(),
		Forest{List: row, Low: at(0), High: at(1), Overall: at(2), Name: "all"}.Panel(),
		Importance{List: row}.Panel(),
		Drift{List: row, Moved: "a", Much: "b"}.Panel(),
		{Body: Matrix{Classes: []string{"a", "b"}, Counts: [][]float64{v, v}}},
		{X: Axis{Log: true, Low: at(0), High: at(1)}, Y: Axis{Low: at(2), High: at(3)}, Series: []Series{s}},
		{X: Axis{Labels: []string{"a"}}, Series: []Series{{Kind: Bars, X: v, Y: v}}},
	}
}

func TestEdges(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, v := range [][]float64{
		nil,
		{},
		{0},
		{1},
		{nan},
		{inf, -inf},
		{.5, .5, .5},
		{0, 0, 0},
		{1, 2},
		{2, 1},
		{-1, -2, -3},
		{0, 1, nan, 1, 0},
		{math.MaxFloat64, -math.MaxFloat64},
		{math.SmallestNonzeroFloat64, 1},
		{5e-324, 1e-323},
		{1e16, 1e16 + 2},
		{-1e-320, 1e300, 3, inf, nan, math.Copysign(0, -1)},
		{1, 1 + 1e-15},
		{1e308, 1.1e308},
		{-inf, 0, 1, 2, 3},
	} {
		for i, p := range every(v) {
			for _, wide := range []int{1, 360, 720} {
				p.Title = "t"
				if svg := drawn(t, Figure{Width: wide, Panels: []Panel{p}}); !strings.Contains(string(svg), ">t<") {
					t.Errorf("chart %d of %v has no title", i, v)
				}
			}
		}
	}
}

// Any numbers and any words give a picture: XML without NaN, in finite time.
func FuzzSVG(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x00\x00\x00\xf0\x3f\x00\x00\x00\x00\x00\x00\xf0\x7f\x00\x00\x00\x00\x00\x00\xe0\x3f"), "이름 & <말>", 360)
	f.Add([]byte{}, "", 0)
	f.Fuzz(func(t *testing.T, raw []byte, words string, wide int) {
		var v []float64
		for len(raw) >= 8 && len(v) < 64 {
			v, raw = append(v, math.Float64frombits(binary.LittleEndian.Uint64(raw))), raw[8:]
		}
		for _, p := range every(v) {
			p.Title, p.X.Name = words, words
			if len(p.Series) > 0 {
				p.Series[0].Name = words
			}
			svg := (Figure{Title: words, Width: wide % 2000, Panels: []Panel{p}}).SVG()
			wellFormed(t, svg)
			if plain := strings.ReplaceAll(string(svg), escape(words), ""); words == "" && (strings.Contains(plain, "NaN") || strings.Contains(plain, "Inf")) {
				t.Fatal("no number")
			}
		}
	})
}
