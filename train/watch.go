package train

import "gradus/internal/profile"

// watch is the clock of a run and the parts of a step beside the pass.
type watch struct {
	clock                                                               *profile.Clock
	shuffle, batch, ready, penalty, update, finite, validation, between profile.Part
}

func (w *watch) lap(p profile.Part) { w.clock.Lap(p) }

// Watch is a clock that from now on is read at the end of each part of a step, which changes no bit of what is trained. What the
// caller does between two steps, progress and checkpoints, is a part too.
func (t *Trainer[T]) Watch() *profile.Clock {
	c := profile.New()
	w := watch{clock: c, shuffle: c.Part("shuffle", 0, 0), batch: c.Part("batch", 0, 0), ready: c.Part("ready", 0, 0)}
	t.pass.Watch(c)
	w.penalty, w.update = c.Part("penalty", 0, 0), c.Part("update", 0, 0)
	w.finite, w.validation, w.between = c.Part("finite", 0, 0), c.Part("validation", 0, 0), c.Part("between", 0, 0)
	t.watch = w
	c.Restart()
	return c
}
