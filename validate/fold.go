package validate

import "math/rand/v2"

// The streams of a seed: folds are dealt by one, each fold's network draws from its own.
const (
	dealStream    = 5 << 32
	networkStream = 6 << 32
)

// deal parts the rows into folds by seed and repeat: fold number of each row. Each level is spread evenly, and the folds differ
// in size by one row at most. Where the target is a number all rows are one level.
func deal(y []float64, levels bool, folds int, seed uint64, repeat int) []int {
	r := rand.New(rand.NewPCG(seed, dealStream+uint64(repeat)))
	groups, order := map[float64][]int{}, []float64(nil)
	for row, v := range y {
		if !levels {
			v = 0
		}
		if groups[v] == nil {
			order = append(order, v)
		}
		groups[v] = append(groups[v], row)
	}
	of, next := make([]int, len(y)), 0
	for _, v := range order {
		rows := groups[v]
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for _, row := range rows {
			of[row] = next % folds
			next++
		}
	}
	return of
}

// seedOf is the seed of the network of one fold.
func seedOf(seed uint64, slot int) uint64 {
	return rand.New(rand.NewPCG(seed, networkStream+uint64(slot))).Uint64()
}

// split lists the rows outside and inside fold, in their order.
func split(of []int, fold int) (train, test []int) {
	for row, f := range of {
		if f == fold {
			test = append(test, row)
		} else {
			train = append(train, row)
		}
	}
	return train, test
}
