// Package chapter2 is part of the lab.
package chapter2

import "gradus/lab/scene"

// Pages lists the pages in order.
func Pages() []*scene.Page { return nil }
