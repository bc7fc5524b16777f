package table

import "sync"

// inOrder hands jobs through three steps: next fills one and reports whether there was one, work does it, done takes it in the
// order of next. next and done run in the caller's goroutine, work in workers of them, each with its number; a job that is
// done is filled again. The first error of done ends it all: no goroutine outlives the call.
func inOrder[J any](workers int, next func(*J) bool, work func(worker int, j *J), done func(*J) error) error {
	if workers == 1 {
		return alone(next, work, done)
	}
	type slot struct {
		job  J
		over chan struct{}
	}
	slots := make([]slot, 2*workers)
	todo := make(chan *slot, len(slots))
	var crew sync.WaitGroup
	defer crew.Wait()
	defer close(todo)
	for w := range workers {
		crew.Go(func() {
			for s := range todo {
				work(w, &s.job)
				s.over <- struct{}{}
			}
		})
	}
	for i := range slots {
		slots[i].over = make(chan struct{}, 1)
	}
	for given, taken, more := 0, 0, true; more || taken < given; {
		if taken < given {
			s, ready := &slots[taken%len(slots)], false
			if more && given < taken+len(slots) {
				select {
				case <-s.over:
					ready = true
				default:
				}
			} else {
				<-s.over
				ready = true
			}
			if ready {
				if err := done(&s.job); err != nil {
					return err
				}
				taken++
				continue
			}
		}
		s := &slots[given%len(slots)]
		if more = next(&s.job); more {
			given++
			todo <- s
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
