package federate

import "gradus/internal/say"

// Ledger is what a site has spent: the noisy rounds it took under each plan, by the plan's hash. It stays at the site, so that nobody can
// ask for a round twice and have more than the plan allows.
type Ledger struct {
	Format string         `json:"format"`
	Rounds map[string]int `json:"rounds"`
}

const ledgerFormat = "gradus-ledger-1"

// NewLedger is the ledger of a site that has spent nothing.
func NewLedger() *Ledger { return &Ledger{ledgerFormat, map[string]int{}} }

// ReadLedger reads a ledger; name is the file's in messages.
func ReadLedger(b []byte, name string) (*Ledger, error) {
	l := NewLedger()
	if err := strict(b, l, name); err != nil {
		return nil, err
	}
	if l.Format != ledgerFormat {
		return nil, say.Error("federate.format", "file", name, "found", l.Format, "want", ledgerFormat)
	}
	for _, n := range l.Rounds {
		if n < 0 {
			return nil, say.Error("federate.ledger", "file", name)
		}
	}
	return l, nil
}

// Spend enters one more round of p, and returns how many that makes; more than the plan has are refused.
func (l *Ledger) Spend(p *Plan) (rounds int, err error) {
	hash := p.Hash()
	if l.Rounds[hash] >= p.Rounds {
		return 0, say.Error("federate.spent_all", "rounds", p.Rounds)
	}
	l.Rounds[hash]++
	return l.Rounds[hash], nil
}
