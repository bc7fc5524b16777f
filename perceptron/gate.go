package perceptron

import (
	"strings"

	"gradus/internal/say"
)

// Gates lists the names of the gates that one perceptron makes, in the order of the deck: 4-1-8, 4-1-9, 4-1-10.
func Gates() []string { return []string{"AND", "OR", "NAND"} }

// Gate returns the perceptron of a gate with two inputs. AND and OR differ in b alone; NAND is AND with every sign turned.
func Gate(name string) (Perceptron, error) {
	switch strings.ToUpper(name) {
	case "AND":
		return Perceptron{W: []float64{1, 1}, B: -1.5}, nil
	case "OR":
		return Perceptron{W: []float64{1, 1}, B: -0.5}, nil
	case "NAND":
		return Perceptron{W: []float64{-1, -1}, B: 1.5}, nil
	}
	return Perceptron{}, say.Error("perceptron.gate", "name", name, "nearest", say.Nearest(name, Gates()), "known", Gates())
}

// Wired is a network of two layers of perceptrons: each of First sees the inputs, Last sees what First puts out.
type Wired struct {
	First []Perceptron
	Last  Perceptron
}

// WiredStages are the numbers of one run of a Wired network.
type WiredStages struct {
	First []Stages `json:"first"`
	Last  Stages   `json:"last"`
}

// XOR is y = AND(NAND(x), OR(x)), deck 4-1-11: what no single perceptron can do.
func XOR() Wired {
	nand, _ := Gate("NAND")
	or, _ := Gate("OR")
	and, _ := Gate("AND")
	return Wired{First: []Perceptron{nand, or}, Last: and}
}

// Run computes every stage of every perceptron for the inputs x.
func (n Wired) Run(x ...float64) (WiredStages, error) {
	var all WiredStages
	var h []float64
	for _, p := range n.First {
		s, err := p.Run(x...)
		if err != nil {
			return WiredStages{}, err
		}
		all.First = append(all.First, s)
		h = append(h, s.Y)
	}
	last, err := n.Last.Run(h...)
	all.Last = last
	return all, err
}
