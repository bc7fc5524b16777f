package scene

// Page is one instrument with its exercises. Its words are AREA.KEY_title, _term (the English term), _prose, _formula where the deck
// prints one, _vignette where there is one.
type Page struct {
	ID       string    // F0, 4-5-21, playground
	Words    string    // AREA.KEY of the catalogue
	Formula  string    // of the deck, in its symbols; empty: none
	Slip     bool      // the deck is corrected here
	Vignette bool      // a clinical story stands with it
	Seed     uint64    // 0: 7
	Controls []Control //
	// Step is the step at which the page opens; nil: 0.
	Step func(*State) int
	// Drawn are the defaults of controls under a seed; nil, and of controls that it leaves out: the controls' own.
	Drawn func(seed uint64) map[string]string
	// Make sets the instrument to work.
	Make func(*State) (*Run, error)
	// Exercises are computed for the state: another seed asks for other numbers. run is what Make returned.
	Exercises func(s *State, run *Run) ([]Exercise, error)
}

// Chapter is the group of pages that a page stands in: F, 4-1 … 4-5, or room.
func (p *Page) Chapter() string {
	switch {
	case p.ID[0] == 'F':
		return "F"
	case p.ID[0] == '4':
		return p.ID[:3]
	}
	return "room"
}

func (p *Page) control(key string) *Control {
	for i := range p.Controls {
		if p.Controls[i].Key == key {
			return &p.Controls[i]
		}
	}
	return nil
}

func (p *Page) seed() uint64 {
	if p.Seed != 0 {
		return p.Seed
	}
	return 7
}

// opens is the step at which the page opens in a state.
func (p *Page) opens(s *State) int {
	if p.Step == nil {
		return 0
	}
	return p.Step(s)
}
