package optimizer

import (
	"maps"
	"math"
	"slices"
	"strconv"

	"gradus/internal/say"
)

// Key is one value that a rule or schedule takes by name.
type Key struct {
	Name      string
	Default   float64 // NaN: must be given
	Low, High float64 // allowed, both included
	Below     bool    // High itself is not allowed
	Above     bool    // Low itself is not allowed
	Whole     bool    // whole numbers only
	Forms     []Form  // the forms that have it; nil: all
}

// Allowed is the range in words of mathematics, such as "0 ≤ gamma < 1".
func (k Key) Allowed() string {
	if k.Whole && k.Low == 0 && k.High == 1 {
		return k.Name + " = 0, 1"
	}
	low, high := " ≤ ", " ≤ "
	if k.Above {
		low = " < "
	}
	if k.Below {
		high = " < "
	}
	text := number(k.Low) + low + k.Name
	if !math.IsInf(k.High, 1) {
		text += high + number(k.High)
	}
	if k.Whole {
		text += ", " + k.Name + " ∈ ℤ"
	}
	return text
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// holds reports whether x is finite and in the range.
func (k Key) holds(x float64) bool {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0) || x < k.Low || x > k.High:
		return false
	case k.Above && x == k.Low || k.Below && x == k.High:
		return false
	}
	return !k.Whole || x == math.Floor(x)
}

// check is the error of value x in the rule or schedule called owner, or nil.
func (k Key) check(owner string, x float64) error {
	if !k.holds(x) {
		return say.Error("optimizer.range", "owner", owner, "key", k.Name, "value", x, "allowed", k.Allowed())
	}
	return nil
}

// resolve returns a value for every key: the given one, else the default. It refuses what owner does not know or allow.
func resolve(owner string, form Form, keys []Key, given map[string]float64) (map[string]float64, error) {
	known := names(keys, func(k Key) string { return k.Name })
	for _, name := range slices.Sorted(maps.Keys(given)) {
		i := slices.Index(known, name)
		if i < 0 && len(known) == 0 {
			return nil, say.Error("optimizer.keyless", "owner", owner, "key", name)
		}
		if i < 0 {
			return nil, say.Error("optimizer.key", "owner", owner, "key", name, "nearest", say.Nearest(name, known), "known", known)
		}
		if forms := keys[i].Forms; forms != nil && !slices.Contains(forms, form) && given[name] != keys[i].Default {
			return nil, say.Error("optimizer.key_form", "owner", owner, "key", name, "form", string(form), "forms", words(forms))
		}
	}
	values := map[string]float64{}
	for _, k := range keys {
		x, ok := given[k.Name]
		if !ok && math.IsNaN(k.Default) {
			return nil, say.Error("optimizer.missing", "owner", owner, "key", k.Name, "allowed", k.Allowed())
		}
		if !ok {
			x = k.Default
		}
		if err := k.check(owner, x); err != nil {
			return nil, err
		}
		values[k.Name] = x
	}
	return values, nil
}

// names lists the name of every row.
func names[R any](rows []R, name func(R) string) []string {
	list := make([]string, len(rows))
	for i, r := range rows {
		list[i] = name(r)
	}
	return list
}

func words(forms []Form) []string { return names(forms, func(f Form) string { return string(f) }) }

// alphaKey is the range of a learning rate.
var alphaKey = Key{Name: "alpha", Default: math.NaN(), Low: 0, High: math.Inf(1), Above: true}

// CheckAlpha returns an error unless the learning rate is positive and finite.
func CheckAlpha(alpha float64) error { return alphaKey.check("optimizer", alpha) }

// Smaller is a learning rate to try after alpha diverged: a tenth of it, to one digit.
func Smaller(alpha float64) float64 {
	a, _ := strconv.ParseFloat(strconv.FormatFloat(alpha/10, 'e', 0, 64), 64) // what was just formatted
	return a
}
