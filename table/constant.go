package table

import (
	"slices"

	"gradus/internal/say"
)

// some refuses a table of which no column is an input, unless a constant one may be.
func (p *Preparation) some(tbl *Table, rows []int, opt PrepareOptions, scratch []float64) error {
	if len(p.Inputs) == 0 && opt.Constant {
		p.keepConstant(tbl, rows, scratch)
	}
	switch {
	case len(p.Inputs) > 0:
		return nil
	case len(p.Left) == 0:
		return say.Error("table.no_other_column", "file", tbl.Name)
	}
	return say.Error("table.no_inputs", "file", tbl.Name, "left", p.list(""))
}

// keepConstant makes the first constant column an input.
func (p *Preparation) keepConstant(tbl *Table, rows []int, scratch []float64) {
	at := slices.IndexFunc(p.Left, func(l Left) bool { return l.Why == whyConstant && tbl.Column(l.Name).Kind == Number })
	if at < 0 {
		return
	}
	in, _ := fitNumber(tbl.Column(p.Left[at].Name), rows, scratch)
	in.Missing = true
	p.Inputs, p.Left = append(p.Inputs, in), slices.Delete(p.Left, at, at+1)
}
