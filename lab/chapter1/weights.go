package chapter1

import (
	"math"

	"gradus/lab/scene"
	"gradus/perceptron"
)

// weightsTo is how far the small planes of the weights reach: as far as the sliders.
const weightsTo = 3

// weightSpaces are the weights that make the whole table, for the bias of p and for three others beside it: the region, the whole
// numbers in it, and where p stands.
func weightSpaces(t perceptron.Table, p perceptron.Perceptron) (*scene.Tiles, error) {
	tiles := &scene.Tiles{X: scene.Text("w₁"), Y: scene.Text("w₂")}
	tiles.Low, tiles.High = window(t, p)
	for _, b := range biases(t, p.B) {
		n, points, err := wholeSolutions(t, b)
		if err != nil {
			return nil, err
		}
		count := n
		count.Unit = scene.Say("lab41.solutions_unit")
		tile := scene.Tile{Number: scene.Number{Label: scene.Text("b"), Value: &b}.Fixed(places(b)), Count: count, Points: points, Region: region(t, b), Set: map[string]string{"b": hundredths(b)}}
		if b == p.B {
			tile.Ring = &[2]float64{p.W[0], p.W[1]}
		}
		tiles.List = append(tiles.List, tile)
	}
	return tiles, nil
}

// window is the part of the weights that has solutions, or all of it where p stands elsewhere.
func window(t perceptron.Table, p perceptron.Perceptron) (low, high float64) {
	low, high = -.75, weightsTo+.25
	if t.Output(0) == 1 {
		low, high = -high, -low
	}
	least, most := min(p.W[0], p.W[1]), max(p.W[0], p.W[1])
	if least < low || most > high {
		return -weightsTo - .25, weightsTo + .25
	}
	return low, high
}

// places are the decimals that a number set by hand has.
func places(v float64) int {
	for i := range 2 {
		if v == math.Trunc(v) {
			return i
		}
		v *= 10
	}
	return 2
}

// biases are the present one and three whole ones on the side on which the table has solutions.
func biases(t perceptron.Table, now float64) []float64 {
	sign := -1.
	if t.Output(0) == 1 {
		sign = 1
	}
	list := []float64{now}
	for i := 1.; len(list) < 4; i++ {
		if sign*i != now {
			list = append(list, sign*i)
		}
	}
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && math.Abs(list[j]) < math.Abs(list[j-1]); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

// wholeSolutions are the whole weights that make the table with this bias.
func wholeSolutions(t perceptron.Table, b float64) (n scene.Number, points [][2]float64, err error) {
	for w1 := -weightsTo; w1 <= weightsTo; w1++ {
		for w2 := -weightsTo; w2 <= weightsTo; w2++ {
			right, err := rightRows(t, perceptron.Perceptron{W: []float64{float64(w1), float64(w2)}, B: b})
			if err != nil {
				return n, nil, err
			}
			if right == t.Rows() {
				points = append(points, [2]float64{float64(w1), float64(w2)})
			}
		}
	}
	return scene.Count("", scene.Words{}, len(points)), points, nil
}

// region is the square of the weights cut by what each row of the table demands: w·x + b on its side of 0.
func region(t perceptron.Table, b float64) [][2]float64 {
	const far = weightsTo + .25
	list := [][2]float64{{-far, -far}, {far, -far}, {far, far}, {-far, far}}
	for r := range t.Rows() {
		side := float64(2*t.Output(r) - 1)
		x := t.X(r)
		list = clipped(list, func(w [2]float64) float64 { return side * (float64(w[0]*x[0]) + float64(w[1]*x[1]) + b) })
	}
	return list
}

// clipped is the part of a polygon on which a linear inside is not negative.
func clipped(list [][2]float64, inside func([2]float64) float64) (out [][2]float64) {
	for i, to := range list {
		from := list[(i+len(list)-1)%len(list)]
		a, b := inside(from), inside(to)
		if a*b < 0 {
			u := a / (a - b)
			out = append(out, [2]float64{from[0] + float64(u*(to[0]-from[0])), from[1] + float64(u*(to[1]-from[1]))})
		}
		if b >= 0 {
			out = append(out, to)
		}
	}
	return out
}
