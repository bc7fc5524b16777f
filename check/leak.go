package check

import (
	"math"
	"slices"
	"strconv"

	"gradus/metric"
)

// The bounds of the leak screen.
const (
	leakAUROC   = .95 // of one column alone
	leakMissing = .9  // of whether a column is filled, alone
	leakFewest  = 5   // events, and others, below which no AUROC is looked at
	leakRows    = 100_000
)

// screen blocks a column that would tell the outcome rather than predict it.
func (c *checker) screen(v *survey) {
	if c.opt.Target == "" || v.Role != Feature && (v.Kind != Date || v.Role == Time || v.Reason != c.say("why_date")) {
		return
	}
	switch why, args := c.leak(v); {
	case why != "":
		v.Role, v.Reason = Blocked, c.say(why, args...)
	case lateNames.MatchString(v.Name):
		v.Role, v.Reason = Blocked, c.say("leak_name")
	}
}

// leak is the key of what gives column v away, "" for nothing.
func (c *checker) leak(v *survey) (string, []any) {
	if c.events != nil {
		if why, args := c.tells(v); why != "" {
			return why, args
		}
	}
	if c.late(v) {
		return "leak_date", nil
	}
	return "", nil
}

// tells is leak of the outcome's two levels.
func (c *checker) tells(v *survey) (string, []any) {
	var y, present []bool
	var x []float64
	only, events := v.Missing > 0, 0
	read := c.reader(v)
	step := max(1, len(c.rows)/leakRows)
	for k, r := range c.rows {
		if !c.known[k] {
			continue
		}
		s := c.cell(r, v.at)
		gone := v.gone(s)
		only = only && (gone || c.events[k])
		if c.events[k] && !gone {
			events++
		}
		if k%step == 0 {
			y, present, x = append(y, c.events[k]), append(present, !gone), append(x, read(s, gone))
		}
	}
	if only && events > 0 {
		return "leak_only", []any{"event", c.event}
	}
	if a := filledArea(y, present); a >= leakMissing {
		return "leak_missing", []any{"auroc", shown(a)}
	}
	if a := area(y, x); a >= leakAUROC {
		return "leak_auroc", []any{"auroc", shown(a)}
	}
	return "", nil
}

func shown(a float64) string { return strconv.FormatFloat(a, 'f', 3, 64) }

// filledArea is the AUROC of whether a cell is filled, either way round.
func filledArea(y, present []bool) float64 {
	x := make([]float64, len(y))
	for i, p := range present {
		if p {
			x[i] = 1
		}
	}
	return area(y, x)
}

// area is the AUROC of x where it is a number, either way round; 0 where there are too few to say.
func area(y []bool, x []float64) float64 {
	var at []bool
	var p []float64
	events := 0
	for i, a := range x {
		if math.IsNaN(a) {
			continue
		}
		if y[i] {
			events++
		}
		at, p = append(at, y[i]), append(p, a)
	}
	if events < leakFewest || len(at)-events < leakFewest {
		return 0
	}
	return max(auroc(at, p), 1-auroc(at, p))
}

// reader reads a cell as what the screen ranks by: a number, or how often its level comes with the event.
func (c *checker) reader(v *survey) func(s string, gone bool) float64 {
	switch v.Kind {
	case Number:
		return func(s string, gone bool) float64 {
			if r, ok := number(s); ok && !gone {
				return r.v
			}
			return math.NaN()
		}
	case Category:
		if len(v.Levels) <= 20 {
			rate := c.rates(v)
			return func(s string, gone bool) float64 {
				if gone {
					return math.NaN()
				}
				return rate[v.merged[s]]
			}
		}
	}
	return func(string, bool) float64 { return math.NaN() }
}

// rates is the share of events by level.
func (c *checker) rates(v *survey) map[string]float64 {
	events, all := map[string]float64{}, map[string]float64{}
	for k, r := range c.rows {
		if l, ok := v.merged[c.cell(r, v.at)]; ok && c.known[k] {
			all[l]++
			if c.events[k] {
				events[l]++
			}
		}
	}
	for l := range all {
		events[l] /= all[l]
	}
	return events
}

// late reports whether a column holds dates behind the index date.
func (c *checker) late(v *survey) bool {
	if v.Kind != Date || c.time < 0 {
		return false
	}
	return slices.ContainsFunc(c.rows, func(r int) bool {
		d, ok := dayOf(c.cell(r, v.at))
		from, sure := dayOf(c.cell(r, c.time))
		return ok && sure && d > from
	})
}

func auroc(y []bool, p []float64) float64 {
	a, err := metric.AUROC(y, p)
	if err != nil {
		return 0
	}
	return float64(a.Value)
}
