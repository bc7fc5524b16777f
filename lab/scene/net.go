package scene

// Net is a network as nodes and edges, in columns from the inputs on the left to the cost on the right.
type Net struct {
	Columns   [][]Node `json:"columns"`
	Edges     []Edge   `json:"edges"`
	Names     []Words  `json:"names,omitempty"`     // under the columns of a small one
	Functions []Words  `json:"functions,omitempty"` // of a small one, what each column's neurons do with their sum
	Callout   *Callout `json:"callout,omitempty"`
	Small     bool     `json:"small,omitempty"` // no numbers in the nodes: many of them; the one in focus shows its weights
}

// Node is one neuron, an input (Round) or the cost.
type Node struct {
	ID      string   `json:"id"`
	Name    Words    `json:"name,omitzero"` // of a small one
	Aka     Words    `json:"aka,omitzero"`  // in formulas
	Round   bool     `json:"round,omitempty"`
	Numbers []Number `json:"numbers,omitempty"` // of a neuron o above, h below
	Aside   []Number `json:"aside,omitempty"`   // beside it: the target on its outer side, factors on its inner side
	Lit     string   `json:"lit,omitempty"`     // "" at rest, "lit", "now"
	Tone    Tone     `json:"tone,omitempty"`
	Key     int      `json:"key,omitempty"` // 2 is ②
	Dead    bool     `json:"dead,omitempty"`
	Map     *Lattice `json:"map,omitempty"` // what the neuron says over the plane of the inputs
}

// Edge joins two nodes.
type Edge struct {
	From   string  `json:"from"`
	To     string  `json:"to"`
	Number Number  `json:"number"`           // its weight
	Tone   Tone    `json:"tone,omitempty"`   // Forward or Backward where it is lit
	Path   int     `json:"path,omitempty"`   // 1 is ①
	Second bool    `json:"second,omitempty"` // of the second of two ways: thinner
	Under  *Number `json:"under,omitempty"`  // beside the weight: the weight after the update, or its gradient
}

// Callout is the number in focus, above its node; the leader leads from it to the row.
type Callout struct {
	Node   string `json:"node"`
	Number Number `json:"number"`
}

// Ledger is the computation row by row.
type Ledger struct {
	Rows []Entry `json:"rows"`
	Deck bool    `json:"deck,omitempty"` // what the deck prints is looked at, beside it the exact values
	Now  int     `json:"now"`            // rows behind it are still to come, all of them at −1; the step bar stands at Now + 1
}

// Entry is one row of a ledger.
type Entry struct {
	Page     string   `json:"page,omitempty"`
	Formula  string   `json:"formula"`
	Short    string   `json:"short,omitempty"`   // the formula where it has one line
	Numbers  string   `json:"numbers,omitempty"` // the formula with the numbers in it
	Exact    Number   `json:"exact"`
	Verdict  string   `json:"verdict,omitempty"`  // agrees, slip, or empty where the deck prints nothing
	Note     Words    `json:"note,omitzero"`      // what is wrong in the deck and what is right
	Gap      *float64 `json:"gap,omitempty"`      // exact minus printed
	Sign     bool     `json:"sign,omitempty"`     // the slip is one of sign
	Finite   *Number  `json:"finite,omitempty"`   // by finite differences
	Back     bool     `json:"back,omitempty"`     // of the way back
	Term     int      `json:"term,omitempty"`     // 1 is ①
	Operands []string `json:"operands,omitempty"` // the symbols it is made of
	Parts    []Number `json:"parts,omitempty"`    // shown as signed bars under the row in focus
}
