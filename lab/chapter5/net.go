package chapter5

import (
	"strings"

	"gradus/lab/scene"
)

// wire is an edge of the network by the symbol of its weight.
type wire struct{ name, from, to string }

var wires = []wire{
	{"w11", "x1", "n11"},
	{"w12", "x2", "n11"},
	{"w13", "x1", "n12"},
	{"w14", "x2", "n12"},
	{"w21", "n11", "n21"},
	{"w22", "n12", "n21"},
	{"w23", "n11", "n22"},
	{"w24", "n12", "n22"},
	{"dE_dh21", "n21", "E"},
	{"dE_dh22", "n22", "E"},
}

// lights are the parts of the network that a row is about.
type lights struct {
	now   string
	nodes []string
	edges map[string]int // by the weight's symbol; 1 is ①, 0 lit without a key
	tone  scene.Tone
	key   int // of the node in focus, or of the one behind it
}

// lit finds what the row in focus lights.
func (q *sheet) lit() lights {
	if q.leaf.n == 3 {
		return q.tap()
	}
	if q.step == 0 {
		return lights{}
	}
	r := q.Rows[q.step-1]
	if q.shown() {
		r = q.Rows[q.Row(q.leaf.lights)]
	}
	if q.leaf.n == 26 && r.Symbol == q.leaf.at {
		return lights{} // the two networks are looked at, not the row
	}
	if q.leaf.n == 12 && r.Symbol == "E" {
		return q.factor()
	}
	name := strings.TrimSuffix(r.Symbol, "'")
	l := lights{tone: scene.Forward, edges: map[string]int{}}
	if !r.Backward {
		q.ahead(&l, name)
		return l
	}
	l.tone = scene.Backward
	q.back(&l, name)
	return l
}

// shown reports whether the way of another row is shown: on the row at which the page opens.
func (q *sheet) shown() bool { return q.leaf.lights != "" && q.Rows[q.step-1].Symbol == q.leaf.at }

// tap lights what the control of 4-5-3 names.
func (q *sheet) tap() lights {
	l := lights{tone: scene.Forward, edges: map[string]int{}}
	switch s := q.state.Raw("tap"); s {
	case "w11":
		l.edges[s] = 0
	case "x1":
		l.now = s
	case "y1":
		l.now = "n21"
	default:
		l.now = "n" + s[1:]
	}
	return l
}

// factor lights the factors of 4-5-12: all three, or the one that is chosen.
func (q *sheet) factor() lights {
	l := lights{tone: scene.Backward, edges: map[string]int{}}
	which := q.state.Raw("factor")
	if which == "all" || which == "1" {
		l.now, l.edges["dE_dh21"] = "E", 1
	}
	if which == "all" || which == "2" {
		l.now, l.key = "n21", 2
	}
	if which == "all" || which == "3" {
		l.now, l.edges["w21"] = "n11", 3
		l.nodes = append(l.nodes, "n21")
	}
	return l
}

// callout is the number in focus; where a way is shown that is not computed yet, its name alone.
func (q *sheet) callout(l lights) *scene.Callout {
	if q.step == 0 || l.now == "" {
		return nil
	}
	r := q.Rows[q.step-1]
	name := ""
	switch {
	case q.shown():
		name = "∂E/∂h₁₁ = ① + ②"
	case q.leaf.n == 12 && r.Symbol == "E":
		name = map[string]string{"all": "∂E/∂w₂₁ = ① · ② · ③", "1": "① ∂E/∂h₂₁", "2": "② ∂h₂₁/∂o₂₁", "3": "③ ∂o₂₁/∂w₂₁"}[q.state.Raw("factor")]
	}
	if name != "" {
		return &scene.Callout{Node: l.now, Number: scene.Number{Label: scene.Text(name)}}
	}
	n := q.again(r.Symbol, left(r.Formula)).With(l.tone)
	if q.deckly() && r.Printed != "" {
		n = scene.Value("", left(r.Formula), number(r.Printed)).With(l.tone)
		n.Printed, n.Slip = minus(r.Printed), !r.Agrees
	}
	n.Plus = strings.HasPrefix(r.Symbol, "dE")
	return &scene.Callout{Node: l.now, Number: n}
}

// ahead lights the way that a value of the forward pass takes.
func (q *sheet) ahead(l *lights, name string) {
	l.now = "n" + name[1:]
	if name == "E" || name == "drop" {
		l.now = "E"
	}
	if name[0] == 'h' || name == "drop" {
		return
	}
	for _, w := range wires {
		if w.to == l.now {
			l.edges[w.name] = 0
			l.nodes = append(l.nodes, w.from)
		}
	}
}

// back lights the way that a derivative takes from E.
func (q *sheet) back(l *lights, name string) {
	switch {
	case name == "dEy1_dh11":
		l.way("21", "w21", "n11", 1)
	case name == "dEy2_dh11":
		l.way("22", "w23", "n11", 2)
	case name == "dE_dh11":
		l.way("21", "w21", "n11", 1)
		l.way("22", "w23", "n11", 2)
	case name == "dE_dh12":
		l.way("21", "w22", "n12", 1)
		l.way("22", "w24", "n12", 2)
	case strings.HasPrefix(name, "dE_dh2"):
		l.now = "n2" + name[6:]
		l.edges["dE_dh2"+name[6:]] = 0
	case strings.HasPrefix(name, "dh"):
		l.now = "n" + name[2:4]
	default:
		l.weight(name[len(name)-3:])
	}
}

// way is one way back: from E through an output over a weight to a hidden neuron.
func (l *lights) way(out, weight, to string, path int) {
	l.now = to
	l.nodes = append(l.nodes, "n"+out)
	l.edges["dE_dh"+out], l.edges[weight] = path, path
}

// weight is the way to a weight or a bias: the neuron behind it, and what comes back to that.
func (l *lights) weight(name string) {
	l.now = "n" + name[1:]
	for _, w := range wires {
		if w.name == name {
			l.now = w.to
			l.edges[name] = 0
		}
	}
	if l.now[1] == '2' {
		l.edges["dE_dh"+l.now[1:]] = 0
		return
	}
	for _, w := range wires {
		if w.from == l.now {
			l.edges[w.name], l.edges["dE_dh"+w.to[1:]] = 0, 0
			l.nodes = append(l.nodes, w.to)
		}
	}
}

// net draws the network at the sheet's step.
func (q *sheet) net() *scene.Net {
	l := q.lit()
	second := q.done("o11'")
	n := &scene.Net{Columns: make([][]scene.Node, 4)}
	for i, x := range inputs {
		n.Columns[0] = append(n.Columns[0], scene.Node{ID: x, Round: true, Lit: l.of(x), Tone: l.tone, Numbers: []scene.Number{scene.Value(x, lowered.Replace(x), q.X[i]).Editable(x)}})
	}
	for _, at := range []string{"11", "12"} {
		n.Columns[1] = append(n.Columns[1], q.neuron(at, second, l))
	}
	for i, at := range []string{"21", "22"} {
		node := q.neuron(at, second, l)
		y := scene.Value(targets[i], "", q.Y[i]).Named(scene.Say("lab45.target", "i", lowered.Replace(at[1:]))).Editable(targets[i])
		node.Aside = append([]scene.Number{y}, node.Aside...)
		n.Columns[2] = append(n.Columns[2], node)
	}
	n.Columns[3] = []scene.Node{{ID: "E", Numbers: []scene.Number{q.seen("E", "E", second).Fixed(4)}, Lit: l.of("E"), Tone: l.tone}}
	for i, w := range wires {
		n.Edges = append(n.Edges, q.edge(i, w, second, l))
	}
	n.Callout = q.callout(l)
	return n
}

// of is how a node is lit.
func (l lights) of(node string) string {
	if node == l.now {
		return "now"
	}
	for _, n := range l.nodes {
		if n == node {
			return "lit"
		}
	}
	return ""
}

// seen is a number of the forward pass where it is computed, of the second pass once that has begun.
func (q *sheet) seen(symbol, label string, second bool) scene.Number {
	if second {
		symbol += "'"
	}
	if !q.done(symbol) {
		return scene.Number{Of: symbol, Label: scene.Text(label)}
	}
	return q.again(symbol, label)
}

// neuron is o above h, with its bias and, on the way back, its slope.
func (q *sheet) neuron(at string, second bool, l lights) scene.Node {
	low := lowered.Replace(at)
	n := scene.Node{
		ID: "n" + at, Numbers: []scene.Number{q.seen("o"+at, "o"+low, second).Fixed(4), q.seen("h"+at, "h"+low, second).Fixed(4)},
		Lit: l.of("n" + at), Tone: l.tone,
	}
	if at == "21" {
		n.Key = l.key
	}
	if slope := "dh" + at + "_do" + at; q.done(slope) && !second {
		n.Aside = append(n.Aside, q.again(slope, "h′"+low).With(scene.Backward).Fixed(4))
	}
	if q.B != nil {
		i := 2*int(at[0]-'1') + int(at[1]-'1')
		n.Aside = append(n.Aside, scene.Value("b"+at, "b"+low, q.B[i]).Editable("b"+at))
	}
	return n
}

// edge is a weight, the new one under it once it is computed; between an output and E it is what comes back.
func (q *sheet) edge(i int, w wire, second bool, l lights) scene.Edge {
	e := scene.Edge{From: w.from, To: w.to}
	if path, ok := l.edges[w.name]; ok {
		e.Tone, e.Path = l.tone, path
	}
	if w.to == "E" {
		e.Number = scene.Number{Label: scene.Text("∂E/∂h" + lowered.Replace(w.from[1:]))}
		if q.done(w.name) && !second {
			e.Number = q.again(w.name, "∂E/∂h"+lowered.Replace(w.from[1:])).With(scene.Backward).Fixed(4)
			e.Number.Plus = true
		}
		if q.leaf.n != 12 {
			e.Path = 0
		}
		e.Second = l.edges[w.name] == 2
		return e
	}
	e.Number = scene.Value(w.name, lowered.Replace(w.name), q.W[i]).Editable(w.name)
	if next := w.name + "'"; q.done("w14'") || q.done(next) && q.Rows[q.step-1].Symbol == next {
		under := q.again(next, "").Fixed(5)
		e.Under = &under
	}
	return e
}
