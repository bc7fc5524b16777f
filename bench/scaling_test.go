package bench

import (
	"math"
	"testing"
	"time"

	"gradus/cluster"
)

// The formula of the forecast, by hand: of 4 ranks 10 + 2·(5 + 16·1) + 2·(3/4)·8·100/2 + 4·2·7 ns.
func TestStepOfRanks(t *testing.T) {
	c := Costs{Update: 10, Row: 1, Block: 5}
	if got := c.Step(1, 128, 8, 100, 7, 2); got != 10+8*5+128 {
		t.Errorf("one rank: %v", got)
	}
	if got := c.Step(4, 128, 8, 100, 7, 2); math.Abs(got-(10+2*21+600+56)) > 1e-9 {
		t.Errorf("four ranks: %v", got)
	}
	if c.Step(8, 128, 8, 100, 0, 1e300) != c.Step(16, 128, 8, 100, 0, 1e300) {
		t.Error("ranks beyond the blocks have work")
	}
}

// A measurement on one rank has every figure of one rank, and none of several.
func TestScaleAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains L")
	}
	s, err := Scale(t.Context(), cluster.Join(cluster.Alone{}, time.Minute), 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	if s.Ranks != 1 || s.Weights != 1863690 || !(s.One.Min > 0 && s.One.Median >= s.One.Min && s.Plain.Min > 0) || s.Costs.Latency != 0 || s.Costs.Sum != 0 {
		t.Errorf("%+v", s)
	}
}
