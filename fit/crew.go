package fit

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"iter"
	"slices"

	"gradus/internal/blend"
	"gradus/internal/kernel"
	"gradus/internal/profile"
	"gradus/internal/say"
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

// Share has every member take part in the job of r.
func (c *crew) Share(r train.Reducer, blocks int) error {
	for _, m := range c.members {
		if err := m.Share(r, blocks); err != nil {
			return err
		}
	}
	return nil
}

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

// prepareCrew makes a trainer for each member, with rows of its own held, and what joins them in the end.
func prepareCrew[T kernel.Float](r *Run, tbl *table.Table, by parting, y []float64) error {
	m, s := r.model, by.s
	x, ty, err := model.Matrices[T](m, tbl, by.rows, y)
	if err != nil {
		return err
	}
	x = model.Evened(x, m.Even())
	task := m.Target.Task
	crew, parts := &crew{}, blend.Parts[T]{Outputs: m.Logits(), Binary: task == table.TaskBinary, Survival: task == table.TaskSurvival, Forms: m.Forms()}
	for i := range s.Members {
		fitted, held := by.arc(i)
		fx, fy := blend.Pick(x, fitted), blend.Pick(ty, fitted)
		part := blend.Part[T]{}
		if len(held) > 0 {
			part.X, part.Y, part.Held = blend.Pick(x, held), blend.Pick(ty, held), held
			part.Line = parts.Regress(fx, fy)
		}
		for form := range parts.Forms {
			t, err := member(m, i*parts.Forms+form, blend.Part[T]{X: fx, Y: fy}, &part)
			if err != nil {
				return err
			}
			crew.members = append(crew.members, t)
		}
		parts.List = append(parts.List, part)
	}
	whole := parts.Regress(x, ty)
	r.id, r.trainer = identity(s, x.Data, ty.Data), crew
	r.take = func() error { return join(m, parts, whole, x, by.rows, y) }
	return nil
}

// join makes the model of its members and the regression, and of survival its baseline hazard.
func join[T kernel.Float](m *model.Model, parts blend.Parts[T], whole blend.Line, x blend.Matrix[T], rows []int, y []float64) error {
	share := parts.Weigh()
	weights := parts.Weights()
	if f := m.Even(); f != nil {
		weights = uneven(weights, m, f, whole)
	}
	err := model.Join(m, weights, share, model.Line(whole))
	if err == nil && parts.Survival {
		baseline(m, parts, x, rows, y, share)
	}
	return err
}

// uneven gives the networks and the line, which learnt from evened columns, back to the columns as they are.
func uneven[T kernel.Float](networks [][]T, m *model.Model, f []float64, whole blend.Line) [][]T {
	out := make([][]T, len(networks))
	for i, w := range networks {
		out[i] = slices.Clone(w)
		units := m.Logits()
		if h := m.Card.Settings.Hidden; len(h) > 0 {
			units = h[0]
		}
		model.Uneven(out[i], units, f)
	}
	for i := range whole.Weights {
		whole.Weights[i] *= f[i%len(f)]
	}
	return out
}

// member is what trains network i of the ensemble, which joins held, on the rows fitted, stopped by those of held.
func member[T kernel.Float](m *model.Model, i int, fitted blend.Part[T], held *blend.Part[T]) (*train.Trainer[T], error) {
	net, err := model.MemberIn[T](m, i)
	if err != nil {
		return nil, err
	}
	c, err := config(m.Card.Settings, m.Target.Task, net.Decaying(), net.Weights(), fitted.X.Rows, i)
	if err != nil {
		return nil, err
	}
	c.Cost = weighed(c.Cost, m.Card.Settings, fitted.Y.Data, m.Logits())
	if held.X.Rows > 0 {
		c.ValidX, c.ValidY = held.X, held.Y
	}
	held.Nets = append(held.Nets, net)
	return train.New(net, fitted.X, fitted.Y, c)
}
