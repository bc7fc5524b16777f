package kernel

import "math"

// Chance is a place among the random words of dropout: word i is a pure function of seed, layer, iteration and i, so that masks are the
// same on every machine, in every precision, by any number of threads, and a resumed run draws what the unbroken one drew.
type Chance struct {
	Seed      uint64
	Layer     uint32
	Iteration uint64
}

// The constants of Philox4x32: two multipliers, and what is added to the key from round to round.
const (
	philoxM0, philoxM1 = 0xD2511F53, 0xCD9E8D57
	philoxW0, philoxW1 = 0x9E3779B9, 0xBB67AE85
	philoxRounds       = 10
)

// Philox is Philox4x32-10, a bijection of the counter for each key that leaves no trace of either (Salmon, Moraes, Dror and Shaw 2011).
func Philox(counter [4]uint32, key [2]uint32) [4]uint32 {
	for range philoxRounds {
		a, b := philoxM0*uint64(counter[0]), philoxM1*uint64(counter[2])
		counter = [4]uint32{uint32(b>>32) ^ counter[1] ^ key[0], uint32(b), uint32(a>>32) ^ counter[3] ^ key[1], uint32(a)}
		key[0] += philoxW0
		key[1] += philoxW1
	}
	return counter
}

// block is the four words of a lane: of elements 64g+j, 64g+16+j, 64g+32+j and 64g+48+j for lane j of group g, block 16g+j.
func (c Chance) block(i uint32) [4]uint32 {
	return Philox([4]uint32{i, c.Layer, uint32(c.Iteration), uint32(c.Iteration >> 32)}, [2]uint32{uint32(c.Seed), uint32(c.Seed >> 32)})
}

// dropGroup is the elements that 16 lanes draw for at once.
const dropGroup = 64

// Drop is mask = 0 with probability p, else 1/(1−p), each element on its own, and dst = src·mask. All have one length, at most 2³⁴; dst
// may be src. p is taken to the nearest 2⁻³².
func Drop[T Float](dst, mask, src []T, c Chance, p float64) { DropFrom(dst, mask, src, c, p, 0) }

// DropFrom is Drop of the elements first, first+1 … of more: what Drop of all of them does to these.
func DropFrom[T Float](dst, mask, src []T, c Chance, p float64, first int) {
	dst, mask = dst[:len(src)], mask[:len(src)]
	if lead := first % dropGroup; lead > 0 && len(src) > 0 { // the end of a group, by way of a whole one
		var room [3][dropGroup]T
		n := min(dropGroup-lead, len(src))
		copy(room[2][lead:], src[:n])
		DropFrom(room[0][:], room[1][:], room[2][:], c, p, first-lead)
		copy(dst, room[0][lead:lead+n])
		copy(mask, room[1][lead:lead+n])
		dst, mask, src, first = dst[n:], mask[n:], src[n:], first+n
	}
	if inWideLanes[T]() {
		dropLanes(single(dst), single(mask), single(src), c, p, uint32(first/4))
		return
	}
	least, keep := leastKept(p), T(1/(1-p))
	for at := 0; at < len(src); at += dropGroup {
		end := min(at+dropGroup, len(src))
		for lane := range min(16, end-at) {
			words := c.block(uint32((first+at)/4 + lane))
			for w, i := 0, at+lane; i < end; w, i = w+1, i+16 {
				mask[i] = 0
				if words[w] >= least {
					mask[i] = keep
				}
			}
		}
		for i := at; i < end; i++ {
			dst[i] = src[i] * mask[i]
		}
	}
}

// leastKept is the least word that keeps its element.
func leastKept(p float64) uint32 { return uint32(min(math.Round(p*(1<<32)), math.MaxUint32)) }

// dropPass is what the routine of dropout gets; gen/dropout.go knows the fields by their place.
type dropPass struct {
	dst, mask, src, _, _, _ *float32
	groups                  int
	_, _                    int
	block                   uint32 // moves by 16 with each group
	counter                 [3]uint32
	least                   uint32
	keep                    float32
	lanes                   [16]uint32
	keys                    [philoxRounds][2]uint32
	first                   uint32 // block of element 0; the routine does not know it
}

func newDropPass(c Chance, p float64) dropPass {
	d := dropPass{counter: [3]uint32{c.Layer, uint32(c.Iteration), uint32(c.Iteration >> 32)}, least: leastKept(p), keep: float32(1 / (1 - p))}
	for i := range d.lanes {
		d.lanes[i] = uint32(i)
	}
	key := [2]uint32{uint32(c.Seed), uint32(c.Seed >> 32)}
	for r := range d.keys {
		d.keys[r] = key
		key[0] += philoxW0
		key[1] += philoxW1
	}
	return d
}

// dropLanes is Drop by lanes, piece by piece, of a large layer with the helpers.
func dropLanes(dst, mask, src []float32, c Chance, p float64, first uint32) {
	d, all := newDropPass(c, p), [5][]float32{dst, mask, src}
	d.first = first
	n := len(src)
	if n >= dropPiece*2 && share(ceil(n, dropPiece), func(t *task) { t.run, t.drop, t.all = dropChunk, d, all }) {
		return
	}
	for at := 0; at < n; at += dropPiece {
		d.over(&all, at, min(at+dropPiece, n))
	}
}

// dropPiece is the elements of one call: some 5 µs of work.
const dropPiece = 1 << 14

func dropChunk(t *task, i int) { t.drop.over(&t.all, i*dropPiece, min((i+1)*dropPiece, len(t.all[2]))) }

// over draws for elements from … to−1; from is a multiple of dropGroup. What is left over of a group goes by way of a whole one.
func (d dropPass) over(all *[5][]float32, from, to int) {
	d.block, d.groups = d.first+uint32(from/4), (to-from)/dropGroup
	if d.groups > 0 {
		d.dst, d.mask, d.src = &all[0][from], &all[1][from], &all[2][from]
		lanesDrop(&d)
	}
	if from += d.groups * dropGroup; from < to {
		var room [3][dropGroup]float32
		copy(room[2][:], all[2][from:to])
		d.block, d.groups = d.first+uint32(from/4), 1
		d.dst, d.mask, d.src = &room[0][0], &room[1][0], &room[2][0]
		lanesDrop(&d)
		copy(all[0][from:to], room[0][:])
		copy(all[1][from:to], room[1][:])
	}
}
