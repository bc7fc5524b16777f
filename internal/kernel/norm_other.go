//go:build !amd64 || noasm

package kernel

// Nothing here is reached: isa never offers wide lanes.

func (p *normPass) run(normPart) {}

func lanesDrop(*dropPass) {}

func lanesGather(*gatherPass) {}

func lanesSoftmax4(*pass) {}

func lanesSoftmax8(*pass) {}

func lanesSoftmax16(*pass) {}
