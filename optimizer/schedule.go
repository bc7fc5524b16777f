package optimizer

import (
	"math"
	"slices"

	"gradus/internal/kernel"
	"gradus/internal/say"
)

// Schedule says the learning rate of each iteration. The first iteration is t = 1; a caller may count epochs instead.
type Schedule interface {
	Alpha(t int) float64
}

// Constant is α(t) = α.
type Constant struct{ Base float64 }

// Alpha is α.
func (s Constant) Alpha(int) float64 { return s.Base }

// Steps is α(t) = α·fᵏ, k = ⌊(t−1)/n⌋: after every n iterations the rate is multiplied by f.
type Steps struct {
	Base, Factor float64
	Every        int // n
}

// Alpha is α·fᵏ.
func (s Steps) Alpha(t int) float64 {
	return s.Base * kernel.Pow(s.Factor, float64(max(t-1, 0)/s.Every))
}

// Exponential is α(t) = α·γᵗ⁻¹.
type Exponential struct{ Base, Gamma float64 }

// Alpha is α·γᵗ⁻¹.
func (s Exponential) Alpha(t int) float64 { return s.Base * kernel.Pow(s.Gamma, float64(max(t-1, 0))) }

// Cosine rises in a straight line, α(t) = α·t/W for t ≤ W, then falls by half a cosine to the floor at t > N:
// α(t) = floor + (α−floor)·(1+cos(π·(t−1−W)/(N−W)))/2.
type Cosine struct {
	Base, Floor float64
	WarmUp      int // W
	Total       int // N
}

// Alpha is the straight line, the half cosine or the floor.
func (s Cosine) Alpha(t int) float64 {
	switch {
	case t <= s.WarmUp:
		return s.Base * float64(t) / float64(s.WarmUp)
	case t > s.Total:
		return s.Floor
	}
	share := float64(t-1-s.WarmUp) / float64(s.Total-s.WarmUp)
	return s.Floor + float64((s.Base-s.Floor)*(1+kernel.Cos(math.Pi*share))/2)
}

// Plateau multiplies α by Factor once the observed cost has not fallen for more than Patience observations, and never goes below
// Floor. It is the one schedule with a memory: what Observe has seen.
type Plateau struct {
	Factor    float64
	Patience  int
	Threshold float64 // a cost counts as fallen below best − Threshold·|best|
	Cooldown  int     // observations after a reduction that are not counted
	Floor     float64
	Memory    PlateauMemory // live: a checkpoint copies it out and back in
}

// PlateauMemory is what a Plateau remembers.
type PlateauMemory struct {
	Alpha   float64 // the rate now
	Best    float64 // the lowest cost so far, once Seen
	Seen    bool
	Bad     int // observations since then
	Waiting int // observations of the cool-down left
}

// Alpha is the rate now, whatever t is.
func (s *Plateau) Alpha(int) float64 { return s.Memory.Alpha }

// Observe tells the validation cost, usually once an epoch. A cost that is NaN has not fallen.
func (s *Plateau) Observe(cost float64) {
	m := &s.Memory
	if !m.Seen && !math.IsNaN(cost) || cost < m.Best-float64(s.Threshold*math.Abs(m.Best)) {
		m.Best, m.Seen, m.Bad = cost, true, 0
	} else {
		m.Bad++
	}
	if m.Waiting > 0 {
		m.Waiting--
		m.Bad = 0
	}
	if m.Bad > s.Patience {
		m.Alpha = max(m.Alpha*s.Factor, min(s.Floor, m.Alpha))
		m.Waiting, m.Bad = s.Cooldown, 0
	}
}

// ScheduleRow describes one schedule.
type ScheduleRow struct {
	Name  string
	Keys  []Key
	build func(alpha float64, v map[string]float64) Schedule
}

// Schedules lists every schedule.
func Schedules() []ScheduleRow {
	factor := Key{Name: "factor", Default: .1, High: 1, Above: true, Below: true}
	floor := Key{Name: "floor", High: math.Inf(1)}
	count := func(name string, value, low float64) Key {
		return Key{Name: name, Default: value, Low: low, High: 1 << 40, Whole: true}
	}
	return []ScheduleRow{
		{"constant", nil, func(a float64, _ map[string]float64) Schedule { return Constant{a} }},
		{"step", []Key{count("every", math.NaN(), 1), factor}, func(a float64, v map[string]float64) Schedule {
			return Steps{a, v["factor"], int(v["every"])}
		}},
		{"exponential", []Key{{Name: "gamma", Default: math.NaN(), High: 1, Above: true}}, func(a float64, v map[string]float64) Schedule {
			return Exponential{a, v["gamma"]}
		}},
		{"cosine", []Key{count("total", math.NaN(), 1), count("warm_up", 0, 0), floor}, func(a float64, v map[string]float64) Schedule {
			return Cosine{a, v["floor"], int(v["warm_up"]), int(v["total"])}
		}},
		{"plateau", []Key{factor, count("patience", 10, 0), {Name: "threshold", Default: 1e-4, High: 1, Below: true}, count("cooldown", 0, 0), floor}, func(a float64, v map[string]float64) Schedule {
			return &Plateau{v["factor"], int(v["patience"]), v["threshold"], int(v["cooldown"]), v["floor"], PlateauMemory{Alpha: a}}
		}},
	}
}

// NewSchedule makes the schedule called name that begins with alpha. A value that is not given has its default.
func NewSchedule(name string, alpha float64, values map[string]float64) (Schedule, error) {
	rows := Schedules()
	known := names(rows, func(r ScheduleRow) string { return r.Name })
	i := slices.Index(known, name)
	if i < 0 {
		return nil, say.Error("optimizer.unknown_schedule", "name", name, "nearest", say.Nearest(name, known), "known", known)
	}
	if err := alphaKey.check(name, alpha); err != nil {
		return nil, err
	}
	v, err := resolve(name, "", rows[i].Keys, values)
	if err != nil {
		return nil, err
	}
	if v["floor"] > alpha {
		return nil, say.Error("optimizer.floor", "owner", name, "floor", v["floor"], "alpha", alpha)
	}
	if name == "cosine" && v["warm_up"] >= v["total"] {
		return nil, say.Error("optimizer.warm_up", "warm_up", v["warm_up"], "total", v["total"])
	}
	return rows[i].build(alpha, v), nil
}
