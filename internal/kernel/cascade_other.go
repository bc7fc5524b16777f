//go:build !amd64 || noasm

package kernel

// laidOut is empty here: a cascade goes layer by layer.
type laidOut struct{}

func (laidOut) run([]cascaded, []float32) bool { return false }
