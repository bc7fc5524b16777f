package clinic

import (
	"gradus/internal/kernel"
	"gradus/lab/scene"
)

// patientExercises ask for a risk by hand, for the effect of a change, and for a patient the model may not be asked about.
func patientExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	d, err := newDoctor(s.Seed)
	if err != nil {
		return nil, err
	}
	c := d.card(set(s))
	return []scene.Exercise{sumTask(s.Seed), oddsRatioTask(s.Seed), d.ordinaryGoal(c)}, nil
}

// sumTask is the logistic function of a sum.
func sumTask(seed uint64) scene.Exercise {
	from, plus := pick(seed, -2.2, -1.8, -2.6, -2), pick(seed, 1.4, 1.1, .8, 1.7, 2.5)
	o := from + plus
	right := 100 * kernel.Sigmoid(o)
	return scene.Exercise{
		Key: "labclinic.pat_task1", Args: []any{"from", scene.Round(from, 1), "plus", scene.Round(plus, 1), "sum", scene.Round(o, 1), "right", scene.Round(right, 1)},
		Fields: []scene.Field{{Unit: scene.Text("%"), Right: right, Within: .05}},
		Mistakes: []scene.Mistake{
			{Key: "labclinic.pat_task1_odds", Values: []float64{100 * kernel.Exp(o)}},
			{Key: "labclinic.pat_task1_from", Values: []float64{100 * kernel.Sigmoid(from)}},
			{Key: "labclinic.pat_task1_minus", Values: []float64{100 * kernel.Sigmoid(from-plus)}},
			{Key: "labclinic.pat_task1_sign", Values: []float64{100 * kernel.Sigmoid(-o)}},
			{Key: "labclinic.pat_task1_added", Values: []float64{100 * (kernel.Sigmoid(from) + kernel.Sigmoid(plus))}},
		},
	}
}

// oddsRatioTask is what a second odds ratio makes of a risk: the odds are multiplied, not the risk.
func oddsRatioTask(seed uint64) scene.Exercise {
	p, ratio := pick(seed, .2, .1, .25, .4), pick(seed, 3., 2.5, 2, 4, 5)
	o := p / (1 - p)
	right := 100 * o * ratio / (1 + float64(o*ratio))
	return scene.Exercise{
		Key: "labclinic.pat_task2", Args: []any{"p", shown(p, 0), "ratio", ratio, "odds", scene.Round(o, 3), "new", scene.Round(o*ratio, 3)},
		Fields: []scene.Field{{Unit: scene.Text("%"), Right: right, Within: .05}},
		Mistakes: []scene.Mistake{
			{Key: "labclinic.pat_task2_risk", Values: []float64{100 * p * ratio}},
			{Key: "labclinic.pat_task2_odds", Values: []float64{100 * o * ratio}},
			{Key: "labclinic.pat_task2_down", Values: []float64{100 * (o / ratio) / (1 + o/ratio)}},
			{Key: "labclinic.pat_task2_log", Values: []float64{100 * kernel.Sigmoid(logit(p)+ratio)}},
		},
	}
}

// ordinaryGoal asks for a patient of a high risk whose every value lies within what the model has seen.
func (d *doctor) ordinaryGoal(c card) scene.Exercise {
	const asked = .8
	solve := map[string]string{}
	row := append([]float64(nil), c.row...)
	for j, m := range measures {
		worst := d.high[j]
		if d.fit.Coefficients[j] < 0 {
			worst = d.low[j]
		}
		row[j] = m.round(worst)
		solve[m.key] = number(row[j])
		if at := d.card(row); at.risk() >= asked && len(at.out) == 0 {
			break
		}
	}
	goal := &scene.Goal{
		Now: percent("", scene.Say("labclinic.pat_risk"), c.risk(), 1), Target: scene.Say("labclinic.pat_task3_target", "asked", shown(asked, 0)),
		Done: c.risk() >= asked && len(c.out) == 0, Solve: solve, Why: scene.Say("labclinic.pat_task3_low", "risk", shown(c.risk(), 1)),
	}
	if len(c.out) > 0 {
		goal.Why = scene.Say("labclinic.pat_task3_out", "n", len(c.out))
	}
	return scene.Exercise{Key: "labclinic.pat_task3", Args: []any{"asked", shown(asked, 0)}, Goal: goal}
}
