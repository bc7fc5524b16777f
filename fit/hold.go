package fit

import (
	"math"
	"math/rand/v2"
)

// holdStream tells the draw of the held rows from a seed's other draws.
const holdStream = 4 << 32

// least is the number of rows below which none is held: too few to judge by.
const least = 40

// hold parts rows into those to fit on and those held for early stopping, share of each level (of all rows where the target is
// a number), drawn by seed. Both keep the order of rows.
func hold(rows []int, y []float64, levels bool, share float64, seed uint64) (fit, held []int) {
	if share == 0 || len(rows) < least {
		return rows, nil
	}
	r := rand.New(rand.NewPCG(seed, holdStream))
	taken, groups, order := map[int]bool{}, map[float64][]int{}, []float64(nil)
	for _, row := range rows {
		key := 0.
		if levels {
			key = y[row]
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], row)
	}
	for _, key := range order {
		group := groups[key]
		r.Shuffle(len(group), func(i, j int) { group[i], group[j] = group[j], group[i] })
		for _, row := range group[:min(int(math.Round(share*float64(len(group)))), len(group)-1)] {
			taken[row] = true
		}
	}
	for _, row := range rows {
		if taken[row] {
			held = append(held, row)
		} else {
			fit = append(fit, row)
		}
	}
	return fit, held
}
