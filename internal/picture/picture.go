// Package picture draws charts as SVG: one voice for the command line, the report and the page.
//
// A figure is plain text that every browser, office program and printer reads: the light colours stand in the elements, the dark
// ones in a style that only a dark screen applies. Names stand at the ends of the lines, not in a legend, and every line differs
// from the others without its colour too. Title and description are there for readers who hear the page.
//
// Panel is any pair of axes; ROC, Calibration, Decision and the other charts make one from plain numbers and the reader's words.
// No words cover others or leave the picture, at any width from a telephone's on.
package picture

import "math"

// Figure is one or more panels under one title.
type Figure struct {
	ID          string // begins the ids inside, for pages with several figures; "": figure
	Lang        string // of the words, such as ko
	Title       string
	Description string // what the figure shows, for who cannot see it
	Foot        string // small print: version, seed, source
	Panels      []Panel
	Columns     int // panels in a row; 0: all of them
	Width       int // of the viewBox; 0: 720, 1000 or 1280 for one, two or more columns

	class string // of the root, beside its own
}

// Panel is one pair of axes.
type Panel struct {
	Title      string
	X, Y       Axis
	Series     []Series
	References []Reference
	Notes      []Note
	Height     int  // of the axes; 0: 260
	Square     bool // axes of equal length, as for a ROC curve
	Body       Body // drawn instead of axes
	Under      []Under
}

// Body is a drawing with its own layout: Flow, Rows, Matrix.
type Body interface {
	// draw draws into the column at x, y of the given width and returns its lower end.
	draw(c *canvas, x, y, wide float64) float64
}

// Under is a strip under the axes of a panel that shares its level scale: Mirror, AtRisk.
type Under interface {
	under(c *canvas, a *area, ticks []tick, y float64) float64
	names() []string // at the right
}

// Axis is one direction.
type Axis struct {
	Name      string
	Low, High float64                // both 0: what the data need
	Log       bool                   // values not above 0 are left out
	Zero      bool                   // 0 belongs on the axis
	Labels    []string               // of bars: the groups, at x = 0, 1, 2 …
	Format    func(v float64) string // of the ticks; nil: Number
}

// Kind says how a series is drawn.
type Kind int

// The kinds: a line through the points, the points alone with Low and High as whiskers, bars from the axis, an area between Low
// and High, short strokes across a line (censored times), the blocks of a histogram whose n + 1 edges are X and whose heights
// are Y, dots whose area is Size.
const (
	Line Kind = iota
	Points
	Bars
	Band
	Ticks
	Blocks
	Dots
)

// Series is one set of points. A value that is not finite interrupts it.
type Series struct {
	Name      string // written at its end
	Kind      Kind
	X, Y      []float64
	Low, High []float64 // of whiskers and bands
	Ink       Ink
	Size      []float64 // of dots, 0 … 1
	Thin      bool      // stands back: a thin line, hollow points
	Faint     bool      // one of many lines whose mean is the point

	pitch [2]float64 // of the lattice of dots
}

// Reference is a straight dashed line that data are held against. A coordinate of ±Inf is the edge of the panel.
type Reference struct {
	Name           string // written at its end
	X1, Y1, X2, Y2 float64
}

// Vertical is the line x = v from edge to edge.
func Vertical(v float64, name string) Reference {
	return Reference{name, v, math.Inf(-1), v, math.Inf(1)}
}

// Horizontal is the line y = v from edge to edge.
func Horizontal(v float64, name string) Reference {
	return Reference{name, math.Inf(-1), v, math.Inf(1), v}
}

// Side says where a note's words stand from its point.
type Side int

// The sides.
const (
	Right Side = iota
	Left
	Above
	Below
)

// Note is a point that the figure speaks about.
type Note struct {
	X, Y float64
	Text string
	Side Side
	Ring bool // a ring around the point
	Drop bool // dotted lines to both axes
}

// Ink is a colour with its dash and its mark: no two are alike without colour.
type Ink int

// The inks. Orange is trouble and Blue its cure, by the house's two signs; the others tell rules and curves apart.
const (
	Black Ink = iota
	Orange
	Blue
	Green
	Pink
	Amber
	Grey
)

type inkwell struct{ light, dark, dash, mark string }

var inks = []inkwell{
	Black:  {"#1b1f24", "#e8e9ea", "", "circle"},
	Orange: {"#b35806", "#f4a259", "9 4", "triangle"},
	Blue:   {"#2166ac", "#7fb3e6", "", "circle"},
	Green:  {"#00795a", "#2fcb9a", "2 3", "diamond"},
	Pink:   {"#b0508a", "#e39ac4", "12 4", "square"},
	Amber:  {"#9a6a00", "#f0b429", "8 3 2 3", "cross"},
	Grey:   {"#646a72", "#959da7", "3 3", "circle"},
}

// well is the ink's row; an ink that does not exist is Black.
func (k Ink) well() inkwell {
	if k < 0 || int(k) >= len(inks) {
		return inks[Black]
	}
	return inks[k]
}
