package optimizer

import (
	"math"

	"gradus/internal/say"
)

// Escape is the growth of |f| that counts as divergence: above Escape · max(1, |f(start)|).
const Escape = 1e6

// MaxSteps is the most steps a Course takes.
const MaxSteps = 1_000_000

// Course is a surface with a start and a number of steps, on which rules race.
type Course struct {
	On       Surface
	Start    []float64 // nil: the surface's own
	Steps    int
	Alpha    float64
	Schedule Schedule // nil: Alpha throughout
	Penalty  Penalty[float64]
}

// Point is where a rule stands after step t.
type Point struct {
	T     int
	W     []float64
	F     float64           // the surface at W, without penalty
	G     []float64         // the gradient that step t used, without penalty; of the start, the gradient there
	State []Moment[float64] // the rule's memory after step t and what it derives, by name
}

// Trajectory is the walk of one rule. Every number in it is finite.
type Trajectory struct {
	Start      Point   // t = 0, without state
	Steps      []Point // t = 1, 2, …; it ends early where it diverges
	DivergedAt int     // the step after which a value was not finite or |f| had escaped; 0: it did not
}

// Run walks the course with a fresh rule made for the surface's dimensions.
func (c Course) Run(rule Rule[float64]) (Trajectory, error) {
	if err := c.check(); err != nil {
		return Trajectory{}, err
	}
	w := c.walker(rule)
	tr := Trajectory{Start: Point{W: copied(w.w), F: c.On.Value(w.w), G: copied(w.gradient())}}
	if !finite(tr.Start.W, tr.Start.G, []float64{tr.Start.F}) {
		return Trajectory{}, say.Error("optimizer.start", "surface", c.On.Name, "start", w.w)
	}
	limit := Escape * max(1, math.Abs(tr.Start.F))
	for t := 1; t <= c.Steps; t++ {
		w.step(t)
		p := Point{t, copied(w.w), c.On.Value(w.w), copied(w.g), show(rule)}
		whole := p.finite()
		if whole {
			tr.Steps = append(tr.Steps, p)
		}
		if !whole || math.Abs(p.F) > limit {
			tr.DivergedAt = t
			break
		}
	}
	return tr, nil
}

func (c Course) check() error {
	if c.Start != nil && len(c.Start) != len(c.On.Start) {
		return say.Error("optimizer.start_size", "surface", c.On.Name, "have", len(c.Start), "want", len(c.On.Start))
	}
	if c.Steps < 0 || c.Steps > MaxSteps {
		return say.Error("optimizer.steps", "steps", c.Steps, "most", MaxSteps)
	}
	if c.Schedule != nil {
		return nil
	}
	return CheckAlpha(c.Alpha)
}

// walker holds what one walk needs.
type walker struct {
	Course
	rule    Rule[float64]
	w, g, p []float64 // p: the gradient with its penalty
}

func (c Course) walker(rule Rule[float64]) *walker {
	start := c.Start
	if start == nil {
		start = c.On.Start
	}
	if c.Schedule == nil {
		c.Schedule = Constant{c.Alpha}
	}
	return &walker{c, rule, copied(start), make([]float64, len(start)), make([]float64, len(start))}
}

func (w *walker) gradient() []float64 {
	w.On.Gradient(w.g, w.w)
	return w.g
}

func (w *walker) step(t int) {
	if ahead, ok := w.rule.(LookAhead[float64]); ok {
		ahead.Ahead(w.w)
	}
	copy(w.p, w.gradient())
	w.Penalty.Add(w.w, w.p)
	w.rule.Step(w.Schedule.Alpha(t), w.w, w.p)
}

// show is the rule's memory and what it derives, as copies.
func show(rule Rule[float64]) []Moment[float64] {
	list := rule.State().Clone().Moments
	if d, ok := rule.(Derived[float64]); ok {
		list = append(list, d.Derived()...)
	}
	return list
}

func (p Point) finite() bool {
	for _, m := range p.State {
		if !finite(m.Values) {
			return false
		}
	}
	return finite(p.W, p.G, []float64{p.F})
}

func finite(lists ...[]float64) bool {
	for _, list := range lists {
		for _, x := range list {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return false
			}
		}
	}
	return true
}

func copied(x []float64) []float64 { return append([]float64{}, x...) }

const (
	smallest = 1.0 / (1 << 20) // the learning rates between which DivergesAt looks
	largest  = 1 << 20
	windows  = 10  // growth is judged over so many windows
	window   = 500 // of so many steps
)

// DivergesAt is the learning rate from which rule diverges on this course, found by doubling and bisection to 12 digits; found is
// false where it stays bounded up to α = 2²⁰. A surface without bottom has no safe rate: 0. For gradient descent on the
// quadratic it is 2/λmax. Where walks are chaotic the border is ragged, and this is one point of it. The rule's memory is cleared;
// Alpha, Schedule and Steps of the course play no part.
func (c Course) DivergesAt(rule Rule[float64]) (alpha float64, found bool, err error) {
	c.Alpha, c.Steps, c.Schedule = 1, 0, nil
	if err := c.check(); err != nil {
		return 0, false, err
	}
	defer clearState(rule)
	if len(c.On.Minima) == 0 {
		return 0, true, nil
	}
	low, high := 0.0, smallest
	for ; !c.grows(rule, high); low, high = high, 2*high {
		if high >= largest {
			return 0, false, nil
		}
	}
	for high-low > 1e-13*high {
		if middle := low + float64((high-low)/2); c.grows(rule, middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high, true, nil
}

// grows reports whether the cost above the lowest minimum leaves the numbers or, after two windows to settle, grows from each
// window to the next at a rate that does not fade. A fading rate is a walk that settles on a cycle, an uneven one a walk that is
// chaotic: bounded, not divergent.
func (c Course) grows(rule Rule[float64], alpha float64) bool {
	clearState(rule)
	c.Alpha = alpha
	w := c.walker(rule)
	first, last, rate := 0.0, 0.0, 0.0
	for k := range windows {
		top := w.top(k * window)
		if math.IsInf(top, 1) {
			return true
		}
		now := top/last - 1
		switch {
		case k == 0:
			first = top
		case k > 2 && !(now > 0 && now > rate/2 && top > 1e-12*first):
			return false
		}
		last, rate = top, now
	}
	return true
}

// top takes one window of steps and returns the highest cost above the lowest minimum, +Inf once a value is not finite.
func (w *walker) top(t int) (top float64) {
	for range window {
		t++
		w.step(t)
		f := w.On.Value(w.w) - w.On.Minima[0].F
		if !finite(w.w, []float64{f}) {
			return math.Inf(1)
		}
		top = max(top, f)
	}
	return top
}
