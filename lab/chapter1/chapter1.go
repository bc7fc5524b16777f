// Package chapter1 is deck section 4-1 as instruments: the perceptron, its gates and the network of two layers.
package chapter1

import "gradus/lab/scene"

// Pages lists the pages of the section in order.
func Pages() []*scene.Page { return []*scene.Page{and()} }
