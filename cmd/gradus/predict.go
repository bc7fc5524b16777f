package main

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

// newPredict is gradus predict MODEL TABLE.csv|-.
func newPredict(a *app) *cobra.Command {
	var keep []string
	var out string
	c := a.command("predict MODEL TABLE.csv|-", 2, 2, func(args []string) error {
		columns, err := columnNames("--keep", keep...)
		if err != nil {
			return err
		}
		for _, other := range args {
			if sameFile(out, other) {
				return say.Error("cmd.same_file", "flag", "--out", "path", out, "other", other)
			}
		}
		return a.predict(args[0], args[1], columns, out)
	})
	c.Flags().StringArrayVar(&keep, "keep", nil, a.text("cmd.predict_keep"))
	c.Flags().StringVar(&out, "out", "-", a.text("cmd.predict_out"))
	c.Example = "gradus predict model.gradus new.csv > predicted.csv\n" +
		"gradus predict model.gradus new.csv --keep patient_id,visit_date --out predicted.csv\n" +
		"cat new.csv | gradus predict model.gradus - --json"
	return c
}

// prediction is one predicted table.
type prediction struct {
	app    *app
	m      *model.Model
	tbl    *table.Table
	keep   []*table.Column
	names  []string // columns of the output
	levels []string
}

func (a *app) predict(modelPath, tablePath string, keep []string, out string) error {
	m, err := a.readModel(modelPath)
	if err != nil {
		return err
	}
	tbl, err := a.readTable(tablePath, table.Options{Kinds: m.Preparation.Kinds(), Keep: keep})
	if err != nil {
		return err
	}
	p := &prediction{app: a, m: m, tbl: tbl, levels: m.Target.Levels}
	if err := p.columns(keep); err != nil {
		return err
	}
	write := p.csv
	if a.json {
		write = p.json
	}
	if out == "-" {
		return write(a)
	}
	return disk.WriteFile(out, write)
}

// columns settles the names of the output: row, the kept ones, p_<level>…, prediction, warnings.
func (p *prediction) columns(keep []string) error {
	p.names = []string{"row"}
	for _, name := range keep {
		c := p.tbl.Kept(name)
		if c == nil {
			_, err := p.tbl.Need(name)
			return err
		}
		p.keep, p.names = append(p.keep, c), append(p.names, name)
	}
	for _, l := range p.levels {
		p.names = append(p.names, "p_"+l)
	}
	p.names = append(p.names, "prediction", "warnings")
	seen := map[string]bool{}
	for _, n := range p.names {
		if seen[n] {
			return say.Error("cmd.predict_twice", "column", n)
		}
		seen[n] = true
	}
	return nil
}

// rows hands over every row: its place, its probabilities or its number, the prediction and what is doubtful.
func (p *prediction) rows(each func(row int, values []float64, prediction string, warnings []string) error) error {
	chunk := p.m.Chunk(p.tbl.Rows)
	predictor, err := p.m.NewPredictor(p.tbl, chunk)
	if err != nil {
		return err
	}
	for _, n := range predictor.Notes() {
		p.app.note(n.In(p.app.lang))
	}
	for start := 0; start < p.tbl.Rows; start += chunk {
		if err := p.app.ctx.Err(); err != nil {
			return err
		}
		out, warnings := predictor.Predict(start, min(start+chunk, p.tbl.Rows))
		for r := range out.Rows {
			var doubts []string
			for len(warnings) > 0 && warnings[0].Row == start+r {
				doubts = append(doubts, warnings[0].In(p.app.lang))
				warnings = warnings[1:]
			}
			if !sound(out.Row(r)) {
				return say.Failure("cmd.predict_not_finite", "row", start+r+1, "line", p.tbl.Line(start+r))
			}
			if err := each(start+r, out.Row(r), p.m.Call(out.Row(r)), doubts); err != nil {
				return err
			}
		}
	}
	return nil
}

func sound(values []float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

func (p *prediction) csv(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(p.names); err != nil {
		return err
	}
	record := make([]string, 0, len(p.names))
	err := p.rows(func(row int, values []float64, prediction string, warnings []string) error {
		record = append(record[:0], strconv.Itoa(row+1))
		for _, c := range p.keep {
			record = append(record, c.Text(row))
		}
		if len(p.levels) > 0 {
			for _, v := range values {
				record = append(record, table.Format(v))
			}
		}
		return out.Write(append(record, prediction, strings.Join(warnings, "; ")))
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

func (p *prediction) json(w io.Writer) error {
	list := []object{}
	err := p.rows(func(row int, values []float64, prediction string, warnings []string) error {
		o := object{{"row", row + 1}}
		if len(p.keep) > 0 {
			kept := object{}
			for i, c := range p.keep {
				kept = append(kept, member{p.names[i+1], c.Text(row)})
			}
			o = append(o, member{"keep", kept})
		}
		if len(p.levels) > 0 {
			probabilities := object{}
			for i, l := range p.levels {
				probabilities = append(probabilities, member{l, values[i]})
			}
			o = append(o, member{"p", probabilities}, member{"prediction", prediction})
		} else {
			o = append(o, member{"prediction", values[0]})
		}
		if warnings == nil {
			warnings = []string{}
		}
		list = append(list, append(o, member{"warnings", warnings}))
		return nil
	})
	if err != nil {
		return err
	}
	b, err := encode(list)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}
