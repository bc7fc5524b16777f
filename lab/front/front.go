// Package front is part of the lab.
package front

import "gradus/lab/scene"

// Pages lists the pages in order.
func Pages() []*scene.Page { return nil }
