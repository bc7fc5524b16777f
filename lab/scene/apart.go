package scene

// Cases are many small marks of two classes over a plot: a circle where Class is 0, a triangle where it is 1, hollow from Hollow on.
type Cases struct {
	X      []float32 `json:"x"`
	Y      []float32 `json:"y"`
	Class  []float32 `json:"class"`
	Count  int       `json:"count"`
	Hollow int       `json:"hollow"`
	Apart  int       `json:"apart,omitempty"` // as of a Lattice: X, then Y, then Class
	x, y   []float32
	class  []float32
}

// Apart takes the values of pictures out of the scene and adds them to list: the page gets them as they lie in memory, not as text.
// Each picture says where its own begin. A scene can be taken apart again and again; as JSON it has no pictures from then on.
func (s *Scene) Apart(list []float32) []float32 {
	for i := range s.Figures {
		f := &s.Figures[i]
		if p := f.Plot; p != nil {
			list = p.Lattice.apart(list)
			list = p.Cases.apart(list)
		}
		if f.Net == nil {
			continue
		}
		for _, column := range f.Net.Columns {
			for n := range column {
				list = column[n].Map.apart(list)
			}
		}
	}
	return list
}

func (l *Lattice) apart(list []float32) []float32 {
	if l == nil {
		return list
	}
	if l.Values != nil {
		l.values, l.Values = l.Values, nil
	}
	l.Apart = len(list) + 1
	return append(list, l.values...)
}

func (c *Cases) apart(list []float32) []float32 {
	if c == nil {
		return list
	}
	if c.X != nil {
		c.x, c.y, c.class, c.X, c.Y, c.Class = c.X, c.Y, c.Class, nil, nil, nil
	}
	c.Apart = len(list) + 1
	return append(append(append(list, c.x...), c.y...), c.class...)
}
