package optimizer

import (
	"slices"

	"gradus/internal/say"
)

// Surface is a cost that can be drawn, on which rules are shown and raced.
type Surface struct {
	Name     string
	Formula  string
	Start    []float64 // the default start
	Minima   []Minimum // the lowest first; none: it has no bottom
	Value    func(w []float64) float64
	Gradient func(g, w []float64) // writes g
}

// Minimum is a local minimum of a surface.
type Minimum struct {
	W []float64
	F float64
}

// Surfaces lists every surface.
func Surfaces() []Surface {
	return []Surface{
		{
			"quadratic", "½(x²+25y²)+1.5xy",
			[]float64{3, -2},
			[]Minimum{{[]float64{0, 0}, 0}},
			quadratic, quadraticGradient,
		},
		{
			"rosenbrock", "(1−x)²+100(y−x²)²",
			[]float64{-1.2, 1},
			[]Minimum{{[]float64{1, 1}, 0}},
			rosenbrock, rosenbrockGradient,
		},
		{
			"beale", "(1.5−x+xy)²+(2.25−x+xy²)²+(2.625−x+xy³)²",
			[]float64{1, 1.5},
			[]Minimum{{[]float64{3, .5}, 0}},
			beale, bealeGradient,
		},
		{
			"saddle", "x²−y²",
			[]float64{1, .001},
			nil,
			saddle, saddleGradient,
		},
		{
			"double-well", "x⁴−2x²+.3x",
			[]float64{1.5},
			[]Minimum{ // the roots of 4x³−4x+.3, by Newton's method in 40 digits
				{[]float64{-1.0355787140888537}, -1.305428483743916},
				{[]float64{.9601495555191055}, -.7058535189717372},
			},
			doubleWell, doubleWellGradient,
		},
	}
}

// SurfaceByName returns the surface called name.
func SurfaceByName(name string) (Surface, error) {
	rows := Surfaces()
	known := names(rows, func(s Surface) string { return s.Name })
	if i := slices.Index(known, name); i >= 0 {
		return rows[i], nil
	}
	return Surface{}, say.Error("optimizer.unknown_surface", "name", name, "nearest", say.Nearest(name, known), "known", known)
}

// Every product that is added is rounded first, by float64(), so that each platform gives the same bits.

func quadratic(w []float64) float64 {
	x, y := w[0], w[1]
	return float64(.5*(float64(x*x)+float64(25*y*y))) + float64(1.5*x*y)
}

func quadraticGradient(g, w []float64) {
	x, y := w[0], w[1]
	g[0] = x + float64(1.5*y)
	g[1] = float64(25*y) + float64(1.5*x)
}

func rosenbrock(w []float64) float64 {
	a, b := 1-w[0], w[1]-float64(w[0]*w[0])
	return float64(a*a) + float64(100*b*b)
}

func rosenbrockGradient(g, w []float64) {
	a, b := 1-w[0], w[1]-float64(w[0]*w[0])
	g[0] = float64(-2*a) - float64(400*w[0]*b)
	g[1] = 200 * b
}

// bealeTerms are the three bracketed terms of Beale's function.
func bealeTerms(x, y float64) (a, b, c float64) {
	a = 1.5 - x + float64(x*y)
	b = 2.25 - x + float64(x*y*y)
	c = 2.625 - x + float64(x*y*y*y)
	return a, b, c
}

func beale(w []float64) float64 {
	a, b, c := bealeTerms(w[0], w[1])
	return float64(a*a) + float64(b*b) + float64(c*c)
}

func bealeGradient(g, w []float64) {
	x, y := w[0], w[1]
	a, b, c := bealeTerms(x, y)
	g[0] = float64(2*a*(y-1)) + float64(2*b*(float64(y*y)-1)) + float64(2*c*(float64(y*y*y)-1))
	g[1] = float64(2*a*x) + float64(4*b*x*y) + float64(6*c*x*y*y)
}

func saddle(w []float64) float64 { return float64(w[0]*w[0]) - float64(w[1]*w[1]) }

func saddleGradient(g, w []float64) { g[0], g[1] = 2*w[0], -2*w[1] }

func doubleWell(w []float64) float64 {
	x := w[0]
	return float64(x*x*x*x) - float64(2*x*x) + float64(.3*x)
}

func doubleWellGradient(g, w []float64) {
	x := w[0]
	g[0] = float64(4*x*x*x) - float64(4*x) + .3
}
