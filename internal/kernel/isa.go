package kernel

import (
	"slices"
	"strings"

	"gradus/internal/say"
)

// level is a set of instructions; a higher one is preferred. Assembly serves float32; of float64 the products
// and Adam where Products.Fused and AdamStep.Double ask for them.
type level int

const (
	plainGo level = iota
	neon
	avx2
	avx512
)

var levels = []string{"go", "neon", "avx2", "avx512"}

// isa is what the routines of this package use: the best that this machine has, unless Use chose another.
var isa = below(avx512)

// ISA names the instructions in use: avx512, avx2, neon or go.
func ISA() string { return levels[isa] }

// Use chooses the instructions by name; where the machine lacks them, the best that it has below them. Call it before any computing.
func Use(name string) error {
	i := slices.Index(levels, name)
	if i < 0 {
		return say.Error("kernel.isa", "name", name, "names", strings.Join(levels, ", "))
	}
	isa = below(level(i))
	return nil
}

// below is the best level up to l that this machine has.
func below(l level) level {
	for l > plainGo && !supported(l) {
		l--
	}
	return l
}
