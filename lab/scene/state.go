package scene

import (
	"strconv"
	"strings"
)

// MaxSeed is the largest seed of the lab: it is typed by hand.
const MaxSeed = 999_999

// SeedOf is a learner's own seed: 64-bit FNV-1a of the name without the spaces around it, below MaxSeed.
func SeedOf(learner string) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range []byte(strings.TrimSpace(learner)) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h % MaxSeed
}

// State is where an instrument stands: the value of every control, the seed and the step. It is the address and nothing else.
type State struct {
	Page   *Page
	Seed   uint64
	Step   int
	values map[string]string
	drawn  map[string]string // defaults of the seed, once they are asked for
}

// Read takes the state from what stands behind the page in an address: key=value pairs with & between them. What it cannot use it
// leaves out and says so.
func (p *Page) Read(query string) (*State, []Words) {
	s := &State{Page: p, Seed: p.seed(), Step: -1, values: map[string]string{}}
	var ignored []Words
	for _, pair := range strings.Split(query, "&") {
		if pair == "" {
			continue
		}
		key, raw, _ := strings.Cut(pair, "=")
		value, ok := unescape(raw)
		if key, good := unescape(key); !ok || !good || !s.set(key, value) {
			ignored = append(ignored, Say("lab.ignored", "key", clip(key), "value", clip(value)))
		}
	}
	if s.Step < 0 {
		s.Step = p.opens(s)
	}
	return s, ignored
}

// global are keys that the page around the instrument reads.
var global = map[string]bool{"lang": true, "theme": true, "digits": true, "mode": true, "lesson": true, "hide": true, "learner": true}

// set gives a key its value; false where it has none such.
func (s *State) set(key, value string) bool {
	switch key {
	case "seed":
		v, err := strconv.ParseUint(value, 10, 64)
		if err != nil || v > MaxSeed {
			return false
		}
		s.Seed = v
		return true
	case "step":
		v, err := strconv.Atoi(value)
		if err != nil || v < 0 {
			return false
		}
		s.Step = v
		return true
	}
	if c := s.Page.control(key); c != nil {
		v, ok := c.read(value)
		if ok {
			s.values[key] = v
		}
		return ok
	}
	return global[key]
}

// Set returns the state with other values of some controls; a value that a control does not have is left out.
func (s *State) Set(values map[string]string) *State {
	t := &State{Page: s.Page, Seed: s.Seed, Step: s.Step, values: map[string]string{}}
	for k, v := range s.values {
		t.values[k] = v
	}
	for k, v := range values {
		t.set(k, v)
	}
	return t
}

// Raw is the value of a control as the address has it. A key that the page has no control for is a mistake of the program.
func (s *State) Raw(key string) string {
	if v, ok := s.values[key]; ok {
		return v
	}
	if c := s.Page.control(key); c != nil {
		return s.Default(*c)
	}
	panic("scene: page " + s.Page.ID + " has no control " + key)
}

// Default is a control's value where the address has none, under the seed of the state.
func (s *State) Default(c Control) string {
	if s.Page.Drawn == nil {
		return c.Default
	}
	if s.drawn == nil {
		s.drawn = s.Page.Drawn(s.Seed)
	}
	if v, ok := s.drawn[c.Key]; ok {
		return v
	}
	return c.Default
}

// Real is the value of a real control.
func (s *State) Real(key string) float64 {
	v, _ := strconv.ParseFloat(s.Raw(key), 64)
	return v
}

// Whole is the value of a whole control.
func (s *State) Whole(key string) int {
	v, _ := strconv.Atoi(s.Raw(key))
	return v
}

// On is the value of a toggle.
func (s *State) On(key string) bool { return s.Raw(key) == "1" }

// List is the value of a list.
func (s *State) List(key string) []float64 {
	if s.Raw(key) == "" {
		return nil
	}
	parts := strings.Split(s.Raw(key), ",")
	values := make([]float64, len(parts))
	for i, p := range parts {
		values[i], _ = strconv.ParseFloat(p, 64)
	}
	return values
}

// Query is the state as it stands in an address, what is at its default left out.
func (s *State) Query() string {
	var list []string
	for _, c := range s.Page.Controls {
		if v := s.Raw(c.Key); v != s.Default(c) {
			list = append(list, c.Key+"="+escape(v))
		}
	}
	if s.Seed != s.Page.seed() {
		list = append(list, "seed="+strconv.FormatUint(s.Seed, 10))
	}
	if s.Step != s.Page.opens(s) {
		list = append(list, "step="+strconv.Itoa(s.Step))
	}
	return strings.Join(list, "&")
}

// clip keeps what is quoted from an address short.
func clip(s string) string {
	if r := []rune(strings.ToValidUTF8(s, "�")); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return strings.ToValidUTF8(s, "�")
}
