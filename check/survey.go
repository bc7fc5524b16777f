package check

import (
	"hash/maphash"
	"strings"
	"unicode/utf8"
)

// most is how many different cells of a column are kept apart; a column of more is no category.
const most = 4096

// survey is what one pass over a column counts.
type survey struct {
	Column
	at      int
	warning string

	index  map[string]int // place of a different cell
	cells  []string       // the different cells in order of appearance, at most `most`
	counts []int
	over   bool // there are more

	filled, numbers, whole, bounds, dates, serials, eights, zeros, lines, persons, names, coded int
	runes                                                                                       int
	rising                                                                                      bool // every cell is a whole number one larger than the one before
	last                                                                                        float64
	units                                                                                       map[string]int
	plus                                                                                        bool              // "+" is a level, so "-" is one
	own                                                                                         map[string]bool   // missing codes the file declares
	labels                                                                                      map[string]string // names the file gives to values
	hash                                                                                        uint64            // of all cells, in order
	merged                                                                                      map[string]string // cell → level
}

// look counts what column i holds and settles its kind.
func (c *checker) look(i int) *survey {
	v := c.survey(i)
	v.settle(i == c.target && c.opt.Target != "")
	switch v.Kind {
	case Number:
		v.propose(c)
	case Category:
		v.merge(c)
	}
	return v
}

func (f *frame) survey(i int) *survey {
	v := &survey{at: i, index: map[string]int{}, rising: true, units: map[string]int{}, own: map[string]bool{}, labels: f.sheet.Labels[i]}
	v.Name, v.Levels, v.Proposals = f.names[i], map[string]int{}, []Proposal{}
	for _, m := range f.sheet.Missing[i] {
		v.own[m] = true
	}
	for _, r := range f.rows {
		s := f.cell(r, i)
		v.hash = (v.hash ^ maphash.String(f.seed, s)) * 1099511628211
		v.add(s)
	}
	_, minus := v.index["-"]
	_, plus := v.index["+"]
	v.plus = minus && plus
	for k, s := range v.cells {
		v.absorb(s, v.counts[k])
	}
	return v
}

// add counts one cell; the rising order is told from the cells as they come.
func (v *survey) add(s string) {
	if k, ok := v.index[s]; ok {
		v.counts[k]++
		v.rising = v.rising && s == ""
		return
	}
	if v.rising {
		r, ok := number(s)
		v.rising = ok && r.v == float64(int(r.v)) && (v.last == 0 && len(v.cells) == 0 || r.v == v.last+1)
		v.last = r.v
	}
	if len(v.cells) < most {
		v.index[s] = len(v.cells)
		v.cells, v.counts = append(v.cells, s), append(v.counts, 1)
		return
	}
	v.over = true
	v.absorb(s, 1)
}

// gone reports whether a clean cell of this column is missing.
func (v *survey) gone(s string) bool {
	return missing(s) && !(v.plus && s == "-") || v.own[s]
}

// absorb counts what kind of cell s is, n times.
func (v *survey) absorb(s string, n int) {
	if v.gone(s) {
		v.Missing += n
		return
	}
	v.filled += n
	v.runes += n * utf8.RuneCountInString(s)
	if r, ok := number(s); ok {
		v.number(s, r, n)
	} else if strings.ContainsAny(s, "\n\r") {
		v.lines += n
	}
	if _, ok := day(s); ok {
		v.dates += n
		if len(s) == 8 && plain(s) {
			v.eights += n
		}
	}
	if personal(s) {
		v.persons += n
	}
	if s[0] >= 0x80 && named(s) {
		v.names += n
	}
	if code(s) {
		v.coded += n
	}
}

func (v *survey) number(s string, r reading, n int) {
	v.numbers += n
	if r.v == float64(int64(r.v)) {
		v.whole += n
	}
	if r.bound != 0 {
		v.bounds += n
	}
	if r.unit != "" {
		v.units[strings.ToLower(r.unit)] += n
	}
	if len(s) > 1 && s[0] == '0' && s[1] >= '0' && s[1] <= '9' {
		v.zeros += n
	}
	if _, ok := serial(s); ok {
		v.serials += n
	}
}

// code reports whether s is shaped as a code: up to four letters, perhaps a hyphen, then three digits or more and nothing else.
func code(s string) bool {
	letters := 0
	for letters < len(s) && letters < 5 && (s[letters] >= 'A' && s[letters] <= 'Z' || s[letters] >= 'a' && s[letters] <= 'z') {
		letters++
	}
	if letters > 4 {
		return false
	}
	rest := s[letters:]
	if rest != "" && (rest[0] == '-' || rest[0] == '_') && letters > 0 {
		rest = rest[1:]
	}
	for i := range len(rest) {
		if (rest[i] < '0' || rest[i] > '9') && rest[i] != '-' {
			return false
		}
	}
	return len(rest) >= 3 && rest[0] != '-' && (letters > 0 || rest[0] == '0' || len(rest) >= 5)
}

// distinct is how many different cells are filled, of those kept apart.
func (v *survey) distinct() int {
	n := 0
	for _, s := range v.cells {
		if !v.gone(s) {
			n++
		}
	}
	return n
}

// varied reports whether at least part of the filled cells are different.
func (v *survey) varied(part float64) bool {
	return v.over || float64(v.distinct()) >= part*float64(v.filled)
}

// settle says what the column holds.
func (v *survey) settle(target bool) {
	n := v.filled
	most := func(k int) bool { return k > 0 && 5*k >= 4*n }
	dated := v.dates + v.serials
	switch {
	case n == 0:
		v.Kind = Empty
	case !target && (personNames.MatchString(v.Name) || 2*v.persons > n || v.names > 4 && most(v.names) && v.varied(.8)):
		v.Kind = Person
	case most(dated) && (v.dates > v.eights || v.serials < dated && v.serials == 0 && v.eights == n || dateNames.MatchString(v.Name)):
		v.Kind = Date
	case v.distinct() == 1 && !v.over && 2*v.Missing <= v.Missing+n && !target:
		v.Kind = Constant
	case !target && v.identifies():
		v.Kind = Identifier
	case target && v.whole == n && v.distinct() <= 10 && !v.over:
		v.Kind = Category
	case most(v.numbers) && v.zeros == 0 && len(v.labels) == 0:
		v.Kind = Number
	case !target && v.free():
		v.Kind = Text
	default:
		v.Kind = Category
	}
}

// identifies reports whether the cells name patients or visits.
func (v *survey) identifies() bool {
	n := v.filled
	if v.distinct() < 2 || v.dates == n && v.eights == 0 {
		return false
	}
	byName := idNames.MatchString(v.Name) && v.bounds == 0 && (v.whole == n || v.numbers < n)
	return byName || 10*v.coded >= 9*n && n >= 4 && v.varied(.5) && (v.zeros > 0 || v.numbers < n/2) ||
		v.rising && v.whole == n && n >= 20
}

// free reports whether the cells are sentences rather than levels.
func (v *survey) free() bool {
	n := v.filled
	return v.lines > 0 || v.persons > 0 || noteNames.MatchString(v.Name) || v.over || v.runes > 30*n ||
		v.distinct() > 50 && v.varied(.5) || v.distinct() > 1000
}
