package train

import "gradus/internal/say"

// Counts are the deck's three words in numbers, deck 4-4-6.
type Counts struct {
	PerEpoch int // iterations of one epoch: rows ÷ batch size, rounded up
	Total    int // iterations of all epochs
	Last     int // rows of the last batch of an epoch
}

// Count is iterations per epoch = ⌈rows / batch⌉, in all = that × epochs, deck 4-4-6: 2000 rows in batches of 500 make 4 iterations
// an epoch and 20 in 5 epochs. The last batch is smaller where batch does not divide rows.
func Count(rows, batch, epochs int) (Counts, error) {
	for _, v := range []struct {
		name  string
		value int
	}{{"rows", rows}, {"batch", batch}, {"epochs", epochs}} {
		if v.value < 1 {
			return Counts{}, say.Error("train.count", "what", v.name, "value", v.value)
		}
	}
	per := (rows-1)/batch + 1
	if per > int(^uint(0)>>1)/epochs {
		return Counts{}, say.Error("train.too_many", "epochs", epochs, "iterations", per)
	}
	return Counts{PerEpoch: per, Total: per * epochs, Last: rows - (per-1)*batch}, nil
}
