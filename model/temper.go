package model

import "gradus/network"

// Temper divides the logits of the model by t > 0: the last weights of every network in it and of the line beside them, each rounded once.
// The order of the probabilities stays what it was; a t above 1 draws them together.
func (m *Model) Temper(t float64) {
	c := cooling{w: m.Network.Weights(), t: t}
	c.along(m.Network.Specs(), m.Network.In(), true)
}

// cooling walks the weights of a network.
type cooling struct {
	w []float32 // those not yet reached
	t float64
}

// along goes behind specs, which are given width numbers, cools their last layer if it is the network's last, and returns how many numbers
// they give.
func (c *cooling) along(specs []network.Spec, width int, last bool) int {
	for i, l := range specs {
		last := last && i == len(specs)-1
		switch l.Kind {
		case "dense":
			n := (width + 1) * l.Units
			if last {
				for k, v := range c.w[:n] {
					c.w[k] = float32(float64(v) / c.t)
				}
			}
			c.w, width = c.w[n:], l.Units
		case "first":
			width = l.Units
		case "ramps":
			width += len(l.Ramps)
		case "sum":
			from := width
			for _, chain := range l.Chains {
				width = c.along(chain, from, last)
			}
		}
	}
	return width
}
