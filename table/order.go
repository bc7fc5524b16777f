package table

import "sync"

// inOrder hands jobs through three steps: next fills one and reports whether there was one, work does it, done takes it in the
// order of next. next and done run in the caller's goroutine, work in workers of them, each with its number; a job that is
// done is filled again. The first error of done ends it all: no goroutine outlives the call.
func inOrder[J any](workers int, next func(*J) bool, work func(worker int, j *J), done func(*J) error) error {
	if workers == 1 {
		return alone(next, work, done)
	}
	l := newLine(workers, work)
	defer l.end()
	for more := true; more || l.taken < l.given; {
		if l.over(more) {
			if err := done(&l.slot(l.taken).job); err != nil {
				return err
			}
			l.taken++
			continue
		}
		s := l.slot(l.given)
		if more = next(&s.job); more {
			l.given++
			l.todo <- s
		}
	}
	return nil
}

// alone is inOrder with one worker, the caller.
func alone[J any](next func(*J) bool, work func(worker int, j *J), done func(*J) error) error {
	var j J
	for next(&j) {
		work(0, &j)
		if err := done(&j); err != nil {
			return err
		}
	}
	return nil
}

// line is the jobs under way.
type line[J any] struct {
	slots        []slot[J]
	todo         chan *slot[J]
	crew         sync.WaitGroup
	given, taken int // jobs so far
}

type slot[J any] struct {
	job  J
	over chan struct{}
}

func newLine[J any](workers int, work func(worker int, j *J)) *line[J] {
	l := &line[J]{slots: make([]slot[J], 2*workers), todo: make(chan *slot[J], 2*workers)}
	for i := range l.slots {
		l.slots[i].over = make(chan struct{}, 1)
	}
	for w := range workers {
		l.crew.Go(func() {
			for s := range l.todo {
				work(w, &s.job)
				s.over <- struct{}{}
			}
		})
	}
	return l
}

func (l *line[J]) slot(i int) *slot[J] { return &l.slots[i%len(l.slots)] }

// over reports whether the oldest job is done with; it waits for that only where no other job can be given.
func (l *line[J]) over(more bool) bool {
	switch {
	case l.taken == l.given:
		return false
	case !more || l.given == l.taken+len(l.slots):
		<-l.slot(l.taken).over
		return true
	}
	select {
	case <-l.slot(l.taken).over:
		return true
	default:
		return false
	}
}

// end sends the workers home.
func (l *line[J]) end() {
	close(l.todo)
	l.crew.Wait()
}
