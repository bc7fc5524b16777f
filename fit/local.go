package fit

import (
	"context"

	"gradus/model"
	"gradus/optimizer"
	"gradus/table"
	"gradus/train"
)

// Local is what a site does in one round of a federation: the epochs of the model's settings, from the weights that it comes with. Over the
// rounds α falls by half a cosine; within one it stands still, and the rule begins anew.
type Local struct {
	Round, Rounds int     // the first is 1
	Mu            float64 // μ of FedProx; 0: FedAvg
	Seed          uint64  // of the round: the order of the rows, dropout
}

// Continue trains m on all rows of tbl on E + ½μ·‖w−w₀‖², w₀ being the weights it comes with (FedProx: Li et al. 2020; with μ = 0 the local
// step of FedAvg: McMahan et al. 2017). It returns the mean cost of the last epoch.
func Continue(ctx context.Context, m *model.Model, tbl *table.Table, y []float64, l Local) (float64, error) {
	x, ty, err := model.Matrices[float32](m, tbl, every(tbl.Rows), y)
	if err != nil {
		return 0, err
	}
	c, err := l.config(m)
	if err != nil {
		return 0, err
	}
	trainer, err := train.New(m.Network, x, ty, c)
	if err != nil {
		return 0, err
	}
	for _, err := range trainer.Steps(ctx) {
		if err != nil {
			return 0, err
		}
	}
	return trainer.Best().Cost, nil
}

// config is how the round is trained.
func (l Local) config(m *model.Model) (c train.Config[float32], err error) {
	s, w := m.Card.Settings, m.Network.Weights()
	c = train.Config[float32]{Cost: costOf[float32](m.Target.Task), Epochs: s.Epochs, Batch: s.Batch, Seed: l.Seed}
	over, err := optimizer.NewSchedule("cosine", s.Alpha, map[string]float64{"total": float64(l.Rounds)})
	if err != nil {
		return c, err
	}
	c.Schedule = optimizer.Constant{Base: over.Alpha(l.Round)}
	c.Rule, c.Penalty, err = optimizer.NewPenalised[float32](s.Optimizer, len(w), optimizer.Reference,
		map[string]float64{"weight_decay": *s.WeightDecay}, m.Network.Decaying())
	if l.Mu > 0 {
		c.Penalty.Mu, c.Penalty.Near = float32(l.Mu), append([]float32(nil), w...)
	}
	return c, err
}

func every(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}
