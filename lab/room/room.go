// Package room is the rooms of the lab behind the deck's pages: places to try freely.
package room

import "gradus/lab/scene"

// Pages lists the pages in order.
func Pages() []*scene.Page {
	return []*scene.Page{
		race(),
	}
}
