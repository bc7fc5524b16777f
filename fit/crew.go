package fit

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"iter"

	"gradus/internal/blend"
	"gradus/internal/kernel"
	"gradus/internal/profile"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/model"
	"gradus/table"
	"gradus/train"
)

// crew trains the members of an ensemble, one after the other.
type crew struct {
	members []trainer
}

// Counts adds up those of the members.
func (c *crew) Counts() (n train.Counts) {
	for _, m := range c.members {
		k := m.Counts()
		n.PerEpoch = k.PerEpoch
		n.Total += k.Total
	}
	return n
}

// Steps goes through the members; the iterations count on from one to the next, as if none had ended early.
func (c *crew) Steps(ctx context.Context) iter.Seq2[train.Step, error] {
	return func(yield func(train.Step, error) bool) {
		before := 0
		for _, m := range c.members {
			for step, err := range m.Steps(ctx) {
				step.Iteration += before
				if !yield(step, err) || err != nil {
					return
				}
			}
			before += m.Counts().Total
		}
	}
}

// Epochs is the most that a member went through.
func (c *crew) Epochs() (n int) {
	for _, m := range c.members {
		n = max(n, m.Epochs())
	}
	return n
}

// Best is the mean of what the members' best epochs came to.
func (c *crew) Best() (e train.Epoch) {
	n := float64(len(c.members))
	for _, m := range c.members {
		b := m.Best()
		e.Epoch += b.Epoch
		e.Cost += b.Cost / n
		e.Valid += b.Valid / n
	}
	e.Epoch = (e.Epoch + len(c.members)/2) / len(c.members)
	return e
}

// Watch is a clock over the first member: the others do the same work.
func (c *crew) Watch() *profile.Clock { return c.members[0].Watch() }

// crewMark begins a checkpoint of a crew; the members' own follow, each behind its length in 8 bytes, little endian.
const crewMark = "gradus-checkpoints 1\n"

// Save writes the checkpoints of all members.
func (c *crew) Save(w io.Writer, identity string) error {
	out := []byte(crewMark)
	for _, m := range c.members {
		var b bytes.Buffer
		if err := m.Save(&b, identity); err != nil {
			return err
		}
		out = binary.LittleEndian.AppendUint64(out, uint64(b.Len()))
		out = append(out, b.Bytes()...)
	}
	_, err := w.Write(out)
	return err
}

// Load puts every member where Save left it, or leaves all as they were.
func (c *crew) Load(b []byte, identity string) error {
	rest, ok := bytes.CutPrefix(b, []byte(crewMark))
	if !ok {
		return say.Error("train.checkpoint_format")
	}
	var before bytes.Buffer
	if err := c.Save(&before, identity); err != nil {
		return err
	}
	for i, m := range c.members {
		part, err := next(&rest)
		if err == nil {
			err = m.Load(part, identity)
		}
		if err != nil {
			c.reset(before.Bytes()[len(crewMark):], identity, i)
			return err
		}
	}
	if len(rest) > 0 {
		c.reset(before.Bytes()[len(crewMark):], identity, len(c.members))
		return say.Error("train.checkpoint_damaged", "cause", io.ErrShortBuffer)
	}
	return nil
}

// reset undoes what Load did to the first n members.
func (c *crew) reset(saved []byte, identity string, n int) {
	for _, m := range c.members[:n] {
		part, _ := next(&saved)
		_ = m.Load(part, identity) // it has just written that itself
	}
}

// next cuts a member's checkpoint off.
func next(rest *[]byte) ([]byte, error) {
	b := *rest
	if len(b) < 8 || binary.LittleEndian.Uint64(b) > uint64(len(b)-8) {
		return nil, say.Error("train.checkpoint_damaged", "cause", io.ErrUnexpectedEOF)
	}
	n := binary.LittleEndian.Uint64(b)
	*rest = b[8+n:]
	return b[8 : 8+n], nil
}

// member is a network of an ensemble with the rows held from it and what a regression on the rows of its own says of them.
type member[T kernel.Float] struct {
	w       func() []T
	predict func(x mat.Matrix[T]) mat.Matrix[float64]
	held    []int // places in the rows of the run
	x       mat.Matrix[T]
	line    blend.Line
}

// prepareCrew makes a trainer for each member, with rows of its own held, and what joins them in the end.
func prepareCrew[T kernel.Float](r *Run, tbl *table.Table, rows []int, y []float64, s model.Settings) error {
	m := r.model
	x, ty, err := model.Matrices[T](m, tbl, rows, y)
	if err != nil {
		return err
	}
	c, members := &crew{}, make([]member[T], s.Members)
	for i := range members {
		fitted, held := arc(rows, y, m.Target.Task != table.TaskNumber, s, i)
		fx, fy := pick(x, fitted), pick(ty, fitted)
		net, err := model.MemberIn[T](m, i)
		if err != nil {
			return err
		}
		cfg, err := config(s, m.Target.Task, net.Decaying(), net.Weights(), len(fitted), i)
		if err != nil {
			return err
		}
		mm := &members[i]
		mm.held, mm.x, mm.w = held, pick(x, held), net.Weights
		if len(held) > 0 {
			cfg.ValidX, cfg.ValidY = mm.x, pick(ty, held)
			mm.line = blend.Fit(fx, fy.Data, net.Out(), m.Target.Task == table.TaskBinary)
			mm.predict = func(x mat.Matrix[T]) mat.Matrix[float64] { return wide(net.NewPrediction(x.Rows).Forward(x)) }
		}
		t, err := train.New(net, fx, fy, cfg)
		if err != nil {
			return err
		}
		c.members = append(c.members, t)
	}
	whole := blend.Fit(x, ty.Data, m.Logits(), m.Target.Task == table.TaskBinary)
	r.id = identity(s, x.Data, ty.Data)
	r.take = func() error { return join(m, members, ty.Data, whole) }
	r.trainer = c
	return nil
}

// join weighs the members and the regression by the rows held from each and makes the model's network of them.
func join[T kernel.Float](m *model.Model, members []member[T], y []T, whole blend.Line) error {
	outputs, binary := m.Logits(), m.Target.Task == table.TaskBinary
	var net, line mat.Matrix[float64]
	var truth []float64
	var weights [][]T
	for _, mm := range members {
		weights = append(weights, mm.w())
		if len(mm.held) == 0 {
			continue
		}
		net.Data = append(net.Data, mm.predict(mm.x).Data...)
		o := mat.New[float64](len(mm.held), outputs)
		blend.Of(mm.line, o, mm.x)
		line.Data = append(line.Data, o.Data...)
		for _, at := range mm.held {
			truth = append(truth, float64(y[at]))
		}
	}
	a, b := 1., 0.
	if len(truth) > 0 {
		net.Rows, net.Cols, line.Rows, line.Cols = len(truth), outputs, len(truth), outputs
		a, b = blend.Weigh(net, line, truth, outputs, binary)
	}
	return model.Join(m, weights, a, b, model.Line(whole))
}

func wide[T kernel.Float](h mat.Matrix[T]) mat.Matrix[float64] {
	o := mat.New[float64](h.Rows, h.Cols)
	for i, v := range h.Data {
		o.Data[i] = float64(v)
	}
	return o
}

// pick copies the rows at the given places.
func pick[T kernel.Float](x mat.Matrix[T], places []int) mat.Matrix[T] {
	out := mat.New[T](len(places), x.Cols)
	for i, at := range places {
		copy(out.Row(i), x.Row(at))
	}
	return out
}
