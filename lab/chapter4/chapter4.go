// Package chapter4 is the deck's section 4-4 as instruments: optimizers, from one step of gradient descent to Adam.
package chapter4

import "gradus/lab/scene"

// Pages lists the pages in order.
func Pages() []*scene.Page {
	return []*scene.Page{
		blindfold(), descent(), tooLarge(), tooSmall(), batches(), epochs(), wells(), momentum(), adagrad(), rmsprop(), adam(),
	}
}
