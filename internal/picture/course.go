package picture

import "math"

// Losses is the loss by epoch of the rows fitted and of those held out: every member of an ensemble faint, their mean strong.
type Losses struct {
	X, Y    string
	Groups  []Course
	Best    float64 // the epoch that was kept; 0: none
	Name    string  // of the best epoch
	Height  int
	Longest int // epochs; 0: those of the longest member
}

// Course is one loss: of the fitted rows, or of the held-out ones.
type Course struct {
	Name    string
	Members [][]float64 // by epoch, from 1
	Ink     Ink
}

// Panel is the chart. Where the losses reach over more than a factor of thirty, their axis is logarithmic.
func (l Losses) Panel() Panel {
	p := Panel{X: Axis{Name: l.X}, Y: Axis{Name: l.Y}, Height: l.Height}
	low, high := math.Inf(1), 0.0
	for _, g := range l.Groups {
		for _, m := range g.Members {
			for _, v := range m {
				if finite(v) {
					low, high = min(low, v), max(high, v)
				}
			}
			if len(g.Members) > 1 {
				p.Series = append(p.Series, Series{X: epochs(len(m)), Y: m, Ink: g.Ink, Faint: true})
			}
		}
	}
	p.Y.Log = low > 0 && high > 30*low
	for _, g := range l.Groups {
		y := mean(g.Members)
		p.Series = append(p.Series, Series{Name: g.Name, X: epochs(len(y)), Y: y, Ink: g.Ink})
	}
	if l.Best > 0 {
		p.References = []Reference{Vertical(l.Best, l.Name)}
	}
	return p
}

func epochs(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i + 1)
	}
	return x
}

// mean is that of the members by epoch, as far as half of them go: the few that go on longer are others than the whole.
func mean(members [][]float64) (list []float64) {
	for i := 0; ; i++ {
		sum, n := 0.0, 0
		for _, m := range members {
			if i < len(m) {
				sum, n = sum+m[i], n+1
			}
		}
		if n == 0 || 2*n < len(members) {
			return list
		}
		list = append(list, sum/float64(n))
	}
}

// Survival is the Kaplan–Meier curve of each group with its band, a stroke for each censored time, and the numbers at risk.
type Survival struct {
	X, Y   string
	Groups []Group
	AtRisk AtRisk  // Groups and Inks are those of the chart
	Low    float64 // of the survival axis
	Height int
}

// Group is one curve: the survival from each time on.
type Group struct {
	Name                 string
	Time, Value          []float64
	Low, High            []float64
	Censored, CensoredAt []float64 // times, and the survival there
}

// order is the inks of groups, those first that differ most.
var order = []Ink{Blue, Orange, Green, Pink, Amber, Grey}

// Nth is the ink of a group by its number.
func Nth(i int) Ink { return order[max(0, i)%len(order)] }

// Panel is the chart.
func (s Survival) Panel() Panel {
	p := Panel{X: Axis{Name: s.X, Zero: true}, Y: Axis{Name: s.Y, Low: s.Low, High: 1}, Height: s.Height}
	for i, g := range s.Groups {
		if len(g.Low) > 0 {
			x, low := stairs(g.Time, g.Low)
			_, high := stairs(g.Time, g.High)
			p.Series = append(p.Series, Series{Kind: Band, X: x, Low: low, High: high, Ink: Nth(i)})
		}
	}
	for i, g := range s.Groups {
		x, y := stairs(g.Time, g.Value)
		p.Series = append(p.Series,
			Series{Kind: Ticks, X: g.Censored, Y: g.CensoredAt, Ink: Nth(i)}, Series{Name: g.Name, X: x, Y: y, Ink: Nth(i)})
	}
	if r := s.AtRisk; r.Count != nil {
		r.Groups = nil
		for _, g := range s.Groups {
			r.Groups = append(r.Groups, g.Name)
		}
		p.Under = []Under{r}
	}
	return p
}

// stairs are the corners of a line that keeps its value until the next.
func stairs(x, y []float64) (sx, sy []float64) {
	for i := range min(len(x), len(y)) {
		if i > 0 {
			sx, sy = append(sx, x[i]), append(sy, y[i-1])
		}
		sx, sy = append(sx, x[i]), append(sy, y[i])
	}
	return sx, sy
}
