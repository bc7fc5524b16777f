// Package chapter3 is the deck's section 4-3 as instruments: what a cost is, and which one punishes what.
package chapter3

import "gradus/lab/scene"

// Pages lists the pages in order.
func Pages() []*scene.Page {
	return []*scene.Page{residuals(), absolute(), squared(), entropy()}
}
