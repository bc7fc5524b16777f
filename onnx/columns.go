package onnx

import (
	"math"

	"gradus/table"
)

// columns declares one input for each column of the preparation and turns them into the features (N,width), as table.Bound does.
func (g *graph) columns(p *table.Preparation) string {
	var parts []string
	for i := range p.Inputs {
		in := &p.Inputs[i]
		if in.Kind == table.Number {
			g.asInput(in.Name, float32s)
			parts = append(parts, g.number(in, p.Clip)...)
		} else {
			g.asInput(in.Name, texts)
			parts = append(parts, g.category(in))
		}
	}
	return g.beside(parts)
}

// beside is the parts in one matrix.
func (g *graph) beside(parts []string) string {
	if len(parts) == 1 {
		return parts[0]
	}
	return g.node("Concat", parts, whole("axis", 1))
}

// number is z = (x − mean)/sd of a column of numbers, held within ±clip, with the median where x is NaN; then the indicator of that. It is
// computed in float64 and rounded once.
func (g *graph) number(in *table.Input, clip float64) (parts []string) {
	x := g.cast(in.Name, float64s)
	missing := g.node("IsNaN", []string{x})
	if in.SD > 0 {
		x = g.node("Where", []string{missing, g.doubles([]float64{in.Median}), x})
		z := g.node("Div", []string{g.node("Sub", []string{x, g.doubles([]float64{in.Mean})}), g.doubles([]float64{in.SD})})
		if clip == 0 {
			clip = math.MaxFloat32
		}
		z = g.node("Clip", []string{z, g.doubles([]float64{-clip}), g.doubles([]float64{clip})})
		parts = append(parts, g.cast(z, float32s))
	}
	if in.Missing {
		parts = append(parts, g.cast(missing, float32s))
	}
	return parts
}

// category looks a level up in a table of indicators: a row for each level, one for a missing value and one for any other level.
func (g *graph) category(in *table.Input) string {
	width := len(in.Levels)
	other, missing := -1, -1
	if in.Other {
		other = width
		width++
	}
	if in.Missing {
		missing = width
		width++
	}
	rows := len(in.Levels) + 2
	indicators := make([]float32, rows*width)
	keys, values := []string{}, []int64{}
	for i, l := range in.Levels {
		keys, values = append(keys, l), append(values, int64(i))
		indicators[i*width+i] = 1
	}
	for _, code := range table.MissingCodes() {
		keys, values = append(keys, code), append(values, int64(rows-2))
	}
	if missing >= 0 {
		indicators[(rows-2)*width+missing] = 1
	}
	if other >= 0 {
		indicators[(rows-1)*width+other] = 1
	}
	place := g.node("LabelEncoder", []string{in.Name}, wordList("keys_strings", keys), wholes("values_int64s", values), whole("default_int64", int64(rows-1)))
	place = g.node("Reshape", []string{place, g.integers(-1)})
	return g.node("Gather", []string{g.floats(indicators, rows, width), place}, whole("axis", 0))
}
