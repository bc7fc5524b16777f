package main

import (
	"bytes"
	"io"
	"math"
	"runtime"
	"strconv"

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
	keep   []string
	names  []string // columns of the output
	levels []string
	notes  []table.Note
}

func (a *app) predict(modelPath, tablePath string, keep []string, out string) error {
	m, err := a.readModel(modelPath)
	if err != nil {
		return err
	}
	in, err := a.openInput(tablePath)
	if err != nil {
		return err
	}
	defer in.Close()
	p := &prediction{app: a, m: m, keep: keep, names: m.Heading(keep), levels: m.Target.Levels}
	write := func(w io.Writer) error { return p.csv(in, inputName(tablePath), w) }
	if a.json {
		write = func(w io.Writer) error { return p.json(in, inputName(tablePath), w) }
	}
	switch {
	case out != "-" && a.json:
		return disk.WriteFile(out, write)
	case out != "-":
		return p.forPeople(in, inputName(tablePath), out)
	}
	var whole bytes.Buffer // nothing is printed of a table with a fault in it
	if err := write(&whole); err != nil {
		return err
	}
	_, err = a.Write(whole.Bytes())
	return err
}

// horizons are those of a model of survival, nil of another.
func (p *prediction) horizons() []float64 { return p.m.Card.Settings.Horizons }

// distinct refuses two columns of one name.
func (p *prediction) distinct() error {
	seen := map[string]bool{}
	for _, n := range p.names {
		if seen[n] {
			return say.Error("cmd.predict_twice", "column", n)
		}
		seen[n] = true
	}
	return nil
}

// answered is one row's answer.
type answered struct {
	page   *table.Table
	at     int // in the page
	number int // in the file, counted from 1
	values []float64
	doubts []table.Warning
}

// predicted makes of every page its part of the output: empty begins it, add appends a row. write gets the parts in order.
func predicted[T any](p *prediction, in io.Reader, name string, empty func(T) T, add func(T, answered) T, write func(T) error) error {
	each := func(a model.Answer[T]) error {
		if a.Start == 0 {
			a.Page.Out = empty(a.Page.Out)
		}
		if a.Page.First == 0 {
			p.notes = a.Notes
		}
		for i := range a.Values.Rows {
			r := p.row(a.Page.Table, a.Start+i, a.Page.First, a.Values.Row(i), &a.Doubts)
			if !sound(r.values) {
				return say.Failure("cmd.predict_not_finite", "row", r.number, "line", r.page.Line(r.at))
			}
			a.Page.Out = add(a.Page.Out, r)
		}
		return nil
	}
	opt := table.Options{Keep: p.keep, Workers: runtime.GOMAXPROCS(0)}
	err := model.Stream(p.m, in, name, opt, each, func(page *table.Page[T]) error {
		if err := p.distinct(); err != nil {
			return err
		}
		if err := p.app.ctx.Err(); err != nil {
			return err
		}
		return write(page.Out)
	})
	if err != nil {
		return err
	}
	for _, n := range p.notes {
		p.app.note(n.In(p.app.lang))
	}
	return nil
}

// row takes the doubts about the row at off the front of doubts, which are in order.
func (p *prediction) row(page *table.Table, at, first int, values []float64, doubts *[]table.Warning) answered {
	r := answered{page, at, first + at + 1, values, nil}
	n := 0
	for n < len(*doubts) && (*doubts)[n].Row == at {
		n++
	}
	r.doubts, *doubts = (*doubts)[:n], (*doubts)[n:]
	return r
}

func sound(values []float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

func (p *prediction) csv(in io.Reader, name string, w io.Writer) error {
	var header []byte
	for i, n := range p.names {
		if i > 0 {
			header = append(header, ',')
		}
		header = table.AppendCell(header, n)
	}
	if _, err := w.Write(append(header, '\n')); err != nil {
		return err
	}
	write := func(b []byte) error {
		_, err := w.Write(b)
		return err
	}
	return predicted(p, in, name, func(b []byte) []byte { return b[:0] }, p.line, write)
}

// line appends a row of the CSV.
func (p *prediction) line(b []byte, r answered) []byte {
	b = strconv.AppendInt(b, int64(r.number), 10)
	for _, k := range p.keep {
		b = table.AppendCell(append(b, ','), r.page.Kept(k).Text(r.at))
	}
	return p.m.AppendLine(b, r.values, r.doubts, p.app.lang)
}

func (p *prediction) json(in io.Reader, name string, w io.Writer) error {
	list := []object{}
	done := func(part []object) error {
		list = append(list, part...)
		return nil
	}
	if err := predicted(p, in, name, func([]object) []object { return nil }, p.object, done); err != nil {
		return err
	}
	b, err := encode(list)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// object appends a row of the JSON.
func (p *prediction) object(list []object, r answered) []object {
	o := object{{"row", r.number}}
	if len(p.keep) > 0 {
		kept := object{}
		for _, k := range p.keep {
			kept = append(kept, member{k, r.page.Kept(k).Text(r.at)})
		}
		o = append(o, member{"keep", kept})
	}
	if p.horizons() != nil {
		survival := object{}
		for i, h := range p.horizons() {
			survival = append(survival, member{table.Format(h), r.values[1+i]})
		}
		o = append(o, member{"risk", r.values[0]}, member{"survival", survival})
	} else if len(p.levels) > 0 {
		probabilities := object{}
		for i, l := range p.levels {
			probabilities = append(probabilities, member{l, r.values[i]})
		}
		o = append(o, member{"p", probabilities}, member{"prediction", p.m.Call(r.values)})
	} else {
		o = append(o, member{"prediction", r.values[0]})
	}
	doubts := []string{}
	for _, d := range r.doubts {
		doubts = append(doubts, d.In(p.app.lang))
	}
	return append(list, append(o, member{"warnings", doubts}))
}
