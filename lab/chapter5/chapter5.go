// Package chapter5 is part of the lab.
package chapter5

import "gradus/lab/scene"

// Pages lists the pages in order.
func Pages() []*scene.Page { return nil }
