package scene

// Plot is a plane with axes. Everything in it is in the units of its axes.
type Plot struct {
	X        Axis        `json:"x"`
	Y        Axis        `json:"y"`
	Equal    bool        `json:"equal,omitempty"`  // one unit is as long in x as in y
	Height   int         `json:"height,omitempty"` // pixels at a width of 896; 0: 300, or as wide as high where Equal
	Lattice  *Lattice    `json:"lattice,omitempty"`
	Cases    *Cases      `json:"cases,omitempty"`
	Contours []Contour   `json:"contours,omitempty"`
	Series   []Series    `json:"series,omitempty"`
	Points   []Point     `json:"points,omitempty"`
	Lines    []Reference `json:"lines,omitempty"`
	Arrows   []Arrow     `json:"arrows,omitempty"`
	Handles  []Handle    `json:"handles,omitempty"`
	OnSteps  bool        `json:"on_steps,omitempty"` // its x is the step: it stands on the step bar's scale
	Looks    bool        `json:"looks,omitempty"`    // the neuron in focus of a small net shows its map here
}

// Axis is one axis of a plot.
type Axis struct {
	Label Words   `json:"label"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Log   bool    `json:"log,omitempty"`
	Ticks []Tick  `json:"ticks,omitempty"` // none: the page chooses round ones
}

// Tick is a named place of an axis.
type Tick struct {
	At    float64 `json:"at"`
	Label Words   `json:"label"`
}

// Lattice is a field of values over the whole plane, row by row from Low to High of y: halftone marks, a dot for +, a dash for −, as
// large as |value| of Full.
type Lattice struct {
	Cols   int       `json:"cols"`
	Rows   int       `json:"rows"`
	Values []float32 `json:"values"`
	Full   float64   `json:"full"`
	Low    float64   `json:"low,omitempty"`   // what a value of −1 stands for, where the field is read
	High   float64   `json:"high,omitempty"`  // and one of 1
	Apart  int       `json:"apart,omitempty"` // 1 + the place of the first value where they go another way, see Scene.Apart
	values []float32
}

// Contour is one level line.
type Contour struct {
	Level float64    `json:"level"`
	Label Words      `json:"label,omitzero"`
	X     []*float64 `json:"x"` // nil parts two pieces
	Y     []*float64 `json:"y"`
}

// Series is a line through points, or what Kind says.
type Series struct {
	Label  Words      `json:"label,omitzero"` // stands at its end
	X      []float64  `json:"x"`
	Y      []*float64 `json:"y"`              // nil: a gap
	Kind   string     `json:"kind,omitempty"` // "" line, "steps", "bars", "sticks", "area", "dots"
	Tone   Tone       `json:"tone,omitempty"`
	Dash   string     `json:"dash,omitempty"`   // such as "6 3"
	Marker string     `json:"marker,omitempty"` // circle, triangle, square, diamond, down, star
	Style  string     `json:"style,omitempty"`  // a rule's own colour, dash and marker: gd, sgd, momentum, adagrad, rmsprop, adam, printed
	Heavy  bool       `json:"heavy,omitempty"`  // the leading line
	Future *int       `json:"future,omitempty"` // from this point on it is faint
}

// Point is a mark in the plane.
type Point struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Mark   string  `json:"mark,omitempty"` // circle (default), triangle, square, diamond, down, star, ring, cross, around
	Tone   Tone    `json:"tone,omitempty"`
	Hollow bool    `json:"hollow,omitempty"`
	Small  bool    `json:"small,omitempty"`
	Label  Words   `json:"label,omitzero"`
	Style  string  `json:"style,omitempty"` // as of a series
}

// Reference is a straight line: x = At (Vertical), y = At, or w₁x + w₂y + b = 0 where W is set.
type Reference struct {
	Vertical bool         `json:"vertical,omitempty"`
	At       float64      `json:"at,omitempty"`
	Ends     [][2]float64 `json:"ends,omitempty"` // a segment in place of At
	Label    Words        `json:"label,omitzero"`
	Tone     Tone         `json:"tone,omitempty"`
	Solid    bool         `json:"solid,omitempty"` // else dashed
	Heavy    bool         `json:"heavy,omitempty"`
}

// Arrow goes from one point to another.
type Arrow struct {
	FromX float64 `json:"from_x"`
	FromY float64 `json:"from_y"`
	X     float64 `json:"x"`
	Y     float64 `json:"y"`
	Tone  Tone    `json:"tone,omitempty"`
	Label Words   `json:"label,omitzero"`
}

// Handle is a place that can be pulled, by mouse, finger or arrow keys. It moves the controls KeyX and KeyY to its place, or asks
// Run.Drag where Name is set.
type Handle struct {
	Name  string  `json:"name,omitempty"`
	X     float64 `json:"x"`
	Y     float64 `json:"y"`
	KeyX  string  `json:"key_x,omitempty"`
	KeyY  string  `json:"key_y,omitempty"`
	Label Words   `json:"label"`            // for who hears the page
	Mark  string  `json:"mark,omitempty"`   // ring (default), square, needle
	StepX float64 `json:"step_x,omitempty"` // of an arrow key
	StepY float64 `json:"step_y,omitempty"`
	// Counts is the control that counts the pulls at it.
	Counts string `json:"counts,omitempty"`
}

// Y makes the ordinates of a series; a value that is not finite becomes a gap.
func Y(values []float64) []*float64 {
	list := make([]*float64, len(values))
	for i, v := range values {
		if v-v == 0 {
			list[i] = &values[i]
		}
	}
	return list
}
