package chapter4

import (
	"math"
	"slices"

	"gradus/lab/scene"
)

// mesh is how many cells a plane has along each side when its level lines are looked for.
const mesh = 56

// Box is the stretch of the plane that is drawn.
type Box struct{ Low, High [2]float64 }

// at is the point at cell corner (i, j).
func (b Box) at(i, j float64) [2]float64 {
	return [2]float64{
		b.Low[0] + float64(i*(b.High[0]-b.Low[0])/mesh),
		b.Low[1] + float64(j*(b.High[1]-b.Low[1])/mesh),
	}
}

func (b Box) holds(w []float64) bool {
	return w[0] >= b.Low[0] && w[0] <= b.High[0] && w[1] >= b.Low[1] && w[1] <= b.High[1]
}

// Contours are the level lines of f in a box, by marching squares: in each cell the line is straight between the places on its
// sides where f, taken as linear there, has the level.
func Contours(f func(w []float64) float64, b Box, levels []float64) []scene.Contour {
	var grid [mesh + 1][mesh + 1]float64
	for j := range grid {
		for i := range grid[j] {
			p := b.at(float64(i), float64(j))
			grid[j][i] = f(p[:])
		}
	}
	var list []scene.Contour
	for _, level := range levels {
		if c := trace(&grid, b, level); len(c.X) > 0 {
			list = append(list, c)
		}
	}
	return list
}

// crossing is a place on a side of a cell: from corner (I, J) to the right, or up.
type crossing struct {
	i, j int
	up   bool
}

// trace joins the pieces of one level line.
func trace(grid *[mesh + 1][mesh + 1]float64, b Box, level float64) scene.Contour {
	joined := map[crossing][]crossing{}
	var order []crossing
	join := func(p, q crossing) {
		for _, c := range []crossing{p, q} {
			if len(joined[c]) == 0 {
				order = append(order, c)
			}
		}
		joined[p], joined[q] = append(joined[p], q), append(joined[q], p)
	}
	for j := range mesh {
		for i := range mesh {
			sides := sides(grid, i, j, level)
			for k := 0; k+1 < len(sides); k += 2 {
				join(sides[k], sides[k+1])
			}
		}
	}
	slices.SortStableFunc(order, func(p, q crossing) int { return len(joined[p]) - len(joined[q]) }) // open ends first
	c := scene.Contour{Level: level, Label: scene.Text(scene.Round(level, Places(level)))}
	done := map[crossing]bool{}
	for _, start := range order {
		if !done[start] {
			follow(&c, joined, done, start, func(p crossing) [2]float64 { return place(grid, b, p, level) })
		}
	}
	return c
}

// sides are the sides of cell (i, j) that the level crosses: none, two, or four.
func sides(grid *[mesh + 1][mesh + 1]float64, i, j int, level float64) (list []crossing) {
	above := func(i, j int) bool { return grid[j][i] >= level }
	for _, s := range []struct {
		p    crossing
		a, b bool
	}{
		{crossing{i, j, false}, above(i, j), above(i+1, j)},
		{crossing{i + 1, j, true}, above(i+1, j), above(i+1, j+1)},
		{crossing{i, j + 1, false}, above(i, j+1), above(i+1, j+1)},
		{crossing{i, j, true}, above(i, j), above(i, j+1)},
	} {
		if s.a != s.b {
			list = append(list, s.p)
		}
	}
	return list
}

// place is where on its side the level is crossed.
func place(grid *[mesh + 1][mesh + 1]float64, b Box, p crossing, level float64) [2]float64 {
	from, to := grid[p.j][p.i], 0.
	if p.up {
		to = grid[p.j+1][p.i]
	} else {
		to = grid[p.j][p.i+1]
	}
	u := (level - from) / (to - from)
	if p.up {
		return b.at(float64(p.i), float64(p.j)+u)
	}
	return b.at(float64(p.i)+u, float64(p.j))
}

// follow writes the piece that begins at start.
func follow(c *scene.Contour, joined map[crossing][]crossing, done map[crossing]bool, start crossing, at func(crossing) [2]float64) {
	if len(c.X) > 0 {
		c.X, c.Y = append(c.X, nil), append(c.Y, nil)
	}
	put := func(p crossing) {
		w := at(p)
		x, y := thousandths(w[0]), thousandths(w[1])
		c.X, c.Y = append(c.X, &x), append(c.Y, &y)
		done[p] = true
	}
	put(start)
	for p := start; ; {
		next := slices.IndexFunc(joined[p], func(q crossing) bool { return !done[q] })
		if next < 0 {
			if p != start && slices.Contains(joined[p], start) && len(joined[start]) > 1 {
				put(start)
			}
			return
		}
		p = joined[p][next]
		put(p)
	}
}

func thousandths(v float64) float64 { return math.Round(v*1000) / 1000 }

// Places is how many decimals a value needs, at most 3.
func Places(v float64) int {
	n := 0
	for x := v; n < 3 && math.Abs(x-math.Round(x)) > 1e-6; n++ {
		x *= 10
	}
	return n
}
