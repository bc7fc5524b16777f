package pipe

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"

	"gradus/fit"
	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
	"gradus/train"
)

// curve is what the epochs of one network cost.
type curve struct {
	Cost []float64 `json:"cost"`
	Held []float64 `json:"held,omitempty"` // on the rows held for early stopping
}

// fit trains a model; its file is the body of the answer.
func (s *Server) fit(ctx context.Context, r request, body []byte, w *bufio.Writer) (head any, file []byte, err error) {
	if r.Table == nil || r.Table.Target == nil {
		return nil, nil, say.Error("pipe.lacks", "part", "table.target")
	}
	tbl, err := r.Table.table(body, nil)
	if err != nil {
		return nil, nil, err
	}
	run, err := prepare(tbl, r)
	if err != nil {
		return nil, nil, err
	}
	curves, err := s.train(ctx, run, r.Progress, w)
	if err != nil {
		return nil, nil, err
	}
	m := run.Model()
	if err := m.Summarise(tbl); err != nil {
		return nil, nil, err
	}
	var whole bytes.Buffer
	if err := m.Write(&whole); err != nil {
		return nil, nil, err
	}
	about, err := s.opened(m, whole.Bytes())
	if err != nil {
		return nil, nil, err
	}
	notes := []string{}
	for _, n := range run.Notes() {
		notes = append(notes, n.In(s.Lang))
	}
	about["notes"], about["curves"] = notes, curves
	about["epochs"], about["best_epoch"], about["cost"] = m.Card.Epochs, m.Card.BestEpoch, m.Card.Cost
	return about, whole.Bytes(), nil
}

// prepare reads the settings and makes the run.
func prepare(tbl *table.Table, r request) (*fit.Run, error) {
	var set model.Settings
	if len(r.Settings) > 0 {
		d := json.NewDecoder(bytes.NewReader(r.Settings))
		d.DisallowUnknownFields()
		if err := d.Decode(&set); err != nil {
			return nil, say.Error("pipe.head", "cause", err)
		}
	}
	set.Constant = true
	target, y, err := table.GivenTarget(tbl, r.Table.Target.Name, set.Task, set.Event)
	if err != nil {
		return nil, err
	}
	return fit.New(tbl, nil, target, y, set)
}

// train runs to the end and keeps what each epoch cost, network by network.
func (s *Server) train(ctx context.Context, run *fit.Run, tell bool, w *bufio.Writer) ([]curve, error) {
	curves, total := []curve{}, run.Counts().Total
	for step, err := range run.Steps(ctx) {
		if err != nil {
			return nil, err
		}
		if !step.Last {
			continue
		}
		if step.Epoch == 1 {
			curves = append(curves, curve{})
		}
		c := &curves[len(curves)-1]
		c.Cost = append(c.Cost, step.EpochCost)
		if step.Valid != 0 {
			c.Held = append(c.Held, step.Valid)
		}
		if tell {
			if err := progress(w, step, len(curves), total); err != nil {
				return nil, err
			}
		}
	}
	return curves, nil
}

// progress is the frame at the end of an epoch.
func progress(w *bufio.Writer, step train.Step, network, total int) error {
	at := map[string]any{"network": network, "epoch": step.Epoch, "iteration": step.Iteration, "total": total, "cost": step.EpochCost}
	if step.Valid != 0 {
		at["held"] = step.Valid
	}
	if err := writeFrame(w, map[string]any{"progress": at}); err != nil {
		return err
	}
	return w.Flush()
}
