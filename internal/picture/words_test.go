package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
)

// written is a piece of text with the room that its words take, by the same estimate that placed them.
type written struct {
	words string
	room
}

// texts reads the words of a picture, without the paper below them, and the picture's size.
func texts(t *testing.T, svg []byte) (list []written, wide, high float64) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	var now map[string]string
	words, deep := "", 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return list, wide, high
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			attributes := map[string]string{}
			for _, a := range e.Attr {
				attributes[a.Name.Local] = a.Value
			}
			switch {
			case e.Name.Local == "svg":
				wide, high = pixels(attributes["width"]), pixels(attributes["height"])
			case e.Name.Local == "text":
				now, words, deep = attributes, "", 1
			case deep > 0:
				deep++
			}
		case xml.CharData:
			if deep > 0 {
				words += string(e)
			}
		case xml.EndElement:
			if deep == 1 && now["class"] != "halo" {
				list = append(list, write(now, words))
			}
			deep = max(0, deep-1)
		}
	}
}

func pixels(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// write is the room of one text element.
func write(a map[string]string, words string) written {
	size, x, y := pixels(a["font-size"]), pixels(a["x"]), pixels(a["y"])
	wide := width(words, size)
	left := x
	switch a["text-anchor"] {
	case "middle":
		left -= wide / 2
	case "end":
		left -= wide
	}
	return written{words, room{left, y - .78*size, left + wide, y + .12*size}}
}

// readable fails where words leave the picture or cover each other.
func readable(t *testing.T, what string, svg []byte) {
	t.Helper()
	list, wide, high := texts(t, svg)
	for i, a := range list {
		if !(a.left >= -1 && a.right <= wide+1 && a.top >= -1 && a.bottom <= high+1) {
			t.Errorf("%s: %q leaves the picture of %g × %g: %.1f", what, a.words, wide, high, a.room)
		}
		for _, b := range list[:i] {
			if a.meets(b.room) {
				t.Errorf("%s: %q covers %q", what, a.words, b.words)
			}
		}
	}
}

// Every chart keeps its words inside and apart, on a telephone, on a sheet of paper, beside another one.
func TestReadable(t *testing.T) {
	all := charts()
	for i, chart := range all {
		for _, wide := range []int{320, 360, 480, 720, 884} {
			svg := (Figure{Title: chart.name, Foot: "합성 자료 · 시드 5", Width: wide, Panels: []Panel{chart.panel}}).SVG()
			readable(t, fmt.Sprintf("%s at %d", chart.name, wide), svg)
		}
		pair := Figure{Width: 884, Panels: []Panel{chart.panel, all[(i+1)%len(all)].panel}}
		readable(t, chart.name+" and the next", pair.SVG())
	}
}

// Words that cover each other or leave the picture are found: the test above can fail.
func TestReadableFails(t *testing.T) {
	list, wide, _ := texts(t, []byte(`<svg width="100" height="50"><text x="90" y="20" font-size="13">가나</text><text class="halo" x="1" y="20">x</text>`+
		`<text x="95" y="22" font-size="13" text-anchor="end">다<tspan>라</tspan></text></svg>`))
	if len(list) != 2 || list[0].right <= wide || !list[0].meets(list[1].room) || list[1].words != "다라" || list[1].right != 95 {
		t.Errorf("%+v", list)
	}
}

// Many names at one height, long ones and narrow axes.
func TestCrowd(t *testing.T) {
	var p Panel
	for i := range 20 {
		p.Series = append(p.Series, Series{Name: fmt.Sprintf("서울특별시 보라매 병원 %d호", i), X: []float64{0, 1}, Y: []float64{.5, .5}, Ink: Nth(i)})
	}
	for i := range 6 {
		p.References = append(p.References, Vertical(.5+.01*float64(i), fmt.Sprintf("문턱 %d", i)))
		p.Notes = append(p.Notes, Note{X: .5, Y: .5, Text: fmt.Sprintf("같은 곳의 말 %d", i), Side: Side(i), Ring: true})
	}
	for _, wide := range []int{360, 720} {
		readable(t, fmt.Sprint(wide), Figure{Width: wide, Title: "많은 이름", Panels: []Panel{p}}.SVG())
	}
}

// Nothing that a caller writes becomes part of the drawing.
func TestEscape(t *testing.T) {
	const evil = `</text><script>alert("1")</script>&'`
	f := sample()
	f.Title, f.Description, f.Foot, f.Lang = evil, evil, evil, evil
	f.ID = evil
	f.Panels = nil
	for _, p := range []Panel{
		flowChart(3), rocChart(), survivalChart(), forestChart(), confusionChart(3), calibrationChart(1),
	} {
		p.Title, p.X.Name, p.Y.Name = evil, evil, evil
		f.Panels = append(f.Panels, p)
	}
	f.Panels = append(
		f.Panels,
		Panel{Body: Flow{Steps: []Step{{Box: Box{evil, evil, []Reason{{evil, evil}}}}}, Parts: []Box{{Name: evil}}}},
		Panel{Body: Rows{Heads: []string{evil, evil, evil}, List: []Row{{Name: evil, Cells: []string{evil}, Text: evil, Value: 1}}, References: []Reference{Vertical(1, evil)}}},
		Panel{Body: Matrix{Rows: evil, Columns: evil, Classes: []string{evil}, Text: func(int, int) string { return evil }}},
		Panel{Series: []Series{{Name: evil, X: []float64{1}, Y: []float64{1}}}, Notes: []Note{{X: 1, Y: 1, Text: evil}}, Under: []Under{Mirror{UpName: evil}, AtRisk{Head: evil}}},
	)
	svg := f.SVG()
	wellFormed(t, svg)
	if strings.Contains(string(svg), "<script") {
		t.Error("words became an element")
	}
}
