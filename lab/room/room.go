// Package room is the rooms behind the deck: a place to play, to race and to judge as a clinician does.
package room

import "gradus/lab/scene"

// Pages lists the pages in order.
func Pages() []*scene.Page {
	return []*scene.Page{
		race(),
		playground(),
	}
}
