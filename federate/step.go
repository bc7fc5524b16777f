package federate

import (
	"context"
	"math/rand/v2"

	"gradus/fit"
	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

// Made refuses a model that another plan made; name is the file's in messages.
func (p *Plan) Made(m *model.Model, name string) error {
	found := ""
	if m.Card.Federation != nil {
		found = m.Card.Federation.Plan
	}
	if found != p.Hash() {
		return say.Error("federate.other_plan", "file", name, "found", brief(found), "want", brief(p.Hash()))
	}
	return nil
}

// Step trains m, which has the weights of all after round−1 rounds, on a site's table for one round, and says what it comes to. The
// settings are the plan's, whatever m says. random is where the noise of a plan with privacy comes from; nil: the system's secure source.
func Step(ctx context.Context, p *Plan, m *model.Model, tbl *table.Table, round int, random fit.Random) (Said, error) {
	said := Said{Plan: p.Hash(), Round: round, Rows: tbl.Rows, Sites: 1}
	if round < 1 || round > p.Rounds {
		return said, say.Error("federate.round", "found", round, "rounds", p.Rounds)
	}
	if err := p.Made(m, "MODEL"); err != nil {
		return said, err
	}
	y, err := p.encoded(tbl)
	if err != nil {
		return said, err
	}
	m.Card.Settings = p.Settings
	local := fit.Local{Round: round, Rounds: p.Rounds, Mu: p.Mu, Seed: p.seed(round)}
	if p.Privacy != nil {
		return said, p.private(ctx, m, tbl, y, local, random)
	}
	c, err := fit.Continue(ctx, m, tbl, y, local)
	said.Cost = &c
	return said, err
}

// seed is that of a round: rounds differ in the order of the rows, sites do not need to.
func (p *Plan) seed(round int) uint64 {
	return rand.NewPCG(p.Settings.Seed, roundStream|uint64(round)).Uint64()
}

// roundStream tells the draw of the rounds from a seed's other draws.
const roundStream = 9 << 32
