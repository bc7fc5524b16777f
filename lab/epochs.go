package lab

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
)

// curve is the training that goes on in a fold: its costs by epoch. Another training of the fold begins another.
type curve struct {
	training  int // counted in the fold
	fit, held []float32
}

// epoch is told to a run: what one epoch of a fold cost.
func (r *run) epoch(fold int, first bool, fit, held float64) {
	c := r.curves[fold]
	if c == nil {
		c = &curve{}
		r.curves[fold] = c
	}
	if first {
		c.training, c.fit, c.held = c.training+1, nil, nil
	}
	if len(c.fit) < mostEpochs {
		c.fit, c.held = append(c.fit, float32(fit)), append(c.held, float32(held))
	}
}

// mostEpochs bounds the curve that is shown.
const mostEpochs = 5000

// heard is how far one who listens has heard the curve of a fold.
type heard struct{ training, epochs int }

// steps is the progress as a binary frame, little end first: steps done and steps in all, then every epoch that one who listens has not
// heard, as fold (−1: the training on all rows), training, epoch from 0, and the two costs; o.mu is held.
func (o *Own) steps(of map[int]heard) []byte {
	var done, total int
	if o.run != nil {
		done, total = o.run.done, o.run.total
	}
	b := binary.LittleEndian.AppendUint32(nil, uint32(done))
	b = binary.LittleEndian.AppendUint32(b, uint32(total))
	if o.run == nil {
		return b
	}
	for _, fold := range slices.Sorted(maps.Keys(o.run.curves)) {
		c, so := o.run.curves[fold], of[fold]
		if so.training != c.training {
			so = heard{training: c.training}
		}
		for ; so.epochs < len(c.fit); so.epochs++ {
			for _, n := range []uint32{uint32(int32(fold)), uint32(c.training), uint32(so.epochs), math.Float32bits(c.fit[so.epochs]), math.Float32bits(c.held[so.epochs])} {
				b = binary.LittleEndian.AppendUint32(b, n)
			}
		}
		of[fold] = so
	}
	return b
}
