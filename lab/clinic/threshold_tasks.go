package clinic

import (
	"math"

	"gradus/lab/scene"
	"gradus/metric"
)

// thresholdExercises ask for a predictive value elsewhere, for a threshold by sensitivity and for one by harm.
func thresholdExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	reach, err := sensitivityGoal(s)
	return []scene.Exercise{ppvTask(s.Seed), reach, harmTask(s.Seed)}, err
}

// pick is one of a list by the seed; the page's own seed, 7, takes the first.
func pick[T any](seed uint64, list ...T) T {
	return list[(seed+uint64(len(list))-7%uint64(len(list)))%uint64(len(list))]
}

// ppvTask is Bayes' theorem at two prevalences.
func ppvTask(seed uint64) scene.Exercise {
	right := pick(seed, .9, .8, .95, .85, .75)
	quiet := pick(seed, .9, .85, .8, .95, .9, .7, .99)
	few, many := pick(seed, .01, .02, .005), pick(seed, .2, .3, .25, .4)
	ppv := func(p float64) float64 { return 100 * p * right / (float64(p*right) + float64((1-p)*(1-quiet))) }
	npv := func(p float64) float64 { return 100 * (1 - p) * quiet / (float64((1-p)*quiet) + float64(p*(1-right))) }
	both := func(f func(float64) float64) []float64 { return []float64{f(few), f(many)} }
	name := func(p float64) scene.Words { return scene.Say("labclinic.thr_at", "p", tidy(p)) }
	unit := scene.Text("%")
	return scene.Exercise{
		Key: "labclinic.thr_task1", Args: []any{
			"sens", shown(right, 0), "spec", shown(quiet, 0), "few", tidy(few), "many", tidy(many),
			"n", int(math.Round(1000 * few)), "rest", int(math.Round(1000 * (1 - few))),
		},
		Fields: []scene.Field{
			{Label: name(few), Unit: unit, Right: ppv(few), Within: .05}, {Label: name(many), Unit: unit, Right: ppv(many), Within: .05},
		},
		Mistakes: []scene.Mistake{
			{Key: "labclinic.thr_task1_sens", Values: both(func(float64) float64 { return 100 * right })},
			{Key: "labclinic.thr_task1_npv", Values: both(npv)},
			{Key: "labclinic.thr_task1_false", Values: both(func(p float64) float64 { return 100 - ppv(p) })},
			{Key: "labclinic.thr_task1_joint", Values: both(func(p float64) float64 { return 100 * p * right })},
			{Key: "labclinic.thr_task1_alarms", Values: both(func(p float64) float64 { return 100 * (float64(p*right) + float64((1-p)*(1-quiet))) })},
		},
	}
}

// harmTask is t = 1/(1+k) and back.
func harmTask(seed uint64) scene.Exercise {
	k := pick(seed, 19., 24, 39, 14, 29)
	t := pick(seed, .2, .25, .125, .05)
	two := func(a, b float64) []float64 { return []float64{a, b} }
	open := math.NaN()
	return scene.Exercise{
		Key: "labclinic.thr_task3", Args: []any{"k", int(k), "t", tidy(t), "odds", scene.Round((1-t)/t, 0), "share", int(k) + 1},
		Fields: []scene.Field{
			{Label: scene.Say("labclinic.thr_t_short"), Unit: scene.Text("%"), Right: 100 / (1 + k), Within: .05},
			{Label: scene.Say("labclinic.thr_ratio"), Right: (1 - t) / t, Within: .05},
		},
		Mistakes: []scene.Mistake{
			{Key: "labclinic.thr_task3_odds", Args: []any{"k", int(k)}, Values: two(100/k, open)},
			{Key: "labclinic.thr_task3_other", Values: two(100*k/(1+k), open)},
			{Key: "labclinic.thr_task3_k", Values: two(k, open)},
			{Key: "labclinic.thr_task3_inverse", Values: two(open, 1/t)},
			{Key: "labclinic.thr_task3_flipped", Values: two(open, t/(1-t))},
		},
	}
}

// sensitivityGoal asks for the highest threshold, to half a percent, that still finds the share asked for.
func sensitivityGoal(s *scene.State) (scene.Exercise, error) {
	w, err := newWard(s)
	if err != nil {
		return scene.Exercise{}, err
	}
	asked := .9
	found := func(t float64) float64 {
		c, _ := metric.ConfusionAt(w.y, w.p, t)
		return float64(c.Sensitivity.Value)
	}
	best := 1.
	for half := 2.; half <= 190 && found(half/200) >= asked; half++ {
		best = half
	}
	now := found(w.cut)
	goal := &scene.Goal{
		Now:    percent("", scene.Say("labclinic.thr_sensitivity"), now, 1),
		Target: scene.Say("labclinic.thr_task2_target", "asked", shown(asked, 0)),
		Done:   now >= asked && w.cut >= best/200-1e-9,
		Why:    scene.Say("labclinic.thr_task2_low", "found", shown(now, 1)),
		Solve:  map[string]string{"t": number(best / 2)},
	}
	if now >= asked {
		goal.Why = scene.Say("labclinic.thr_task2_early", "alarms", w.alarms())
	}
	return scene.Exercise{
		Key: "labclinic.thr_task2", Args: []any{"asked", shown(asked, 0), "most", int(math.Floor(float64((1-asked)*float64(count(w.y))) + 1e-9))},
		Goal: goal,
	}, nil
}
