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
	Areas    *Areas    `json:"areas,omitempty"`
	Deal     *Deal     `json:"deal,omitempty"`
	Chart    *Chart    `json:"chart,omitempty"`
	Tiles    *Tiles    `json:"tiles,omitempty"`
	Nested   *Nested   `json:"nested,omitempty"`
	Eras     *Eras     `json:"eras,omitempty"`
	Files    *Files    `json:"files,omitempty"`
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
	Cell   *Nerve  `json:"cell,omitempty"` // drawn above it, part over part
}

// Nerve is the nerve cell above a flow of five stages.
type Nerve struct {
	Rate Number `json:"rate"` // spikes a second
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
	Tall    bool    `json:"tall,omitempty"`    // few rows that are what the page is about
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
	Deck    bool     `json:"deck,omitempty"`    // the printed value is looked at, and the exact one is the hollow mark
}

// Areas are squares on one scale: a side and what it makes when it is squared.
type Areas struct {
	Items []Area  `json:"items"`
	Full  float64 `json:"full"` // the side that fills the figure
}

// Area is one square.
type Area struct {
	Side Number `json:"side"`
	Size Number `json:"size"`
}

// Deal is rows dealt in hands: the batches of an epoch.
type Deal struct {
	Hands []int `json:"hands"` // rows in each
	Now   int   `json:"now"`   // the hand being played, from 0; −1 none
	Done  int   `json:"done"`  // hands played in this epoch
}

// Files are what can be taken along.
type Files struct {
	Items []File `json:"items"`
}

// File is one of them. It is written when somebody asks for it.
type File struct {
	Name  string        `json:"name"`
	Title Words         `json:"title"`
	Way   string        `json:"way,omitempty"` // "" the engine writes it, "program" the program that serves the page, "svg" and "png" the page draws it
	Write func() []byte `json:"-"`             // of the engine
}

// Chart is a picture that the engine has drawn as SVG, with the table that says the same.
type Chart struct {
	SVG   string `json:"svg"`
	Table *Table `json:"table,omitempty"`
}

// Tiles are small planes side by side, one for each value of a number.
type Tiles struct {
	X    Words   `json:"x"`
	Y    Words   `json:"y"`
	Low  float64 `json:"low"` // of both axes
	High float64 `json:"high"`
	List []Tile  `json:"list"`
}

// Tile is the plane of one value: a region, points in it, and a ring where the instrument stands if it stands at this value.
type Tile struct {
	Number Number            `json:"number"`
	Count  Number            `json:"count"` // how many points
	Region [][2]float64      `json:"region,omitempty"`
	Points [][2]float64      `json:"points,omitempty"`
	Ring   *[2]float64       `json:"ring,omitempty"`
	Set    map[string]string `json:"set,omitempty"` // controls that a press sets
}

// Nested is sets within sets, the outermost first, and the one in which something stands.
type Nested struct {
	Names []Words `json:"names"`
	Notes []Words `json:"notes"`
	In    int     `json:"in"` // from 0
}

// Eras is a line of years.
type Eras struct {
	Low  int   `json:"low"`
	High int   `json:"high"`
	List []Era `json:"list"`
}

// Era is a year and what came with it; Heavy is something that stood in the way.
type Era struct {
	Year  int   `json:"year"`
	Label Words `json:"label"`
	Lit   bool  `json:"lit,omitempty"`
	Heavy bool  `json:"heavy,omitempty"`
}
