package room

import (
	"math"
	"strconv"
	"sync"

	"gradus/lab/chapter4"
	"gradus/lab/scene"
	"gradus/optimizer"
)

// The bar that plain descent has to pass: a loss on the oval bowl after so many steps.
const (
	wonSteps = 60
	wonLoss  = .005
)

// endOf is the loss of plain descent on the oval bowl after wonSteps.
func endOf(alpha float64) (float64, error) {
	t, err := chapter4.Ground("quadratic", wonSteps)
	if err != nil {
		return 0, err
	}
	tr, err := optimizer.Course{On: t.On, Steps: wonSteps, Alpha: alpha}.Run(optimizer.NewDescent[float64]())
	if err != nil || tr.DivergedAt > 0 {
		return math.Inf(1), err
	}
	return tr.Steps[wonSteps-1].F, nil
}

// winner is the learning rate, on a grid of a thousandth, that ends lowest.
var winner = sync.OnceValue(func() float64 {
	best, low := 0., math.Inf(1)
	for i := 1; i <= 100; i++ {
		a := float64(i) / 1000
		if e, err := endOf(a); err == nil && e < low {
			best, low = a, e
		}
	}
	return best
})

// winning asks for a learning rate of one's own with which plain descent passes the bar.
func winning(s *scene.State) (scene.Exercise, error) {
	here := s.Raw("surface") == "quadratic"
	e, err := endOf(alphaOf(s, 0))
	now := scene.Number{Symbol: "E_gd_won", Label: scene.Say("labroom.won_now")}
	if here && e-e == 0 {
		now.Value = &e
	}
	why := scene.Say("labroom.race_task2_where")
	if here {
		why = scene.Say("labroom.race_task2_more", "alpha", alphaOf(s, 0))
	}
	return scene.Exercise{Key: "labroom.race_task2", Args: []any{"n", wonSteps, "loss", wonLoss}, Goal: &scene.Goal{
		Now: now, Target: scene.Say("labroom.won_target", "loss", wonLoss), Done: here && e <= wonLoss, Why: why,
		Solve: map[string]string{"surface": "quadratic", "alpha_gd": strconv.FormatFloat(winner(), 'g', -1, 64)},
	}}, err
}
