package room

import (
	"strconv"

	"gradus/lab/scene"
)

// What the exercises ask for.
const (
	nearLowest = 1.02 // a cost this many times the lowest of the run still counts as stopped in time
	heldLowest = 1.1  // and this many times as never having learnt by heart
	enough     = 70   // per cent of the test cases on the right side
	many       = 85
)

// playTasks are to stop in time, to brake, and to let a feature do what neurons cannot.
func playTasks(s *scene.State, run *scene.Run) ([]scene.Exercise, error) {
	p := run.Own.(*play)
	m, err := p.moment(min(s.Step, p.steps))
	if err != nil {
		return nil, err
	}
	return []scene.Exercise{m.stopTask(), m.brakeTask(), m.featureTask()}, nil
}

// lowest is the stop of the whole run with the lowest cost on the test cases.
func (p *play) lowest() int {
	list, _ := p.walk.To(p.stopOf(p.steps))
	best := 0
	for i, s := range list {
		if s.Held < list[best].Held {
			best = i
		}
	}
	return best
}

// stopTask is to stand where the test cost is lowest; where that is in the whole run, only a verdict waits for.
func (m *moment) stopTask() scene.Exercise {
	return scene.Exercise{Key: "labroom.play_task1", Goal: &scene.Goal{
		Now: scene.Value("", "", m.now.Held).Named(scene.Say("labroom.play_test_loss")), Target: scene.Say("labroom.play_task1_target"),
		Late: m.inTime,
		Find: func() (map[string]string, *int) {
			at := m.stepOf(m.lowest())
			return map[string]string{"by": m.by}, &at
		},
	}}
}

// inTime tells whether the moment is the one to stop at.
func (m *moment) inTime() (done bool, why scene.Words) {
	if m.step == 0 {
		return false, scene.Say("labroom.play_task1_begin")
	}
	best := m.lowest()
	list, _ := m.walk.To(best)
	key := "labroom.play_task1_later"
	if m.stepOf(best) < m.step {
		key = "labroom.play_task1_earlier"
	}
	return m.fall == nil && m.now.Held <= float64(nearLowest*list[best].Held), scene.Say(key, "step", m.step, "loss", scene.Round(m.now.Held, 4))
}

// brakes are what brakeTask lets a learner change.
var brakes = []string{"hidden", "l1", "l2", "dropout"}

// brakeTask is to reach the end of the run without the test cost having risen again.
func (m *moment) brakeTask() scene.Exercise {
	low := m.past[m.best].Held
	right := 100 * m.right / (playRows - m.train)
	g := &scene.Goal{
		Now: scene.Value("", "", m.now.Held/low).Named(scene.Say("labroom.play_task2_now")), Target: scene.Say("labroom.play_task2_target"),
		Find: m.findBrake,
	}
	switch {
	case !m.changed(brakes):
		g.Why = scene.Say("labroom.play_task2_same")
	case m.by != "epoch" || m.step < m.steps || m.s.Real("target") > 0 || m.training.Epochs < 240:
		g.Why = scene.Say("labroom.play_task2_end")
	case m.fall != nil || m.now.Held > float64(heldLowest*low):
		g.Why = scene.Say("labroom.play_task2_rises", "low", scene.Round(low, 4), "now", scene.Round(m.now.Held, 4))
	case right < enough:
		g.Why = scene.Say("labroom.play_task2_weak", "right", right, "enough", enough)
	default:
		g.Done = true
	}
	return scene.Exercise{Key: "labroom.play_task2", Args: []any{"enough", enough}, Goal: g}
}

// changed tells whether one of the controls is not as the page has it.
func (p *play) changed(keys []string) bool {
	for _, k := range keys {
		for _, c := range p.s.Page.Controls {
			if c.Key == k && p.s.Raw(k) != c.Default {
				return true
			}
		}
	}
	return false
}

// findBrake tries brakes on the learner's own run until one holds.
func (m *moment) findBrake() (map[string]string, *int) {
	for _, try := range []map[string]string{{"l2": "0.01"}, {"l2": "0.005"}, {"hidden": "4"}, {"hidden": "4", "l2": "0.01"}, {"l2": "0.003"}, {"dropout": "0.2"}} {
		for _, alpha := range []string{m.s.Raw("alpha"), "0.01"} {
			values := map[string]string{"by": "epoch", "target": "0", "epochs": "240", "alpha": alpha}
			for k, v := range try {
				values[k] = v
			}
			if step, ok := reached(m.s.Set(values), (*moment).brakeTask); ok {
				return values, &step
			}
		}
	}
	return nil, nil
}

// reached tells whether a task is done at the end of the run of a state.
func reached(s *scene.State, task func(*moment) scene.Exercise) (step int, ok bool) {
	p, err := playOf(s)
	if err != nil {
		return 0, false
	}
	m, err := p.moment(p.steps)
	return p.steps, err == nil && task(m).Judge(nil).Pass
}

// featureTask is to let one neuron tell too much and too little from enough.
func (m *moment) featureTask() scene.Exercise {
	right := 100 * m.right / (playRows - m.train)
	now := scene.Count("", scene.Say("labroom.play_task3_now"), right)
	if m.set.name != "electrolytes" || cellsIn(m.hidden) != 1 {
		now.Value = nil // of another task
	}
	g := &scene.Goal{
		Now: now, Target: scene.Say("labroom.play_task3_target", "many", many),
		Find: m.findFeatures,
	}
	switch {
	case m.set.name != "electrolytes":
		g.Why = scene.Say("labroom.play_task3_data")
	case cellsIn(m.hidden) != 1:
		g.Why = scene.Say("labroom.play_task3_one", "n", cellsIn(m.hidden))
	case right < many:
		g.Why = scene.Say("labroom.play_task3_more", "right", right)
	default:
		g.Done = true
	}
	return scene.Exercise{Key: "labroom.play_task3", Args: []any{"many", many}, Goal: g}
}

func cellsIn(hidden []int) (n int) {
	for _, h := range hidden {
		n += h
	}
	return n
}

// findFeatures tries learning rates with the squares as features.
func (m *moment) findFeatures() (map[string]string, *int) {
	for _, alpha := range []string{m.s.Raw("alpha"), "0.03", "0.1"} {
		values := map[string]string{
			"data": "electrolytes", "hidden": "1", "alpha": alpha, "noise": "0.2", "by": "epoch", "target": "0", "rule": "adam", "activation": "tanh",
		}
		for _, f := range playFeatures() {
			values[f.key] = strconv.Itoa(squares[f.key])
		}
		if step, ok := reached(m.s.Set(values), (*moment).featureTask); ok {
			return values, &step
		}
	}
	return nil, nil
}

// squares are the features that a border on both sides needs.
var squares = map[string]int{"x1x1": 1, "x2x2": 1}
