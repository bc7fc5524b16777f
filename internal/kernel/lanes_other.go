//go:build (!amd64 && !arm64) || noasm

package kernel

// Nothing here is reached: isa never offers the lanes.

func (p *pass) function(Formula) {}

func (p *pass) slope(Formula) {}

func (p *updatePass) rule(rule) {}

func lanesMul(*pass) {}

func lanesSubScaled(*pass) {}

func lanesAddScaled(*pass) {}

func lanesSoftmaxShort(*pass) {}

func lanesSoftmaxLong(*pass) {}

func lanesBinary(*pass) {}

func lanesSquares(*pass) {}

func lanesNorm(*pass) {}

func lanesScale(*pass) {}

func lanesAddRow(*pass) {}

func lanesAhead(*updatePass) {}
