package network

import "gradus/internal/profile"

// watch is the clock of a pass and what ends with each stage's Forward and Backward.
type watch struct {
	clock       *profile.Clock
	there, back []profile.Part // by stage
	first       profile.Part   // the cost and the first gradient
}

func (w *watch) forward(i int) {
	if w.clock != nil {
		w.clock.Lap(w.there[i])
	}
}

func (w *watch) cost() { w.clock.Lap(w.first) }

func (w *watch) backward(i int) {
	if w.clock != nil {
		w.clock.Lap(w.back[i])
	}
}

// watched is a stage that tells its parts apart; it says which of them its Forward and its Backward end with.
type watched interface {
	watchForward(c *profile.Clock, layer int) (last profile.Part)
	watchBackward(c *profile.Clock, layer int) (last profile.Part)
}

// Watch has c read at the end of each part of the passes to come: of a dense layer its products, its activation and the slope of it,
// of another layer the way there and back, and the cost with the first gradient. It changes no number.
func (p *Pass[T]) Watch(c *profile.Clock) {
	w := watch{clock: c}
	for i, s := range p.stages {
		last := c.Part("forward", i+1, 0)
		if s, ok := s.(watched); ok {
			last = s.watchForward(c, i+1)
		}
		w.there = append(w.there, last)
	}
	w.first, w.back = c.Part("cost", 0, 0), make([]profile.Part, len(p.stages))
	for i := len(p.stages) - 1; i >= 0; i-- {
		w.back[i] = c.Part("backward", i+1, 0)
		if s, ok := p.stages[i].(watched); ok {
			w.back[i] = s.watchBackward(c, i+1)
		}
	}
	p.watch = w
}

// parts end within the Forward and the Backward of a dense layer; nil where nobody watches.
type parts struct {
	clock                    *profile.Clock
	product, slope, gradient profile.Part
}

func (p *parts) afterProduct() {
	if p != nil {
		p.clock.Lap(p.product)
	}
}

func (p *parts) afterSlope() {
	if p != nil {
		p.clock.Lap(p.slope)
	}
}

func (p *parts) afterGradient() {
	if p != nil {
		p.clock.Lap(p.gradient)
	}
}

// operations are those of one product of the layer on one row.
func (s *denseStage[T]) operations() float64 { return 2 * float64(s.layer.in) * float64(s.layer.Units) }

func (s *denseStage[T]) watchForward(c *profile.Clock, layer int) profile.Part {
	s.act.watch = &parts{clock: c, product: c.Part("product", layer, s.operations())}
	if s.throughReLU() { // one with the product
		return s.act.watch.product
	}
	return c.Part("activation", layer, 0)
}

func (s *denseStage[T]) watchBackward(c *profile.Clock, layer int) profile.Part {
	s.act.watch.slope = c.Part("slope", layer, 0)
	s.act.watch.gradient = c.Part("gradient", layer, s.operations())
	if layer == 1 { // nothing is handed back
		return s.act.watch.gradient
	}
	return c.Part("back", layer, s.operations())
}
