package scene

// Figure is one picture or table of a scene: exactly one of the pointers is set.
type Figure struct {
	Title    Words     `json:"title,omitzero"`
	Note     Words     `json:"note,omitzero"`   // one line under it
	Width    string    `json:"width,omitempty"` // "" the whole column, "half", "third", "two-thirds", "main" these with two "third" beside it, "rail" under the controls, "foot" side by side below all
	Equation *Equation `json:"equation,omitempty"`
	Flow     *Flow     `json:"flow,omitempty"`
	Net      *Net      `json:"net,omitempty"`
	Ledger   *Ledger   `json:"ledger,omitempty"`
	Plot     *Plot     `json:"plot,omitempty"`
	Bars     *Bars     `json:"bars,omitempty"`
	Table    *Table    `json:"table,omitempty"`
	Matrices *Matrices `json:"matrices,omitempty"`
	People   *People   `json:"people,omitempty"`
	Standing *Standing `json:"standing,omitempty"`
	Ruler    *Ruler    `json:"ruler,omitempty"`
	Deal     *Deal     `json:"deal,omitempty"`
	Chart    *Chart    `json:"chart,omitempty"`
	File     *File     `json:"file,omitempty"`
}

// Equation is a formula with numbers in it, the hero of a page: 2.0 x₁ + 1.0 x₂ − 2.5 = 0. A part is text or a number.
type Equation struct {
	Parts []Part `json:"parts"`
	Hero  bool   `json:"hero,omitempty"`
}

// Part is a piece of an equation: Number where it is set, else Text.
type Part struct {
	Text   Words   `json:"text,omitzero"`
	Number *Number `json:"number,omitempty"`
}

// Flow is a chain of stages from left to right, each with its number: x → Σ → + b → f → y.
type Flow struct {
	Stages []Stage `json:"stages"`
}

// Stage is one box of a flow.
type Stage struct {
	Label   Words    `json:"label"`
	Numbers []Number `json:"numbers,omitempty"`
	Curve   *Series  `json:"curve,omitempty"` // a small picture of f
	At      *Point   `json:"at,omitempty"`    // where on the curve
	Twin    Words    `json:"twin,omitzero"`   // the same in the nerve cell
	Lit     bool     `json:"lit,omitempty"`
}

// Bars are horizontal bars from a common zero, one a row.
type Bars struct {
	Rows    []Bar   `json:"rows"`
	Log     bool    `json:"log,omitempty"`     // lengths by the logarithm of |value|, from Low
	Low     float64 `json:"low,omitempty"`     //
	Running bool    `json:"running,omitempty"` // each begins where the one above ends
	Limits  []Bar   `json:"limits,omitempty"`  // marks drawn across all rows
}

// Bar is one row of Bars.
type Bar struct {
	Number Number   `json:"number"`           // its label names the row
	Bound  *float64 `json:"bound,omitempty"`  // a mark on this row alone
	Note   Words    `json:"note,omitzero"`    //
	Hatch  bool     `json:"hatch,omitempty"`  // crossed, as a dead neuron is
	Hollow bool     `json:"hollow,omitempty"` // as the deck has it
}

// Table is rows of cells under a head.
type Table struct {
	Head []Words  `json:"head"`
	Rows [][]Cell `json:"rows"`
	Now  *int     `json:"now,omitempty"` // the row that this moment is about
	Big  bool     `json:"big,omitempty"` // its numbers are what the page is about
}

// Cell is a cell of a table: Number where it is set, else Words.
type Cell struct {
	Words  Words   `json:"words,omitzero"`
	Number *Number `json:"number,omitempty"`
	Mark   string  `json:"mark,omitempty"`  // circle, triangle: the class of a row
	Style  string  `json:"style,omitempty"` // as of a series: its line and marker stand before the words
	Tone   Tone    `json:"tone,omitempty"`  // pass shows ✓, fail ✕
}

// N is a cell with a number.
//
//go:noinline
func N(n Number) Cell { return Cell{Number: &n} }

// W is a cell with words.
//
//go:noinline
func W(w Words) Cell { return Cell{Words: w} }

// Matrices is a line of matrices with signs between them: W₂ · W₁ = W′.
type Matrices struct {
	Items []Matrix `json:"items"`
}

// Matrix is a matrix, or, where Rows is empty, the sign between two.
type Matrix struct {
	Label Words      `json:"label,omitzero"`
	Sign  string     `json:"sign,omitempty"`
	Rows  [][]Number `json:"rows,omitempty"`
}

// People is a field of persons, one mark each, told apart without colour: filled, struck, dotted, empty.
type People struct {
	Groups []Crowd `json:"groups"`
	Across int     `json:"across,omitempty"` // persons in a line; 0: 50
}

// Crowd is persons of one kind.
type Crowd struct {
	Number Number `json:"number"` // how many; its label says who
	Mark   string `json:"mark"`   // filled, struck, dotted, empty
}

// Standing is people standing on a scale in columns of equal width, those of one kind above it and those of the other below; from the
// needle on they are filled. A column's edge stands at the needle.
type Standing struct {
	Axis   Axis    `json:"axis"`
	First  float64 `json:"first"` // left edge of the first column
	Wide   float64 `json:"wide"`  // of a column
	Rows   int     `json:"rows"`  // dots one above the other that the figure has room for
	Above  Lane    `json:"above"`
	Below  Lane    `json:"below"`
	Needle Handle  `json:"needle"` // its X is where it stands
	Cut    Number  `json:"cut"`    // what it says
	Quiet  Number  `json:"quiet"`  // people before the needle
	Alarm  Number  `json:"alarm"`  // people behind it
}

// Lane is the people of one kind.
type Lane struct {
	Number  Number `json:"number"`  // how many; its label says who
	Columns []int  `json:"columns"` // how many in each column
}

// Ruler sets one value and what is printed of it on one scale with zero.
type Ruler struct {
	Low     float64  `json:"low"`
	High    float64  `json:"high"`
	Parts   []Number `json:"parts,omitempty"` // arrows, each from the tip of the one before
	Reader  Number   `json:"reader"`
	Printed *Number  `json:"printed,omitempty"` // a hollow mark
}

// Deal is rows dealt in hands: the batches of an epoch.
type Deal struct {
	Hands []int `json:"hands"` // rows in each
	Now   int   `json:"now"`   // the hand being played, from 0; −1 none
	Done  int   `json:"done"`  // hands played in this epoch
}

// File is text to take along.
type File struct {
	Name string `json:"name"`
	Body string `json:"body"`
}

// Chart is a picture that the engine has drawn as SVG, with the table that says the same.
type Chart struct {
	SVG   string `json:"svg"`
	Table *Table `json:"table,omitempty"`
}
