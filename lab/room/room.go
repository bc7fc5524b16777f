// Package room is part of the lab.
package room

import "gradus/lab/scene"

// Pages lists the pages in order.
func Pages() []*scene.Page { return nil }
