package chapter1

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"gradus/perceptron"
)

// Every whole weight that solves a gate lies in its region, and the middle of a region's corners solves it; XOR has neither.
func TestWeightSpaces(t *testing.T) {
	for _, c := range []struct {
		gate string
		b    float64
		want int
	}{{"and", -2.5, 3}, {"and", -2, 1}, {"or", -1, 9}, {"nand", 2.5, 3}, {"xor", -.5, 0}, {"xor", 2, 0}} {
		table := gateTable(c.gate)
		_, points, err := wholeSolutions(table, c.b)
		if err != nil || len(points) != c.want {
			t.Errorf("%s, b = %g: %d whole solutions, want %d; %v", c.gate, c.b, len(points), c.want, err)
		}
		corners := region(table, c.b)
		if c.want == 0 && len(corners) > 0 {
			t.Errorf("%s, b = %g: region %v", c.gate, c.b, corners)
		}
		if c.want == 0 {
			continue
		}
		var middle [2]float64
		for _, p := range corners {
			middle[0] += p[0] / float64(len(corners))
			middle[1] += p[1] / float64(len(corners))
		}
		if right, _ := rightRows(table, perceptron.Perceptron{W: middle[:], B: c.b}); right != 4 {
			t.Errorf("%s, b = %g: the middle %v of its region gets %d rows right", c.gate, c.b, middle, right)
		}
		for _, p := range points {
			if !within(corners, p) {
				t.Errorf("%s, b = %g: %v solves it outside its region %v", c.gate, c.b, p, corners)
			}
		}
	}
}

// within tells whether p lies on the left of every side of a polygon that turns left, or on it.
func within(corners [][2]float64, p [2]float64) bool {
	for i, to := range corners {
		from := corners[(i+len(corners)-1)%len(corners)]
		if (to[0]-from[0])*(p[1]-from[1])-(to[1]-from[1])*(p[0]-from[0]) < -1e-9 {
			return false
		}
	}
	return true
}

// Of four small planes exactly one has the ring, the one of the present bias.
func TestTiles(t *testing.T) {
	for _, b := range []float64{-.8, -2, 0, 4} {
		tiles, err := weightSpaces(gateTable("and"), perceptron.Perceptron{W: []float64{1, 2}, B: b})
		if err != nil || len(tiles.List) != 4 {
			t.Fatal(tiles, err)
		}
		rings := 0
		for _, tile := range tiles.List {
			if tile.Ring != nil {
				rings++
				if *tile.Number.Value != b || *tile.Ring != [2]float64{1, 2} {
					t.Errorf("b = %g: a ring at %v of %g", b, *tile.Ring, *tile.Number.Value)
				}
			}
		}
		if rings != 1 {
			t.Errorf("b = %g: %d rings", b, rings)
		}
	}
}

// A learnt step shows its own weights in the controls; the learner's line shows the controls' own.
func TestHeld(t *testing.T) {
	run, err := corners[0].page().Make(state(t, corners[0].page(), ""))
	if err != nil {
		t.Fatal(err)
	}
	own, err := run.At(0)
	if err != nil || own.Held != nil {
		t.Error(own.Held, err)
	}
	for step := 1; step <= run.Steps; step++ {
		sc, err := run.At(step)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range sc.Numbers() {
			if n.Edit != "" && sc.Held[n.Edit] != tenths(*n.Value) {
				t.Errorf("step %d: %s is %g, its control says %s", step, n.Edit, *n.Value, sc.Held[n.Edit])
			}
		}
	}
}

// A handle can be taken wherever the line lies in the plane.
func TestHandlesInPlane(t *testing.T) {
	for _, query := range []string{"", "w1=1&w2=1&b=-2", "w1=3&w2=0.1&b=-1", "w1=-1&w2=2&b=-0.4"} {
		p := corners[0].page()
		run, err := p.Make(state(t, p, query))
		if err != nil {
			t.Fatal(err)
		}
		sc, err := run.At(0)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range sc.Figures {
			if f.Plot == nil {
				continue
			}
			for _, h := range f.Plot.Handles {
				if min(h.X, h.Y) < planeLow || max(h.X, h.Y) > planeHigh {
					t.Errorf("%s: handle %s at (%g, %g)", query, h.Name, h.X, h.Y)
				}
			}
		}
	}
}

// The picture of a layer is XML with a line for every weight, dashed where it is negative, and one for every output.
func TestDrawn(t *testing.T) {
	svg := drawn([][]float64{{1, -2, .5}, {-1, 3, -.25}})
	d := xml.NewDecoder(strings.NewReader(svg))
	count := map[string]int{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			count[e.Name.Local]++
		}
	}
	if count["path"] != 6+2 || count["circle"] != 3+2 || strings.Count(svg, "stroke-dasharray") != 3 {
		t.Errorf("%v in %s", count, svg)
	}
}

// Of the eight patients of the score four set off the alarm, and one is at the bedside.
func TestCombinations(t *testing.T) {
	now, err := qsofa.Run(1, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	plot, err := combinations(now)
	if err != nil {
		t.Fatal(err)
	}
	marks := map[string]int{}
	for _, p := range plot.Points {
		marks[p.Mark]++
	}
	if marks["triangle"] != 4 || marks["circle"] != 4 || marks["around"] != 1 {
		t.Error(marks)
	}
}
