package room

import (
	"math"
	"math/rand/v2"

	"gradus/internal/kernel"
	"gradus/internal/trial"
	"gradus/lab/scene"
)

// playRows is how many cases a data set of the playground has, those that are learnt from and those that are not together.
const playRows = 300

// playStream tells the cases of a seed from its other draws.
const playStream = 0x706c6179 << 32

// The plane of the playground, in standard deviations from the middle.
const playEdge = 3.

// playAxis is one axis of the plane: a value of a patient, or, where it has no words, x₁ or x₂ itself.
type playAxis struct {
	words   string
	mid, sd float64
}

// playSet is a data set: where in the plane the next case of a class lies, before noise.
type playSet struct {
	name string
	x, y playAxis
	draw func(r *rand.Rand, class int) (x, y float64)
}

// playSets are the data sets in the order of the control.
func playSets() []playSet {
	return []playSet{
		{name: "spiral", draw: playSpiral},
		{name: "circles", draw: playRing},
		{name: "xor", draw: playWhere(func(x, y float64) bool { return float64(x*y) > 0 })},
		{name: "moons", draw: playMoon},
		{name: "gaussians", draw: playClouds},
		{"shock", playAxis{"sbp", 110, 25}, playAxis{"creatinine", 2, .6}, playWhere(func(x, y float64) bool { return x < -.2 && y > -.4 })},
		{"infection", playAxis{"age", 55, 15}, playAxis{"crp", 90, 30}, playWhere(playOld)},
		{"electrolytes", playAxis{"sodium", 140, 8}, playAxis{"potassium", 4.25, .75}, playWhere(playOutside)},
		{name: "own"},
	}
}

// playSetOf is the data set that a state names; where the border is the learner's own it may make no sense.
func playSetOf(s *scene.State) (playSet, error) {
	for _, d := range playSets() {
		if d.name == s.Raw("data") && d.draw != nil {
			return d, nil
		}
	}
	f, err := playFormula(s.Raw("border"))
	if err != nil {
		return playSet{}, err
	}
	return playSet{name: "own", draw: playWhere(func(x, y float64) bool { return f(x, y) > 0 })}, nil
}

// playOld: the older the patient, the less CRP is needed.
func playOld(x, y float64) bool {
	if x < -1.5 {
		return y > 1.4
	}
	return y > 1.4-float64(.3*float64((x+1.5)*(x+1.5)))
}

// playOutside: too little and too much are both a danger.
func playOutside(x, y float64) bool { return float64(x*x)+float64(y*y) > 2.4 }

// playWhere draws evenly from the part of the plane that holds a class.
func playWhere(one func(x, y float64) bool) func(*rand.Rand, int) (float64, float64) {
	return func(r *rand.Rand, class int) (float64, float64) {
		for {
			x, y := float64(5.2*r.Float64())-2.6, float64(5.2*r.Float64())-2.6
			if one(x, y) == (class == 1) {
				return x, y
			}
		}
	}
}

// playTurn is the point at an angle of a circle about the middle.
func playTurn(radius, angle float64) (x, y float64) {
	return float64(radius * kernel.Cos(angle)), float64(radius * kernel.Cos(angle-math.Pi/2))
}

// playSpiral is two arms, each three quarters of a turn.
func playSpiral(r *rand.Rand, class int) (x, y float64) {
	t := r.Float64()
	return playTurn(.3+float64(2.1*t), float64(1.6*math.Pi*t)+float64(math.Pi*float64(class)))
}

// playRing is a disc of class 1 within a ring of class 0.
func playRing(r *rand.Rand, class int) (x, y float64) {
	radius := float64(1.1 * math.Sqrt(r.Float64()))
	if class == 0 {
		radius = 1.8 + float64(.8*r.Float64())
	}
	return playTurn(radius, float64(2*math.Pi*r.Float64()))
}

// playMoon is two half moons, one in the arm of the other.
func playMoon(r *rand.Rand, class int) (x, y float64) {
	x, y = playTurn(1.6, float64(math.Pi*r.Float64()))
	if class == 1 {
		return .8 - x, .4 - y
	}
	return x - .8, y - .4
}

// playClouds is two clouds that touch.
func playClouds(r *rand.Rand, class int) (x, y float64) {
	at := 1.1
	if class == 0 {
		at = -at
	}
	return at + float64(.6*kernel.Normal(r)), at + float64(.6*kernel.Normal(r))
}

// playCases draws the cases of a state: where they lie, and their class.
func playCases(s *scene.State, d playSet) (at [][2]float64, class []int) {
	r := rand.New(rand.NewPCG(s.Seed, playStream))
	noise := s.Real("noise")
	for i := range playRows {
		c := i % 2
		x, y := d.draw(r, c)
		x += float64(noise * kernel.Normal(r))
		y += float64(noise * kernel.Normal(r))
		at, class = append(at, [2]float64{thousandths(playInside(x)), thousandths(playInside(y))}), append(class, c)
	}
	return at, class
}

// playMarks are the cases as the plane shows them.
func playMarks(at [][2]float64, class []int, train int) scene.Cases {
	c := scene.Cases{Count: len(at), Hollow: train}
	for i, p := range at {
		c.X, c.Y, c.Class = append(c.X, float32(p[0])), append(c.Y, float32(p[1])), append(c.Class, float32(class[i]))
	}
	return c
}

// thousandths is a value as a hand would write it, and as a picture needs it.
func thousandths(v float64) float64 { return math.Round(1e3*v) / 1e3 }

// playInside keeps a case on the plane.
func playInside(v float64) float64 { return min(max(v, -2.95), 2.95) }

// playFeature is what a network may see of a point.
type playFeature struct {
	key, label string
	of         func(x, y float64) float64
}

func playFeatures() []playFeature {
	sin := func(v float64) float64 { return kernel.Cos(v - math.Pi/2) }
	return []playFeature{
		{"x1", "x₁", func(x, _ float64) float64 { return x }},
		{"x2", "x₂", func(_, y float64) float64 { return y }},
		{"x1x1", "x₁²", func(x, _ float64) float64 { return x * x }},
		{"x2x2", "x₂²", func(_, y float64) float64 { return y * y }},
		{"x1x2", "x₁x₂", func(x, y float64) float64 { return x * y }},
		{"sin1", "sin x₁", func(x, _ float64) float64 { return sin(x) }},
		{"sin2", "sin x₂", func(_, y float64) float64 { return sin(y) }},
	}
}

// playSeen are the features of a state, and the rows that the network gets of points.
func playSeen(s *scene.State) []playFeature {
	var list []playFeature
	for _, f := range playFeatures() {
		if s.On(f.key) {
			list = append(list, f)
		}
	}
	return list
}

// playInput is what the network sees of points; class may be nil.
func playInput(features []playFeature, at [][2]float64, class []int) trial.Set {
	x, y := make([][]float64, len(at)), make([][]float64, len(at))
	for i, p := range at {
		for _, f := range features {
			x[i] = append(x[i], f.of(p[0], p[1]))
		}
		y[i] = []float64{0}
		if class != nil {
			y[i][0] = float64(class[i])
		}
	}
	return trial.Rows(x, y)
}

// playGrid is the middles of n × n cells of the plane, row by row from below.
func playGrid(n int) [][2]float64 {
	list := make([][2]float64, 0, n*n)
	for r := range n {
		for c := range n {
			list = append(list, [2]float64{playCell(c, n), playCell(r, n)})
		}
	}
	return list
}

func playCell(i, n int) float64 { return -playEdge + float64((float64(i)+.5)*(2*playEdge/float64(n))) }
