package cluster

import (
	"slices"
	"sync"
	"testing"
	"time"
)

// room is where the ranks of a job in this process meet, for tests: each call is a barrier, what it computes is computed once.
type room struct {
	lock   sync.Mutex
	ranks  int
	turn   *turn
	silent bool // whoever comes waits for ever
}

type turn struct {
	given [][]any
	done  chan struct{}
}

// desk is a rank's wire.
type desk struct {
	*room
	rank int
}

func newRoom(ranks int) (list []desk) {
	r := &room{ranks: ranks}
	for i := range ranks {
		list = append(list, desk{r, i})
	}
	return list
}

// meet waits until every rank has given something, and returns what all gave.
func (d desk) meet(give ...any) [][]any {
	d.lock.Lock()
	if d.silent {
		d.lock.Unlock()
		select {}
	}
	if d.turn == nil {
		d.turn = &turn{given: make([][]any, d.ranks), done: make(chan struct{})}
	}
	t := d.turn
	t.given[d.rank] = give
	if !slices.ContainsFunc(t.given, func(g []any) bool { return g == nil }) {
		d.turn = nil
		close(t.done)
	}
	d.lock.Unlock()
	<-t.done
	return t.given
}

func (d desk) Place() (rank, of int) { return d.rank, d.ranks }

func (d desk) Sum(g []float32, fill func(v []int64, from int), round func(to []float32, v []int64, from int)) error {
	for from := 0; from < len(g); from += 37 {
		own := make([]int64, min(37, len(g)-from))
		fill(own, from)
		sum := make([]int64, len(own))
		for _, given := range d.meet(own) {
			for i, v := range given[0].([]int64) {
				sum[i] += v
			}
		}
		round(g[from:from+len(own)], sum, from)
	}
	return nil
}

func (d desk) Most(v []float64) error {
	for _, given := range d.meet(slices.Clone(v)) {
		for i, x := range given[0].([]float64) {
			v[i] = max(v[i], x)
		}
	}
	return nil
}

func (d desk) Spread(b []byte) error {
	copy(b, d.meet(slices.Clone(b))[0][0].([]byte))
	return nil
}

// everywhere runs f on every rank of a job.
func everywhere(t *testing.T, ranks int, f func(j *Job)) {
	t.Helper()
	var all sync.WaitGroup
	for _, d := range newRoom(ranks) {
		all.Go(func() { f(Join(d, time.Minute)) })
	}
	all.Wait()
}
