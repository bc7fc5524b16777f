package adopt

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gradus/activation"
	"gradus/internal/say"
)

// natural compares names with their numbers as numbers: fc2 stands before fc10.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := run(a), run(b)
		a, b = a[len(x):], b[len(y):]
		if x == y {
			continue
		}
		m, n := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		if isDigit(x[0]) && isDigit(y[0]) && m != n {
			return cmp.Or(cmp.Compare(len(m), len(n)), strings.Compare(m, n))
		}
		return strings.Compare(x, y)
	}
	return cmp.Compare(len(a), len(b))
}

// run is the digits, or what is none, that a name begins with.
func run(s string) string {
	for i := range len(s) {
		if isDigit(s[i]) != isDigit(s[0]) {
			return s[:i]
		}
	}
	return s
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// activate gives the hidden layers their activations. Numbers with gaps, as an nn.Sequential has them, say where: where one is missing. Else
// each product but the last has one, behind its normalisation or before.
func activate(list []*layer, name string, opt Options) error {
	places := gaps(list)
	if places == nil || opt.BeforeNorm {
		places = everywhere(list, opt.BeforeNorm)
	}
	if n := len(opt.Activation); len(places) > 0 && n != 1 && n != len(places) {
		return say.Error("adopt.activations", "name", name, "found", n, "places", len(places), "layers", brief(namesOf(list)))
	}
	for i, l := range places {
		word := opt.Activation[i%len(opt.Activation)]
		if _, err := activation.New[float32](word, 0); err != nil {
			return err
		}
		if word != "linear" {
			l.Activation = word
		}
	}
	return nil
}

// gaps are the layers behind which a number is missing, one for each product but the last at most; nil where the names are no numbers of one
// list, or none is missing.
func gaps(list []*layer) (places []*layer) {
	stem, last, taken := "", 0, false
	for i, l := range list {
		digits := len(l.Name) - len(strings.TrimRightFunc(l.Name, func(r rune) bool { return r < 0x80 && unicode.IsDigit(r) }))
		n, err := strconv.Atoi(l.Name[len(l.Name)-digits:])
		before := l.Name[:len(l.Name)-digits]
		if err != nil || before != "" && !strings.HasSuffix(before, ".") || i > 0 && before != stem {
			return nil
		}
		if i > 0 && n > last+1 && !taken {
			places, taken = append(places, list[i-1]), true
		}
		if l.Kind == "dense" {
			taken = false
		}
		stem, last = before, n
	}
	return places
}

// everywhere is each product but the last, or the normalisation behind it.
func everywhere(list []*layer, before bool) (places []*layer) {
	end := len(list) - 1
	for end >= 0 && list[end].Kind != "dense" {
		end--
	}
	for i, l := range list[:max(end, 0)] {
		if l.Kind != "dense" {
			continue
		}
		at := i
		for !before && list[at+1].Kind != "dense" {
			at++
		}
		places = append(places, list[at])
	}
	return places
}

func namesOf(list []*layer) (names []string) {
	for _, l := range list {
		names = append(names, l.Name)
	}
	return names
}

// list names the arrays of a layer with their shapes.
func (l *layer) list() string {
	var out []string
	for _, a := range slices.Sorted(maps.Keys(l.arrays)) {
		out = append(out, shown(a)+" "+dims(l.arrays[a].Shape))
	}
	return brief(out)
}

// dims writes a shape: 64×30.
func dims(shape []int) string {
	var words []string
	for _, n := range shape {
		words = append(words, strconv.Itoa(n))
	}
	return strings.Join(words, "×")
}

// shown cuts a name for a message and takes its control characters out.
func shown(s string) string {
	const limit = 60
	if r := []rune(s); len(r) > limit {
		s = string(r[:limit]) + "…"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '·'
		}
		return r
	}, s)
}

// brief lists the first names of a long list.
func brief(names []string) string {
	const limit = 12
	out, more := make([]string, min(len(names), limit)), ""
	for i := range out {
		out[i] = shown(names[i])
	}
	if len(names) > limit {
		more = ", …"
	}
	return strings.Join(out, ", ") + more
}
